package audiohook

import (
	"slices"
	"sync"
	"time"
)

const (
	// rate is that of all audio, in samples a second, and perSample how long
	// one of them is.
	rate      = 8000
	perSample = time.Second / rate

	// maxHole is how much may be missing at one place. The call takes no gap
	// of an hour.
	maxHole = 50 * time.Minute
	// maxPieces bounds the pieces and the cuts that are remembered.
	maxPieces = 1024
)

// timeline knows where the audio of a stream lies: on our clock, where what was
// discarded is a hole, and in the platform's positions. Times are in samples.
// It may be used by many goroutines.
type timeline struct {
	mu     sync.Mutex
	pieces []piece // by time; the last is the one that grows
	cuts   []int64 // on our clock: no utterance goes on over one
}

// piece is audio without a hole.
type piece struct{ at, end, position int64 }

func newTimeline() *timeline { return &timeline{pieces: make([]piece, 1)} }

// now is where the next audio belongs on our clock.
func (t *timeline) now() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return length(t.last().end)
}

// add counts samples that came, and gives where they begin.
func (t *timeline) add(samples int) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := t.last()
	begin := last.end
	last.end += int64(samples)
	return length(begin)
}

// skip leaves a hole of d. said is the position that the platform told with it:
// some count what they discard and some do not, so the nearer one is meant.
func (t *timeline) skip(d, said time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := t.last()
	reached := last.position + last.end - last.at
	missing, stated := samples(min(d, maxHole)), samples(said)
	next := piece{at: last.end + missing, position: reached}
	if distance(stated, reached+missing) <= distance(stated, reached) {
		next.position = reached + missing
	}
	next.end = next.at
	t.pieces = bounded(append(t.pieces, next))
}

// cut says that the utterance that goes on now ends here.
func (t *timeline) cut() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at := t.last().end; len(t.cuts) == 0 || t.cuts[len(t.cuts)-1] != at {
		t.cuts = bounded(append(t.cuts, at))
	}
}

// begin gives the platform's position of what begins at a time on our clock;
// in a hole that is where the hole ends.
func (t *timeline) begin(at time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := samples(at)
	for _, p := range t.pieces {
		if n < p.end {
			return length(p.position + max(n, p.at) - p.at)
		}
	}
	last := t.last()
	return length(last.position + max(n, last.at) - last.at)
}

// finish gives the position of what ends at a time on our clock; in a hole
// that is where the hole begins.
func (t *timeline) finish(at time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := samples(at)
	for i, p := range slices.Backward(t.pieces) {
		switch {
		case n <= p.at && i > 0:
		case i == len(t.pieces)-1:
			return length(p.position + max(n, p.at) - p.at)
		default:
			return length(p.position + min(max(n, p.at), p.end) - p.at)
		}
	}
	return 0
}

// cutsBetween gives the cuts between two times, in order.
func (t *timeline) cutsBetween(from, to time.Duration) []time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []time.Duration
	for _, at := range t.cuts {
		if c := length(at); c > from && c < to {
			out = append(out, c)
		}
	}
	return out
}

func (t *timeline) last() *piece { return &t.pieces[len(t.pieces)-1] }

// bounded forgets the oldest.
func bounded[T any](s []T) []T {
	if len(s) > maxPieces {
		s = slices.Delete(s, 0, len(s)-maxPieces)
	}
	return s
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

func samples(d time.Duration) int64 { return int64((d + perSample/2) / perSample) }

func length(samples int64) time.Duration { return time.Duration(samples) * perSample }
