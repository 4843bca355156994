package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"heed/internal/ingest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

// Where the door's handlers belong. The TwiML that it answers names them.
const (
	MediaPath  = "/ingest/twilio/media"
	VoicePath  = "/ingest/twilio/voice"
	StatusPath = "/ingest/twilio/status"
)

// Options says what a door needs. Calls is required.
type Options struct {
	Calls ingest.Calls
	// AuthToken is the account's secret, with which requests are signed. When
	// it is empty, only requests that Allow accepts come in.
	AuthToken string
	// PublicURL is the origin under which the platform reaches us, such as
	// https://heed.example.com. Empty means the host of each request.
	PublicURL string
	// Dial is whom the voice webhook connects a caller to: a number, a SIP
	// address (sip:...) or a client (client:...). Empty keeps the line open.
	Dial string
	// Allow says whether a request carries an API key that may bring in calls.
	// nil means that none does.
	Allow func(*http.Request) bool
	// Logger gets one line for each stream's start and end. nil logs nothing.
	Logger *slog.Logger
	// Meters count. nil counts nowhere.
	Meters *wire.Meters
	Limits wire.Limits
}

// Validate says what is wrong with the options, for the configuration's
// author.
func (o Options) Validate() error {
	if o.Calls == nil {
		return errors.New("twilio: Calls is nil")
	}
	if _, err := wire.ParseOrigin(o.PublicURL); err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	return nil
}

// Door takes calls from Twilio. Its handlers may be used by many goroutines.
type Door struct {
	options Options
	limits  wire.Limits
	origin  wire.Origin
	counts  *wire.Counts
	log     *slog.Logger
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
	public, _ := wire.ParseOrigin(o.PublicURL)
	d := &Door{
		options: o, limits: o.Limits.WithDefaults(), origin: public, counts: o.Meters.Of(Platform),
		log: o.Logger.With("component", "twilio"),
	}
	d.sockets = wire.NewSockets(wire.Options{
		Platform: Platform, Limits: d.limits, Counts: d.counts, Check: d.upgradeAllowed,
		Accept: func(*wire.Socket, *http.Request) wire.Reader {
			return jsonmedia.New(jsonmedia.Options{
				Dialect: jsonmedia.Dialect{Open: readStart}, Calls: o.Calls, Counts: d.counts, Limits: d.limits, Logger: d.log,
			})
		},
	})
	return d
}

// Media is the websocket handler for the audio of calls. It serves one stream
// and returns when that has ended.
func (d *Door) Media() http.Handler { return d.sockets }

// Close refuses new sockets and ends those that are open; see
// [wire.Sockets.Close].
func (d *Door) Close(ctx context.Context) error {
	return d.sockets.Close(ctx) //nolint:wrapcheck // it names the door
}

// send answers with a refusal and counts it.
func (d *Door) send(w http.ResponseWriter, p *wire.Problem) { p.Send(w, d.counts) }
