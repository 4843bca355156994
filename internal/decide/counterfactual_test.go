package decide_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

const flippable = `version: 1
actions:
  - {id: stay, issue: i, group: a, purpose: service, title: Stay, say: S, channels: [agent, email], value: {margin: 60}, prior: {p: 0.2}, policies: [{id: leaving, kind: applicability, when: 'signal("churn_risk") >= 0.6', why: they are not leaving}]}
  - {id: sell, issue: i, group: b, purpose: marketing, title: Sell, say: S, channels: [agent, email], value: {margin: 90}, prior: {p: 0.2}, policies: [{id: calm, kind: suitability, when: '0.5 > signal("churn_risk")', why: they are leaving}]}
  - {id: help, issue: i, group: c, purpose: service, title: Help, say: S, channels: [agent], value: {margin: 30}, prior: {p: 0.2}}
  - {id: cancel, issue: i, group: d, purpose: service, title: Cancel, say: S, channels: [agent], value: {margin: 80}, prior: {p: 0.2}, policies: [{id: said, kind: applicability, when: 'label("intent.upgrade_interest")', why: it was not asked for}, {id: twice, kind: applicability, when: 'count("purchase", days(7)) > 0', unknown: keep, why: they bought nothing}]}
  - {id: gone, issue: i, group: e, purpose: service, title: Gone, say: S, channels: [agent], value: {margin: 900}, prior: {p: 0.2}, retired: true}
`

// flips decides, asks what would have changed it, and gives "change: then".
func flips(t *testing.T, d *decide.Decider, r decide.Request) ([]string, decide.Counterfactuals) {
	t.Helper()
	made := d.Decide("dec_1", r)
	before := decide.Snapshot(r)
	got := d.Counterfactuals(&made, r)
	if decide.Snapshot(r) != before {
		t.Error("the question was changed by asking what if")
	}
	out := []string{}
	for _, c := range got.List {
		out = append(out, c.Change+": "+c.Then)
		if c.Permission != (c.Kind == decide.FlipGate && c.Step <= 2) {
			t.Errorf("permission of %+v", c)
		}
	}
	return out, got
}

func TestCounterfactuals(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, flippable)
	supposed := func(churn float64) customer.Profile {
		p := cus("cus_1")
		if err := p.Suppose(customer.ChurnRisk, churn, noon); err != nil {
			t.Fatal(err)
		}
		return p
	}
	for name, c := range map[string]struct {
		r    decide.Request
		want []string
	}{
		"about to leave": {request(supposed(0.75), grant(consent.Marketing)), []string{"if the rule calm had let it through: sell", "churn_risk < 0.60: help"}},
		// Two rules of one step hold cancel back: neither alone is what would have changed it.
		"at rest, no word on offers": {request(supposed(0.2), nil), []string{
			"if the rule leaving had let it through: stay", "with permission for marketing by agent: sell", "churn_risk >= 0.60: stay",
		}},
		"refused to be profiled": {request(supposed(0.2), slices.Concat(grant(consent.Marketing), deny(consent.Profiling))), []string{
			"if the rule leaving had let it through: stay", "if the rule said had let it through: cancel",
		}},
		"a complaint in the call": {request(supposed(0.2), grant(consent.Marketing), "intent.complaint"), []string{
			"if the rule leaving had let it through: stay", "if the rule context.open_issue had let it through: sell",
			"churn_risk >= 0.60: stay", "intent.complaint not heard in the call: sell",
		}},
		"silence": {decide.Request{Slot: "outbound.email", Channel: "email", At: noon, Profile: supposed(0.2), Ledger: deny(consent.Marketing)}, []string{
			"with permission for marketing by email: sell", "if the rule catalogue.treatment had let it through: help", "if the rule leaving had let it through: stay", "churn_risk >= 0.60: stay",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, all := flips(t, d, c.r)
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) || all.Unknown != "" || all.NotTried != 0 || all.OtherRules {
				t.Errorf("%q, want %q (%+v)", got, c.want, all)
			}
		})
	}
}

