package propensity_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"heed/internal/decide"
	"heed/internal/propensity"
)

// tenActions is a stream of requests of eight words and their pairs, answered
// by one of ten actions.
func tenActions() (requests [][]decide.Feature, cases []decide.Case) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		var f []decide.Feature
		word, before := "", ""
		for range 8 {
			before, word = word, fmt.Sprint("w", int(1/(1-r.Float64()+0.0002)))
			f = append(f, decide.Feature{Name: "word", Value: word})
			if before != "" {
				f = append(f, decide.Feature{Name: "pair", Value: before + " " + word})
			}
		}
		requests = append(requests, f)
	}
	for i := range 10 {
		cases = append(cases, decide.Case{Action: fmt.Sprint("domain", i), Group: "domains"})
	}
	return requests, cases
}

// BenchmarkDecisionsOfTen estimates all ten, takes the best and learns what
// came of it.
func BenchmarkDecisionsOfTen(b *testing.B) {
	requests, cases := tenActions()
	out := make([]decide.Estimate, len(cases))
	m := newModel(b, propensity.Options{})
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		f := requests[n%len(requests)]
		for i := range cases {
			cases[i].Features = f
		}
		m.EstimateAll(cases, out)
		best := 0
		for i := range out {
			if out[i].P > out[best].P {
				best = i
			}
		}
		m.Learn(&decide.Lesson{Case: cases[best], Positive: n%10 == best})
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

// BenchmarkEstimateFiveHundred is the scoring of a decision with 500
// candidates and 200 features alone.
func BenchmarkEstimateFiveHundred(b *testing.B) {
	m := newModel(b, propensity.Options{})
	var f []decide.Feature
	for i := range 200 {
		f = append(f, decide.Feature{Name: fmt.Sprint("f", i), Value: "v"})
	}
	cases := make([]decide.Case, 500)
	for i := range cases {
		cases[i] = offer(fmt.Sprint("a", i), fmt.Sprint("g", i%10), f...)
		m.Learn(&decide.Lesson{Case: cases[i], Positive: i%5 == 0, At: noon})
	}
	out := make([]decide.Estimate, len(cases))
	b.ReportAllocs()
	for b.Loop() {
		m.EstimateAll(cases, out)
	}
}
