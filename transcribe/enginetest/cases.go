package enginetest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe"
)

// describes: an engine says what it is, and warns when it must.
func (k *kit) describes(t *testing.T) {
	d, ok := k.engine.(transcribe.Describer)
	if !ok {
		t.Fatal("the engine has no Info for the status page")
	}
	if info := d.Info(); info.Name == "" || k.o.FinalsOnly && info.Note == "" {
		t.Errorf("Info() = %+v: want a name, and a note when there are no partials", info)
	}
}

// hears: the plain case, and the flush of what came last.
func (k *kit) hears(t *testing.T) {
	k.heard(t, k.plain(t))
	// Cut right after the last word, the end of speech is never seen as such.
	short := k.sample
	last := short.Sentences[len(short.Sentences)-1]
	short.PCM = short.PCM[:int(last.End.Seconds()*float64(short.Rate))]
	k.heard(t, k.whole(t, short.frames(0, transcribe.FrameDuration)))
}

// rates: engines take what the doors deliver.
func (k *kit) rates(t *testing.T) {
	for _, rate := range [2]int{16000, 48000} {
		k.heard(t, k.whole(t, k.sample.at(t, rate).frames(0, transcribe.FrameDuration)))
	}
}

// frameSizes: the cut of the audio is no news to the engine.
func (k *kit) frameSizes(t *testing.T) {
	want := words(k.plain(t))
	odd := k.sample.frames(0, 7*time.Millisecond, 200*time.Millisecond, time.Microsecond, 128*time.Millisecond, 33*time.Millisecond)
	// A frame without samples is legal and changes nothing.
	odd = append(odd[:3:3], append([]transcribe.Frame{{Rate: k.sample.Rate, At: odd[3].At}}, odd[3:]...)...)
	if got := words(k.whole(t, odd)); recall(want, got) < 0.85 {
		t.Errorf("odd frames: heard %q, with 20 ms frames %q", got, want)
	}
}

// gap: silence that nobody sent still takes its time.
func (k *kit) gap(t *testing.T) {
	first := k.sample.frames(0, transcribe.FrameDuration)
	end := first[len(first)-1].End()
	got := k.whole(t, append(first, k.sample.frames(later, transcribe.FrameDuration)...))
	var before, after []transcribe.Segment
	for _, s := range got {
		switch {
		case s.End <= end:
			before = append(before, s)
		case s.Start >= later:
			after = append(after, s)
		default:
			t.Errorf("%q at %v to %v reaches into the gap from %v to %v", s.Text, s.Start, s.End, end, later)
		}
	}
	k.heard(t, before)
	k.heard(t, after)
}

// resumes: the first frame may have any stream time.
func (k *kit) resumes(t *testing.T) {
	k.heard(t, k.whole(t, k.sample.frames(resumed, transcribe.FrameDuration)))
}

// silent: a muted party says nothing.
func (k *kit) silent(t *testing.T) {
	quiet := Sample{PCM: make([]int16, 8*k.sample.Rate), Rate: k.sample.Rate}
	if got := k.whole(t, quiet.frames(silence, transcribe.FrameDuration)); len(got) > 0 {
		t.Errorf("heard %q in silence", words(got))
	}
}

// empty: a call that ends before it began, or whose frames hold nothing.
func (k *kit) empty(t *testing.T) {
	for _, frames := range [][]transcribe.Frame{nil, {{Rate: 8000, At: silence}}} {
		if got := k.whole(t, frames); len(got) > 0 {
			t.Errorf("heard %q in nothing", words(got))
		}
	}
}

// emitError: the receiver's failure comes back as it is, at once.
func (k *kit) emitError(t *testing.T) {
	broken := errors.New("receiver is gone")
	calls := 0
	_, err := k.run(t.Context(), t, closed(k.sample.frames(0, transcribe.FrameDuration)), func(transcribe.Segment) error {
		calls++
		return broken
	})
	if !errors.Is(err, broken) || calls != 1 {
		t.Errorf("Transcribe = %v after %d calls of emit, want emit's error after one", err, calls)
	}
}

