package siprec

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"heed/internal/ingest/rtp"
)

const (
	// mtu is the longest packet that is read.
	mtu = 1500
	// maxErrors is how often in a row reading may fail.
	maxErrors = 1000
)

// read hands over a line's packets until its ports are given back. It never
// waits: what does not fit is dropped and counted.
func (m *media) read(l *line, p *pair) {
	each(p.rtp, func(b []byte, from netip.Addr) {
		v := l.view.Load()
		if !v.listens(from) {
			m.door.counts.Unknown.Inc()
			return
		}
		m.seen.Store(time.Now().UnixNano())
		switch {
		case isReport(b): // on the port of audio, as some send it
			m.report(l, b)
		case v.active:
			m.packet(l, v, b)
		default:
			m.door.counts.Paused.Inc()
		}
	})
}

// readReports takes the reports of a line's sender.
func (m *media) readReports(l *line, p *pair) {
	each(p.rtcp, func(b []byte, from netip.Addr) {
		if !l.view.Load().listens(from) {
			m.door.counts.Unknown.Inc()
			return
		}
		m.seen.Store(time.Now().UnixNano())
		m.report(l, b)
	})
}

// each gives the packets of a socket until it is closed.
func each(c *net.UDPConn, take func([]byte, netip.Addr)) {
	b := make([]byte, mtu)
	for failed := 0; failed < maxErrors; {
		n, from, err := c.ReadFromUDPAddrPort(b)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			failed++
		default:
			failed = 0
			take(b[:n], from.Addr().Unmap().WithZone(""))
		}
	}
}

// listens says whether a packet's sender is one that may.
func (v *view) listens(from netip.Addr) bool { return from == v.from[0] || from == v.from[1] }

// isReport tells RTCP from RTP on one port (RFC 5761).
func isReport(b []byte) bool { return len(b) > 1 && b[1] >= 192 && b[1] <= 223 }

func (m *media) report(l *line, b []byte) {
	if r := rtp.ReadReport(b); r != nil {
		l.report.Store(r)
	}
}

func (m *media) packet(l *line, v *view, b []byte) {
	p := rtp.Packet{At: m.door.o.Now()}
	a := arrived{line: l, bad: !p.Read(b)}
	p.Codec = v.types[p.Type]
	a.packet = p
	select {
	case m.packets <- a:
	default:
		m.door.counts.Overflow.Inc()
	}
}
