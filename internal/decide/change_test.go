package decide

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"heed/fixtures"
	"heed/internal/strict"
)

func liveOptions(t *testing.T) Options {
	t.Helper()
	c, err := LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Options{Catalogue: c, Propensity: Fixed{}})
	if err != nil {
		t.Fatal(err)
	}
	return d.Options()
}

func TestAChangeGoesOverWhatIsLive(t *testing.T) {
	live := liveOptions(t)
	first := live.Catalogue.actions[0]
	text := `version: 1
actions:
  - id: ` + first.ID + `
    value:
      customer_benefit: 7
  - id: try.new
    issue: tries
    group: tries
    title: Try it
    say: Would you like to try it?
    purpose: service
    channels: [web]
    value: {margin: 3}
    prior: {p: 0.1}
levers:
  - {scope: group, name: tries, percent: 20, owner: me, reason: a trial, from: 2026-01-01, until: 2026-02-01}
policy:
  value: {gamma: 0.5}
  explore: {thompson: 0.1, uniform: 0.02}
`
	o, changed, err := live.With("try.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{first.ID, "try.new"}; !slices.Equal(changed, want) {
		t.Errorf("changed %v, want %v", changed, want)
	}
	set := []Figure{{"explore.thompson", "", "0.1"}, {"explore.uniform", "", "0.02"}, {"value.gamma", "0.7", "0.5"}}
	if got := o.Catalogue.Differences(); !slices.Equal(got, set) || o.Catalogue.Version() == live.Catalogue.Version() || o.Catalogue.PolicyVersion() == live.Catalogue.PolicyVersion() {
		t.Errorf("%+v, version %s", got, o.Catalogue.Version())
	}
	now := o.Catalogue.find(first.ID)
	if now.Value.Customer != 7 || now.Value.Margin != first.Value.Margin || now.Title != first.Title || len(now.policies) != len(first.policies) {
		t.Errorf("what is not given stays: %+v", now)
	}
	if len(o.Catalogue.actions) != len(live.Catalogue.actions)+1 || len(o.Catalogue.levers) != len(live.Catalogue.levers)+1 {
		t.Errorf("%d actions and %d levers", len(o.Catalogue.actions), len(o.Catalogue.levers))
	}
	if first.Value.Customer == 7 || live.Catalogue.find("try.new") != nil {
		t.Error("the live catalogue was changed")
	}
	again, _, err := live.With("try.yaml", []byte(text))
	if err != nil || again.Catalogue.Version() != o.Catalogue.Version() {
		t.Errorf("the same change has another version: %v", err)
	}
	if bare, _, err := live.With("x.yaml", []byte("version: 1\nno_levers: true\n")); err != nil || len(bare.Catalogue.levers) != 0 {
		t.Errorf("without levers: %v", err)
	}
}

func TestAChangeThatCannotBeDecidedBy(t *testing.T) {
	live := liveOptions(t)
	id := live.Catalogue.actions[0].ID
	for text, want := range map[string]string{
		"":                                  "try.yaml: is empty",
		"version: 2":                        "try.yaml:1: version: must be 1",
		"version: 1\npolicy: {stedy: 2}":    "did you mean steady?",
		"version: 1\nactions:\n  - id: new": "try.yaml:3: actions[0]",
		"version: 1\nactions:\n  - {id: " + id + ", value: {margin: much}}": "try.yaml:3: actions[0].value.margin",
		"version: 1\nactions:\n  - {id: " + id + ", prior: {p: 2}}":         "try.yaml:3: actions[0].prior.p: must be above 0",
		"version: 1\nactions:\n  - {id: " + id + "}\n  - {id: " + id + "}":  "try.yaml:4: actions[1].id",
		"version: 1\npolicy:\n  value: {gamma: 3}":                          "try.yaml:3: policy.value.gamma: is 3, and must be between 0.3 and 1",
		"version: 1\npolicy:\n  explore: {thompson: 1}":                     "try.yaml:3: policy.explore: gives one of",
		"version: 1\npolicy: {explore: {thompson: 1, uniform: 0}}":          "try.yaml:2: policy.explore.thompson: exploring 1 + 0",
	} {
		_, _, err := live.With("try.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if problem := (*strict.Problem)(nil); !errors.As(err, &problem) {
			t.Errorf("%q: no problem of a file: %v", text, err)
		}
	}
}
