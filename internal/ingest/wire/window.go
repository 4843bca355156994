package wire

import (
	"slices"
	"time"

	"heed/internal/ingest"
)

// Stream time inside a door is counted in samples of its audio.
const (
	// maxHeld bounds a window whose frames are too short to fill its time.
	maxHeld = 32
	// remembered is how many places of past frames are kept to tell a
	// duplicate from a frame that came too late.
	remembered = 64
)

// Piece is one frame of one track.
type Piece struct {
	At    int64 // samples from the stream's start
	Chunk int64 // its number in the track; 0 when the platform gave none
	PCM   []int16
	Wall  time.Time // when it arrived
}

// End is where the next frame begins.
func (p *Piece) End() int64 { return p.At + int64(len(p.PCM)) }

// Window puts the frames of one track back in order. A frame that follows the
// last one, by time or by chunk number, passes at once; one that does not is
// held until what is missing has come, or until the stream is wait further.
// It holds no timer: a stream that stands still keeps what it holds until it
// moves again or ends.
type Window struct {
	rate int
	wait int64 // samples
	// snap is how far from its place a frame may be stamped and still count as
	// the next one: stamps are whole milliseconds, frames need not be.
	snap int64
	// believed is how far ahead a single frame's stamp may lie and count. It
	// takes a second frame there to say that the stream has jumped further.
	believed int64
	deliver  func(Piece)
	fault    func(f ingest.Fault, n int)

	next   int64 // the first place that is free
	chunk  int64 // of the last frame delivered
	begun  bool
	held   []Piece // by place
	past   [remembered]int64
	cursor int
}

// Believed is how far ahead of a stream a single frame's stamp may lie and
// count, in samples.
func Believed(rate int) int64 { return 2 * int64(rate) }

// NewWindow makes a window that holds a frame back for as long as wait, in
// stream time. It tells faults of frames that came twice, too late or never. Rate is
// that of the samples, in Hz.
func NewWindow(rate int, wait time.Duration, deliver func(Piece), fault func(f ingest.Fault, n int)) *Window {
	w := &Window{
		rate: rate, wait: int64(wait * time.Duration(rate) / time.Second), snap: int64(rate) / 200, believed: Believed(rate),
		deliver: deliver, fault: fault, held: make([]Piece, 0, maxHeld+1),
	}
	for i := range w.past {
		w.past[i] = -1
	}
	return w
}

// Tolerate has frames count as the next one whose stamps are off by up to d,
// where a platform stamps them when it sends them.
func (w *Window) Tolerate(d time.Duration) { w.snap = int64(d * time.Duration(w.rate) / time.Second) }

// Next is the first place that is free, in samples.
func (w *Window) Next() int64 { return w.next }

// Holds says that frames are held back.
func (w *Window) Holds() bool { return len(w.held) > 0 }

// Push takes a frame. clock is how far the stream has come, over all tracks.
func (w *Window) Push(p Piece, clock int64) {
	if len(w.held) == 0 && p.At >= w.next && w.follows(p) {
		w.emit(p)
		return
	}
	i, held := slices.BinarySearchFunc(w.held, p.At, func(h Piece, at int64) int { return int(h.At - at) })
	switch {
	case held || w.seen(p.At):
		w.fault(ingest.Duplicate, 1)
		return
	case p.End() <= w.next:
		w.fault(ingest.Late, 1)
		return
	}
	w.held = slices.Insert(w.held, i, p)
	w.Advance(clock)
}

// Advance lets go of what need not wait any longer.
func (w *Window) Advance(clock int64) {
	n := 0
	for _, h := range w.held {
		if !w.follows(h) && clock-h.End() < w.wait && len(w.held)-n <= maxHeld {
			break
		}
		w.emit(h)
		n++
	}
	w.held = slices.Delete(w.held, 0, n)
}

// Flush lets go of everything, in order. What lies ahead of the stream's end
// alone had a wild stamp, and would make the call as long as that.
func (w *Window) Flush(clock int64) {
	for _, h := range w.held {
		if h.At > clock+w.believed {
			w.fault(ingest.Late, 1)
			continue
		}
		w.emit(h)
	}
	clear(w.held)
	w.held = w.held[:0]
}

// follows says that nothing can come before p that has not been delivered.
func (w *Window) follows(p Piece) bool {
	return p.At <= w.next+w.snap || (p.Chunk > 0 && p.Chunk == w.chunk+1 && p.At <= w.next+w.believed)
}

// Bears says that a frame on hold bears out where p claims to be.
func (w *Window) Bears(p Piece) bool {
	return slices.ContainsFunc(w.held, func(h Piece) bool {
		return p.At >= h.End()-w.snap && p.At <= h.End()+w.believed
	})
}

// miss tells of the frames whose numbers are missing before p, where there is
// a gap that they would fill: numbers alone may jump for any reason.
func (w *Window) miss(p Piece, gap int64) {
	if p.Chunk == 0 || w.chunk == 0 || gap <= w.snap || len(p.PCM) == 0 {
		return
	}
	if n := min(p.Chunk-w.chunk-1, gap/int64(len(p.PCM))); n > 0 {
		w.fault(ingest.Lost, int(n))
	}
}

func (w *Window) seen(at int64) bool {
	return w.begun && slices.Contains(w.past[:], at)
}

// emit delivers a frame behind the one before: shifted when its stamp is off
// by no more than a rounding, cut when it overlaps, after a gap when there is
// one.
func (w *Window) emit(p Piece) {
	stamped := p.At
	if w.begun {
		ahead := p.At - w.next
		w.miss(p, ahead)
		switch {
		case p.End() <= w.next:
			w.fault(ingest.Late, 1)
			return
		case ahead < -w.snap:
			p.PCM, p.At = p.PCM[-ahead:], w.next
		case ahead <= w.snap:
			p.At = w.next
		}
	}
	w.begun, w.next = true, p.End()
	if p.Chunk > 0 {
		w.chunk = p.Chunk
	}
	w.past[w.cursor] = stamped
	w.cursor = (w.cursor + 1) % remembered
	w.deliver(p)
}
