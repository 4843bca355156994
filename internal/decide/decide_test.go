package decide_test

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

func cus(id string) customer.Profile { return customer.New(id, noon.AddDate(-1, 0, 0)) }

func request(p customer.Profile, ledger []consent.Row, labels ...string) decide.Request {
	return decide.Request{Slot: "agent.call", Channel: "agent", CallID: "call_1", At: noon, Profile: p, Ledger: ledger, Labels: labels}
}

func deny(p consent.Purpose) []consent.Row {
	return []consent.Row{consent.Seal(nil, consent.Row{ID: "con_no", CustomerID: "cus_1", Cell: consent.Cell{Purpose: p}, State: consent.Denied, At: noon.Add(-time.Hour), RecordedAt: noon.Add(-time.Hour), Source: "web"})}
}

// decider builds one from a text catalogue and a model.
func decider(t testing.TB, o decide.Options, files ...string) *decide.Decider {
	t.Helper()
	cat, err := loadText(files...)
	if err != nil {
		t.Fatal(err)
	}
	o.Catalogue = cat
	d, err := decide.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// counter is a model that counts how often it is asked.
type counter struct {
	decide.Fixed
	asked atomic.Int64
}

func (c *counter) Estimate(k *decide.Case) decide.Estimate {
	c.asked.Add(1)
	return c.Fixed.Estimate(k)
}

// actionText writes an action with what a test is about.
func actionText(id, extra string) string {
	return fmt.Sprintf(`  - id: %s
    issue: i
    group: g
    channels: [agent, web, email, sms, call]
    title: T %s
    say: S
    value: {margin: 40}
    prior: {p: 0.2}
%s
`, id, id, extra)
}

func catalogueText(actions ...string) string {
	return "version: 1\nactions:\n" + strings.Join(actions, "")
}

// Whoever has not given permission is never scored: the model is not asked.
func TestNobodyIsScoredWithoutPermission(t *testing.T) {
	t.Parallel()
	sell := actionText("sell", "    purpose: marketing")
	serve := actionText("serve", "    purpose: service")
	cases := []struct {
		name    string
		actions string
		ledger  []consent.Row
		asked   int64
		want    string
	}{
		{"unknown is not granted", catalogueText(sell), nil, 0, ""},
		{"denied", catalogueText(sell), deny(consent.Marketing), 0, ""},
		{"granted", catalogueText(sell), grant(consent.Marketing), 1, "sell"},
		{"service needs no grant", catalogueText(serve), nil, 1, "serve"},
		{"service was refused", catalogueText(serve), deny(consent.Service), 0, ""},
		{"no profiling: served, not scored", catalogueText(sell, serve), deny(consent.Profiling), 0, "serve"},
		{"no profiling beats a grant", catalogueText(sell), append(grant(consent.Marketing), deny(consent.Profiling)...), 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			model := &counter{}
			dec := decider(t, decide.Options{Propensity: model}, c.actions).Decide("d", request(cus("cus_1"), c.ledger))
			got := ""
			if len(dec.Actions) > 0 {
				got = dec.Actions[0].Action
			}
			if got != c.want || model.asked.Load() != c.asked {
				t.Errorf("got %q after asking the model %d times, want %q after %d\n%s", got, model.asked.Load(), c.want, c.asked, ranking(dec))
			}
		})
	}
}

