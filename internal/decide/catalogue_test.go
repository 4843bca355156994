package decide_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"heed/internal/decide"
	"heed/internal/strict"
)

// oneAction is a catalogue that loads; the tests break it in one place each.
const oneAction = `version: 1
actions:
  - id: up.fibre
    issue: sales
    group: upgrades
    purpose: marketing
    product: fibre
    channels: [agent, web]
    title: Offer fibre
    say: Fibre is here.
    value: {margin: 40, cost_share: 0.1, customer_benefit: 1}
    prior: {p: 0.1, weight: 20}
    context:
      - {label: intent.upgrade_interest, weight: 50}
      - {when: 'count("page.product", days(7)) > 0', weight: 20, why: looked at it}
    policies:
      - {id: asks, kind: applicability, when: 'label("intent.upgrade_interest") || high("buying_intent")', why: did not ask}
    treatments:
      - {id: email.v1, channel: email, language: en, title: T, say: S}
levers:
  - {scope: action, name: up.fibre, percent: 20, owner: O, reason: R, from: 2026-04-01, until: 2026-05-01}
`

// policyText begins the text of a policy among the files of a test, and asIs is
// one that takes values as they are.
const (
	policyText = "version: 1\n# policy\n"
	asIs       = policyText + "value: {gamma: 1}\n"
)

func loadText(files ...string) (*decide.Catalogue, error) {
	fsys := fstest.MapFS{}
	for i, f := range files {
		name := string(rune('a'+i)) + ".yaml"
		if strings.HasPrefix(f, policyText) {
			name = decide.PolicyFile
		}
		fsys[name] = &fstest.MapFile{Data: []byte(f)}
	}
	return decide.LoadCatalogue(fsys)
}

func TestCatalogueLists(t *testing.T) {
	t.Parallel()
	cat, err := loadText(oneAction)
	if err != nil {
		t.Fatal(err)
	}
	got := cat.Actions()
	if len(got) != 1 || got[0].ID != "up.fibre" || got[0].Group != "upgrades" || got[0].Title != "Offer fibre" || len(cat.Version()) != 12 {
		t.Errorf("%+v version %q", got, cat.Version())
	}
	again, err := loadText(oneAction)
	if err != nil || again.Version() != cat.Version() {
		t.Errorf("the same files have versions %s and %s", cat.Version(), again.Version())
	}
	other, err := loadText(oneAction + "# changed\n")
	if err != nil || other.Version() == cat.Version() {
		t.Errorf("changed files have the same version")
	}
}

