package session

import (
	"errors"
	"time"

	"heed/insights"
	"heed/transcribe"
)

// Order is what people want of a call's recording while the call lives.
type Order string

// The orders. Refuse is for good: what there is of the call is destroyed.
const (
	Pause  Order = "pause"
	Resume Order = "resume"
	Allow  Order = "allow"
	Refuse Order = "refuse"
)

// ErrRefused says that the caller said no, so that nothing else is possible.
var ErrRefused = errors.New("the caller refused to be recorded")

// pause lets nothing of either party through until resume: the next sample is
// the first that is missing. It tells where that is on the call's clock.
func (in *intake) pause() time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.paused = true
	in.tape.rest()
	return in.length()
}

// resume lets audio through again, from where the longer track is: what a
// slower one still brings from before that stays silent.
func (in *intake) resume() time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	at := in.length()
	if !in.paused {
		return at
	}
	in.paused = false
	for p := range in.tracks {
		in.tracks[p].quiet = at
	}
	// A platform that pauses with us sends nothing meanwhile: the pause is as long
	// as it was, and no audio is missing of it.
	if gone := in.now().Sub(in.zero); gone-at > stoppedAfter {
		at = gone
		for p := range in.tracks {
			in.tracks[p].excused = at
		}
	}
	return at
}

// stoppedAfter is how far a stream is behind our clock that sends nothing; one
// that goes on is behind by what networks delay.
const stoppedAfter = 2 * time.Second

// length is where the longer track ends. The lock is held.
func (in *intake) length() time.Duration {
	return max(in.tracks[agent].end, in.tracks[customer].end)
}

// at is where the longer track ends.
func (in *intake) at() time.Duration {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.length()
}

// deaf says whether nothing is kept now.
func (in *intake) deaf() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.paused || in.refused
}

// refuse lets nothing through any more and forgets what waits for the engines
// and the disk.
func (in *intake) refuse() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.shut {
		return // the call is over
	}
	in.refused = true
	in.tape.drop()
	for p := range in.tracks {
		in.tracks[p].sieve.end()
		in.tracks[p].queue.discard()
	}
}

// admit gives the part of a frame that may be kept, and the frame as an engine
// gets it: as long, but silent where nothing is kept.
func (in *intake) admit(t *track, f transcribe.Frame) (kept, heard transcribe.Frame) {
	n := 0 // samples that nobody is to have
	switch {
	case in.paused:
		n = len(f.PCM)
	case f.At < t.quiet:
		n = min(len(f.PCM), int(((t.quiet-f.At)*time.Duration(f.Rate)+time.Second-1)/time.Second))
	default:
		return f, f
	}
	kept, heard = f, f
	heard.PCM = make([]int16, len(f.PCM))
	copy(heard.PCM[n:], f.PCM[n:])
	kept.PCM = f.PCM[n:]
	kept.At += time.Duration(n) * time.Second / time.Duration(f.Rate)
	return kept, heard
}

// pass queues what may be kept for the disk and what may be heard for the
// engine.
func (in *intake) pass(who insights.Speaker, t *track, f transcribe.Frame) {
	if in.refused {
		return
	}
	kept, heard := in.admit(t, f)
	if len(kept.PCM) > 0 {
		in.tape.push(who, kept)
	}
	for _, f := range t.sieve.pass(heard) {
		in.health.Dropped += t.queue.push(f, peak(f.PCM))
	}
}

// hold keeps what is pushed in memory, until the caller has said yes.
func (t *tape) hold(held bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = held
	signal(t.ready)
}

// rest has what waits written now: for a while nothing will fill a chunk.
func (t *tape) rest() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.work.rests = true
	signal(t.ready)
}

// drop forgets what waits, and takes no more.
func (t *tape) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.work.frames)
	t.work = reel{closed: t.work.closed}
	t.held = true
}

// discard forgets what waits for the engine and lets it come to its end.
func (q *queue) discard() {
	q.mu.Lock()
	defer q.mu.Unlock()
	clear(q.frames)
	q.frames, q.head, q.next, q.fed, q.waiting, q.behind = nil, 0, 0, 0, 0, false
	q.closed = true
	signal(q.ready)
}
