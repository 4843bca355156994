package rtp

import (
	"slices"
	"time"

	"heed/internal/ingest"
)

const (
	// maxHeld bounds what waits for a packet before it.
	maxHeld = 64
	// maxSkip is how far a sequence number may lie from the one expected. More
	// is a sender that began anew.
	maxSkip = 1000
	// remembered is how many past packets are kept to tell a duplicate from
	// one that came too late.
	remembered = 64
)

// order puts the packets of a source back in the order of their sequence
// numbers. One that follows the last passes at once; one that does not waits
// until what is missing has come, or for a bounded time.
type order struct {
	wait time.Duration
	// deliver takes a packet, with how many before it never came. anew says
	// that the sender's numbers began anew.
	deliver func(p Packet, lost int, anew bool)
	fault   func(ingest.Fault)

	begun  bool
	next   int64
	held   []Packet // by place
	past   [remembered]int64
	cursor int
}

func newOrder(wait time.Duration, deliver func(Packet, int, bool), fault func(ingest.Fault)) *order {
	return &order{wait: wait, deliver: deliver, fault: fault, held: make([]Packet, 0, maxHeld+1)}
}

// push takes a packet as it arrives.
func (o *order) push(p Packet) {
	p.place = o.next + int64(int16(p.Seq-uint16(o.next)))
	if skip := p.place - o.next; !o.begun || skip > maxSkip || skip < -maxSkip {
		o.flush()
		o.begun, o.next = true, int64(p.Seq)+1
		for i := range o.past {
			o.past[i] = -1
		}
		p.place = int64(p.Seq)
		o.note(p.place)
		o.deliver(p, 0, true)
		return
	}
	i, held := slices.BinarySearchFunc(o.held, p.place, func(h Packet, at int64) int { return int(h.place - at) })
	switch {
	case held || slices.Contains(o.past[:], p.place):
		o.fault(ingest.Duplicate)
		return
	case p.place < o.next:
		o.fault(ingest.Late)
		return
	}
	o.held = slices.Insert(o.held, i, p)
	o.advance(p.At)
}

// advance lets go of what need not wait any longer.
func (o *order) advance(now time.Time) {
	n := 0
	for _, h := range o.held {
		if h.place != o.next && now.Sub(h.At) < o.wait && len(o.held)-n <= maxHeld {
			break
		}
		o.emit(h)
		n++
	}
	o.held = slices.Delete(o.held, 0, n)
}

// flush lets go of everything.
func (o *order) flush() {
	for _, h := range o.held {
		o.emit(h)
	}
	clear(o.held)
	o.held = o.held[:0]
}

func (o *order) emit(p Packet) {
	lost := int(p.place - o.next)
	o.next = p.place + 1
	o.note(p.place)
	o.deliver(p, lost, false)
}

func (o *order) note(place int64) {
	o.past[o.cursor] = place
	o.cursor = (o.cursor + 1) % remembered
}
