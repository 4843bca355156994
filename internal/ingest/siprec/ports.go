package siprec

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"heed/internal/ingest/rtp"
)

// Range are the UDP ports of audio, both ends included. Each line takes two: an
// even one, and the one behind it for RTCP.
type Range struct{ First, Last int }

// ParseRange reads "20000-20999".
func ParseRange(s string) (Range, error) {
	from, to, ok := strings.Cut(s, "-")
	a, err := strconv.ParseUint(strings.TrimSpace(from), 10, 16)
	b, err2 := strconv.ParseUint(strings.TrimSpace(to), 10, 16)
	if !ok || err != nil || err2 != nil {
		return Range{}, fmt.Errorf("%q is no range of ports such as 20000-20999", s)
	}
	r := Range{int(a) + int(a)%2, int(b)}
	if a < 1024 || r.Last <= r.First {
		return Range{}, fmt.Errorf("%q has no two ports above 1023, the first of them even", s)
	}
	return r, nil
}

// pairs is how many lines can be heard at once.
func (r Range) pairs() int { return (r.Last - r.First + 1) / 2 }

var errNoPort = errors.New("no port for audio is free")

// ports gives out pairs of them. What was given back last is used again last:
// some senders go on for a while after the end.
type ports struct {
	host netip.Addr // to bind; unspecified is every address
	all  Range

	mu   sync.Mutex
	next int
	used map[int]bool
}

func newPorts(host netip.Addr, all Range) *ports {
	return &ports{host: host, all: all, used: map[int]bool{}}
}

// pair are the sockets of one line.
type pair struct {
	port      int
	rtp, rtcp *net.UDPConn
	from      *ports
}

// open gives a pair that is free. Ports that another program has are passed over.
func (p *ports) open(ctx context.Context) (*pair, error) {
	for range p.all.pairs() {
		port := p.reserve()
		if port == 0 {
			return nil, errNoPort
		}
		one, err := p.bind(ctx, port)
		if err == nil {
			return one, nil
		}
		p.free(port)
	}
	return nil, errNoPort
}

// reserve gives the next port that we do not have open; 0 is none.
func (p *ports) reserve() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range p.all.pairs() {
		port := p.all.First + 2*p.next
		p.next = (p.next + 1) % p.all.pairs()
		if !p.used[port] {
			p.used[port] = true
			return port
		}
	}
	return 0
}

func (p *ports) free(port int) {
	p.mu.Lock()
	delete(p.used, port)
	p.mu.Unlock()
}

func (p *ports) bind(ctx context.Context, port int) (*pair, error) {
	a, err := p.listen(ctx, port)
	if err != nil {
		return nil, err
	}
	b, err := p.listen(ctx, port+1)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return &pair{port, a, b, p}, nil
}

// receiveBuffer is what is asked of the kernel for each port, in bytes: seconds of
// a line's audio. The kernel gives net.core.rmem_max at most.
const receiveBuffer = 1 << 20

func (p *ports) listen(ctx context.Context, port int) (*net.UDPConn, error) {
	var lc net.ListenConfig
	c, err := lc.ListenPacket(ctx, "udp", netip.AddrPortFrom(p.host, uint16(port)).String()) //nolint:gosec // it is in a range of ports
	if err != nil {
		return nil, fmt.Errorf("siprec: port of audio: %w", err)
	}
	conn := c.(*net.UDPConn) //nolint:forcetypeassert // what "udp" gives
	if err := conn.SetReadBuffer(receiveBuffer); err != nil {
		return nil, errors.Join(fmt.Errorf("siprec: receive buffer: %w", err), conn.Close())
	}
	return conn, nil
}

// close gives the ports back and tells what the kernel dropped.
func (p *pair) close() (dropped float64) {
	dropped = rtp.KernelDrops(p.rtp)
	_ = p.rtp.Close() // nothing is left to lose
	_ = p.rtcp.Close()
	p.from.free(p.port)
	return dropped
}
