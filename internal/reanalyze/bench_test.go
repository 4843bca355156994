package reanalyze

import (
	"testing"

	"heed/insights"
	"heed/internal/event"
)

// BenchmarkRun reads 100 calls of 10 utterances again, four of ten anew each
// time, on a real disk.
func BenchmarkRun(b *testing.B) {
	p, err := open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = p.store.Close() }()
	if err := p.calls(b.Context(), 100, first()); err != nil {
		b.Fatal(err)
	}
	understandings := []insights.Chain{first(), second()}
	utterances := 0
	b.ReportAllocs()
	for b.Loop() {
		understandings[0], understandings[1] = understandings[1], understandings[0]
		run, err := p.service(understandings[0]).Run(b.Context(), event.ReanalysisRequest{Since: since}, nil)
		if err != nil || run.Counts.Changed == 0 {
			b.Fatalf("%+v, %v", run, err)
		}
		utterances += run.Counts.Utterances
	}
	b.ReportMetric(float64(utterances)/b.Elapsed().Seconds(), "utterances/s")
}
