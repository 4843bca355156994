package session

import (
	"context"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/ingest"
	"heed/transcribe"
)

// deaf takes audio and hears nothing.
func deaf(event.Call, insights.Speaker, []string) (transcribe.Engine, string) {
	return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, _ func(transcribe.Segment) error) error {
		for range frames { //nolint:revive // hears nothing
		}
		return ctx.Err()
	}), "deaf"
}

func BenchmarkAudio(b *testing.B) {
	r := newRig(b, func(o *Options) { o.Engine = deaf })
	s := r.open(b, "a")
	f := speech(insights.Customer, 6*second)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.At = time.Duration(i) * realTime
		s.Audio(insights.Customer, f)
	}
	b.StopTimer()
	s.Stop(ingest.Stopped)
	r.shut(b)
}

// TestAudioIsCheap holds a frame to the budget of allocations; the engine
// and the disk work beside it, so the figure is theirs too.
func TestAudioIsCheap(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Engine = deaf })
	s := r.open(t, "a")
	f := speech(insights.Customer, 6*second)
	i := 0
	allocs := testing.AllocsPerRun(2000, func() {
		f.At = time.Duration(i) * realTime
		s.Audio(insights.Customer, f)
		i++
	})
	if allocs > 2 {
		t.Errorf("%v allocations a frame, want 2 at most", allocs)
	}
	s.Stop(ingest.Stopped)
	r.shut(t)
}

// BenchmarkFinalToHeard is our part of the way from a final segment to its
// commit: hand-over, draft, redaction.
func BenchmarkFinalToHeard(b *testing.B) {
	var emitted time.Time
	var spent time.Duration
	r := newRig(b, func(o *Options) {
		o.Engine = func(_ event.Call, who insights.Speaker, _ []string) (transcribe.Engine, string) {
			if who == insights.Agent {
				return nil, ""
			}
			return engineFunc(func(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
				for f := range frames {
					emitted = time.Now()
					if err := emit(transcribe.Segment{ID: 1, Final: true, Text: "i would like to cancel my contract", Start: f.At, End: f.End(), Confidence: 1}); err != nil {
						return err
					}
				}
				return ctx.Err()
			}), "fast"
		}
	})
	heard := make(chan struct{})
	r.brain.refuseHeard = func(insights.Utterance) error {
		spent += time.Since(emitted)
		heard <- struct{}{}
		return nil
	}
	s := r.open(b, "a")
	n := 0
	for b.Loop() {
		s.Audio(insights.Customer, speech(insights.Customer, time.Duration(n)*realTime))
		<-heard
		n++
	}
	b.StopTimer()
	b.ReportMetric(float64(spent.Microseconds())/float64(n), "us/final")
	s.Stop(ingest.Stopped)
	r.shut(b)
}
