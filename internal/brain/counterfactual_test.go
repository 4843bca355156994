package brain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/decide"
)

// Every decision of a call can be asked what would have changed it, the one that
// kept what the agent was looking at too, and asking leaves no trace.
func TestCounterfactualsOfACall(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	w.mayMarket(t, c.CustomerID, consent.Granted, w.clock)
	for seq, said := range []string{"cancel", "competitor", "price_question", "complaint"} {
		w.later(10 * time.Second)
		w.say(t, "a", seq+1, insights.Customer, said)
	}
	made, err := w.store.Decisions(t.Context(), "a")
	if err != nil || len(made) < 4 {
		t.Fatalf("%d decisions, %v", len(made), err)
	}
	before, err := w.store.HistoryOf(t.Context(), c.CustomerID, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := range made {
		got, err := w.Counterfactuals(t.Context(), &made[i])
		if err != nil || got.Unknown != "" || got.Tried > 20 {
			t.Errorf("decision %d: %+v, %v", i, got, err)
		}
		found += len(got.List)
	}
	if found == 0 {
		t.Error("nothing would have changed any of them")
	}
	after, err := w.store.HistoryOf(t.Context(), c.CustomerID, nil)
	again, err2 := w.store.Decisions(t.Context(), "a")
	if err != nil || err2 != nil || len(after) != len(before) || len(again) != len(made) {
		t.Errorf("asking what if left %d events where there were %d (%v, %v)", len(after), len(before), err, err2)
	}
}

// What cannot be told says so.
func TestCounterfactualsOfWhatIsGone(t *testing.T) {
	w := newWorld(t)
	w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	gone := decide.Forgotten(d, decide.Unwanted)
	if got, err := w.Counterfactuals(t.Context(), &gone); err != nil || !strings.Contains(got.Unknown, "deleted at the customer's wish") {
		t.Errorf("%+v, %v", got, err)
	}
	lost := d
	lost.ID = "another"
	if got, err := w.Counterfactuals(t.Context(), &lost); err != nil || !strings.Contains(got.Unknown, "no more in the log") {
		t.Errorf("%+v, %v", got, err)
	}
	moved := d
	moved.Actions = slices.Clone(d.Actions)
	moved.Actions[0].Action = "something.else"
	if got, err := w.Counterfactuals(t.Context(), &moved); err != nil || !strings.Contains(got.Unknown, "not something.else") {
		t.Errorf("%+v, %v", got, err)
	}
}
