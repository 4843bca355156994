package brain_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/brain"
	"heed/internal/decide"
)

// TestABudgetIsUsedUp: what one customer takes up is not there for the next.
func TestABudgetIsUsedUp(t *testing.T) {
	w := newWorld(t)
	doc := json.RawMessage(`{"id":"srv.gift","issue":"service","group":"gifts","purpose":"service","channels":["web","agent"],"title":"A gift","say":"Here.","value":{"margin":900},"prior":{"p":0.9},"budget":{"total":1}}`)
	c, aside, err := decide.Compose(fixtures.Actions(), []decide.Edit{{Kind: decide.ActionEdit, ID: "srv.gift", Doc: doc}})
	if err != nil || len(aside) != 0 {
		t.Fatal(err, aside)
	}
	w.decider.Use(c)
	gone := func(call, number string) (decide.Decision, bool) {
		who := w.start(t, call, number)
		w.say(t, call, 1, insights.Customer)
		d, err := w.Decide(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: who.CustomerID}, Slot: "web.banner", Channel: "web", N: 3})
		if err != nil {
			t.Fatal(err)
		}
		return d, slices.ContainsFunc(d.NotChosen, func(e decide.Exclusion) bool { return e.Rule == "catalogue.budget" })
	}
	d, used := gone("c1", "+12025550111")
	if used || len(d.Actions) == 0 || d.Actions[0].Action != "srv.gift" {
		t.Fatalf("the gift is there: %+v %+v", d.Actions, d.NotChosen)
	}
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: "srv.gift", Outcome: "accepted"}); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(2 * time.Second)
	if d, used := gone("c2", "+12025550112"); !used {
		t.Errorf("the only gift is given twice: %+v %+v", d.Actions, d.NotChosen)
	}
}
