package jsonmedia

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"heed/internal/ingest"
	"heed/internal/ingest/wire"
)

// Setup is what the doors of all these platforms need. Calls and Events are
// required.
type Setup struct {
	Calls ingest.Calls
	// Events keeps what the webhooks tell.
	Events wire.Events
	// Allow says whether a request carries an API key that may bring in calls.
	// nil means that none does.
	Allow func(*http.Request) bool
	// Logger gets one line for each stream's start and end. nil logs nothing.
	Logger *slog.Logger
	// Meters count. nil counts nowhere.
	Meters *wire.Meters
	Limits wire.Limits
	Now    func() time.Time // nil means time.Now
}

// Door is the media socket of one platform, and what its webhooks share with
// that. Its handler may be used by many goroutines.
type Door struct {
	Calls  ingest.Calls
	Keeper wire.Events
	Log    *slog.Logger
	Limits wire.Limits
	Counts *wire.Counts

	allow   func(*http.Request) bool
	sockets *wire.Sockets
}

// NewDoor makes a platform's door. Check says why a socket is not opened, nil
// lets it in; dialect gives how the messages of one are written.
func NewDoor(platform string, s Setup, check func(*http.Request) *wire.Problem, dialect func(*http.Request) Dialect) *Door {
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Door{
		Calls: s.Calls, Keeper: s.Events, Log: s.Logger.With("component", platform), Limits: s.Limits.WithDefaults(),
		Counts: s.Meters.Of(platform), allow: s.Allow,
	}
	d.sockets = wire.NewSockets(wire.Options{
		Platform: platform, Limits: d.Limits, Counts: d.Counts, Check: check, Now: s.Now,
		Accept: func(_ *wire.Socket, r *http.Request) wire.Reader {
			return New(Options{Dialect: dialect(r), Calls: d.Calls, Counts: d.Counts, Limits: d.Limits, Logger: d.Log})
		},
	})
	return d
}

// Allows says whether a request carries an API key that may bring in calls.
func (d *Door) Allows(r *http.Request) bool { return d.allow != nil && d.allow(r) }

// Media is the websocket handler for the audio of calls. It serves one stream
// and returns when that has ended.
func (d *Door) Media() http.Handler { return d.sockets }

// Close refuses new sockets and ends those that are open; see
// [wire.Sockets.Close].
func (d *Door) Close(ctx context.Context) error {
	return d.sockets.Close(ctx) //nolint:wrapcheck // it names the door
}
