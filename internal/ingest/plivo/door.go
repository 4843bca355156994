package plivo

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
)

// Where the door's handlers belong, and the name of its calls. A ticket may
// follow the path of the media.
const (
	MediaPath  = "/ingest/plivo/media"
	AnswerPath = "/ingest/plivo/answer"
	HangupPath = "/ingest/plivo/hangup"
	Platform   = "plivo"
)

// Options says what a door needs. Calls is required.
type Options struct {
	jsonmedia.Setup

	// AuthToken is the account's secret, with which webhooks are signed. When it
	// is empty, only requests that Allow accepts come in.
	AuthToken string
	// PublicURL is the origin under which the platform reaches us, such as
	// https://heed.example.com. Empty means the host of each request.
	PublicURL string
	// Dial is whom the answer webhook connects a caller to: a number or a SIP
	// address (sip:...). Empty keeps the line open.
	Dial string
	// Tickets let the sockets in that the answer webhook tells of. Required.
	Tickets *ticket.Keeper
}

// Validate says what is wrong with the options, for the configuration's
// author.
func (o Options) Validate() error {
	if o.Calls == nil || o.Events == nil || o.Tickets == nil {
		return errors.New("plivo: Calls, Events or Tickets is nil")
	}
	if _, err := wire.ParseOrigin(o.PublicURL); err != nil {
		return fmt.Errorf("plivo: %w", err)
	}
	return nil
}

// Door takes calls from Plivo. Its handlers may be used by many goroutines.
type Door struct {
	*jsonmedia.Door

	options Options
	origin  wire.Origin
	now     func() time.Time
}

// New makes a door. It panics when o.Validate fails: check what people
// configured before.
func New(o Options) *Door {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	public, _ := wire.ParseOrigin(o.PublicURL) // Validate has read it
	d := &Door{options: o, origin: public, now: o.Now}
	if d.now == nil {
		d.now = time.Now
	}
	d.Door = jsonmedia.NewDoor(Platform, o.Setup, d.socketAllowed, func(r *http.Request) jsonmedia.Dialect {
		return jsonmedia.Dialect{Open: d.opener(r), Epoch: true}
	})
	return d
}
