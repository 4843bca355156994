package siprec

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
	"golang.org/x/time/rate"

	"heed/internal/ingest/wire"
)

const (
	// noes is how many strangers are told no, in a second. The others are dropped.
	noes = 10
	// maxStreams bounds the TCP connections that are open at once.
	maxStreams = 512
	// strangerWithin is how long a stranger's connection is kept for its answer.
	strangerWithin = time.Second
)

// gate stands before the SIP stack: what is not of a configured network never
// reaches it.
type gate struct {
	peers  wire.Networks
	counts *wire.Counts
	noes   *rate.Limiter
	parser *sip.Parser
	open   atomic.Int64
	ended  <-chan struct{}
	saying sync.WaitGroup
}

func newGate(peers wire.Networks, counts *wire.Counts, ended <-chan struct{}) *gate {
	return &gate{peers: peers, counts: counts, noes: rate.NewLimiter(noes, noes), parser: sip.NewParser(), ended: ended}
}

// refusal answers a stranger's request; nil when there is nothing to answer, or
// enough have been answered.
func (g *gate) refusal(raw []byte, from net.Addr) (answer []byte) {
	g.counts.Refused("network")
	if !g.noes.Allow() {
		return nil
	}
	defer func() {
		if recover() != nil { // a stranger chose these bytes
			answer = nil
		}
	}()
	m, err := g.parser.ParseSIP(raw)
	if err != nil {
		return nil
	}
	req, is := m.(*sip.Request)
	if !is || req.IsAck() || req.Via() == nil {
		return nil
	}
	req.SetSource(from.String())
	return []byte(sip.NewResponseFromRequest(req, sip.StatusForbidden, "Forbidden", nil).String())
}

// pause waits where accepting or reading failed for a reason that may pass. It
// is false when the door has closed.
func (g *gate) pause() bool {
	t := time.NewTimer(100 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-g.ended:
		return false
	}
}

// packets are the datagrams that pass a gate.
type packets struct {
	net.PacketConn

	gate *gate
}

// ReadFrom gives the next one of a peer. It fails only when the door has closed:
// the stack reads no more after an error.
func (p packets) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := p.PacketConn.ReadFrom(b)
		switch {
		case errors.Is(err, net.ErrClosed):
			return n, from, err //nolint:wrapcheck // the stack asks for this one
		case err != nil:
			if !p.gate.pause() {
				return 0, nil, net.ErrClosed
			}
		case p.gate.peers.Contain(from):
			return n, from, nil
		default:
			if no := p.gate.refusal(b[:n], from); no != nil {
				_, _ = p.WriteTo(no, from) // a stranger may go without
			}
		}
	}
}

// streams are the connections that pass a gate.
type streams struct {
	net.Listener

	gate *gate
	tell bool // strangers are answered, as they speak what we do
}

// Accept gives the next one of a peer. It fails only when the door has closed.
func (s streams) Accept() (net.Conn, error) {
	for {
		c, err := s.Listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil, err //nolint:wrapcheck // the stack asks for this one
		case err != nil:
			if !s.gate.pause() {
				return nil, net.ErrClosed
			}
		case !s.gate.peers.Contain(c.RemoteAddr()):
			s.turnAway(c)
		case s.gate.open.Add(1) > maxStreams:
			s.gate.open.Add(-1)
			s.gate.counts.Refused("full")
			_ = c.Close() // it has nothing of ours
		default:
			return &counted{Conn: c, gate: s.gate}, nil
		}
	}
}

// turnAway tells a stranger no, when there is time for it.
func (s streams) turnAway(c net.Conn) {
	if !s.tell || s.gate.noes.Tokens() < 1 {
		s.gate.counts.Refused("network")
		_ = c.Close() // it has nothing of ours
		return
	}
	s.gate.saying.Go(func() {
		defer c.Close() //nolint:errcheck // it has nothing of ours
		_ = c.SetDeadline(time.Now().Add(strangerWithin))
		b := make([]byte, 8<<10)
		n, err := c.Read(b)
		if err != nil {
			s.gate.counts.Refused("network")
			return
		}
		if no := s.gate.refusal(b[:n], c.RemoteAddr()); no != nil {
			_, _ = c.Write(no) // a stranger may go without
		}
	})
}

// counted is a connection that gives its place back.
type counted struct {
	net.Conn

	gate *gate
	once sync.Once
}

// Close implements net.Conn.
func (c *counted) Close() error {
	c.once.Do(func() { c.gate.open.Add(-1) })
	return c.Conn.Close() //nolint:wrapcheck // it is that connection
}
