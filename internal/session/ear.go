package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/recording"
	"heed/transcribe"
)

const (
	firstBackOff = 100 * time.Millisecond
	lastBackOff  = 5 * time.Second
	// firstRest and lastRest bound the pause when every engine asked to be
	// replaced; it doubles in between.
	firstRest = 5 * time.Second
	lastRest  = time.Minute
	// pausedBehind and liveBehind are the backlogs at which captions count
	// as paused, and as live again.
	pausedBehind = 5 * time.Second
	liveBehind   = time.Second
	// provenAfter is how much audio a restarted engine must take, unless it
	// says something, before captions count as live again.
	provenAfter = time.Second
	// handedOver is how many frames lie between us and an engine: doors bring
	// some at a time, and each needs no turn of its own.
	handedOver = 4
)

// source gives an ear its audio.
type source interface {
	supply
	// rewind goes back to the first audio after the last final and tells
	// where that is; false when there is none.
	rewind() (time.Duration, bool)
	// heard tells that a final covers everything up to a moment.
	heard(upTo time.Duration)
}

// supply is the audio of a source, in order.
type supply interface {
	// await blocks until there is something to hear, false when never more.
	await(ctx context.Context) bool
	// read blocks for the next frame; io.EOF after the last, errBehind when
	// some before it were dropped.
	read(ctx context.Context) (transcribe.Frame, error)
	// backlog is how much audio waits to be read.
	backlog() time.Duration
}

// heard is a final segment on its way to the commit.
type heard struct {
	who     insights.Speaker
	seg     transcribe.Segment
	engine  string
	model   string // of the engine
	caption int    // the caption that it closes
}

// listener is what an ear tells its findings to.
type listener interface {
	// final blocks until the segment is taken care of.
	final(ctx context.Context, h heard) error
	// partial shows a caption, and takes it away when its text is empty.
	partial(ctx context.Context, h heard)
	// captions tells whether words are coming.
	captions(who insights.Speaker, s event.CaptionState)
	// owe notes a stretch that must be heard again later.
	owe(who insights.Speaker, s recording.Stretch)
}

// ear drives the engine for one party: it restarts it where that helps,
// takes another where there is one, and notes what was not heard.
type ear struct {
	who     insights.Speaker
	src     source
	to      listener
	engines func(failed []string) (transcribe.Engine, string)
	log     *slog.Logger
	metrics *metrics
	// tries bounds the failures in a row without progress; 0 is no bound.
	tries int

	covered time.Duration // up to here everything is in finals, or owed
	fed     atomic.Int64  // where the audio ends that the engine was given
	caption int           // the last caption's number
	base    int           // added to the engine's segment numbers in this run
	open    bool          // a caption stands without its final
	model   string        // of the engine in this run
	failed  []string      // engines that asked to be replaced
	why     string        // there is no engine, for the operator
}

// What ends an ear before its source.
var (
	errDeaf     = errors.New("not heard")
	errNoEngine = fmt.Errorf("%w: no engine", errDeaf)
	// errGone is no verdict on the audio: it was offered to no engine.
	errGone = errors.New("every engine asked to be replaced")
)

// run hears the source to its end. The error is errDeaf when the rest, from
// covered on, will not be heard, errGone when it was not tried enough to
// tell, or the context's.
func (e *ear) run(ctx context.Context) error {
	engine, name := e.engines(nil)
	var t trouble
	for e.src.await(ctx) {
		if engine == nil {
			e.why = name
			e.to.captions(e.who, event.CaptionsOff)
			return errNoEngine
		}
		before := e.covered
		err := e.listen(ctx, engine, name)
		if ctx.Err() != nil {
			return fmt.Errorf("hear %s: %w", e.who, ctx.Err())
		}
		if err == nil || errors.Is(err, errBehind) {
			continue
		}
		if e.covered > before {
			t = trouble{}
		}
		verdict := transcribe.VerdictOf(err)
		t.note(verdict)
		e.metrics.engineFailures.Inc()
		e.log.Warn("engine failed", "engine", name, "verdict", verdict.String(), "failures", t.failures, "error", err)
		if end := t.end(verdict, e.tries); end != nil {
			e.to.captions(e.who, event.CaptionsOff)
			return fmt.Errorf("%w: %w", end, err)
		}
		if verdict == transcribe.UseAnother {
			e.failed = append(e.failed, name)
			engine, name = e.engines(e.failed)
		}
		if engine == nil { // the first may be back after a rest
			t.rest(ctx)
			e.failed = nil
			engine, name = e.engines(nil)
		} else if verdict != transcribe.UseAnother {
			t.wait = backOff(ctx, max(t.wait, firstBackOff))
		}
	}
	return ctx.Err()
}

// trouble is how an ear's engines have failed since they last heard anything
// new.
type trouble struct {
	failures int
	deaths   int           // those after which the same engine could be asked at once
	wait     time.Duration // before that
	rests    int           // for want of another engine
}

func (t *trouble) note(v transcribe.Verdict) {
	t.failures++
	if v != transcribe.UseAnother {
		t.deaths++
	}
}

// end tells whether to stop asking after a failure. tries is the ear's bound.
func (t *trouble) end(v transcribe.Verdict, tries int) error {
	switch {
	case v == transcribe.GiveUp:
		return errDeaf
	case tries == 0:
		return nil
	case t.failures >= tries:
		if t.deaths > 0 {
			return errDeaf
		}
		return errGone
	case t.deaths == 0 && t.rests >= restsAgain:
		return errGone
	}
	return nil
}

