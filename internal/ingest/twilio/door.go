package twilio

import (
	"errors"
	"fmt"
	"net/http"

	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

// Where the door's handlers belong. The TwiML that it answers names them.
const (
	MediaPath  = "/ingest/twilio/media"
	VoicePath  = "/ingest/twilio/voice"
	StatusPath = "/ingest/twilio/status"
)

// Options says what a door needs. Calls and Events are required.
type Options struct {
	jsonmedia.Setup

	// AuthToken is the account's secret, with which requests are signed. When
	// it is empty, only requests that Allow accepts come in.
	AuthToken string
	// PublicURL is the origin under which the platform reaches us, such as
	// https://heed.example.com. Empty means the host of each request.
	PublicURL string
	// Dial is whom the voice webhook connects a caller to: a number, a SIP
	// address (sip:...) or a client (client:...). Empty keeps the line open.
	Dial string
}

// Validate says what is wrong with the options, for the configuration's
// author.
func (o Options) Validate() error {
	if o.Calls == nil || o.Events == nil {
		return errors.New("twilio: Calls or Events is nil")
	}
	if _, err := wire.ParseOrigin(o.PublicURL); err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	return nil
}

// Door takes calls from Twilio. Its handlers may be used by many goroutines.
type Door struct {
	*jsonmedia.Door

	options Options
	origin  wire.Origin
}

// New makes a door. It panics when o.Validate fails: check what people
// configured before.
func New(o Options) *Door {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	public, _ := wire.ParseOrigin(o.PublicURL) // Validate has read it
	d := &Door{options: o, origin: public}
	d.Door = jsonmedia.NewDoor(Platform, o.Setup, d.upgradeAllowed, func(*http.Request) jsonmedia.Dialect {
		return jsonmedia.Dialect{Open: d.readStart}
	})
	return d
}

// send answers with a refusal and counts it.
func (d *Door) send(w http.ResponseWriter, p *wire.Problem) { p.Send(w, d.Counts) }
