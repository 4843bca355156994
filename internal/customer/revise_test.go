package customer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/customer"
)

// drawSignal draws a signal of a label or nil.
func drawSignal(t *rapid.T, label, call string) *insights.Signal {
	if rapid.Bool().Draw(t, "nothing") {
		return nil
	}
	return &insights.Signal{
		Label: label, CallID: call, Value: rapid.Float64Range(-1, 1).Draw(t, "value"),
		Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence"),
		Speaker:    rapid.SampledFrom([]insights.Speaker{insights.Customer, insights.Customer, insights.Agent}).Draw(t, "who"),
	}
}

// TestRevisedIsAsIfHeardAtOnce revises some of what was heard, and compares
// with a profile that heard the new reading in the first place. A second
// revision of the same changes nothing.
func TestRevisedIsAsIfHeardAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		heard, fresh := customer.New("c1", noon), customer.New("c1", noon)
		var revisions []customer.Revision
		for i := range rapid.IntRange(0, 40).Draw(t, "n") { // below what is folded or dropped
			label := rapid.SampledFrom(labels).Draw(t, "label")
			call := fmt.Sprintf("call-%d", i/7)
			at := noon.Add(-time.Duration(rapid.IntRange(0, 60*24*3600).Draw(t, "age")) * time.Second)
			was, now := drawSignal(t, label, call), drawSignal(t, label, call)
			first, second := fmt.Sprintf("e%d", i), fmt.Sprintf("r%d", i)
			if was != nil {
				heard.Hear(*was, first, at)
			}
			if now != nil {
				fresh.Hear(*now, second, at)
			}
			revisions = append(revisions, customer.Revision{
				Was: was, Now: now, Events: []string{"other", first}, EventID: second, At: at,
			})
		}
		for _, r := range revisions {
			heard.Revise(r)
		}
		if diff := cmp.Diff(fresh.Evidence, heard.Evidence, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-heard at once +revised\n%s", diff)
		}
		for _, r := range revisions {
			if r.Was != nil && heard.Revise(customer.Revision{Was: r.Was, Events: r.Events, At: r.At}) {
				t.Fatal("what is gone went out a second time")
			}
		}
	})
}

// TestRevisingWhatWasFoldedCountsNothingTwice revises the oldest of more than
// a profile keeps one by one.
func TestRevisingWhatWasFoldedCountsNothingTwice(t *testing.T) {
	p := customer.New("c1", noon)
	was := said("intent.cancel", 0.9)
	for i := range 100 {
		was.CallID = fmt.Sprintf("call-%d", i)
		p.Hear(was, fmt.Sprintf("e%d", i), noon.Add(time.Duration(i)*time.Hour))
	}
	before := p.Clone()
	now := was
	now.Confidence = 0.8
	if p.Revise(customer.Revision{Was: &was, Now: &now, Events: []string{"e0"}, EventID: "r0", At: noon}) {
		t.Error("what was folded was moved")
	}
	if !p.Stale {
		t.Error("nothing says that the profile must be projected anew")
	}
	p.Stale = false
	if diff := cmp.Diff(before, p); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
	if !p.Revise(customer.Revision{Was: &was, Now: &now, Events: []string{"e99"}, EventID: "r99", At: noon.Add(99 * time.Hour)}) {
		t.Error("what stands alone was not moved")
	}
	if p.Revise(customer.Revision{}) {
		t.Error("a revision of nothing moved something")
	}
}