func TestBadCataloguesAreRefusedWithFieldReasonAndHint(t *testing.T) {
	t.Parallel()
	const when = `'label("intent.upgrade_interest") || high("buying_intent")'`
	cases := []struct{ name, old, new, field, reason, hint string }{
		{"no version", "version: 1\n", "", "version", "must be 1", ""},
		{"unknown key", "product: fibre", "produkt: fibre", "actions[0].produkt", "not a known key", "product"},
		{"bad id", "id: up.fibre", "id: Up Fibre", "actions[0].id", "not a name", ""},
		{"no issue", "issue: sales", "issue: ''", "actions[0].issue", "not a name", ""},
		{"purpose", "purpose: marketing", "purpose: selling", "actions[0].purpose", "not a purpose", "service"},
		{"no words", "say: Fibre is here.", "say: ' '", "actions[0].say", "is missing", ""},
		{"too many words", "say: Fibre is here.", "say: " + strings.Repeat("x", 700), "actions[0].say", "longer", ""},
		{"channel", "[agent, web]", "[agent, fax]", "actions[0].channels[1]", "not a channel", "agent, web"},
		{"treatment channel", "channel: email", "channel: fax", "actions[0].treatments[0].channel", "not a channel", ""},
		{"treatment id", "id: email.v1", "id: E 1", "actions[0].treatments[0].id", "not a name", ""},
		{"treatment words", "say: S}", "say: ''}", "actions[0].treatments[0].say", "missing", ""},
		{"margin is text", "margin: 40", "margin: much", "actions[0].value.margin", "cannot unmarshal", ""},
		{"margin not finite", "margin: 40", "margin: .inf", "actions[0].value.margin", "not a finite number", ""},
		{"cost share", "cost_share: 0.1", "cost_share: 1.1", "actions[0].value.cost_share", "between 0 and 1", ""},
		{"harm", "customer_benefit: 1}", "customer_benefit: -1}", "actions[0].value.customer_benefit", "below 0", ""},
		{"worth nothing", "{margin: 40, cost_share: 0.1, customer_benefit: 1}", "{}", "actions[0].value", "worth nothing", "customer_benefit"},
		{"certain", "p: 0.1", "p: 1", "actions[0].prior.p", "above 0 and below 1", ""},
		{"not a number", "p: 0.1", "p: .nan", "actions[0].prior.p", "above 0 and below 1", ""},
		{"weight", "weight: 20}\n    context", "weight: -1}\n    context", "actions[0].prior.weight", "above 0", ""},
		{"context label", "label: intent.upgrade_interest", "label: upgrade", "actions[0].context[0].label", "not a label", "intent.cancel"},
		{"context weight", "weight: 50", "weight: 900", "actions[0].context[0].weight", "between", ""},
		{"context with nothing", "{label: intent.upgrade_interest, weight: 50}", "{weight: 50}", "actions[0].context[0].label", "either", ""},
		{"context without a phrase", ", why: looked at it", "", "actions[0].context[1].why", "missing", ""},
		{"context rule", `'count("page.product", days(7)) > 0'`, `'count("page.product", 7) > 0'`, "actions[0].context[1].when", "does not check", `count("purchase", days(7))`},
		{"policy kind", "kind: applicability", "kind: maybe", "actions[0].policies[0].kind", "not a kind", "eligibility"},
		{"policy id", "id: asks", "id: ''", "actions[0].policies[0].id", "not a new name", ""},
		{"policy why", "why: did not ask", "why: ''", "actions[0].policies[0].why", "missing", ""},
		{"policy unknown", "why: did not ask}", "why: x, unknown: perhaps}", "actions[0].policies[0].unknown", "neither", "exclude"},
		{"no rule", when, "''", "actions[0].policies[0].when", "missing", ""},
		{"rule syntax", when, `'label("a'`, "actions[0].policies[0].when", "does not check", ""},
		{"rule kind", when, `'signal("mood")'`, "actions[0].policies[0].when", "not true or false", ""},
		{"unknown function", when, `'lable("intent.cancel")'`, "actions[0].policies[0].when", "undeclared", "did you mean label?"},
		{"unknown signal", when, `'signal("churn_rsk") > 0.5'`, "actions[0].policies[0].when", "no signal", "did you mean churn_risk?"},
		{"signal without a high state", when, `'high("mood")'`, "actions[0].policies[0].when", "no signal", ""},
		{"bad label", when, `'label("cancel")'`, "actions[0].policies[0].when", "not a label", "intent.cancel"},
		{"bad fact", when, `'count("Page View", days(1)) > 0'`, "actions[0].policies[0].when", "not a fact", ""},
		{"computed name", when, `'label("intent." + channel())'`, "actions[0].policies[0].when", "written out", ""},
		{"costly", when, `'"` + strings.Repeat("x", 300) + `".matches("(x+x+)+y") && [1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8].all(c, a+b+c > 0)))'`, "actions[0].policies[0].when", "could cost", ""},
		{"wrong types", when, `'signal("mood") > "x"'`, "actions[0].policies[0].when", "does not check", ""},
		{"too many conditions", when, `'` + strings.Repeat(`in_call() || `, 10) + `in_call()'`, "actions[0].policies[0].when", "has 11 conditions", "split"},
		{"lever scope", "scope: action", "scope: all", "levers[0].scope", "not a scope", ""},
		{"lever percent", "percent: 20", "percent: 500", "levers[0].percent", "between", ""},
		{"lever owner", "owner: O", "owner: ''", "levers[0].owner", "missing", ""},
		{"lever reason", "reason: R", "reason: ''", "levers[0].reason", "missing", ""},
		{"lever start", "from: 2026-04-01, ", "", "levers[0].from", "missing", ""},
		{"lever for ever", "until: 2026-05-01", "until: 2027-05-01", "levers[0].until", "90 days", "renew"},
		{"lever on nothing", "name: up.fibre, percent", "name: up.fiber, percent", "levers[0].name", "no action is called", ""},
		{"validity", "product: fibre", "valid: {from: 2026-02-01, until: 2026-01-01}", "actions[0].valid.until", "not after", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(oneAction, c.old) {
				t.Fatalf("%q is not in the catalogue", c.old)
			}
			_, err := loadText(strings.Replace(oneAction, c.old, c.new, 1))
			var p *strict.Problem
			if !errors.As(err, &p) {
				t.Fatalf("got %v, want a refusal", err)
			}
			if p.File != "a.yaml" || p.Line == 0 || p.Field != c.field || !strings.Contains(p.Reason, c.reason) || !strings.Contains(p.Hint, c.hint) {
				t.Errorf("got %+v", *p)
			}
		})
	}
}

func TestIdsAreUniqueOverAllFiles(t *testing.T) {
	t.Parallel()
	_, err := loadText(oneAction, oneAction)
	var p *strict.Problem
	if !errors.As(err, &p) || p.File != "b.yaml" || !strings.Contains(p.Reason, "already in a.yaml") {
		t.Errorf("got %v", err)
	}
	if _, err := loadText(); err == nil {
		t.Error("an empty catalogue loaded")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	cat, err := loadText(oneAction)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]decide.Options{
		"no catalogue": {},
		"exploring":    {Catalogue: cat, Explore: decide.Explore{Thompson: 0.9, Uniform: 0.2}},
		"draws":        {Catalogue: cat, Explore: decide.Explore{Draws: -1}},
	} {
		if _, err := decide.New(o); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func FuzzLoadCatalogue(f *testing.F) {
	f.Add(oneAction)
	f.Add("version: 1\nactions: [{}]")
	f.Add(strings.Replace(oneAction, `label("intent.upgrade_interest")`, `[1].exists(x, x > trait("y"))`, 1))
	f.Fuzz(func(t *testing.T, text string) {
		cat, err := loadText(text)
		var p *strict.Problem
		if err != nil && !errors.As(err, &p) {
			t.Fatalf("got %v, want a refusal with its place", err)
		}
		if err != nil {
			return
		}
		d, err := decide.New(decide.Options{Catalogue: cat})
		if err != nil {
			t.Fatal(err)
		}
		_ = d.Decide("x", request(cus("c"), nil, "intent.upgrade_interest"))
	})
}
