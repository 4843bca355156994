// Package enginetest is the conformance kit: what every transcribe.Engine
// must do whatever it wraps. An engine's own test calls [Run] once.
//
// It brings its own audio (two sentences on a telephone line) and judges the
// contract: order, times, flushing, cancellation, back-pressure, what is left
// behind. It does not judge how well an engine hears; Options.Recall asks
// only for signs of hearing at all.
package enginetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"heed/transcribe"
)

// Options tell the kit what an engine can do. The zero value is strict except
// that it asks for no particular words.
type Options struct {
	// Recall is the share, 0..1, of the sample's words that must be heard.
	Recall float64
	// Segments is the least number of finals that the sample must give.
	// Default 2, one for each sentence.
	Segments int
	// FinalsOnly says that the engine gives no partials. Its Info().Note must
	// then say something to people.
	FinalsOnly bool
	// Patience bounds one pass over the sample. Default 60 s.
	Patience time.Duration
}

// Stream times at which the kit places its sample; see [Script].
const (
	later   = 60 * time.Second // after a gap
	resumed = time.Hour        // a stream that begins in the middle of a call
	silence = 30 * time.Minute // where nobody ever speaks
)

// prompt is how soon Transcribe must return once it is told to stop.
const prompt = 2 * time.Second

// kit is what the cases share.
type kit struct {
	o      Options
	sample Sample
	engine transcribe.Engine
	usual  []transcribe.Segment // what was heard of the sample in frames of 20 ms
}

// Run checks the engine that open gives. open is called once; what it needs
// to close it registers with t.Cleanup. The cases run in order, because some
// look for goroutines that others would have running.
func Run(t *testing.T, open func(t *testing.T) transcribe.Engine, o Options) {
	t.Helper()
	if o.Patience <= 0 {
		o.Patience = time.Minute
	}
	if o.Segments <= 0 {
		o.Segments = 2
	}
	k := &kit{o: o, sample: Speech(t), engine: open(t)}
	for _, c := range []struct {
		name string
		test func(*kit, *testing.T)
	}{
		{"says what it is", (*kit).describes},
		{"hears the sample and flushes on close", (*kit).hears},
		{"hears every rate", (*kit).rates},
		{"hears the same in frames of any size", (*kit).frameSizes},
		{"keeps stream time over a gap", (*kit).gap},
		{"keeps stream time of a resumed call", (*kit).resumes},
		{"says nothing about silence", (*kit).silent},
		{"takes a stream without audio", (*kit).empty},
		{"returns the error of emit", (*kit).emitError},
		{"stops when cancelled while waiting for audio", (*kit).cancelWaiting},
		{"stops when cancelled inside emit", (*kit).cancelEmitting},
		{"stops when cancelled before it began", (*kit).cancelledBefore},
		{"drops no final when emit blocks", (*kit).backPressure},
		{"hears two parties at once", (*kit).concurrent},
		{"gives partials while somebody speaks", (*kit).live},
		{"leaves no goroutine behind", (*kit).leavesNothing},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(k, t) })
	}
}

// run transcribes frames under the kit's bound and gives what was emitted.
// emit may be nil.
func (k *kit) run(ctx context.Context, t *testing.T, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) ([]transcribe.Segment, error) {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(ctx, k.o.Patience, errImpatient)
	defer cancel()
	var r recorder
	err := k.engine.Transcribe(ctx, frames, func(s transcribe.Segment) error {
		r.add(s)
		if emit != nil {
			return emit(s)
		}
		return nil
	})
	if errors.Is(context.Cause(ctx), errImpatient) {
		t.Errorf("Transcribe took over %v", k.o.Patience)
	}
	for _, problem := range r.problems {
		t.Error(problem)
	}
	return r.segments, err
}

// errImpatient tells the kit's own deadline from the engine's errors.
var errImpatient = errors.New("conformance kit ran out of patience")

// whole transcribes frames that end by themselves, which must succeed, and
// checks every segment against the contract.
func (k *kit) whole(t *testing.T, frames []transcribe.Frame) []transcribe.Segment {
	t.Helper()
	got, err := k.run(t.Context(), t, closed(frames), nil)
	if err != nil {
		t.Errorf("Transcribe: %v, want nil after the frames closed", err)
		return nil
	}
	for _, problem := range Check(got, frames) {
		t.Error(problem)
	}
	return finals(got)
}

// plain is what is heard of the sample in frames of 20 ms: once for all who
// compare with it, for a pass may take seconds.
func (k *kit) plain(t *testing.T) []transcribe.Segment {
	t.Helper()
	if k.usual == nil {
		k.usual = k.whole(t, k.sample.frames(0, transcribe.FrameDuration))
	}
	return k.usual
}

// heard checks that finals hold enough of the sample.
func (k *kit) heard(t *testing.T, got []transcribe.Segment) {
	t.Helper()
	if len(got) < k.o.Segments {
		t.Errorf("%d finals, want at least %d", len(got), k.o.Segments)
	}
	if share := recall(k.sample.words(), words(got)); share < k.o.Recall {
		t.Errorf("heard %.0f %% of the words, want %.0f %%: %q", 100*share, 100*k.o.Recall, words(got))
	}
}