func TestNoProfilingReadsNothingOfTheProfile(t *testing.T) {
	t.Parallel()
	p := cus("cus_1")
	p.SetTrait(customer.Trait{Name: "plan", Value: "basic", Source: "crm", At: noon, Confidence: 1})
	p.Observe(customer.Fact{EventID: "1", Name: "page.cancel", At: noon})
	d := decider(t, decide.Options{}, catalogueText(
		actionText("by.trait", "    purpose: service\n    policies: [{id: a, kind: eligibility, when: 'trait(\"plan\") == \"basic\"', why: w}]"),
		actionText("by.fact", "    purpose: service\n    policies: [{id: a, kind: applicability, when: 'count(\"page.cancel\", days(1)) > 0', why: w}]"),
		actionText("by.signal", "    purpose: service\n    policies: [{id: a, kind: applicability, when: 'signal(\"churn_risk\") > 0.0', why: w}]"),
		actionText("by.words", "    purpose: service\n    policies: [{id: a, kind: applicability, when: 'label(\"intent.cancel\") || high(\"churn_risk\")', why: w}]"),
	))
	open := d.Decide("d", request(p, nil, "intent.cancel"))
	if len(open.Actions) != 3 || len(open.NotChosen) != 1 {
		t.Errorf("with profiling: %s", ranking(open))
	}
	dec := d.Decide("d", request(p, deny(consent.Profiling), "intent.cancel"))
	if len(dec.Actions) != 1 || dec.Actions[0].Action != "by.words" || len(dec.Readings) != 0 || dec.Actions[0].Because != "Asked to cancel." {
		t.Errorf("without profiling: %s, readings %v, because %q", ranking(dec), dec.Readings, dec.Actions[0].Because)
	}
}

// What a call is about is said more than once and surely; a slip of the
// classifier is neither.
func TestWhatIsSaidOftenAndSurelyCountsMore(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, asIs, catalogueText(
		actionText("a.about", "    purpose: service\n    context: [{label: intent.cancel, weight: 40}]"),
		actionText("b.slip", "    purpose: service\n    context: [{label: intent.refund, weight: 50}]\n    policies: [{id: p, kind: applicability, when: 'label(\"intent.refund\")', why: w}]"),
	))
	ask := func(heard ...insights.Signal) decide.Decision {
		r := request(cus("cus_1"), nil)
		r.Heard = heard
		return d.Decide("d", r)
	}
	say := func(label string, sure float64) insights.Signal {
		return insights.Signal{Label: label, Confidence: sure, Speaker: insights.Customer, CallID: "call_1"}
	}
	near(t, "said once", ask(say("intent.cancel", 1)).Actions[0].C, 1.4, 1e-9)
	near(t, "said twice", ask(say("intent.cancel", 0.8), say("intent.cancel", 1)).Actions[0].C, 1+0.4*1.4, 1e-9)
	if dec := ask(say("intent.cancel", 1), say("intent.refund", 0.8), say("intent.cancel", 0.9), say("intent.refund", 0.5)); dec.Actions[0].Action != "a.about" {
		t.Error(ranking(dec))
	}
	if dec := ask(say("intent.refund", 0.59)); len(dec.Actions) != 1 || dec.Actions[0].C != 1 {
		t.Errorf("too unsure, and it counted: %s", ranking(dec))
	}
	agent := say("intent.refund", 1)
	agent.Speaker = insights.Agent
	if dec := ask(agent); len(dec.Actions) != 1 {
		t.Errorf("the agent said it, and it counted: %s", ranking(dec))
	}
	many := make([]insights.Signal, 100)
	for i := range many {
		many[i] = say("intent.cancel", 0.61+float64(i)/1000)
	}
	if c := ask(many...).Actions[0].C; !(c > 1.4 && c < 1.8) {
		t.Errorf("said a hundred times it counts %v", c)
	}
}