// cancelWaiting: cancellation needs no further frame.
func (k *kit) cancelWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heardAll := len(k.sample.Sentences)
	var at atomic.Int64
	halt := func() { at.CompareAndSwap(0, time.Now().UnixNano()); cancel() }
	stop := time.AfterFunc(prompt, halt) // in case the engine waits for more before its finals
	defer stop.Stop()
	_, err := k.run(ctx, t, open(k.sample.frames(0, transcribe.FrameDuration)), func(s transcribe.Segment) error {
		if s.Final && s.ID >= heardAll {
			halt()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("Transcribe = %v, want context.Canceled", err)
	}
	if late := time.Since(time.Unix(0, at.Load())); late > prompt {
		t.Errorf("returned %v after the cancellation, want at once", late)
	}
}

// cancelEmitting: a receiver that gives up while it blocks.
func (k *kit) cancelEmitting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := k.run(ctx, t, closed(k.sample.frames(0, transcribe.FrameDuration)), func(transcribe.Segment) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Transcribe = %v, want context.Canceled", err)
	}
}

// cancelledBefore: no work for nobody.
func (k *kit) cancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, err := k.run(ctx, t, open(nil), nil)
	if !errors.Is(err, context.Canceled) || len(got) > 0 {
		t.Errorf("Transcribe = %v with %d segments, want context.Canceled and none", err, len(got))
	}
}

// backPressure: a slow receiver gets every final.
func (k *kit) backPressure(t *testing.T) {
	frames, want := k.sample.frames(0, transcribe.FrameDuration), k.plain(t)
	got, err := k.run(t.Context(), t, closed(frames), func(s transcribe.Segment) error {
		if s.Final {
			<-time.After(300 * time.Millisecond)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := strings.Join(words(want), " "), strings.Join(words(finals(got)), " "); a != b {
		t.Errorf("with a slow receiver: %q, without: %q", b, a)
	}
}

// concurrent: one engine serves both parties.
func (k *kit) concurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { k.heard(t, k.whole(t, k.sample.frames(0, transcribe.FrameDuration))) })
	}
	wg.Wait()
}

// live plays the first sentence at real speed: words must come before the
// sentence has ended, and keep coming. The contract says 300 ms; the kit
// allows a busy test machine a second.
func (k *kit) live(t *testing.T) {
	if k.o.FinalsOnly {
		t.Skip("the engine gives finals only and says so")
	}
	sentence := k.sample.Sentences[0]
	feed := make(chan transcribe.Frame)
	var fed sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	defer fed.Wait()
	defer cancel()
	fed.Go(func() { k.play(ctx, feed, sentence.End) })
	start := time.Now()
	var partials []time.Duration
	if _, err := k.run(ctx, t, feed, func(s transcribe.Segment) error {
		if !s.Final && s.ID == 1 {
			partials = append(partials, time.Since(start))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(partials) == 0 || partials[0] > sentence.End {
		t.Fatalf("partials at %v, want the first before the sentence ends at %v", partials, sentence.End)
	}
	for i := 1; i < len(partials); i++ {
		if gap := partials[i] - partials[i-1]; gap > time.Second && partials[i] < sentence.End {
			t.Errorf("no partial for %v while somebody speaks", gap)
		}
	}
}

// play sends the sample's frames at real speed up to a stream time.
func (k *kit) play(ctx context.Context, feed chan<- transcribe.Frame, until time.Duration) {
	defer close(feed)
	tick := time.NewTicker(transcribe.FrameDuration)
	defer tick.Stop()
	for _, f := range k.sample.frames(0, transcribe.FrameDuration) {
		if f.At > until {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		select {
		case feed <- f:
		case <-ctx.Done():
			return
		}
	}
}

// leavesNothing repeats the ways out and counts goroutines. What the engine
// keeps for itself between calls is running by now.
func (k *kit) leavesNothing(t *testing.T) {
	before := goleak.IgnoreCurrent()
	k.whole(t, k.sample.frames(0, transcribe.FrameDuration))
	k.emitError(t)
	k.cancelEmitting(t)
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}
