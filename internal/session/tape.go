package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"heed/insights"
	"heed/internal/recording"
	"heed/transcribe"
)

const (
	// tapeBytes bounds the audio that waits for the disk: 4 minutes of a
	// call at 8 kHz, so that a call played at once fits while a disk stalls.
	tapeBytes = 8 << 20
	// expireEvery is how often audio that waited too long is looked for.
	expireEvery = 5 * time.Second
	// complainEvery is how often a failing disk is logged.
	complainEvery = 10 * time.Second
)

// tape brings a call's audio to its recorder, off the doors' path.
type tape struct {
	rec   *recording.Recorder
	log   *slog.Logger
	ready chan struct{}

	mu     sync.Mutex
	work   reel
	held   bool // nothing is written for now
	chunks [parties]filling
	untold [parties]time.Duration // lost, and the recorder does not know yet

	complained time.Time // of the running goroutine alone
	failures   int
	now        func() time.Time
}

// reel is what waits to be written.
type reel struct {
	frames []taped
	bytes  int
	mutes  []muting
	upTo   [parties]time.Duration // released
	lost   [parties]time.Duration // did not fit
	rests  bool                   // nothing will fill its chunks
	closed bool
}

// filling follows a party's chunk of the recording, which is written when it is
// full: there is nothing to do before.
type filling struct {
	length time.Duration
	end    time.Duration // of the last frame
	rate   int
}

// take adds a frame, and says whether there is something to write: the frame
// filled the chunk, or begins another one.
func (c *filling) take(f transcribe.Frame) bool {
	off := f.At - c.end
	broken := c.length > 0 && (f.Rate != c.rate || off <= -time.Millisecond || off >= time.Millisecond)
	if broken {
		c.length = 0
	}
	c.length += f.Duration()
	c.end, c.rate = f.End(), f.Rate
	full := c.length >= recording.ChunkLength
	c.length %= recording.ChunkLength
	return broken || full
}

type taped struct {
	who   insights.Speaker
	frame transcribe.Frame
}

type muting struct {
	who      insights.Speaker
	from, to time.Duration
}

func newTape(rec *recording.Recorder, log *slog.Logger, now func() time.Time) *tape {
	return &tape{rec: rec, log: log, now: now, ready: make(chan struct{}, 1)}
}

// push queues a frame; one that does not fit is lost and counted. A frame waits
// here instead of in the recorder until its chunk is full, so that what a crash
// costs is the same and the disk is asked for twenty frames at a time.
func (t *tape) push(who insights.Speaker, f transcribe.Frame) {
	t.mu.Lock()
	defer t.mu.Unlock()
	size := 2 * len(f.PCM)
	if t.work.closed || t.work.bytes+size > tapeBytes {
		t.work.lost[partyOf(who)] += f.Duration()
		t.untold[partyOf(who)] += f.Duration()
		return
	}
	t.work.bytes += size
	t.work.frames = append(t.work.frames, taped{who, f})
	if t.chunks[partyOf(who)].take(f) {
		t.chunks[1-partyOf(who)].length = 0 // what there is goes with it
		signal(t.ready)
	}
}

// mute queues a mute for the recording.
func (t *tape) mute(who insights.Speaker, from, to time.Duration) {
	const most = 1000 // presses a pass; nobody types faster than the disk
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.work.mutes) < most {
		t.work.mutes = append(t.work.mutes, muting{who, from, to})
	}
	signal(t.ready)
}

// release lets audio up to a moment into the recording.
func (t *tape) release(who insights.Speaker, upTo time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := partyOf(who)
	t.work.upTo[p] = max(t.work.upTo[p], upTo)
	signal(t.ready)
}

// close lets run come to its end.
func (t *tape) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.work.closed = true
	signal(t.ready)
}

// run writes until the tape is closed and empty, or ctx ends, when it still
// writes what waits. A failing disk ends nothing.
func (t *tape) run(ctx context.Context) {
	expire := time.NewTicker(expireEvery)
	defer expire.Stop()
	var spare []taped
	ticked := false
	for {
		last := ctx.Err() != nil // before the swap, or what comes meanwhile is left
		full := t.swap(spare, ticked)
		t.write(full)
		if full.closed || last {
			t.check(t.rec.Flush())
			return
		}
		clear(full.frames)
		spare, ticked = full.frames[:0], false
		select {
		case <-t.ready:
		case <-expire.C:
			ticked = true
			t.check(t.rec.Expire())
		case <-ctx.Done():
		}
	}
}

// swap takes what waits and leaves an empty reel. When there is none at a tick,
// the parties rest.
func (t *tape) swap(spare []taped, tick bool) reel {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held {
		return reel{closed: t.work.closed}
	}
	full := t.work
	full.rests = full.rests || tick && len(full.frames) == 0
	if full.rests {
		t.chunks[agent].length, t.chunks[customer].length = 0, 0
	}
	t.work = reel{frames: spare, closed: full.closed}
	return full
}

func (t *tape) write(r reel) {
	for _, f := range r.frames {
		t.check(t.rec.Write(f.who, f.frame))
	}
	if r.rests {
		t.check(t.rec.Flush())
	}
	for _, m := range r.mutes {
		t.check(t.rec.Mute(m.who, m.from, m.to))
	}
	for p := range parties {
		if r.lost[p] > 0 {
			t.tell(p, r.lost[p])
		}
		if r.upTo[p] > 0 {
			t.check(t.rec.Release(p.speaker(), r.upTo[p]))
		}
	}
}

// tell tells the recorder what did not fit.
func (t *tape) tell(p party, lost time.Duration) {
	t.rec.Lose(p.speaker(), lost)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.untold[p] -= lost
}

// status is how the recording stands, with what was lost while the disk stood
// still. It does not wait for the disk.
func (t *tape) status() recording.Status {
	st := t.rec.Status()
	t.mu.Lock()
	defer t.mu.Unlock()
	if lost := max(t.untold[agent], t.untold[customer]); lost > 0 {
		st.Lost += lost
		if st.State == recording.Recording {
			st.State = recording.Partial
		}
	}
	return st
}

// check logs a failing disk now and then. The recorder has counted the loss.
func (t *tape) check(err error) {
	if err == nil {
		return
	}
	t.failures++
	if now := t.now(); now.Sub(t.complained) >= complainEvery {
		t.log.Error("recording failed; the call goes on", "failures", t.failures, "error", err)
		t.complained, t.failures = now, 0
	}
}
