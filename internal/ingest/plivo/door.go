package plivo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"heed/internal/ingest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

// Where the door's handlers belong, and the name of its calls. A pass may
// follow the path of the media.
const (
	MediaPath  = "/ingest/plivo/media"
	AnswerPath = "/ingest/plivo/answer"
	HangupPath = "/ingest/plivo/hangup"
	Platform   = "plivo"
)

// Options says what a door needs. Calls is required.
type Options struct {
	Calls ingest.Calls
	// AuthToken is the account's secret, with which webhooks are signed. When it
	// is empty, only requests that Allow accepts come in.
	AuthToken string
	// PublicURL is the origin under which the platform reaches us, such as
	// https://heed.example.com. Empty means the host of each request.
	PublicURL string
	// Dial is whom the answer webhook connects a caller to: a number or a SIP
	// address (sip:...). Empty keeps the line open.
	Dial string
	// Allow says whether a request carries an API key that may bring in calls.
	// nil means that none does.
	Allow  func(*http.Request) bool
	Logger *slog.Logger // one line for each stream's start and end; nil logs nothing
	Meters *wire.Meters // nil counts nowhere
	Limits wire.Limits
	Now    func() time.Time // nil means time.Now
}

// Validate says what is wrong with the options, for the configuration's
// author.
func (o Options) Validate() error {
	if o.Calls == nil {
		return errors.New("plivo: Calls is nil")
	}
	if _, err := wire.ParseOrigin(o.PublicURL); err != nil {
		return fmt.Errorf("plivo: %w", err)
	}
	return nil
}

// Door takes calls from Plivo. Its handlers may be used by many goroutines.
type Door struct {
	options Options
	limits  wire.Limits
	origin  wire.Origin
	counts  *wire.Counts
	log     *slog.Logger
	notes   *wire.Notes
	sockets *wire.Sockets
}

// New makes a door. It panics when o.Validate fails: check what people
// configured before.
func New(o Options) *Door {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	public, _ := wire.ParseOrigin(o.PublicURL) // Validate has read it
	d := &Door{
		options: o, limits: o.Limits.WithDefaults(), origin: public, counts: o.Meters.Of(Platform),
		log: o.Logger.With("component", Platform), notes: wire.NewNotes(10_000, time.Hour),
	}
	d.sockets = wire.NewSockets(wire.Options{
		Platform: Platform, Limits: d.limits, Counts: d.counts, Check: d.socketAllowed,
		Accept: func(_ *wire.Socket, r *http.Request) wire.Reader {
			return jsonmedia.New(jsonmedia.Options{
				Dialect: jsonmedia.Dialect{Open: d.opener(r), Epoch: true}, Calls: o.Calls, Counts: d.counts, Limits: d.limits, Logger: d.log,
			})
		},
	})
	return d
}

// Media is the websocket handler for the audio of calls, at [MediaPath] and
// below it.
func (d *Door) Media() http.Handler { return d.sockets }

// Close refuses new sockets and ends those that are open; see
// [wire.Sockets.Close].
func (d *Door) Close(ctx context.Context) error {
	return d.sockets.Close(ctx) //nolint:wrapcheck // it names the door
}
