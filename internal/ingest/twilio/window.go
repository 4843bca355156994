package twilio

import (
	"slices"
	"time"

	"heed/internal/ingest"
)

// Stream time inside the door is counted in samples: the platform's audio is
// 8 kHz whatever its encoding.
const (
	rate      = 8000
	perMilli  = rate / 1000
	perSample = time.Second / rate

	// snap is how far from its place a frame may be stamped and still count
	// as the next one: stamps are whole milliseconds, frames need not be.
	snap = 5 * perMilli
	// believed is how far ahead a single frame's stamp may lie and count. It
	// takes a second frame there to say that the stream has jumped further.
	believed = 2 * rate
	// maxHeld bounds a window whose frames are too short to fill its time.
	maxHeld = 32
	// remembered is how many places of past frames are kept to tell a
	// duplicate from a frame that came too late.
	remembered = 64
)

// piece is one frame of one track.
type piece struct {
	at    int64 // samples from the stream's start
	chunk int64 // 0 when the platform gave none
	pcm   []int16
	wall  time.Time
}

func (p piece) end() int64 { return p.at + int64(len(p.pcm)) }

// window puts the frames of one track back in order. A frame that follows the
// last one, by time or by chunk number, passes at once; one that does not is
// held until what is missing has come, or until the stream is wait further.
// It holds no timer: a stream that stands still keeps what it holds until it
// moves again or ends.
type window struct {
	wait    int64 // samples
	deliver func(piece)
	fault   func(ingest.Fault)

	next   int64 // the first place that is free
	chunk  int64 // of the last frame delivered
	begun  bool
	held   []piece // by place
	past   [remembered]int64
	cursor int
}

func newWindow(wait time.Duration, deliver func(piece), fault func(ingest.Fault)) *window {
	w := &window{wait: int64(wait / perSample), deliver: deliver, fault: fault, held: make([]piece, 0, maxHeld+1)}
	for i := range w.past {
		w.past[i] = -1
	}
	return w
}

// push takes a frame. clock is how far the stream has come, over all tracks.
func (w *window) push(p piece, clock int64) {
	if len(w.held) == 0 && p.at >= w.next && w.follows(p) {
		w.emit(p)
		return
	}
	i, held := slices.BinarySearchFunc(w.held, p.at, func(h piece, at int64) int { return int(h.at - at) })
	switch {
	case held || w.seen(p.at):
		w.fault(ingest.Duplicate)
		return
	case p.end() <= w.next:
		w.fault(ingest.Late)
		return
	}
	w.held = slices.Insert(w.held, i, p)
	w.advance(clock)
}

// advance lets go of what need not wait any longer.
func (w *window) advance(clock int64) {
	n := 0
	for _, h := range w.held {
		if !w.follows(h) && clock-h.end() < w.wait && len(w.held)-n <= maxHeld {
			break
		}
		w.emit(h)
		n++
	}
	w.held = slices.Delete(w.held, 0, n)
}

// flush lets go of everything, in order. What lies ahead of the stream's end
// alone had a wild stamp, and would make the call as long as that.
func (w *window) flush(clock int64) {
	for _, h := range w.held {
		if h.at > clock+believed {
			w.fault(ingest.Late)
			continue
		}
		w.emit(h)
	}
	clear(w.held)
	w.held = w.held[:0]
}

// follows says that nothing can come before p that has not been delivered.
func (w *window) follows(p piece) bool {
	return p.at <= w.next+snap || (p.chunk > 0 && p.chunk == w.chunk+1 && p.at <= w.next+believed)
}

// bears says that a frame on hold bears out where p claims to be.
func (w *window) bears(p piece) bool {
	return slices.ContainsFunc(w.held, func(h piece) bool {
		return p.at >= h.end()-snap && p.at <= h.end()+believed
	})
}

func (w *window) seen(at int64) bool {
	return w.begun && slices.Contains(w.past[:], at)
}

// emit delivers a frame behind the one before: shifted when its stamp is off
// by no more than a rounding, cut when it overlaps, after a gap when there is
// one.
func (w *window) emit(p piece) {
	stamped := p.at
	if w.begun {
		switch ahead := p.at - w.next; {
		case p.end() <= w.next:
			w.fault(ingest.Late)
			return
		case ahead < -snap:
			p.pcm, p.at = p.pcm[-ahead:], w.next
		case ahead <= snap:
			p.at = w.next
		}
	}
	w.begun, w.next = true, p.end()
	if p.chunk > 0 {
		w.chunk = p.chunk
	}
	w.past[w.cursor] = stamped
	w.cursor = (w.cursor + 1) % remembered
	w.deliver(p)
}