// TestExampleNNothingToSay: an angry caller, three contacts this week, and
// nothing but a sale at hand.
func TestExampleNNothingToSay(t *testing.T) {
	t.Parallel()
	p := cus("cus_1")
	for i := range 3 {
		p.Observe(customer.Fact{EventID: fmt.Sprint("c", i), Name: "contact.email", At: noon.AddDate(0, 0, -i-1)})
	}
	for i := range 3 {
		p.Hear(insights.Signal{Label: "sentiment", Value: -0.8, Confidence: 0.9, Speaker: insights.Customer, CallID: "call_1"}, fmt.Sprint("s", i), noon)
	}
	d := decider(t, decide.Options{}, catalogueText(actionText("sell", "    purpose: marketing")))
	dec := d.Decide("d", request(p, grant(consent.Marketing)))
	if len(dec.Actions) != 0 || dec.Arm != "silence" {
		t.Fatalf("suggests %s", ranking(dec))
	}
	if want := "Nothing to suggest: the customer is upset and we have been in touch three times this week."; dec.Because != want {
		t.Errorf("because %q, want %q", dec.Because, want)
	}
	if e := exclusion(t, dec, "sell"); e.Step != 7 || e.Rule != "context.angry" {
		t.Errorf("%+v", e)
	}
}

func TestSilenceWhenItIsNotWorthIt(t *testing.T) {
	t.Parallel()
	small := strings.Replace(actionText("small", "    purpose: service"), "margin: 40", "margin: 0.01", 1)
	rare := strings.Replace(actionText("rare", "    purpose: service"), "p: 0.2", "p: 0.001", 1)
	d := decider(t, decide.Options{}, asIs, catalogueText(small, strings.Replace(rare, "margin: 40", "margin: 90000", 1)))
	r := request(cus("cus_1"), nil)
	r.Slot, r.Channel, r.CallID = "outbound.email", "email", ""
	dec := d.Decide("d", r)
	if len(dec.Actions) != 0 || dec.Because != "Nothing to suggest: nothing is worth the interruption now." {
		t.Errorf("%q %s", dec.Because, ranking(dec))
	}
	if e := exclusion(t, dec, "small"); e.Rule != "worth.net" || e.Step != 10 {
		t.Errorf("%+v", e)
	}
	if e := exclusion(t, dec, "rare"); e.Rule != "worth.floor" {
		t.Errorf("%+v", e)
	}
}

func TestUnanswerableRequests(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, oneAction)
	broken := cus("cus_1")
	broken.Evidence = map[string][]customer.Evidence{"mood": {{Label: "sentiment", Weight: math.NaN(), Confidence: 1, At: noon}}}
	noTime := request(cus("cus_1"), nil)
	noTime.At = time.Time{}
	for want, r := range map[string]decide.Request{
		"nobody is known on this line": request(customer.Profile{}, nil),
		"does not say when it is":      noTime,
		"a number that is none":        request(broken, nil),
	} {
		dec := d.Decide("d", r)
		if len(dec.Actions) != 0 || dec.Actions == nil || !strings.Contains(dec.Because, want) {
			t.Errorf("want %q, got %q", want, dec.Because)
		}
	}
}

func TestAnsweredSuggestionsAreNotMadeAgain(t *testing.T) {
	t.Parallel()
	d := shop(t)
	ask := func(call string, outcomes ...decide.Outcome) decide.Decision {
		r := caller(cus("cus_1"), nil, "intent.cancel")
		r.CallID, r.Outcomes = call, outcomes
		return d.Decide("d", r)
	}
	offer := ask("call_1").Actions[0]
	for _, word := range []string{"accepted", "dismissed", "rejected", "later", "converted"} {
		o := decide.Outcome{Action: offer.Action, Outcome: word, At: noon, CallID: "call_1"}
		dec := ask("call_1", o)
		if len(dec.Actions) == 0 || dec.Actions[0].Action == offer.Action {
			t.Errorf("%s: suggested again", word)
		}
		e := exclusion(t, dec, offer.Action)
		if e.Step != 7 || e.Rule != "contact.answered" || !strings.HasSuffix(e.Why, "in this call") {
			t.Errorf("%s: %+v", word, e)
		}
	}
	if dec := ask("call_1", decide.Outcome{Action: offer.Action, Outcome: "impression", At: noon, CallID: "call_1"}); dec.Actions[0].Action != offer.Action {
		t.Error("being shown is not an answer")
	}
	if dec := ask("call_2", decide.Outcome{Action: offer.Action, Outcome: "dismissed", At: noon.Add(-time.Hour), CallID: "call_1"}); dec.Actions[0].Action != offer.Action {
		t.Error("dismissed in one call, gone from the next")
	}
	if e := exclusion(t, ask("call_2", decide.Outcome{Action: offer.Action, Outcome: "rejected", At: noon.AddDate(0, 0, -29), CallID: "call_1"}), offer.Action); e.Rule != "contact.rejected" {
		t.Errorf("refused 29 days ago: %+v", e)
	}
	if dec := ask("call_2", decide.Outcome{Action: offer.Action, Outcome: "rejected", At: noon.AddDate(0, 0, -31), CallID: "call_1"}); dec.Actions[0].Action != offer.Action {
		t.Error("refused 31 days ago, still resting")
	}
}

