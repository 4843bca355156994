package sherpa

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"heed/transcribe"
)

// TestBatchWaitsForEverybody: whatever came first, live streams have their
// turns before those that can wait, and those do not make the worker busy.
func TestBatchWaitsForEverybody(t *testing.T) {
	w := newWorker(io.Discard, DefaultTuning())
	sort := func(messages ...message) {
		t.Helper()
		for _, m := range messages {
			if err := w.sort(m); err != nil {
				t.Fatal(err)
			}
		}
	}
	var order []uint32
	turns := func(n int) {
		for range n {
			box, _ := w.take()
			if box == nil {
				order = append(order, 0)
				continue
			}
			order = append(order, box.id)
			w.release(box)
		}
	}
	sort(openMessage(1, 8000, hints{Batch: true}), openMessage(2, 8000, hints{}), openMessage(3, 8000, hints{}))
	for range 2 * turn { // two turns of each, and far more than is late
		for stream := range uint32(3) {
			sort(audioOf(stream+1, 0, hush(20*ms, 8000)))
		}
	}
	if w.idle() {
		t.Error("idle with live streams that wait")
	}
	turns(4)
	if !w.idle() {
		t.Error("busy with a stream that can wait")
	}
	turns(1)
	sort(audioOf(2, 0, hush(20*ms, 8000)))
	turns(3)
	if want := []uint32{2, 3, 2, 3, 1, 2, 1, 0}; !slices.Equal(order, want) {
		t.Errorf("turns of %v, want %v", order, want)
	}
}

func TestBatchKeepsHintsAndHintsKeepBatch(t *testing.T) {
	e := &Engine{}
	told := transcribe.Hints{Phrases: []string{"nordtel"}, Spot: []string{"cancel"}}
	want := hints{Boost: []string{"nordtel"}, Spot: []string{"cancel"}, Batch: true}
	for name, made := range map[string]transcribe.Engine{
		"hints, then batch": transcribe.Batch(transcribe.Hint(e, told)),
		"batch, then hints": transcribe.Hint(transcribe.Batch(e), told),
	} {
		got := made.(*hinted).hints
		if !slices.Equal(got.Boost, want.Boost) || !slices.Equal(got.Spot, want.Spot) || !got.Batch {
			t.Errorf("%s: %+v", name, got)
		}
		m, err := readMessage(bytes.NewReader(openMessage(7, 8000, got).encode()))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := m.hints(); err != nil || !back.Batch {
			t.Errorf("%s: the worker reads %+v, %v", name, back, err)
		}
	}
}

// TestPhrasesAreListenedForWhenThereIsTime: beside late streams the words
// alone must do; what can wait, and a deterministic worker, always listen.
func TestPhrasesAreListenedForWhenThereIsTime(t *testing.T) {
	for _, c := range []struct {
		second Second
		batch  bool
		idle   bool
		want   bool
	}{
		{SecondIdle, false, true, true},
		{SecondIdle, false, false, false},
		{SecondIdle, true, false, true},
		{SecondAlways, false, false, true},
		{SecondNever, false, true, true},
		{SecondNever, false, false, false},
	} {
		tuning := DefaultTuning()
		tuning.Second = c.second
		e, err := newEar(new(parrot), 8000, tuning, func(transcribe.Segment) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		e.hints.Batch, e.again.idle = c.batch, func() bool { return c.idle }
		if got := e.hasTime(); got != c.want {
			t.Errorf("%+v: has time %t", c, got)
		}
	}
}
