package propensity_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/propensity"
)

// explained decides for somebody among one action, by a model that has learnt
// that people of the gold plan say yes to it and newcomers say no.
func explained(t *testing.T, wrap func(*propensity.Model) decide.Propensity, ledger []consent.Row, traits ...customer.Trait) decide.Decision {
	t.Helper()
	cat, err := decide.LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(`version: 1
actions:
  - {id: a, issue: service, group: g, purpose: service, channels: [agent], title: A, say: Say it., value: {margin: 10}, prior: {p: 0.2}}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := decide.LoadFeatures([]byte(`version: t/1
features:
  - {name: plan, kind: category, of: plan}
  - {name: tenure, kind: months, of: customer_since, unit: m, bounds: [3, 36, 60]}
  - {name: purchases, kind: count, of: purchase, days: 365}
  - {name: churn_risk, kind: signal, of: churn_risk}
  - {name: stage, kind: category, of: stage}
  - {name: mood, kind: signal, of: mood}
  - {name: last, kind: age, of: contact.*}
  - {name: said, kind: labels}
`))
	if err != nil {
		t.Fatal(err)
	}
	m := newModel(t, propensity.Options{})
	p := customer.New("cus_1", noon.AddDate(-4, 0, 0))
	p.Observe(customer.Fact{EventID: "e1", Name: "purchase", At: noon.Add(-48 * time.Hour)})
	for _, trait := range traits {
		p.SetTrait(trait)
	}
	var model decide.Propensity = m
	if wrap != nil {
		model = wrap(m)
	}
	d, err := decide.New(decide.Options{Catalogue: cat, Propensity: model, Features: f})
	if err != nil {
		t.Fatal(err)
	}
	r := decide.Request{Slot: "agent.call", Channel: "agent", CallID: "c", At: noon, Profile: p, Ledger: ledger, Labels: []string{"intent.cancel"}}
	teach := d.Decide("teach", r)
	if len(teach.Survivors) != 1 {
		t.Fatal(teach.Because)
	}
	for i := range 200 {
		features := teach.Features
		if i%2 == 1 { // the others, who have in common what no trait, purchase or word tells
			features = []decide.Feature{{Name: "plan", Value: "basic"}, {Name: "tenure", Value: "<3m"}}
			for _, f := range teach.Features {
				if slices.Contains([]string{"churn_risk", "mood", "last"}, f.Name) {
					features = append(features, f)
				}
			}
		}
		m.Learn(&decide.Lesson{ID: fmt.Sprint(i), Positive: i%2 == 0, At: noon, Case: decide.Case{
			Action: "a", Group: "g", Treatment: teach.Survivors[0].Treatment, Channel: "agent", Prior: 0.2, Weight: 20, Features: features,
		}})
	}
	return d.Decide("d", r)
}

func trait(name string, value any, kind string) customer.Trait {
	return customer.Trait{Name: name, Value: value, Kind: kind, Source: "crm", At: noon.Add(-time.Hour), Confidence: 1}
}

// What the chance is made of adds up to the chance, at most three features
// either way, and says of each whether the person may be told.
func TestAChoiceNamesItsFeatures(t *testing.T) {
	t.Parallel()
	d := explained(t, nil, nil,
		trait("plan", "gold", customer.Verified), trait("customer_since", "2022-05-06", customer.Declared), trait("stage", "wavering", customer.Inferred))
	c := d.Actions[0]
	sum, plus := 0.0, 0
	kinds := map[string]int{}
	for _, r := range c.Reasons {
		if r.Kind != "feature" && r.Kind != "model" {
			continue
		}
		kinds[r.Kind]++
		sum += r.LogOdds
		near(t, "the factor of "+r.Name, r.Value, math.Exp(r.LogOdds), 1e-9)
		if r.Kind == "feature" && r.LogOdds > 0 {
			plus++
		}
		name, _, _ := strings.Cut(r.Name, "=")
		if may := slices.Contains([]string{"plan", "tenure", "purchases", "last"}, name); r.Tellable && !may || may && !r.Tellable && r.Kind == "feature" {
			t.Errorf("%s may be told: %v", r.Name, r.Tellable)
		}
	}
	near(t, "the sum", sum, math.Log(c.P/(1-c.P)), 1e-4)
	if plus != 3 || kinds["model"] != 1 {
		t.Errorf("%d features for it, %v: %+v", plus, kinds, c.Reasons)
	}
	if shown := decide.Shown(d).Actions[0]; len(shown.Reasons) != len(c.Reasons)-kinds["feature"]-1 || len(d.Actions[0].Reasons) != len(c.Reasons) {
		t.Errorf("screens get %+v", shown.Reasons)
	}
}

// What only the model knows is said to the agent in plain words, and of what
// was concluded nothing.
func TestTheLineOfWhatTheModelKnows(t *testing.T) {
	t.Parallel()
	d := explained(t, nil, nil, trait("plan", "gold", customer.Verified))
	if got := d.Actions[0].Because; !strings.HasPrefix(got, "Customers like this one take it up more often: ") || !strings.Contains(got, "on the plan gold") {
		t.Errorf("%q of %+v", got, d.Actions[0].Reasons)
	}
	d = explained(t, nil, nil, trait("plan", "gold", customer.Inferred))
	if got := d.Actions[0].Because; strings.Contains(got, "gold") {
		t.Errorf("what was concluded is told: %q", got)
	}
}

// hasty learns between being asked and being made to explain itself.
type hasty struct{ *propensity.Model }

func (h hasty) Explain(c *decide.Case) []decide.Contribution {
	h.Learn(&decide.Lesson{ID: "between", Positive: false, At: noon, Case: *c})
	return h.Model.Explain(c)
}

// A decision is not explained by what it did not rest on.
func TestNothingIsExplainedByAnotherChance(t *testing.T) {
	t.Parallel()
	features := func(d decide.Decision) (n int) {
		for _, r := range d.Actions[0].Reasons {
			if r.Kind == "feature" || r.Kind == "model" {
				n++
			}
		}
		return n
	}
	if n := features(explained(t, func(m *propensity.Model) decide.Propensity { return hasty{m} }, nil, trait("plan", "gold", ""))); n != 0 {
		t.Errorf("%d reasons of a model that learnt in between", n)
	}
	no := []consent.Row{{ID: "no", CustomerID: "cus_1", Cell: consent.Cell{Purpose: consent.Profiling}, State: consent.Denied, At: noon.Add(-time.Hour), RecordedAt: noon.Add(-time.Hour)}}
	if n := features(explained(t, nil, no, trait("plan", "gold", ""))); n != 0 {
		t.Errorf("%d reasons about somebody who is not profiled", n)
	}
}