func TestARefusedSaleRestsItsGroup(t *testing.T) {
	t.Parallel()
	d := shop(t)
	ask := func(outcomes ...decide.Outcome) decide.Decision {
		r := caller(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest")
		r.Outcomes = outcomes
		return d.Decide("d", r)
	}
	no := func(action string, days int) decide.Outcome {
		return decide.Outcome{Action: action, Outcome: "rejected", At: noon.AddDate(0, 0, -days), CallID: "call_0"}
	}
	if e := exclusion(t, ask(no("up.phone", 6)), "up.fibre"); e.Rule != "contact.rejected_group" {
		t.Errorf("%+v", e)
	}
	if got := ask(no("up.phone", 8)).Actions[0].Action; got != "up.fibre" {
		t.Errorf("8 days after one refusal: %s", got)
	}
	if e := exclusion(t, ask(no("up.phone", 40), no("up.phone", 50)), "up.fibre"); e.Rule != "contact.rejected_group" {
		t.Errorf("40 days after the second refusal: %+v", e)
	}
	if e := exclusion(t, ask(decide.Outcome{Action: "up.fibre", Outcome: "accepted", At: noon.AddDate(0, 0, -6), CallID: "call_0"}), "up.fibre"); e.Rule != "contact.accepted" {
		t.Errorf("accepted 6 days ago: %+v", e)
	}
}

func TestInfluenceOfOutcomes(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, oneAction)
	c := decide.Choice{Action: "a", Group: "g"}
	for word, want := range map[string][]customer.Influence{
		"later":     {{Scope: "action", Name: "a", Percent: 30, From: noon, Until: noon.AddDate(0, 0, 7)}},
		"rejected":  {{Scope: "group", Name: "g", Percent: -40, From: noon, Until: noon.AddDate(0, 0, 14)}},
		"dismissed": {{Scope: "action", Name: "a", Percent: -20, From: noon, Until: noon.Add(time.Hour)}},
		"accepted":  nil,
	} {
		if diff := cmp.Diff(want, d.InfluenceOf(c, decide.Outcome{Outcome: word, At: noon})); diff != "" {
			t.Errorf("%s: %s", word, diff)
		}
	}
}

func TestInfluenceFadesInAStraightLine(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(actionText("a", "    purpose: service")))
	p := cus("cus_1")
	for _, in := range d.InfluenceOf(decide.Choice{Action: "a", Group: "g"}, decide.Outcome{Outcome: "later", At: noon}) {
		p.Remember(in)
	}
	for days, want := range map[float64]float64{-1: 1, 0: 1.3, 3.5: 1.15, 7: 1, 30: 1} {
		r := request(p, nil)
		r.At = noon.Add(time.Duration(days * 24 * float64(time.Hour)))
		near(t, fmt.Sprint("after ", days, " days"), d.Decide("d", r).Actions[0].L, want, 1e-6)
	}
}

