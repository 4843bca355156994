package wire

import (
	"net"
	"time"
)

// gatherFor is how long audio gathers in the kernel before it is read again. A
// platform sends a frame every 20 ms; to wake for each, with all that takes it
// behind, costs a fifth of what a stream costs, and nobody hears 40 ms.
const gatherFor = 40 * time.Millisecond

// gathering is a connection that is read now and then. It is read by one
// goroutine, which alone may turn that on and off.
type gathering struct {
	net.Conn

	on   bool
	last time.Time // when it was read and had no more
}

// Read waits until something may have gathered, unless more was there than the
// last time could take.
func (g *gathering) Read(b []byte) (int, error) {
	if g.on && !g.last.IsZero() {
		time.Sleep(gatherFor - time.Since(g.last)) // not if it is over
	}
	n, err := g.Conn.Read(b)
	g.last = time.Time{}
	if n < len(b) {
		g.last = time.Now()
	}
	return n, err //nolint:wrapcheck // the connection's own
}
