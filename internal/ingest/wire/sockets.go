package wire

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"heed/internal/ingest/ticket"
)

// Options says what the sockets of a door need. Check and Accept are required.
type Options struct {
	// Platform is the door's name, for errors.
	Platform string
	Limits   Limits
	Counts   *Counts // nil counts nowhere
	// Check says why a socket is not opened; nil lets it in. It is asked before
	// anything is kept of the request.
	Check func(*http.Request) *Problem
	// Accept gives who reads the messages of a socket that was opened.
	Accept func(*Socket, *http.Request) Reader
	// Now is the clock by which messages are stamped; nil is time.Now.
	Now func() time.Time
	// Subprotocols are offered in this order; may be empty.
	Subprotocols []string
}

// Sockets are the websockets of one door. It may be used by many goroutines.
type Sockets struct {
	o        Options
	upgrader websocket.Upgrader

	mu      sync.Mutex
	open    map[*Socket]struct{}
	taken   int // slots of the limit in use: sockets and upgrades under way
	closing bool
	serving sync.WaitGroup
	streams atomic.Int64 // sockets in open
}

// NewSockets makes the sockets of a door.
func NewSockets(o Options) *Sockets {
	o.Limits = o.Limits.WithDefaults()
	if o.Counts == nil {
		o.Counts = (*Meters)(nil).Of(o.Platform)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Sockets{o: o, open: map[*Socket]struct{}{}}
	s.upgrader = websocket.Upgrader{
		HandshakeTimeout: o.Limits.WriteWithin,
		ReadBufferSize:   4 << 10,
		WriteBufferSize:  512,
		Subprotocols:     o.Subprotocols,
		CheckOrigin:      fromPlatform,
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			Refuse(status, "upgrade", "This is no websocket upgrade that can be served: "+reason.Error()).Send(w, o.Counts)
		},
	}
	return s
}

// ServeHTTP upgrades, serves one socket and returns when that has ended.
func (s *Sockets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := s.o.Check(r)
	if p == nil && !websocket.IsWebSocketUpgrade(r) {
		w.Header().Set("Upgrade", "websocket")
		p = Refuse(http.StatusUpgradeRequired, "upgrade", "Media comes over a websocket.")
	}
	if p == nil {
		p = s.reserve()
	}
	if p != nil {
		p.Send(w, s.o.Counts)
		return
	}
	defer s.release()
	ws, err := s.upgrader.Upgrade(hijacker{w, &s.streams}, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	s.serve(r, ws)
}

// fromPlatform lets through whoever is no page in a browser; that must come
// from our own origin, or prove itself by a header that no page can set or by a
// ticket in the address, which no page can guess.
func fromPlatform(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || r.Header.Get("Authorization") != "" || signed(r.Header) || r.URL.Query().Has(ticket.Param) ||
		origin == "https://"+r.Host || origin == "http://"+r.Host
}

// signed says that a request bears a platform's signature, which was checked
// before.
func signed(h http.Header) bool {
	for _, name := range []string{"X-Twilio-Signature", "X-Plivo-Signature-V3", "Signature"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return false
}

func (s *Sockets) serve(r *http.Request, ws *websocket.Conn) {
	c := newSocket(ws, &s.o)
	c.reader = s.o.Accept(c, r)
	s.track(c)
	defer s.forget(c)
	defer context.AfterFunc(r.Context(), c.shutdown)()
	c.serve(r.Context())
}

// reserve takes a slot for a socket, which release gives back.
func (s *Sockets) reserve() *Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	var p *Problem
	switch {
	case s.closing:
		p = Refuse(http.StatusServiceUnavailable, "stopping", "The server is shutting down.")
	case s.taken >= s.o.Limits.Sockets:
		p = Refuse(http.StatusServiceUnavailable, "full", "No more media sockets can be opened now.")
	default:
		s.taken++
		s.serving.Add(1)
		return nil
	}
	p.Retry = 5
	return p
}

func (s *Sockets) release() {
	s.mu.Lock()
	s.taken--
	s.mu.Unlock()
	s.serving.Done()
}

// track makes a socket known to Close. One that was upgraded while Close ran
// is told at once.
func (s *Sockets) track(c *Socket) {
	s.mu.Lock()
	s.open[c] = struct{}{}
	s.streams.Store(int64(len(s.open)))
	closing := s.closing
	s.mu.Unlock()
	s.o.Counts.live.Inc()
	if closing {
		c.shutdown()
	}
}

func (s *Sockets) forget(c *Socket) {
	s.mu.Lock()
	delete(s.open, c)
	s.streams.Store(int64(len(s.open)))
	s.mu.Unlock()
	s.o.Counts.live.Dec()
}

// Close refuses new sockets, says goodbye on those that are open and waits
// until their streams have ended as [ingest.Shutdown], a second at most for
// each, all at once. When ctx ends first, the rest is cut off. It may be
// called more than once.
func (s *Sockets) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closing = true
	if s.taken == 0 {
		s.mu.Unlock()
		return nil // whatever ctx says
	}
	var goodbyes sync.WaitGroup
	for c := range s.open {
		c.closing.Store(true) // so that even one that is cut off ends as a shutdown
		goodbyes.Go(c.shutdown)
	}
	s.mu.Unlock()
	cause := Wait(ctx, goodbyes.Wait, s.serving.Wait)
	if cause == nil {
		return nil
	}
	s.mu.Lock()
	for c := range s.open {
		_ = c.ws.Close() // cut off: what it answers does not matter
	}
	s.mu.Unlock()
	goodbyes.Wait()
	s.serving.Wait()
	return fmt.Errorf("%s: close: %w", s.o.Platform, cause)
}