func TestLeversEndByThemselves(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, oneAction)
	r := request(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest")
	r.At = time.Date(2026, 4, 30, 23, 0, 0, 0, time.UTC)
	dec := d.Decide("d", r)
	near(t, "while it lasts", dec.Actions[0].L, 1.2, 1e-9)
	found := false
	for _, reason := range dec.Actions[0].Reasons {
		found = found || (reason.Kind == "lever" && reason.Value == 20 && reason.Name == "R (O)")
	}
	if !found {
		t.Errorf("the lever is not among the reasons: %+v", dec.Actions[0].Reasons)
	}
	r.At = r.At.Add(2 * time.Hour)
	near(t, "afterwards", d.Decide("d", r).Actions[0].L, 1, 1e-9)
}

// What the agent is looking at changes only when something is clearly better
// or a gate closed.
func TestTheAgentsSuggestionHoldsStill(t *testing.T) {
	t.Parallel()
	two := func(weight int) *decide.Decider {
		return decider(t, decide.Options{}, asIs, catalogueText(
			actionText("a.first", "    purpose: service\n    policies: [{id: p, kind: applicability, when: '!label(\"intent.refund\")', why: w}]"),
			actionText("b.second", fmt.Sprintf("    purpose: service\n    context: [{label: intent.cancel, weight: %d}]", weight)),
		))
	}
	r := request(cus("cus_1"), nil)
	d := two(14)
	first := d.Decide("d1", r)
	if first.Actions[0].Action != "a.first" || first.Arm != "exploit" {
		t.Fatalf("%s", ranking(first))
	}
	r.Previous, r.Labels = &first, []string{"intent.cancel"}
	held := d.Decide("d2", r)
	if held.Actions[0].Action != "a.first" || held.Arm != "held" || held.Supersedes != "d1" || held.Actions[1].Action != "b.second" || held.Actions[0].Pi != 1 {
		t.Errorf("14 %% better replaced it: %s %s", held.Arm, ranking(held))
	}
	if dec := two(16).Decide("d2", r); dec.Actions[0].Action != "b.second" {
		t.Errorf("16 %% better did not: %s", ranking(dec))
	}
	web := r
	web.Slot, web.Channel = "web.banner", "web"
	previous := first
	previous.Slot = "web.banner"
	web.Previous = &previous
	if dec := d.Decide("d2", web); dec.Actions[0].Action != "b.second" {
		t.Errorf("a banner is not held: %s", ranking(dec))
	}
	r.Labels = []string{"intent.cancel", "intent.refund"}
	if dec := d.Decide("d3", r); dec.Actions[0].Action != "b.second" {
		t.Errorf("the gate closed and it stayed: %s", ranking(dec))
	}
}

func TestExploringIsRepeatableAndLogged(t *testing.T) {
	t.Parallel()
	actions := make([]string, 5)
	for i := range actions {
		actions[i] = strings.Replace(actionText(fmt.Sprintf("a%d", i), "    purpose: service"), "p: 0.2", fmt.Sprintf("p: 0.%d", 2+i), 1)
	}
	d := decider(t, decide.Options{Explore: decide.Explore{Thompson: 0.10, Uniform: 0.02, Seed: 7}}, catalogueText(actions...))
	r := request(cus("cus_1"), nil)
	r.Slot = "web.banner"
	r.N = 2 // the chances of those that are not shown are logged as well
	const n = 2000
	shown, promised := map[string]float64{}, map[string]float64{}
	arms := map[string]int{}
	for i := range n {
		id := fmt.Sprint("d", i)
		dec := d.Decide(id, r)
		if i%100 == 0 {
			if diff := cmp.Diff(dec, d.Decide(id, r)); diff != "" {
				t.Fatalf("the same question has another answer: %s", diff)
			}
		}
		sum := 0.0
		if first := dec.Survivors[0]; first.Action != dec.Actions[0].Action || first.Pi != dec.Actions[0].Pi || len(dec.Actions) != 2 {
			t.Fatalf("%+v was shown, %+v logged", dec.Actions[0], first)
		}
		for _, a := range dec.Survivors {
			if a.Pi < 0.02/5-1e-12 {
				t.Fatalf("%s has a chance of %v", a.Action, a.Pi)
			}
			promised[a.Action] += a.Pi / n
			sum += a.Pi
		}
		near(t, "sum of the chances", sum, 1, 1e-9)
		shown[dec.Actions[0].Action] += 1.0 / n
		arms[dec.Arm]++
	}
	for a, want := range promised {
		near(t, "share of "+a, shown[a], want, 0.02)
	}
	near(t, "share of the random arm", float64(arms["random"])/n, 0.02, 0.01)
	near(t, "share of the exploring arm", float64(arms["explore"])/n, 0.10, 0.02)
}

