// Package wire is what the doors share that take call audio over HTTP and
// websockets: the sockets of a door with their limits and their end, refusals
// in the form of RFC 9457, the address under which a platform reaches us, the
// counters, and the window that puts frames back in order.
//
// It knows no platform's protocol, checks no signature, keeps nothing and logs
// nothing.
package wire

import (
	"cmp"
	"time"
)

// Limits bounds what a sender may do. Zero means the default.
type Limits struct {
	Sockets      int           // open at once; 512
	MessageBytes int64         // of one websocket message; 64 KiB
	BodyBytes    int64         // of a webhook's body; 64 KiB
	Garbage      int           // unusable messages in a row; 50
	Window       time.Duration // how long a frame waits for one before it; 200 ms of stream time
	StartWithin  time.Duration // from the upgrade to the start of the stream; 10 s
	SilentAfter  time.Duration // without any message; 20 s
	PingEvery    time.Duration // 15 s
	Pings        int           // of the sender, a second on average; 10
	WriteWithin  time.Duration // for one write, and for a webhook's body to arrive; 5 s
}

// WithDefaults fills in what is zero.
func (l Limits) WithDefaults() Limits {
	l.Sockets = cmp.Or(l.Sockets, 512)
	l.MessageBytes = cmp.Or(l.MessageBytes, 64<<10)
	l.BodyBytes = cmp.Or(l.BodyBytes, 64<<10)
	l.Garbage = cmp.Or(l.Garbage, 50)
	l.Window = cmp.Or(l.Window, 200*time.Millisecond)
	l.StartWithin = cmp.Or(l.StartWithin, 10*time.Second)
	l.SilentAfter = cmp.Or(l.SilentAfter, 20*time.Second)
	l.PingEvery = cmp.Or(l.PingEvery, 15*time.Second)
	l.Pings = cmp.Or(l.Pings, 10)
	l.WriteWithin = cmp.Or(l.WriteWithin, 5*time.Second)
	return l
}
