package session

import (
	"sync"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/transcribe"
)

const (
	// soundFloor is the level (of 32768) under which a line counts as
	// silent: -50 dBFS, above the hiss of a telephone line.
	soundFloor = 100
	// gapNoticed is the shortest gap that is counted; platforms' stamps
	// wander by a few milliseconds.
	gapNoticed = 50 * time.Millisecond
	// farthest is how much silence a frame or a reconnect may skip at once.
	// More is a broken clock, and would fill the disk with silence.
	farthest = time.Hour
	// longestFrame bounds what one frame may hold.
	longestFrame = 10 * time.Second
	// completeAfter is how long open streams may bring their last frames
	// after the platform said that the call is over.
	completeAfter = 2 * time.Second
)

// intake is the side of a call that doors touch: short locked calls that
// place audio on the call's clock, count and queue it.
type intake struct {
	zero time.Time // the call's zero, on the wall
	now  func() time.Time
	tape *tape
	wake chan struct{} // tells the actor to look

	mu       sync.Mutex
	tracks   [parties]track
	paused   bool // nothing is kept or heard for a while
	refused  bool // nor ever
	open     int  // streams
	over     bool // the platform said so
	shut     bool // nothing more is taken
	why      ingest.Reason
	lastOpen time.Time // when the last stream ended
	pad      keypad
	health   event.Health
}

// party is the index of a side of the call.
type party int

const (
	agent party = iota
	customer
	parties
)

func partyOf(who insights.Speaker) party {
	if who == insights.Agent {
		return agent
	}
	return customer
}

func (p party) speaker() insights.Speaker {
	if p == agent {
		return insights.Agent
	}
	return insights.Customer
}

// track is one party's audio as it arrives.
type track struct {
	owner    *stream       // who may bring it
	expected bool          // a stream promised it
	end      time.Duration // where its audio ends
	loud     time.Duration // where its last sound ended
	quiet    time.Duration // before this nothing is kept: there was a pause
	excused  time.Duration // before this nothing was sent: there was a pause of the platform's
	sieve    *sieve        // before the queue
	queue    *queue        // to the engine
	drift    drift         // of the owner's clock
}

func newIntake(zero time.Time, now func() time.Time, t *tape, sieves [parties]*sieve) *intake {
	in := &intake{zero: zero, now: now, tape: t, wake: make(chan struct{}, 1), why: ingest.Broken, lastOpen: now()}
	for p := range in.tracks {
		in.tracks[p].queue, in.tracks[p].sieve = newQueue(), sieves[p]
	}
	return in
}

// signal wakes the actor, without waiting for it.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it will look anyway
	}
}

// join opens a stream on the call's clock. It is false when the call takes
// no more.
func (in *intake) join(s ingest.Start) (*stream, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.shut {
		return nil, false
	}
	st := &stream{in: in, offset: max(0, s.At.Sub(in.zero))}
	again := false
	for _, who := range s.Parties {
		t := &in.tracks[partyOf(who)]
		again = again || t.expected
		// Two streams of one party never overlap, whatever the wall says;
		// audio played faster than time is ahead of it.
		st.offset = min(max(st.offset, t.end), t.end+farthest)
	}
	for _, who := range s.Parties {
		in.take(partyOf(who), st)
	}
	if again {
		in.health.Reconnects++
	}
	in.open++
	signal(in.wake)
	return st, true
}

// take gives a track to a stream. An older stream that is left without a
// track was cut off without a word, and ends.
func (in *intake) take(p party, st *stream) {
	old := in.tracks[p].owner
	in.tracks[p].owner, in.tracks[p].expected, in.tracks[p].drift = st, true, drift{}
	if old == nil || old == st {
		return
	}
	for i := range in.tracks {
		if in.tracks[i].owner == old {
			return
		}
	}
	old.ended = true
	in.open--
}

// audio places, counts and queues a frame.
func (in *intake) audio(st *stream, who insights.Speaker, f transcribe.Frame) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.shut || st.ended {
		return
	}
	t := &in.tracks[partyOf(who)]
	if !fits(f) || t.owner != st || f.At+st.offset-t.end > farthest {
		in.health.Garbage++
		return
	}
	f.At += st.offset
	in.placeByClock(t, &f)
	if !t.place(&f, &in.health) {
		in.health.Late++
		return
	}
	if peak(f.PCM) > soundFloor {
		t.loud = f.End()
	}
	t.end = f.End()
	in.health.Frames++
	in.pass(who, t, f)
}

