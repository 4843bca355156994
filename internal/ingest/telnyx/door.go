package telnyx

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"heed/internal/ingest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

// Where the door's handlers belong, and the name of its calls.
const (
	MediaPath  = "/ingest/telnyx/media"
	EventsPath = "/ingest/telnyx/events"
	Platform   = "telnyx"
)

// Options says what a door needs. Calls is required.
type Options struct {
	Calls ingest.Calls
	// PublicKey is the account's key for webhooks, base64 of 32 bytes. When it
	// is empty, only webhooks that Allow accepts come in.
	PublicKey string
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
		return errors.New("telnyx: Calls is nil")
	}
	if o.PublicKey == "" {
		return nil
	}
	if key, err := base64.StdEncoding.DecodeString(o.PublicKey); err != nil || len(key) != ed25519.PublicKeySize {
		return errors.New("telnyx: public key: it must be the base64 of 32 bytes, as the portal shows it")
	}
	return nil
}

// Door takes calls from Telnyx. Its handlers may be used by many goroutines.
type Door struct {
	options Options
	key     ed25519.PublicKey // nil when there is none
	limits  wire.Limits
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
	d := &Door{
		options: o, limits: o.Limits.WithDefaults(), counts: o.Meters.Of(Platform),
		log: o.Logger.With("component", Platform), notes: wire.NewNotes(10_000, time.Hour),
	}
	if o.PublicKey != "" {
		d.key, _ = base64.StdEncoding.DecodeString(o.PublicKey) // Validate has read it
	}
	d.sockets = wire.NewSockets(wire.Options{
		Platform: Platform, Limits: d.limits, Counts: d.counts, Check: d.socketAllowed,
		Accept: func(*wire.Socket, *http.Request) wire.Reader {
			return jsonmedia.New(jsonmedia.Options{
				Dialect: jsonmedia.Dialect{Open: d.readStart}, Calls: o.Calls, Counts: d.counts, Limits: d.limits, Logger: d.log,
			})
		},
	})
	return d
}

// Media is the websocket handler for the audio of calls.
func (d *Door) Media() http.Handler { return d.sockets }

// Close refuses new sockets and ends those that are open; see
// [wire.Sockets.Close].
func (d *Door) Close(ctx context.Context) error {
	return d.sockets.Close(ctx) //nolint:wrapcheck // it names the door
}

// socketAllowed checks the token of a socket, which the platform sends as the
// Authorization header.
func (d *Door) socketAllowed(r *http.Request) *wire.Problem {
	if d.options.Allow != nil && d.options.Allow(r) {
		return nil
	}
	return wire.Refuse(http.StatusUnauthorized, "key",
		"The socket carries no API key that may bring in calls. Give a key of role ingest as stream_auth_token.")
}
