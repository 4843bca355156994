package propensity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/propensity"
)

// BenchmarkDecideFiveHundred decides, with every gate, among 500 actions by
// what a model that has learnt makes of 200 features, and gives percentiles.
func BenchmarkDecideFiveHundred(b *testing.B) {
	d, r := fiveHundred(b)
	var took []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		dec := d.Decide("d", r)
		took = append(took, time.Since(began))
		if len(dec.Survivors) != 500 || len(dec.Features) != 200 {
			b.Fatalf("%d survivors, %d features: %s", len(dec.Survivors), len(dec.Features), dec.Because)
		}
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "ms-p50")
	b.ReportMetric(at(0.99), "ms-p99")
}

func fiveHundred(b *testing.B) (*decide.Decider, decide.Request) {
	b.Helper()
	var actions, list strings.Builder
	actions.WriteString("version: 1\nactions:\n")
	for i := range 500 {
		fmt.Fprintf(&actions, `  - id: a%d
    issue: service
    group: g%d
    purpose: service
    channels: [agent]
    title: A
    say: Say it.
    value: {margin: 10, customer_benefit: 1}
    prior: {p: 0.2}
    policies:
      - {id: p1, kind: eligibility, when: '!owns("fibre")', unknown: keep, why: w}
      - {id: p2, kind: contact, when: 'count("discount.given", days(180)) < 1', why: w}
`, i, i%10)
	}
	list.WriteString("version: bench\nfeatures:\n")
	p := customer.New("cus_1", noon.AddDate(-2, 0, 0))
	for i := range 200 {
		fmt.Fprintf(&list, "  - {name: f%d, kind: category, of: t%d}\n", i, i)
		p.SetTrait(customer.Trait{Name: fmt.Sprint("t", i), Value: "v", Source: "crm", At: noon.Add(-time.Hour), Confidence: 1})
	}
	cat, err := decide.LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(actions.String())}})
	if err != nil {
		b.Fatal(err)
	}
	f, err := decide.LoadFeatures([]byte(list.String()))
	if err != nil {
		b.Fatal(err)
	}
	m := newModel(b, propensity.Options{})
	d, err := decide.New(decide.Options{Catalogue: cat, Propensity: m, Features: f})
	if err != nil {
		b.Fatal(err)
	}
	r := decide.Request{Slot: "agent.call", Channel: "agent", CallID: "c", At: noon, Profile: p}
	dec := d.Decide("d", r)
	for _, s := range dec.Survivors { // every weight is one that was learnt
		m.Learn(&decide.Lesson{Positive: s.P > 0.1, At: noon, Case: decide.Case{
			Action: s.Action, Group: s.Group, Treatment: s.Treatment, Channel: "agent", Prior: 0.2, Weight: 20, Features: dec.Features,
		}})
	}
	return d, r
}