func TestTraceTellsEveryFate(t *testing.T) {
	t.Parallel()
	r := caller(cus("cus_1"), nil, "intent.cancel")
	r.Trace = true
	dec := shop(t).Decide("d", r)
	last := map[string]decide.TraceLine{}
	for _, line := range dec.Trace {
		if before, ok := last[line.Action]; ok && (before.Step > line.Step || before.Verdict == "remove") {
			t.Errorf("%s: step %d after %d %s", line.Action, line.Step, before.Step, before.Verdict)
		}
		last[line.Action] = line
	}
	for _, a := range dec.Actions {
		if l := last[a.Action]; l.Step != 12 || l.Verdict != "chosen" {
			t.Errorf("%s ends with %+v", a.Action, l)
		}
	}
	for _, e := range dec.NotChosen {
		if l := last[e.Action]; l.Step != e.Step || l.Verdict != "remove" || l.Why != e.Why || e.Why == "" {
			t.Errorf("%s ends with %+v, excluded by %+v", e.Action, l, e)
		}
	}
	r.Trace = false
	if got := shop(t).Decide("d", r); got.Trace != nil {
		t.Error("a trace nobody asked for")
	}
}

func TestWhatChangedDecidesAgain(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, oneAction)
	dec := d.Decide("d", request(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest"))
	for name, want := range map[string]bool{
		"label:intent.upgrade_interest": true, "signal:buying_intent": true, "fact:page.product": true,
		"signal:mood": true, "consent:marketing": true, "consent:profiling": true, "outcome": true, "buying_intent": true,
		"fact:complaint.opened": true, "label:intent.complaint": true, "fact:contact.email": true, "*": true,
		"signal:churn_risk": false, "label:intent.cancel": false, "fact:page.cancel": false, "trait:plan": false, "consent:research": false,
	} {
		if got := d.Affected(dec, []string{"trait:nothing", name}); got != want {
			t.Errorf("%s: %v, want %v (reads %v)", name, got, want, dec.Reads)
		}
	}
	if d.Affected(dec, nil) {
		t.Error("nothing changed")
	}
	if !d.Affected(dec, decide.ChangedBy("intent.price_question")) || d.Affected(dec, decide.ChangedBy("intent.cancel")) {
		t.Error("a price question moves the intent to buy, a wish to cancel does not")
	}
	if !decider(t, decide.Options{}, oneAction+"# new\n").Affected(dec, nil) {
		t.Error("another catalogue decides everything again")
	}
	silent := d.Decide("d", request(cus("cus_1"), nil))
	if !d.Affected(silent, []string{"consent:marketing"}) {
		t.Errorf("silence for want of consent reads %v", silent.Reads)
	}
}

func TestSupersedeLeavesAloneWhatStands(t *testing.T) {
	t.Parallel()
	queued := decide.Decision{ID: "q", Subject: "c", At: noon, Actions: []decide.Choice{{Action: "a"}}}
	now := decide.Decision{ID: "n", Subject: "c", At: noon.Add(time.Second), Actions: []decide.Choice{{Action: "a"}}}
	other, older, silent := now, now, now
	other.Subject, older.At = "d", noon.Add(-time.Second)
	other.Actions, older.Actions, silent.Actions = nil, nil, nil
	silent.Because = "Nothing to suggest: x."
	for name, d := range map[string]decide.Decision{"same action": now, "another person": other, "an older decision": older, "itself": queued} {
		if s, ok := decide.Supersede(queued, d); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if s, ok := decide.Supersede(queued, silent); !ok || s.Why != silent.Because {
		t.Errorf("silence: %+v %v", s, ok)
	}
}

// What an outcome teaches rests on the decision alone.
func TestLessons(t *testing.T) {
	t.Parallel()
	dec := decider(t, decide.Options{}, oneAction).Decide("dec_1", request(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest"))
	for outcome, want := range map[string][2]bool{
		decide.Accepted: {true, true}, decide.Clicked: {true, true}, decide.Converted: {true, true}, decide.Rejected: {false, true},
		decide.OptedOut: {false, true}, decide.NoResponse: {false, true},
		decide.Dismissed: {}, decide.Later: {}, decide.Impression: {}, "nonsense": {},
	} {
		l, teaches := decide.LessonOf(&dec, decide.Outcome{Action: "up.fibre", Outcome: outcome, At: noon})
		if teaches != want[1] || (teaches && (l.Positive != want[0] || l.ID != "dec_1/up.fibre" || l.Subject != "cus_1" || l.Prior != 0.1 || l.Group == "" || l.Channel != "agent")) {
			t.Errorf("%s: %+v %v", outcome, l, teaches)
		}
	}
	if _, teaches := decide.LessonOf(&dec, decide.Outcome{Action: "not.offered", Outcome: decide.Accepted}); teaches {
		t.Error("what was not offered teaches")
	}
}

// What counts as a yes and a no is the channel's, or the action's own, as it was
// when it was decided.
func TestLessonsByChannelAndAction(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(
		actionText("usual", "    purpose: service"),
		actionText("sold", "    purpose: service\n    answers: {web: {positive: [converted], negative: [opted_out]}}"),
	))
	r := request(cus("cus_1"), nil)
	r.Slot, r.Channel, r.CallID = "web.banner", "web", ""
	web := d.Decide("web", r)
	agent := d.Decide("agent", request(cus("cus_1"), nil))
	for _, c := range []struct {
		dec             *decide.Decision
		action, outcome string
		yes, teaches    bool
	}{
		{&web, "usual", decide.Dismissed, false, true},
		{&agent, "usual", decide.Dismissed, false, false},
		{&web, "usual", decide.Clicked, true, true},
		{&web, "usual", decide.Accepted, true, true},
		{&web, "sold", decide.Clicked, false, false},
		{&web, "sold", decide.Converted, true, true},
		{&web, "sold", decide.Dismissed, false, false},
		{&web, "sold", decide.OptedOut, false, true},
		{&web, "sold", decide.NoResponse, false, true},
		{&agent, "sold", decide.Accepted, true, true},
	} {
		l, teaches := decide.LessonOf(c.dec, decide.Outcome{Action: c.action, Outcome: c.outcome, At: noon})
		if teaches != c.teaches || (teaches && l.Positive != c.yes) {
			t.Errorf("%s of %s by %s: teaches %v %+v", c.outcome, c.action, c.dec.Channel, teaches, l)
		}
	}
}

func TestCounting(t *testing.T) {
	t.Parallel()
	model := decide.NewCounting()
	k := decide.Case{Action: "up.fibre", Prior: 0.1, Weight: 20}
	start := model.Estimate(&k)
	near(t, "the prior", start.P, 0.1, 1e-9)
	if !(start.Low < 0.1 && start.High > 0.1 && start.Low > 0 && start.High < 1) {
		t.Errorf("interval %v", start)
	}
	for i := range 20 {
		model.Learn(&decide.Lesson{Case: k, Positive: i%2 == 0})
	}
	after := model.Estimate(&k)
	near(t, "ten of twenty", after.P, 12.0/40, 1e-9)
	if after.High-after.Low >= 0.35 || model.Name() != "counting@20" {
		t.Errorf("interval %v of %s", after, model.Name())
	}
}

// A model that lost its numbers does not decide.
type lost struct{ decide.Fixed }

func (lost) Estimate(*decide.Case) decide.Estimate { return decide.Estimate{P: math.NaN()} }

func TestABrokenModelFallsBackToTheCatalogue(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{Propensity: lost{}}, oneAction)
	dec := d.Decide("d", request(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest"))
	near(t, "P", dec.Actions[0].P, 0.1, 1e-9)
}

func TestDecidingAtOnceIsSafe(t *testing.T) {
	t.Parallel()
	d := shop(t)
	want := d.Decide("d", caller(cus("cus_1"), nil, "intent.cancel", "theme.price"))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 15 {
				if i%2 == 0 {
					d.Decide("x", caller(cus("cus_2"), grant(consent.Marketing), "intent.upgrade_interest"))
					continue
				}
				if diff := cmp.Diff(want, d.Decide("d", caller(cus("cus_1"), nil, "intent.cancel", "theme.price"))); diff != "" {
					t.Errorf("another answer in company: %s", diff)
					return
				}
			}
		})
	}
	wg.Wait()
}

// Whatever is said and whatever stands in the ledger: every action suggested
// is allowed, every candidate has one fate, the figures multiply, and the
// same question has the same answer.
func TestWhateverIsAskedTheRulesHold(t *testing.T) {
	t.Parallel()
	d := shop(t)
	names := []string{"intent.cancel", "intent.upgrade_interest", "intent.complaint", "theme.roaming", "intent.praise", "theme.late_delivery", "intent.double_charge", "moment.escalation"}
	rapid.Check(t, func(t *rapid.T) {
		var ledger []consent.Row
		for i := range rapid.IntRange(0, 4).Draw(t, "rows") {
			ledger = append(ledger, consent.Seal(ledger, consent.Row{
				ID: fmt.Sprint("r", i), At: noon.AddDate(0, 0, -i), RecordedAt: noon, Source: "s",
				Cell:  consent.Cell{Purpose: rapid.SampledFrom([]consent.Purpose{consent.Marketing, consent.Service, consent.Profiling}).Draw(t, "purpose")},
				State: rapid.SampledFrom([]consent.State{consent.Granted, consent.Denied, consent.Withdrawn}).Draw(t, "state"),
			}))
		}
		r := caller(cus("cus_1"), ledger, rapid.SliceOfDistinct(rapid.SampledFrom(names), func(s string) string { return s }).Draw(t, "labels")...)
		r.Channel = rapid.SampledFrom([]string{"agent", "web", "email", "sms", "fax"}).Draw(t, "channel")
		r.N = rapid.IntRange(1, 5).Draw(t, "n")
		dec := d.Decide("d", r)
		if len(dec.Actions) > r.N || len(dec.Actions)+len(dec.NotChosen) != len(d.Catalogue().Actions()) {
			t.Fatalf("%d chosen, %d not", len(dec.Actions), len(dec.NotChosen))
		}
		for i, a := range dec.Actions {
			answer := consent.Now(ledger, consent.Cell{Purpose: a.AllowedBy.Purpose, Channel: r.Channel}, r.At)
			if a.AllowedBy.Purpose == consent.Marketing && answer.State != consent.Granted || answer.Denies() {
				t.Fatalf("%s is suggested, but %s is %s", a.Action, a.AllowedBy.Purpose, answer.State)
			}
			if math.Abs(a.P*a.C*a.V*a.L-a.Priority) > 1e-9 || a.Net <= 0 || a.Rank != i+1 || a.Because == "" || a.Say == "" {
				t.Fatalf("%+v", a)
			}
		}
		if diff := cmp.Diff(dec, d.Decide("d", r)); diff != "" {
			t.Fatal(diff)
		}
	})
}
