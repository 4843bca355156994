package decide_test

import (
	"fmt"
	"strings"
	"testing"

	"heed/internal/decide"
)

func TestRulesAreTriedOnAMadeUpPerson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		when  string
		given decide.Given
		want  string
	}{
		{`signal("churn_risk") >= 0.6`, decide.Given{Signals: map[string]float64{"churn_risk": 0.6}}, "keep"},
		{`signal("churn_risk") >= 0.6`, decide.Given{}, "remove"},
		{`high("churn_risk")`, decide.Given{Signals: map[string]float64{"churn_risk": 0.99}}, "keep"},
		{`trait("plan") == "basic"`, decide.Given{Traits: map[string]any{"plan": "basic"}}, "keep"},
		{`trait("plan") == "basic"`, decide.Given{}, "unknown"},
		{`trait("tenure") > 12.0`, decide.Given{Traits: map[string]any{"tenure": "long"}}, "unknown"},
		{`trait("tenure") > 12.0`, decide.Given{Traits: map[string]any{"tenure": 13}}, "keep"},
		{`1 / int(trait("tenure")) == 1`, decide.Given{Traits: map[string]any{"tenure": 0.0}}, "unknown"},
		{`count("purchase", days(7)) > 0`, decide.Given{Facts: []decide.GivenFact{{Name: "purchase", DaysAgo: 3}}}, "keep"},
		{`count("purchase", days(7)) > 0`, decide.Given{Facts: []decide.GivenFact{{Name: "purchase", DaysAgo: 8}}}, "remove"},
		{`owns("fibre")`, decide.Given{Facts: []decide.GivenFact{{Name: "purchase", Product: "fibre"}}}, "keep"},
		{`label("intent.cancel") && in_call()`, decide.Given{Labels: []string{"intent.cancel"}}, "keep"},
		{`channel() == "email"`, decide.Given{Channel: "email"}, "keep"},
	} {
		got, err := new(decide.Catalogue).TryPolicy(c.when, c.given)
		if err != nil || got.Answer != c.want || got.Cost == 0 || got.Type != "bool" {
			t.Errorf("%s of %+v gave %+v, %v, want %s", c.when, c.given, got, err, c.want)
		}
	}
	got, err := new(decide.Catalogue).TryPolicy(`trait("plan") == "x" || high("churn_risk")`, decide.Given{})
	if err != nil || fmt.Sprint(got.Reads) != "[trait:plan signal:churn_risk]" {
		t.Errorf("reads %v, %v", got.Reads, err)
	}
	for _, when := range []string{"", "1", `signal("chrun")>0.1`, `trait(`} {
		if got, err := new(decide.Catalogue).TryPolicy(when, decide.Given{}); err != nil || got.Reason == "" || got.Answer != "" {
			t.Errorf("%q gave %+v, %v", when, got, err)
		}
	}
	for name, g := range map[string]decide.Given{
		"trait": {Traits: map[string]any{"x": []int{1}}}, "signal": {Signals: map[string]float64{"luck": 1}},
		"fact": {Facts: []decide.GivenFact{{Name: "No Name"}}}, "label": {Labels: []string{"x"}}, "channel": {Channel: "pigeon"},
	} {
		if _, err := new(decide.Catalogue).TryPolicy("true", g); err == nil {
			t.Errorf("a wrong %s was taken", name)
		}
	}
}

// TestCasesBesideAPolicy: they run when the catalogue is read, and one that
// does not hold refuses it by its line.
func TestCasesBesideAPolicy(t *testing.T) {
	t.Parallel()
	with := func(want string) string {
		return strings.Replace(oneAction, "why: did not ask}", "why: did not ask, tests: [{given: {labels: [intent.upgrade_interest]}, want: keep}, {given: {signals: {buying_intent: 0.1}}, want: "+want+"}]}", 1)
	}
	if _, err := loadText(with("remove")); err != nil {
		t.Error(err)
	}
	for want, reason := range map[string]string{"keep": "the rule says remove and not keep", "maybe": "is not an answer"} {
		if _, err := loadText(with(want)); err == nil || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), "policies[0].tests[1].want") {
			t.Errorf("%s: %v", want, err)
		}
	}
}
