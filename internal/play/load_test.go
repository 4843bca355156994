package play

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
)

func TestManyShareOneRecording(t *testing.T) {
	t.Parallel()
	c := &calls{open: func(s ingest.Start) error {
		if s.Agent == "agent 3" {
			return ingest.ErrBusy
		}
		return nil
	}}
	url, _ := door(t, c, "")
	clock := &steps{}
	out := Many(t.Context(), Load{
		Calls: 10, Over: 5 * time.Second,
		Vary: func(i int, o *Options) { o.Caller.Agent = fmt.Sprintf("agent %d", i) },
	}, Options{Recording: record(t, 2*time.Second), URL: url, Key: key, Clock: clock})
	ids := map[string]bool{}
	for i, o := range out {
		if want := time.Duration(i) * 500 * time.Millisecond; o.Began.Sub(clock.first) != want {
			t.Errorf("call %d began at %v, want %v", i, o.Began.Sub(clock.first), want)
		}
		var h *HungUp
		if i == 3 {
			if !errors.As(o.Err, &h) || !h.Busy() {
				t.Errorf("call 3: error %v", o.Err)
			}
			continue
		}
		if o.Err != nil || o.Frames != 200 {
			t.Errorf("call %d: %+v", i, o)
		}
		ids[o.PlatformCall] = true
	}
	if len(out) != 10 || len(ids) != 9 {
		t.Errorf("%d outcomes, %d ids", len(out), len(ids))
	}
	for _, h := range c.streams(t, 9) {
		if !ids[h.start.Call] || len(h.audio[insights.Customer]) != 2*telephone || len(h.audio[insights.Agent]) != 2*telephone || h.gaps+h.faults != 0 {
			t.Errorf("stream %+v: %d samples, %d gaps, %d faults", h.start, len(h.audio[insights.Customer]), h.gaps, h.faults)
		}
	}
}

func TestManyStopsBeginningWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	url, _ := door(t, &calls{}, "")
	ctx, cancel := context.WithCancel(t.Context())
	clock := &steps{after: func(n int) {
		if n == 3 {
			cancel()
		}
	}}
	out := Many(ctx, Load{Calls: 5, Over: time.Second}, Options{Recording: record(t, frame), URL: url, Key: key, Clock: clock})
	for i, o := range out[2:] {
		if !errors.Is(o.Err, context.Canceled) || !strings.Contains(o.Err.Error(), "play call") {
			t.Errorf("call %d: error %v", i+2, o.Err)
		}
	}
}

func TestManyOfNone(t *testing.T) {
	t.Parallel()
	if out := Many(t.Context(), Load{}, Options{}); len(out) != 0 {
		t.Errorf("%d outcomes", len(out))
	}
}

// BenchmarkManyCalls measures both ends of the socket together: what a frame
// costs from the recording through TCP and the door to its receiver.
func BenchmarkManyCalls(b *testing.B) {
	c := &calls{}
	url, _ := door(b, c, "")
	rec := record(b, 10*time.Second)
	b.ResetTimer()
	for b.Loop() {
		for _, o := range Many(b.Context(), Load{Calls: 10}, Options{Recording: rec, URL: url, Key: key}) {
			if o.Err != nil {
				b.Fatal(o.Err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/frame")
}
