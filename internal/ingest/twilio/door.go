package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"heed/internal/ingest"
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
	// Registerer takes the metrics. nil registers them nowhere.
	Registerer prometheus.Registerer
	Limits     Limits
}

// Limits bounds what a sender may do. Zero means the default.
type Limits struct {
	Sockets      int           // open at once; 512
	MessageBytes int64         // of one websocket message; 64 KiB
	FormBytes    int64         // of a webhook's body; 64 KiB
	Garbage      int           // unusable messages in a row; 50
	Window       time.Duration // how long a frame waits for one before it; 200 ms of stream time
	StartWithin  time.Duration // from the upgrade to the start message; 10 s
	SilentAfter  time.Duration // without any message; 20 s
	PingEvery    time.Duration // 15 s
	WriteWithin  time.Duration // for one write, and for a webhook's body to arrive; 5 s
}

func (l Limits) withDefaults() Limits {
	l.Sockets = orElse(l.Sockets, 512)
	l.MessageBytes = orElse(l.MessageBytes, 64<<10)
	l.FormBytes = orElse(l.FormBytes, 64<<10)
	l.Garbage = orElse(l.Garbage, 50)
	l.Window = orElse(l.Window, 200*time.Millisecond)
	l.StartWithin = orElse(l.StartWithin, 10*time.Second)
	l.SilentAfter = orElse(l.SilentAfter, 20*time.Second)
	l.PingEvery = orElse(l.PingEvery, 15*time.Second)
	l.WriteWithin = orElse(l.WriteWithin, 5*time.Second)
	return l
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Validate says what is wrong with the options, for the configuration's
// author.
func (o Options) Validate() error {
	if o.Calls == nil {
		return errors.New("twilio: Calls is nil")
	}
	if _, err := parseOrigin(o.PublicURL); err != nil {
		return fmt.Errorf("twilio: %w", err)
	}
	return nil
}

// Door takes calls from Twilio. Its handlers may be used by many goroutines.
type Door struct {
	options Options
	limits  Limits
	origin  origin
	counts  *metrics
	log     *slog.Logger

	mu      sync.Mutex
	sockets map[*socket]struct{}
	taken   int // slots of the limit in use: sockets and upgrades under way
	closing bool
	serving sync.WaitGroup
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
	public, _ := parseOrigin(o.PublicURL)
	return &Door{
		options: o, limits: o.Limits.withDefaults(), origin: public, counts: newMetrics(o.Registerer),
		log: o.Logger.With("component", "twilio"), sockets: map[*socket]struct{}{},
	}
}

// Close refuses new sockets, says goodbye on those that are open and waits
// until their streams have ended as [ingest.Shutdown], a second at most for
// each, all at once. When ctx ends first, the rest is cut off. It may be
// called more than once.
func (d *Door) Close(ctx context.Context) error {
	d.mu.Lock()
	d.closing = true
	var goodbyes sync.WaitGroup
	for s := range d.sockets {
		s.closing.Store(true) // so that even one that is cut off ends as a shutdown
		goodbyes.Go(s.shutdown)
	}
	d.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		goodbyes.Wait()
		d.serving.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	d.mu.Lock()
	for s := range d.sockets {
		_ = s.ws.Close() // cut off: what it answers does not matter
	}
	d.mu.Unlock()
	<-done
	return fmt.Errorf("twilio: close: %w", context.Cause(ctx))
}

// reserve takes a slot for a socket, which release gives back.
func (d *Door) reserve() *problem {
	d.mu.Lock()
	defer d.mu.Unlock()
	var p *problem
	switch {
	case d.closing:
		p = refuse(http.StatusServiceUnavailable, "stopping", "The server is shutting down.")
	case d.taken >= d.limits.Sockets:
		p = refuse(http.StatusServiceUnavailable, "full", "No more media sockets can be opened now.")
	default:
		d.taken++
		d.serving.Add(1)
		return nil
	}
	p.retry = 5
	return p
}

func (d *Door) release() {
	d.mu.Lock()
	d.taken--
	d.mu.Unlock()
	d.serving.Done()
}

// track makes a socket known to Close. One that was upgraded while Close ran
// is told at once.
func (d *Door) track(s *socket) {
	d.mu.Lock()
	d.sockets[s] = struct{}{}
	closing := d.closing
	d.mu.Unlock()
	d.counts.live.Inc()
	if closing {
		s.shutdown()
	}
}

func (d *Door) forget(s *socket) {
	d.mu.Lock()
	delete(d.sockets, s)
	d.mu.Unlock()
	d.counts.live.Dec()
}
