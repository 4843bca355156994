package whip

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"heed/internal/ingest"
	"heed/internal/ingest/rtp"
	"heed/internal/ingest/wire"
)

// Path is where publishers post their offers. Sessions are below it.
const Path = "/ingest/whip"

// Options says what a door needs. Calls and Tokens are required.
type Options struct {
	Calls  ingest.Calls
	Tokens *Tokens
	// Allow says whether a request carries an API key that may bring in calls.
	// nil means that none does.
	Allow func(*http.Request) bool
	// Listen is the host:port on which audio comes, by UDP, of all calls. The
	// host is an IP address of this machine; without one it is all of them.
	Listen string
	// PublicIPs are addresses under which that port is reached from outside,
	// where a NAT lies before it.
	PublicIPs []string
	// PublicURL is the origin of this server, whose path, if it has one, is put
	// before that of sessions.
	PublicURL string
	// Origins are those of pages elsewhere that may publish, such as
	// https://softphone.example.com. A star is all.
	Origins []string
	Relay   Relay
	// BuiltinOpus decodes Opus without the system's libopus, which takes half
	// of the time and is used where it is installed.
	BuiltinOpus bool
	// Logger gets one line for each stream's start and end. nil logs nothing.
	Logger *slog.Logger
	// Meters are those of all doors, and Registerer takes the door's own. Nil
	// registers nowhere.
	Meters     *wire.Meters
	Registerer prometheus.Registerer
	Limits     Limits
}

// Limits bounds what publishers may do. Zero means the default.
type Limits struct {
	Sessions      int           // open at once; 512
	Starts        int           // sessions begun a second, over all; 50
	OfferBytes    int64         // of an offer; 64 KiB
	FragmentBytes int64         // of an SDP fragment; 16 KiB
	Packets       int           // that wait for one session's worker; 512
	Window        time.Duration // how long a packet waits for one before it; 150 ms
	ConnectWithin time.Duration // from the answer to the first packet; 30 s
	SilentAfter   time.Duration // without any sign of the publisher; 20 s
	OpenWithin    time.Duration // for the call to be opened, and a body to arrive; 10 s
	Longest       time.Duration // of a session; 24 h
}

func (l Limits) withDefaults() Limits {
	l.Sessions = cmp.Or(l.Sessions, 512)
	l.Starts = cmp.Or(l.Starts, 50)
	l.OfferBytes = cmp.Or(l.OfferBytes, 64<<10)
	l.FragmentBytes = cmp.Or(l.FragmentBytes, 16<<10)
	l.Packets = cmp.Or(l.Packets, 512)
	l.Window = cmp.Or(l.Window, 150*time.Millisecond)
	l.ConnectWithin = cmp.Or(l.ConnectWithin, 30*time.Second)
	l.SilentAfter = cmp.Or(l.SilentAfter, 20*time.Second)
	l.OpenWithin = cmp.Or(l.OpenWithin, 10*time.Second)
	l.Longest = cmp.Or(l.Longest, 24*time.Hour)
	return l
}

// Door takes calls over WebRTC. Its handlers may be used by many goroutines.
type Door struct {
	options Options
	limits  Limits
	prefix  string // of the paths that publishers are told
	counts  *metrics
	log     *slog.Logger
	sockets *sockets
	peers   *peers
	starts  *rate.Limiter
	clocks  rtp.Clocks

	mu       sync.Mutex
	sessions map[string]*session // by id
	byToken  map[string]*session // nil while its offer is under way
	taken    int                 // slots of the limit in use: sessions and offers under way
	closing  bool
	serving  sync.WaitGroup
}

