// Package gate bounds how many connections strangers may hold of the server:
// in all, of those that have not asked for anything yet, and of these from one
// address. A connection that has sent a whole request is not waiting any more,
// whatever becomes of it, so that calls on open sockets are never in the way of
// others and a proxy that keeps its connections is not taken for a flood.
//
// What is over a bound is closed without an answer, and counted. The package
// reads nothing of what is sent, logs nothing, and starts no goroutine.
package gate

import (
	"container/list"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Limits are the bounds. All are required.
type Limits struct {
	Open       int // connections at once
	Waiting    int // of them, that have not sent a whole request yet
	PerAddress int // of the waiting ones, from one address
}

// Gate stands before a listener. It may be used by many goroutines.
type Gate struct {
	net.Listener

	limits  Limits
	refused *prometheus.CounterVec

	mu      sync.Mutex
	open    int
	waiting *list.List         // of *conn, the oldest first
	from    map[netip.Addr]int // how many of these by address
}

// New puts a gate before a listener; its http.Server must have [Gate.Changed]
// as its ConnState. Nil registers no metrics.
func New(l net.Listener, limits Limits, r prometheus.Registerer) *Gate {
	g := &Gate{Listener: l, limits: limits, waiting: list.New(), from: map[netip.Addr]int{}}
	f := promauto.With(r)
	g.refused = f.NewCounterVec(prometheus.CounterOpts{
		Name: "heed_connections_refused_total", Help: "Connections closed because there were too many: in all (full), that sent no request (waiting), or of these from one address (address).",
	}, []string{"reason"})
	for _, reason := range []string{"full", "waiting", "address"} {
		g.refused.WithLabelValues(reason)
	}
	f.NewGaugeFunc(prometheus.GaugeOpts{Name: "heed_connections_open", Help: "Connections that are open."}, func() float64 {
		g.mu.Lock()
		defer g.mu.Unlock()
		return float64(g.open)
	})
	f.NewGaugeFunc(prometheus.GaugeOpts{Name: "heed_connections_waiting", Help: "Connections that have not sent a whole request yet."}, func() float64 {
		g.mu.Lock()
		defer g.mu.Unlock()
		return float64(g.waiting.Len())
	})
	return g
}

// conn is a connection that was let in. The embedded type keeps what the
// standard library does for TCP alone, such as sendfile.
type conn struct {
	*net.TCPConn

	gate  *Gate
	from  netip.Addr
	place *list.Element // among the waiting; nil when it has asked. Guarded by the gate
	gone  bool          // guarded by the gate
}

// Close gives the place back.
func (c *conn) Close() error {
	c.gate.leave(c)
	return c.TCPConn.Close() //nolint:wrapcheck // the caller thinks that it has a TCPConn
}

// Accept gives the next connection that may come in.
func (g *Gate) Accept() (net.Conn, error) {
	for {
		in, err := g.Listener.Accept()
		if err != nil {
			return nil, err //nolint:wrapcheck // the server compares it
		}
		tcp, ok := in.(*net.TCPConn)
		if !ok {
			return in, nil
		}
		c, oldest, why := g.enter(tcp)
		if oldest != nil {
			_ = hangUp(oldest.TCPConn)
		}
		if why == "" {
			return c, nil
		}
		_ = hangUp(tcp)
	}
}

// hangUp closes a connection so that nothing of it stays in the kernel.
func hangUp(c *net.TCPConn) error { return errors.Join(c.SetLinger(0), c.Close()) }

// enter lets a connection in or says why not. Where too many wait, the one goes
// that has waited longest: who means well asks at once.
func (g *Gate) enter(tcp *net.TCPConn) (c, oldest *conn, why string) {
	c = &conn{TCPConn: tcp, gate: g, from: addressOf(tcp)}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.open >= g.limits.Open:
		why = "full"
	case g.from[c.from] >= g.limits.PerAddress:
		why = "address"
	}
	if why != "" {
		g.refused.WithLabelValues(why).Inc()
		return nil, nil, why
	}
	if g.waiting.Len() >= g.limits.Waiting {
		oldest = g.waiting.Front().Value.(*conn) //nolint:forcetypeassert // nothing else is put in
		g.refused.WithLabelValues("waiting").Inc()
		g.asked(oldest)
	}
	g.open++
	g.from[c.from]++
	c.place = g.waiting.PushBack(c)
	return c, oldest, ""
}

// addressOf is whom connections are counted for: an address, or the network
// that one customer has of IPv6.
func addressOf(c net.Conn) netip.Addr {
	at, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return ip
}

// Changed follows the connections of the http.Server behind the gate.
func (g *Gate) Changed(in net.Conn, state http.ConnState) {
	c, ok := in.(*conn)
	if !ok || state == http.StateNew {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked(c)
}

// asked takes a connection out of those that wait. The lock is held.
func (g *Gate) asked(c *conn) {
	if c.place == nil {
		return
	}
	g.waiting.Remove(c.place)
	c.place = nil
	if g.from[c.from]--; g.from[c.from] == 0 {
		delete(g.from, c.from)
	}
}

func (g *Gate) leave(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked(c)
	if !c.gone {
		c.gone = true
		g.open--
	}
}
