package transcribe

import (
	"context"
	"errors"
	"testing"
	"time"
)

// taker is an engine that takes frames until it is told to stop.
type taker func(Frame) error

func (t taker) Transcribe(ctx context.Context, frames <-chan Frame, emit func(Segment) error) error {
	for f := range frames {
		if err := t(f); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return emit(Segment{ID: 1, Final: true, Text: "done"})
}

func TestWholeGivesEverySampleOnce(t *testing.T) {
	pcm := make([]int16, 8000*3+7)
	for i := range pcm {
		pcm[i] = int16(i)
	}
	next, given, finals := 0, time.Duration(0), 0
	err := Whole(t.Context(), taker(func(f Frame) error {
		if want := time.Duration(next) * time.Second / 8000; f.At != want || f.Rate != 8000 {
			t.Errorf("frame at %v, %d Hz, want %v", f.At, f.Rate, want)
		}
		for _, s := range f.PCM {
			if s != int16(next) {
				t.Fatalf("sample %d is %d", next, s)
			}
			next++
		}
		return nil
	}), pcm, 8000, func(d time.Duration) { given += d }, func(Segment) error { finals++; return nil })
	if err != nil || next != len(pcm) || finals != 1 {
		t.Errorf("%v: %d of %d samples, %d finals", err, next, len(pcm), finals)
	}
	if want := time.Duration(len(pcm)) * time.Second / 8000; given != want {
		t.Errorf("told of %v, want %v", given, want)
	}
}

func TestWholeLeavesNothingBehind(t *testing.T) {
	broken := errors.New("worker is gone")
	if err := Whole(t.Context(), taker(func(Frame) error { return broken }), make([]int16, 80000), 8000, nil, nil); !errors.Is(err, broken) {
		t.Errorf("the engine's error came back as %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := Whole(ctx, taker(func(Frame) error { cancel(); return nil }), make([]int16, 80000), 8000, nil, func(Segment) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := Whole(t.Context(), taker(func(Frame) error { return broken }), nil, 8000, nil, func(Segment) error { return nil }); err != nil {
		t.Errorf("nothing to hear: %v", err)
	}
}