// rest waits before engines that asked to be replaced are asked again.
func (t *trouble) rest(ctx context.Context) {
	pause(ctx, min(firstRest<<min(t.rests, 10), lastRest))
	t.rests++
}

// backOff waits and gives the next wait.
func backOff(ctx context.Context, wait time.Duration) time.Duration {
	pause(ctx, wait)
	return min(2*wait, lastBackOff)
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// listen is one run of the engine. It gives nil when the engine has heard
// all that there was, or all of one sampling rate.
func (e *ear) listen(ctx context.Context, engine transcribe.Engine, name string) error {
	from, _ := e.src.rewind()
	if from > e.covered {
		e.to.owe(e.who, recording.Stretch{From: e.covered, To: from})
		e.covered = from
	}
	e.base, e.open, e.model = e.caption, false, modelOf(engine, name)
	e.fed.Store(int64(from))
	run, cancel := context.WithCancelCause(ctx)
	frames := make(chan transcribe.Frame, handedOver)
	fed := make(chan bool, 1)
	go func() { fed <- e.feed(run, cancel, frames) }()
	err := engine.Transcribe(run, frames, func(s transcribe.Segment) error { return e.emit(run, s, name) })
	cause := context.Cause(run)
	cancel(nil)
	whole := <-fed
	switch {
	case err == nil && whole:
		e.cover(time.Duration(e.fed.Load()))
		return nil
	case cause != nil:
		err = cause // the engine only says that it was cancelled
	case err == nil:
		err = errEarly
	}
	e.to.captions(e.who, event.CaptionsPaused)
	if e.open {
		e.to.partial(ctx, heard{who: e.who, caption: e.caption})
	}
	return err
}

// errEarly is an engine's breach of its contract; it may do better again.
var errEarly = errors.New("returned before its audio ended")

// feed brings the source's audio to the engine. It is true when the engine
// was given everything up to the end or to another sampling rate. The frames
// close in any case, for engines that look at nothing else.
func (e *ear) feed(ctx context.Context, cancel context.CancelCauseFunc, frames chan<- transcribe.Frame) bool {
	defer close(frames)
	rate, taken := 0, time.Duration(0)
	for {
		f, err := e.src.read(ctx)
		if errors.Is(err, io.EOF) || err == nil && rate != 0 && f.Rate != rate {
			return true
		}
		if err != nil {
			cancel(err)
			return false
		}
		rate = f.Rate
		e.fed.Store(int64(f.End()))
		if !give(ctx, frames, f) {
			return false
		}
		taken += f.Duration()
		switch backlog := e.src.backlog(); {
		case backlog > pausedBehind:
			e.to.captions(e.who, event.CaptionsPaused)
		case backlog < liveBehind && taken >= provenAfter:
			e.to.captions(e.who, event.CaptionsLive)
		}
	}
}

// give hands a frame to the engine, which nearly always waits for it; then
// that costs half of a full select. It is false when ctx ends first.
func give(ctx context.Context, frames chan<- transcribe.Frame, f transcribe.Frame) bool {
	select {
	case frames <- f:
		return true
	default:
	}
	select {
	case frames <- f:
		return true
	case <-ctx.Done():
		return false
	}
}

// emit takes what the engine heard.
func (e *ear) emit(ctx context.Context, s transcribe.Segment, name string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx) // flushed because it was cut off: half a sentence
	}
	if e.src.backlog() < pausedBehind {
		e.to.captions(e.who, event.CaptionsLive)
	}
	s = sane(s, e.covered, time.Duration(e.fed.Load()))
	h := heard{who: e.who, seg: s, engine: name, model: e.model, caption: e.base + s.ID}
	e.caption = max(e.caption, h.caption)
	if !s.Final {
		e.open = e.open || s.Text != ""
		e.to.partial(ctx, h)
		return nil
	}
	e.open = false
	if s.Text != "" {
		if err := e.to.final(ctx, h); err != nil {
			return err
		}
	}
	e.cover(s.End)
	return nil
}

// cover notes that nothing before a moment need be heard again.
func (e *ear) cover(upTo time.Duration) {
	e.covered = max(e.covered, upTo)
	e.src.heard(e.covered)
}

// sane holds a segment to its contract: within what was heard, words in
// order, spots in it, confidences that are numbers. An engine is outside code.
func sane(s transcribe.Segment, from, to time.Duration) transcribe.Segment {
	to = max(from, to)
	s.Text = strings.TrimSpace(s.Text)
	s.ID = max(s.ID, 0)
	s.Start = min(max(s.Start, from), to)
	s.End = min(max(s.End, s.Start), to)
	s.Confidence = unit(s.Confidence)
	s.Words = slices.Clone(s.Words) // the engine may still use its own
	at := s.Start
	for i := range s.Words {
		w := &s.Words[i]
		w.Start = min(max(w.Start, at), s.End)
		w.End = min(max(w.End, w.Start), s.End)
		w.Confidence = unit(w.Confidence)
		at = w.Start
	}
	s.Spots = saneSpots(s.Spots, s)
	return s
}

// unit holds a confidence to 0..1.
func unit(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, 0), 1)
}