// Two actions may name a rule of theirs alike: each is opened alone.
func TestRulesThatAreNamedAlike(t *testing.T) {
	t.Parallel()
	alike := func(id, why string, margin int) string {
		return fmt.Sprintf(`  - {id: %s, issue: i, group: g, purpose: service, title: T, say: S, channels: [web], value: {margin: %d}, prior: {p: 0.2}, policies: [{id: asked, kind: applicability, when: 'label("intent.%s")', why: %s}]}
`, id, margin, id, why)
	}
	d := decider(t, decide.Options{}, catalogueText(alike("refund", "no refund was asked for", 40), alike("balance", "no balance was asked for", 50)))
	_, got := flips(t, d, decide.Request{Slot: "web.banner", Channel: "web", At: noon, Profile: cus("cus_1")})
	was := []string{}
	for _, c := range got.List {
		was = append(was, c.Then+": "+c.Was)
	}
	if want := []string{"balance: no balance was asked for", "refund: no refund was asked for"}; !slices.Equal(was, want) {
		t.Errorf("%q, want %q", was, want)
	}
}

// What was heard counts as unheard with all that it moved.
func TestALabelIsUnheardWhole(t *testing.T) {
	t.Parallel()
	got, _ := flips(t, shop(t), caller(customer.New("cus_1", noon), nil, "intent.cancel"))
	if !slices.Contains(got, "intent.cancel not heard in the call: ") {
		t.Errorf("%q", got)
	}
}

// evaluated counts decisions that asked the model.
type evaluated struct {
	decide.Fixed

	n int
}

func (e *evaluated) EstimateAll(cases []decide.Case, out []decide.Estimate) {
	e.n++
	for i := range cases {
		out[i] = e.Estimate(&cases[i])
	}
}

func TestCounterfactualsAreBounded(t *testing.T) {
	t.Parallel()
	actions := []string{actionText("base", "    purpose: service")}
	for i := range 60 {
		actions = append(actions, actionText(fmt.Sprintf("a%d", i), fmt.Sprintf(`    purpose: service
    policies: [{id: p%d, kind: eligibility, when: 'trait("x") == "y"', why: w}]`, i)))
	}
	model := &evaluated{}
	d := decider(t, decide.Options{Propensity: model}, catalogueText(actions...))
	r := caller(cus("cus_1"), nil, "intent.cancel", "sentiment:-0.2", "intent.complaint", "moment.escalation", "intent.refund", "intent.outage")
	made := d.Decide("dec_1", r)
	model.n = 0
	got := d.Counterfactuals(&made, r)
	if got.Tried != 20 || model.n != 20 || got.NotTried != 60-14 {
		t.Errorf("%d evaluations, %d reported, %d left out", model.n, got.Tried, got.NotTried)
	}
}

func TestCounterfactualsOfOtherRules(t *testing.T) {
	t.Parallel()
	r := request(cus("cus_1"), grant(consent.Marketing))
	made := decider(t, decide.Options{}, flippable).Decide("dec_1", r)
	same := decider(t, decide.Options{}, strings.Replace(flippable, "say: S", "say: T", 1)).Counterfactuals(&made, r)
	if !same.OtherRules || same.Unknown != "" || len(same.List) == 0 {
		t.Errorf("%+v", same)
	}
	other := decider(t, decide.Options{}, strings.Replace(flippable, "margin: 90", "margin: 9", 1)).Counterfactuals(&made, r)
	if !strings.Contains(other.Unknown, "the answer is help and not sell") || len(other.List) != 0 || other.Tried != 1 {
		t.Errorf("%+v", other)
	}
}

// A high state is left at its lower threshold only.
func TestCounterfactualsCrossTheThreshold(t *testing.T) {
	t.Parallel()
	high := func(when string) *decide.Decider {
		return decider(t, decide.Options{}, catalogueText(actionText("x", fmt.Sprintf("    purpose: service\n    policies: [{id: p, kind: eligibility, when: '%s', why: w}]", when))))
	}
	for when, want := range map[string]string{
		`high("churn_risk")`: "churn_risk < 0.40: ", `signal("churn_risk") > 0.5`: "churn_risk <= 0.50: ", `0.7 <= signal("churn_risk")`: "churn_risk < 0.70: ",
		`!(signal("churn_risk") < 0.1) || signal("mood") > 0.0`: "churn_risk < 0.10: ", `signal("churn_risk") + signal("mood") > 0.5`: "churn_risk = 0.10, as with nothing known: ",
	} {
		p := cus("cus_1")
		p.Hear(insights.Signal{Label: "intent.cancel", Confidence: 1, Speaker: insights.Customer, CallID: "c"}, "e1", noon)
		p.Hear(insights.Signal{Label: "intent.competitor", Confidence: 1, Speaker: insights.Customer, CallID: "c"}, "e2", noon)
		got, _ := flips(t, high(when), decide.Request{Slot: "web.banner", Channel: "web", At: noon, Profile: p})
		if !slices.Contains(got, want) {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
}