// fits tells whether a frame is one at all.
func fits(f transcribe.Frame) bool {
	switch f.Rate {
	case 8000, 16000, 48000:
		return f.At >= 0 && len(f.PCM) > 0 && f.Duration() <= longestFrame
	}
	return false
}

// place keeps a track in order: what lies before its end is cut off, and a
// gap is counted. It is false when nothing of the frame is left.
func (t *track) place(f *transcribe.Frame, h *event.Health) bool {
	lead := f.At - t.end
	switch {
	case f.At-max(t.end, t.excused) > gapNoticed && t.end > 0:
		h.Gaps++
		h.GapTime += insights.SecondsOf(f.At - max(t.end, t.excused))
	case lead < 0 && lead > -time.Millisecond: // rounding of stamps
		f.At = t.end
	case lead < 0:
		cut := int((-lead*time.Duration(f.Rate) + time.Second - 1) / time.Second)
		if cut >= len(f.PCM) {
			return false
		}
		f.PCM, f.At = f.PCM[cut:], t.end
	}
	return true
}

// peak is the highest level of a frame.
func peak(pcm []int16) int {
	var low, high int16
	for _, v := range pcm {
		low, high = min(low, v), max(high, v)
	}
	return max(int(high), -int(low))
}

// fault counts what a door saw.
func (in *intake) fault(st *stream, f ingest.Fault, n int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if n <= 0 || st.ended {
		return
	}
	switch f {
	case ingest.Garbage:
		in.health.Garbage += int64(n)
	case ingest.Duplicate:
		in.health.Duplicates += int64(n)
	case ingest.Late:
		in.health.Late += int64(n)
	case ingest.Lost:
		in.health.Lost += int64(n)
	}
}

// stop ends a stream.
func (in *intake) stop(st *stream, why ingest.Reason) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if st.ended {
		return
	}
	st.ended = true
	in.open--
	for p := range in.tracks {
		if in.tracks[p].owner == st {
			in.tracks[p].owner = nil
		}
	}
	switch why {
	case ingest.Stopped, ingest.Completed, ingest.Shutdown:
		in.over = true
	case ingest.Closed, ingest.Broken, ingest.Silent:
	}
	in.why, in.lastOpen = why, in.now()
	signal(in.wake)
}

// complete notes that the platform considers the call over.
func (in *intake) complete() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.over {
		in.over, in.why, in.lastOpen = true, ingest.Completed, in.now()
	}
	signal(in.wake)
}

// ended tells whether the call is over, and why.
func (in *intake) ended(grace time.Duration) (ingest.Reason, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	since := in.now().Sub(in.lastOpen)
	switch {
	case in.over && (in.open == 0 || in.why == ingest.Completed && since >= completeAfter):
	case in.open == 0 && since >= grace:
	default:
		return "", false
	}
	return in.why, true
}

// close takes nothing more and lets the queues run out.
func (in *intake) close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.shut {
		return
	}
	in.shut = true
	for p := range in.tracks {
		t := &in.tracks[p]
		for _, f := range t.sieve.end() {
			in.health.Dropped += t.queue.push(f, peak(f.PCM))
		}
		t.queue.close()
	}
	in.tape.close()
}

// standing is a look at the intake.
type standing struct {
	health event.Health
	length time.Duration // where the longer track ends
	silent [parties]bool // without sound for longer than the limit
	since  [parties]time.Duration
}

// look gives the counters and which tracks are silent.
func (in *intake) look(silentAfter time.Duration) standing {
	in.mu.Lock()
	defer in.mu.Unlock()
	s := standing{health: in.health, length: max(in.tracks[agent].end, in.tracks[customer].end)}
	for p := range in.tracks {
		t := &in.tracks[p]
		s.since[p] = t.loud
		s.silent[p] = t.expected && s.length-t.loud >= silentAfter
	}
	return s
}
