package l16

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"heed/internal/ingest"
	"heed/internal/ingest/ticket"
	"heed/internal/ingest/wire"
)

// Options says what the door needs. Calls is required.
type Options struct {
	Calls ingest.Calls
	// Allow says whether a request carries an API key that may bring in calls.
	// nil means that none does.
	Allow func(*http.Request) bool
	// Tickets checks the passes of platforms that can set no header. nil means
	// that none is good.
	Tickets *ticket.Keeper
	// PublicURL is the origin under which platforms reach us, such as
	// https://heed.example.com. Empty means the host of each request.
	PublicURL string
	// Logger gets one line for each stream's start and end. nil logs nothing.
	Logger *slog.Logger
	// Meters count. nil counts nowhere.
	Meters *wire.Meters
	Limits wire.Limits
	Now    func() time.Time // nil is time.Now
}

// Door takes calls from every platform of this package. Its handlers may be
// used by many goroutines.
type Door struct {
	options Options
	origin  wire.Origin
	limits  wire.Limits
	sockets map[string]*wire.Sockets // by platform
	counts  map[string]*wire.Counts
}

// paused is how long a socket may send nothing: a stream that was paused, for
// a card to be read out, sends nothing at all.
const paused = 2 * time.Minute

// MediaPath is where a platform opens its sockets.
func MediaPath(platform string) string { return "/ingest/" + platform + "/media" }

// New makes the door.
func New(o Options) (*Door, error) {
	if o.Calls == nil {
		return nil, errors.New("l16: Calls is nil")
	}
	origin, err := wire.ParseOrigin(o.PublicURL)
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the setting
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Limits.SilentAfter == 0 {
		o.Limits.SilentAfter = paused
	}
	d := &Door{
		options: o, origin: origin, limits: o.Limits.WithDefaults(),
		sockets: map[string]*wire.Sockets{}, counts: map[string]*wire.Counts{},
	}
	for name, dialect := range dialects() {
		d.counts[name] = o.Meters.Of(name)
		d.sockets[name] = d.accept(dialect)
	}
	return d, nil
}

// accept makes the sockets of a dialect.
func (d *Door) accept(by dialect) *wire.Sockets {
	log := d.options.Logger.With("component", by.platform)
	return wire.NewSockets(wire.Options{
		Platform: by.platform, Limits: d.limits, Counts: d.counts[by.platform], Subprotocols: by.protocols, Now: d.options.Now,
		Check: func(r *http.Request) *wire.Problem { return d.check(r, by.platform) },
		Accept: func(_ *wire.Socket, r *http.Request) wire.Reader {
			return &feed{
				dialect: by, open: d.options.Calls.Open, counts: d.counts[by.platform], limits: d.limits, log: log,
				told: factsOf(r.URL.Query()), ticket: d.ticketOf(r, by.platform),
			}
		},
	})
}

// Handlers gives the door's handlers by the pattern of their route.
func (d *Door) Handlers() map[string]http.Handler {
	out := map[string]http.Handler{}
	for name, s := range d.sockets {
		out["GET "+MediaPath(name)] = s
	}
	return out
}

// Close refuses new sockets and ends those that are open; see
// [wire.Sockets.Close].
func (d *Door) Close(ctx context.Context) error {
	var closing sync.WaitGroup
	failed := make([]error, len(d.sockets))
	for i, name := range slices.Sorted(maps.Keys(d.sockets)) {
		closing.Go(func() { failed[i] = d.sockets[name].Close(ctx) })
	}
	closing.Wait()
	return errors.Join(failed...)
}