// New makes a door and binds its UDP port. Close frees it.
func New(ctx context.Context, o Options) (*Door, error) {
	if o.Calls == nil || o.Tokens == nil {
		return nil, errors.New("whip: Calls and Tokens are required")
	}
	public, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("whip: public URL: %w", err)
	}
	if err := o.Relay.Validate(); err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Door{
		options: o, limits: o.Limits.withDefaults(), prefix: strings.TrimSuffix(public.EscapedPath(), "/"),
		log: o.Logger.With("component", "whip"), sessions: map[string]*session{}, byToken: map[string]*session{},
	}
	d.starts = rate.NewLimiter(rate.Limit(d.limits.Starts), 2*d.limits.Starts)
	if d.sockets, err = listenUDP(ctx, o.Listen); err != nil {
		return nil, err
	}
	if d.peers, err = newPeers(d.sockets, o.PublicIPs, d.limits); err != nil {
		return nil, errors.Join(err, d.sockets.close())
	}
	d.counts = newMetrics(o.Meters, o.Registerer)
	d.sayDecoder()
	d.sockets.watch(o.Registerer)
	if n := rtp.ReceiveBytes(d.sockets.conns...); n > 0 && n < receiveBuffer {
		d.log.Warn("the kernel gives the audio port a small buffer; raise net.core.rmem_max", "bytes", n, "asked", receiveBuffer)
	}
	return d, nil
}

// sayDecoder tells the operator when sessions cost more than they need.
func (d *Door) sayDecoder() {
	if d.options.BuiltinOpus {
		return
	}
	if err := rtp.OpusLibrary(); err != nil {
		d.log.Info("Opus is decoded by the built-in decoder, at twice the cost; install libopus0", "reason", err)
	}
}

// Close refuses new sessions, ends those that are open as [ingest.Shutdown],
// waits for them and frees the port. When ctx ends first, it returns its
// error; what was left ends by itself. It may be called more than once.
func (d *Door) Close(ctx context.Context) error {
	d.mu.Lock()
	again, idle := d.closing, d.taken == 0
	d.closing = true
	for _, s := range d.sessions {
		s.end(ingest.Shutdown)
	}
	d.mu.Unlock()
	switch {
	case again:
		return nil
	case idle:
		return d.sockets.close()
	}
	done := make(chan error, 1)
	go func() {
		d.serving.Wait()
		done <- d.sockets.close()
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("whip: close: %w", context.Cause(ctx))
	}
}

// reserve takes a slot for a session, which release gives back. A token is
// good for one session at a time; one that has lost its publisher gives way.
func (d *Door) reserve(by bearer) *wire.Problem {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closing:
		return later(http.StatusServiceUnavailable, "stopping", "The server is shutting down.")
	case d.taken >= d.limits.Sessions:
		return later(http.StatusServiceUnavailable, "full", "No more sessions can be opened now.")
	}
	if by.token != "" {
		s, held := d.byToken[by.token]
		if held && (s == nil || s.connected()) {
			return wire.Refuse(http.StatusConflict, "in_use", "A session with this token is open. End it with DELETE first.")
		}
		if held {
			s.end(ingest.Broken)
		}
		d.byToken[by.token] = nil
	}
	d.taken++
	d.serving.Add(1)
	return nil
}

// release gives the slot of an offer back that became no session.
func (d *Door) release(by bearer) {
	d.mu.Lock()
	if s, held := d.byToken[by.token]; held && s == nil {
		delete(d.byToken, by.token)
	}
	d.taken--
	d.mu.Unlock()
	d.serving.Done()
}

// track makes a session known. One that was made while Close ran is ended.
func (d *Door) track(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[s.id] = s
	if s.by.token != "" {
		d.byToken[s.by.token] = s
	}
	d.counts.live.Inc()
	if d.closing {
		s.end(ingest.Shutdown)
	}
}

// forget gives a session's slot back.
func (d *Door) forget(s *session) {
	d.mu.Lock()
	delete(d.sessions, s.id)
	if d.byToken[s.by.token] == s {
		delete(d.byToken, s.by.token)
	}
	d.taken--
	d.mu.Unlock()
	d.counts.live.Dec()
	d.serving.Done()
}

func (d *Door) find(id string) *session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sessions[id]
}
