package wire

import (
	"net"
	"sync/atomic"
	"time"
)

// Audio gathers in the kernel before it is read again. A platform sends a frame
// every 20 ms; to wake for each, with all that takes it behind, costs a third of
// what a stream costs. A few streams can afford that and are heard at once; with
// each further one all wait a little longer, up to a length that nobody hears.
const (
	leastGathered = 20 * time.Millisecond
	gatheredEach  = 60 * time.Microsecond
	mostGathered  = 80 * time.Millisecond
)

// gathering is a connection that is read now and then. It is read by one
// goroutine, which alone may turn that on and off.
type gathering struct {
	net.Conn

	streams *atomic.Int64 // of the door, of which this is one
	on      bool
	last    time.Time // when it was read and had no more
}

// pause is how long audio gathers now.
func (g *gathering) pause() time.Duration {
	return min(mostGathered, leastGathered+time.Duration(g.streams.Load())*gatheredEach)
}

// Read waits until something may have gathered, unless more was there than the
// last time could take.
func (g *gathering) Read(b []byte) (int, error) {
	if g.on && !g.last.IsZero() {
		time.Sleep(g.pause() - time.Since(g.last)) // not if it is over
	}
	n, err := g.Conn.Read(b)
	g.last = time.Time{}
	if n < len(b) {
		g.last = time.Now()
	}
	return n, err //nolint:wrapcheck // the connection's own
}
