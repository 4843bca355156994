package main

import (
	"strings"
	"testing"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/decisions"
)

func TestWhatWouldHaveChangedIt(t *testing.T) {
	t.Parallel()
	heed(t, "whatif", "x", "--decision", "y").want(t, 2, "a customer or --decision, not both")
	for _, c := range []struct {
		found decide.Counterfactuals
		want  string
	}{
		{decide.Counterfactuals{Tried: 4, List: []decide.Counterfactual{{Change: "churn_risk < 0.60", Was: "churn_risk 0.75"}}}, "churn_risk < 0.60  silence  churn_risk 0.75"},
		{decide.Counterfactuals{Tried: 4}, "None of the 3 changes that were tried would have put something else first."},
		{decide.Counterfactuals{Tried: 20, NotTried: 7, OtherRules: true}, "7 more rules were not tried."},
		{decide.Counterfactuals{Unknown: "its question is no more in the log"}, "is not known: its question is no more in the log."},
	} {
		e := decisions.Explanation{Auditor: &decisions.Audit{Decision: brain.Decision{Because: "Stay: asked to cancel."}, Counterfactuals: &c.found}}
		if got := changesPage(&e); !strings.Contains(got, c.want) || !strings.Contains(got, "Stay: asked to cancel.") {
			t.Errorf("%q is not in\n%s", c.want, got)
		}
	}
}
