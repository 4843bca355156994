package ingesttest

import (
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe"
)

// blames counts what a recording finds wrong.
type blames struct {
	testing.TB

	n int
}

func (b *blames) Helper()               {}
func (b *blames) Errorf(string, ...any) { b.n++ }

func TestBrokenPromisesAreFound(t *testing.T) {
	frame := func(at time.Duration) transcribe.Frame {
		return transcribe.Frame{PCM: make([]int16, 160), Rate: 8000, At: at, Wall: time.Unix(1, 0)}
	}
	for name, c := range map[string]struct {
		do   func(ingest.Stream)
		want int
	}{
		"in order": {func(s ingest.Stream) {
			s.Audio(insights.Customer, frame(0))
			s.Audio(insights.Customer, frame(20*time.Millisecond))
		}, 0},
		"overlapping":   {func(s ingest.Stream) { s.Audio(insights.Customer, frame(0)); s.Audio(insights.Customer, frame(0)) }, 1},
		"another party": {func(s ingest.Stream) { s.Audio(insights.Agent, frame(0)) }, 1},
		"no samples":    {func(s ingest.Stream) { s.Audio(insights.Customer, transcribe.Frame{Rate: 8000, Wall: time.Unix(1, 0)}) }, 1},
		"after the end": {func(s ingest.Stream) { s.Stop(ingest.Closed); s.Audio(insights.Customer, frame(0)) }, 1},
	} {
		calls := New()
		s, err := calls.Open(t.Context(), ingest.Start{Parties: []insights.Speaker{insights.Customer}})
		if err != nil {
			t.Fatal(err)
		}
		c.do(s)
		r := calls.Next(t)
		if r.Why == "" {
			s.Stop(ingest.Stopped)
		}
		b := &blames{TB: t}
		if r.Wait(b); b.n != c.want {
			t.Errorf("%s: %d broken promises, want %d", name, b.n, c.want)
		}
	}
}
