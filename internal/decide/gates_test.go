package decide_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/law"
)

// having folds facts, dated back from noon, into a profile.
func having(facts ...customer.Fact) customer.Profile {
	p := cus("cus_1")
	for i, f := range facts {
		f.EventID = fmt.Sprint("f", i)
		p.Observe(f)
	}
	return p
}

func fact(name string, ago time.Duration, props ...any) customer.Fact {
	f := customer.Fact{Name: name, At: noon.Add(-ago), Props: map[string]any{}}
	for i := 0; i+1 < len(props); i += 2 {
		key, ok := props[i].(string)
		if !ok {
			panic("a property's name is a text")
		}
		f.Props[key] = props[i+1]
	}
	return f
}

func trait(p customer.Profile, name string, value any) customer.Profile {
	p.SetTrait(customer.Trait{Name: name, Value: value, Source: "crm", At: noon, Confidence: 1})
	return p
}

func angry(p customer.Profile) customer.Profile {
	for i := range 3 {
		p.Hear(insights.Signal{Label: "sentiment", Value: -0.9, Confidence: 0.9, Speaker: insights.Customer, CallID: "call_0"}, fmt.Sprint("s", i), noon.Add(-time.Minute))
	}
	return p
}

const day = 24 * time.Hour

// Each fixed rule, one at a time: the same sale with everything allowed but
// one thing.
func TestFixedRules(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(
		actionText("sell", "    purpose: marketing\n    product: fibre\n    category: Internet"),
		actionText("serve", "    purpose: service\n    for_vulnerable: true"),
		actionText("other", "    purpose: service\n    retired: true"),
		actionText("spring", "    purpose: service\n    valid: {from: 2026-05-01, until: 2026-06-01}"),
		actionText("winter", "    purpose: service\n    valid: {from: 2025-12-01, until: 2026-04-14}"),
	))
	berlin := func(p customer.Profile) customer.Profile { return trait(p, "time_zone", "Europe/Berlin") }
	cases := []struct {
		name    string
		profile customer.Profile
		channel string
		call    string
		labels  []string
		hour    int
		rule    string // that removes the sale; "" when it stays
	}{
		{"nothing against it", cus("cus_1"), "agent", "call_1", nil, 0, ""},
		{"a complaint is open", having(fact("complaint.opened", 3*day)), "agent", "call_1", nil, 0, "context.open_issue"},
		{"a ticket is open", having(fact("ticket.opened", 3*day)), "web", "", nil, 0, "context.open_issue"},
		{"a payment failed", having(fact("payment.failed", 3*day)), "email", "", nil, 0, "context.open_issue"},
		{"solved 47 hours ago", having(fact("complaint.opened", 3*day), fact("complaint.resolved", 47*time.Hour)), "agent", "call_1", nil, 0, "context.open_issue"},
		{"solved 49 hours ago", having(fact("complaint.opened", 3*day), fact("complaint.resolved", 49*time.Hour)), "agent", "call_1", nil, 0, ""},
		{"solved, still unhappy", angry(having(fact("complaint.opened", 9*day), fact("complaint.resolved", 5*day))), "agent", "call_1", nil, 0, "context.open_issue"},
		{"complains in this call", cus("cus_1"), "agent", "call_1", []string{"intent.complaint"}, 0, "context.open_issue"},
		{"charged twice", cus("cus_1"), "agent", "call_1", []string{"theme.double_charge"}, 0, "context.open_issue"},
		{"angry", angry(cus("cus_1")), "web", "", nil, 0, "context.angry"},
		{"in the cart", having(fact("cart.add", time.Hour, "product", "fibre")), "web", "", nil, 0, "context.cart"},
		{"another thing in the cart", having(fact("cart.add", time.Hour, "product", "phone")), "web", "", nil, 0, ""},
		{"taken out of the cart", having(fact("cart.add", 2*time.Hour, "product", "fibre"), fact("cart.remove", time.Hour, "product", "fibre")), "web", "", nil, 0, "context.cart"},
		{"taken out a day ago", having(fact("cart.add", 26*time.Hour, "product", "fibre"), fact("cart.remove", 25*time.Hour, "product", "fibre")), "web", "", nil, 0, ""},
		{"another of its kind in the cart", having(fact("cart.add", time.Hour, "product", "dsl", "category", "internet")), "web", "", nil, 0, "context.cart"},
		{"another of its kind was bought", having(fact("cart.add", time.Hour, "product", "dsl", "category", "internet"), fact("purchase", time.Minute, "product", "dsl")), "web", "", nil, 0, ""},
		{"on its way", having(fact("order.placed", 2*day, "product", "fibre")), "web", "", nil, 0, "context.delivery"},
		{"arrived", having(fact("order.placed", 2*day, "product", "fibre"), fact("order.delivered", day, "product", "fibre")), "web", "", nil, 0, ""},
		{"on the phone", cus("cus_1"), "email", "call_1", nil, 0, "context.call_in_progress"},
		{"has it", trait(cus("cus_1"), "product.fibre", true), "web", "", nil, 0, "applicability.owned"},
		{"had it", trait(cus("cus_1"), "product.fibre", false), "web", "", nil, 0, ""},
		{"bought it", having(fact("purchase", 90*day, "product", "fibre")), "web", "", nil, 0, "applicability.owned"},
		{"a bad call this morning", after(-0.4, 3*time.Hour), "email", "", nil, 0, "context.bad_call"},
		{"a bad call the day before", after(-0.4, 25*time.Hour), "email", "", nil, 0, ""},
		{"a good call this morning", after(0.6, 3*time.Hour), "email", "", nil, 0, ""},
		{"a bad call this morning, and now the next", after(-0.4, 3*time.Hour), "agent", "call_1", nil, 0, ""},
		{"vulnerable", trait(cus("cus_1"), "vulnerable", true), "agent", "call_1", nil, 0, "suitability.vulnerable"},
		{"bereaved", trait(cus("cus_1"), "bereaved", true), "web", "", nil, 0, "suitability.vulnerable"},
		{"not vulnerable", trait(cus("cus_1"), "vulnerable", false), "agent", "call_1", nil, 0, ""},
		{"one e-mail this week", having(fact("contact.email", 6*day)), "email", "", nil, 0, "cp.email.week"},
		{"one e-mail last week", having(fact("contact.email", 8*day)), "email", "", nil, 0, ""},
		{"the agent may, whatever was written", having(fact("contact.email", 6*day)), "agent", "call_1", nil, 0, ""},
		{"four contacts this week", having(fact("contact.sms", day), fact("contact.push", day), fact("contact.push", 2*day), fact("contact.sms", 3*day)), "email", "", nil, 0, "cp.contact.week"},
		{"a text at noon", berlin(cus("cus_1")), "sms", "", nil, 0, ""},
		{"a text at nine in the evening", berlin(cus("cus_1")), "sms", "", nil, 19, "legal.quiet_hours"},
		{"a text in no known zone", cus("cus_1"), "sms", "", nil, 0, "legal.quiet_hours"},
		{"a text in no zone at all", trait(cus("cus_1"), "time_zone", "Mars/Olympus"), "sms", "", nil, 0, "legal.quiet_hours"},
		{"do not call", trait(berlin(cus("cus_1")), "do_not_call", true), "call", "", nil, 0, "legal.do_not_call"},
		{"no such channel", cus("cus_1"), "fax", "", nil, 0, "catalogue.treatment"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := request(c.profile, grant(consent.Marketing), c.labels...)
			r.Channel, r.CallID, r.Slot = c.channel, c.call, c.channel
			if c.hour > 0 {
				r.At = time.Date(2026, 4, 14, c.hour, 30, 0, 0, time.UTC)
			}
			dec := d.Decide("d", r)
			var got decide.Exclusion
			for _, e := range dec.NotChosen {
				if e.Action == "sell" {
					got = e
				}
			}
			if got.Rule != c.rule || (got.Rule != "" && got.Why == "") {
				t.Errorf("removed by %q (%s), want %q", got.Rule, got.Why, c.rule)
			}
			serves := c.channel != "fax" && c.channel != "call" && c.rule != "context.call_in_progress"
			if here := len(dec.Actions) > 0 && (dec.Actions[0].Action == "serve" || len(dec.Actions) > 1); here != serves {
				t.Errorf("service is there: %v, want %v: %s", here, serves, ranking(dec))
			}
			for action, rule := range map[string]string{"other": "catalogue.retired", "spring": "catalogue.valid", "winter": "catalogue.valid"} {
				if e := exclusion(t, dec, action); e.Rule != rule || e.Step != 3 {
					t.Errorf("%s: %+v", action, e)
				}
			}
		})
	}
}

// after is somebody who had a call with words of a mood so long ago.
func after(mood float64, since time.Duration) customer.Profile {
	p := cus("cus_1")
	p.Hear(insights.Signal{Label: "sentiment", Value: mood, Confidence: 0.9, Speaker: insights.Customer, CallID: "call_0"}, "s", noon.Add(-since))
	return p
}

// What is sold again and again, such as a day pass, is sold to who has it.
func TestRepeatableProducts(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(
		actionText("pass", "    purpose: marketing\n    product: pass\n    repeatable: true"), actionText("once", "    purpose: marketing\n    product: pass"),
	))
	dec := d.Decide("d", request(having(fact("purchase", 90*day, "product", "pass")), grant(consent.Marketing)))
	if len(dec.Actions) != 1 || dec.Actions[0].Action != "pass" || exclusion(t, dec, "once").Step != 5 {
		t.Errorf("%s", ranking(dec))
	}
}

// A choice that other systems have not confirmed keeps outbound marketing
// closed, and so does a call that is going on elsewhere.
func TestWhatIsUnderWayClosesOutbound(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(actionText("sell", "    purpose: marketing"), actionText("serve", "    purpose: service")))
	ledger := grant(consent.Marketing)
	ask := func(channel string, change func(*decide.Request)) string {
		r := request(cus("cus_1"), ledger)
		r.Channel, r.Slot, r.CallID = channel, channel, ""
		change(&r)
		dec := d.Decide("d", r)
		for _, e := range dec.NotChosen {
			if e.Action == "sell" {
				return e.Rule
			}
		}
		return ""
	}
	unsettled := func(r *decide.Request) { r.Unsettled = []string{ledger[0].ID} }
	another := func(r *decide.Request) { r.Unsettled = []string{"con_other"} }
	phone := func(r *decide.Request) { r.OnPhone = true }
	for _, c := range []struct {
		channel string
		change  func(*decide.Request)
		rule    string
	}{
		{"email", unsettled, "context.consent_in_flight"},
		{"web", unsettled, ""},
		{"email", another, ""},
		{"email", phone, "context.call_in_progress"},
		{"web", phone, ""},
		{"agent", phone, ""},
	} {
		if got := ask(c.channel, c.change); got != c.rule {
			t.Errorf("%s: removed by %q, want %q", c.channel, got, c.rule)
		}
	}
}

// What is shown again and again without an answer rests, and a message of
// service is sent once for what it is about.
func TestShownInVain(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(
		actionText("sell", "    purpose: marketing"),
		actionText("status", `    purpose: service
    policies: [{id: underway, kind: applicability, when: 'count("order.*", days(30)) > 0', why: w}]`),
	))
	shown := func(action, channel string, ages ...time.Duration) []decide.Outcome {
		var out []decide.Outcome
		for _, age := range ages {
			out = append(out, decide.Outcome{Action: action, Outcome: "impression", Channel: channel, At: noon.Add(-age)})
		}
		return out
	}
	five := shown("sell", "web", 9*day, 8*day, 7*day, 6*day, 5*day)
	order := []customer.Fact{fact("order.placed", 3*day, "order", "1")}
	for _, c := range []struct {
		name     string
		channel  string
		facts    []customer.Fact
		outcomes []decide.Outcome
		action   string
		rule     string
	}{
		{"five times in vain", "web", nil, five, "sell", "contact.unanswered"},
		{"four times", "web", nil, five[1:], "sell", ""},
		{"on another channel", "agent", nil, five, "sell", ""},
		{"it has rested", "web", nil, shown("sell", "web", 14*day, 12*day, 10*day, 9*day, 8*day), "sell", ""},
		{"answered in between", "web", nil, append(slices.Clone(five[:3]), decide.Outcome{Action: "sell", Outcome: "later", Channel: "web", At: noon.Add(-6 * day)}, five[4]), "sell", ""},
		{"five times, and each time nobody answered", "web", nil, unheard(five), "sell", "contact.unanswered"},
		{"told", "email", order, shown("status", "email", 2*day), "status", "contact.told"},
		{"told, then shipped", "email", append(slices.Clone(order), fact("order.shipped", day, "order", "1")), shown("status", "email", 2*day), "status", ""},
		{"told by text", "email", order, shown("status", "sms", 2*day), "status", ""},
		{"the web may say it again", "web", order, shown("status", "web", 2*day), "status", ""},
	} {
		r := request(having(c.facts...), grant(consent.Marketing))
		r.Channel, r.Slot, r.CallID, r.Outcomes = c.channel, c.channel, "", c.outcomes
		dec := d.Decide("d", r)
		rule := ""
		for _, e := range dec.NotChosen {
			if e.Action == c.action {
				rule = e.Rule
			}
		}
		if rule != c.rule {
			t.Errorf("%s: removed by %q, want %q", c.name, rule, c.rule)
		}
	}
}

// unheard puts after each outcome that the time for an answer was over.
func unheard(shown []decide.Outcome) []decide.Outcome {
	var out []decide.Outcome
	for _, o := range shown {
		over := o
		over.Outcome, over.At = decide.NoResponse, o.At.Add(30*time.Minute)
		out = append(out, o, over)
	}
	return out
}

// That nobody answered in a call does not keep an action from being suggested
// again in it.
func TestNoResponseIsNoAnswer(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(actionText("serve", "    purpose: service")))
	r := request(cus("cus_1"), nil)
	r.Outcomes = []decide.Outcome{{Action: "serve", Outcome: decide.NoResponse, CallID: r.CallID, Channel: "agent", At: noon.Add(-time.Minute)}}
	if dec := d.Decide("d", r); len(dec.Actions) != 1 {
		t.Errorf("%+v", dec.NotChosen)
	}
}

// A week is seven days at the person's place: an e-mail of last Wednesday in
// Auckland counts until Tuesday ends there, whatever the day is here.
func TestLimitsCountDaysAtThePersonsPlace(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(actionText("sell", "    purpose: marketing")))
	for _, c := range []struct {
		zone string
		now  time.Time
		rule string
	}{
		{"Pacific/Auckland", time.Date(2026, 4, 14, 11, 59, 0, 0, time.UTC), "cp.email.week"},   // 23:59 on Tuesday
		{"Pacific/Auckland", time.Date(2026, 4, 14, 12, 1, 0, 0, time.UTC), ""},                 // Wednesday
		{"America/Los_Angeles", time.Date(2026, 4, 14, 6, 59, 0, 0, time.UTC), "cp.email.week"}, // 23:59 on Monday
		{"America/Los_Angeles", time.Date(2026, 4, 14, 7, 1, 0, 0, time.UTC), ""},               // the mail was on Tuesday there
	} {
		p := trait(cus("cus_1"), "time_zone", c.zone)
		p.Observe(customer.Fact{EventID: "m", Name: "contact.email", At: time.Date(2026, 4, 8, 1, 0, 0, 0, time.UTC)})
		r := request(p, grant(consent.Marketing))
		r.At, r.Channel, r.CallID = c.now, "email", ""
		dec := d.Decide("d", r)
		if rule := append(dec.NotChosen, decide.Exclusion{})[0].Rule; rule != c.rule {
			t.Errorf("%s at %s: %q, want %q", c.zone, c.now, rule, c.rule)
		}
	}
}

func TestRulesThatDoNotKnow(t *testing.T) {
	t.Parallel()
	rich := trait(trait(having(fact("purchase", day, "product", "phone")), "plan", "basic"), "product.mobile", true)
	rich = trait(rich, "age", 44.0)
	cases := []struct {
		when    string
		profile customer.Profile
		unknown string
		passes  bool
	}{
		{`trait("plan") == "basic"`, rich, "exclude", true},
		{`trait("plan") == "gold"`, rich, "keep", false},
		{`trait("plan") == "basic"`, cus("c"), "exclude", false},
		{`trait("plan") == "basic"`, cus("c"), "keep", true},
		{`trait("age") > 18.0`, rich, "exclude", true},
		{`trait("plan") > 18.0`, rich, "exclude", false},
		{`trait("age") / 0.0 > 1.0`, rich, "exclude", true},
		{`1 / count("page.cancel", days(1)) > 0`, rich, "exclude", false},
		{`flag("arrears")`, cus("c"), "keep", true},
		{`!flag("plan")`, rich, "exclude", false},
		{`owns("phone")`, rich, "exclude", true},
		{`owns("mobile")`, rich, "exclude", true},
		{`!owns("fibre")`, rich, "exclude", true},
		{`!owns("fibre")`, cus("c"), "exclude", false},
		{`!owns("fibre")`, cus("c"), "keep", true},
		{`trait("nothing") == "x" || in_call()`, rich, "exclude", true},
		{`trait("nothing") == "x" && !in_call()`, rich, "keep", false},
		{`channel() == "agent" && !open_issue()`, rich, "exclude", true},
		{`count("purchase", hours(25)) == 1 && count("purchase", hours(23)) == 0`, rich, "exclude", true},
		{`count("contact.*", days(7)) == 0`, rich, "exclude", true},
		{`signal("churn_risk") < 0.2 && !high("churn_risk")`, rich, "exclude", true},
		{`count("purchase", days(-1)) == 0`, rich, "exclude", false},
	}
	for _, c := range cases {
		t.Run(c.when+" "+c.unknown, func(t *testing.T) {
			t.Parallel()
			rule := fmt.Sprintf("    purpose: service\n    policies:\n      - {id: p, kind: suitability, unknown: %s, why: w, when: '%s'}", c.unknown, c.when)
			dec := decider(t, decide.Options{}, catalogueText(actionText("a", rule))).Decide("d", request(c.profile, nil))
			if got := len(dec.Actions) == 1; got != c.passes {
				t.Errorf("passes %v, want %v: %s", got, c.passes, ranking(dec))
			}
		})
	}
}

// TestExampleCOpenIssueInTheCall: a complaint raised while an upgrade is on
// the screen takes it away at once, held or not, and says why.
func TestExampleCOpenIssueInTheCall(t *testing.T) {
	t.Parallel()
	d := shop(t)
	r := caller(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest")
	before := d.Decide("d1", r)
	if before.Actions[0].Action != "up.fibre" {
		t.Fatal(ranking(before))
	}
	r = caller(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest", "intent.complaint")
	r.Previous = &before
	if !d.Affected(before, decide.ChangedBy("intent.complaint")) {
		t.Error("a complaint must decide again")
	}
	after := d.Decide("d2", r)
	if after.Actions[0].Action != "care.apology" {
		t.Error(ranking(after))
	}
	if e := exclusion(t, after, "up.fibre"); e.Step != 7 || !strings.Contains(e.Why, "a complaint was raised in this call") {
		t.Errorf("%+v", e)
	}
}

func TestLanguagesAndTreatments(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, oneAction)
	r := request(cus("cus_1"), grant(consent.Marketing), "intent.upgrade_interest")
	r.Channel, r.CallID = "email", ""
	for language, want := range map[string]string{"en": "email.v1", "en-GB": "email.v1", "": "email.v1", "ar": ""} {
		r.Language = language
		dec := d.Decide("d", r)
		got := ""
		if len(dec.Actions) > 0 {
			got = dec.Actions[0].Treatment
			if dec.Actions[0].Title != "T" || dec.Actions[0].Say != "S" {
				t.Errorf("%+v", dec.Actions[0])
			}
		}
		if got != want {
			t.Errorf("in %q: %q, want %q", language, got, want)
		}
	}
}

// The law's checks are one gate: each refuses by its own name, and nothing is
// scored for who does not want to be tracked.
func TestLegalChecksAreAGate(t *testing.T) {
	t.Parallel()
	seen := &counted{}
	d := decider(t, decide.Options{Propensity: seen}, catalogueText(
		actionText("sell", "    purpose: marketing"),
		actionText("serve", "    purpose: service"),
		actionText("refuse", "    purpose: service\n    effect: legal"),
	))
	at := func(zone, country, region string) customer.Profile {
		p := trait(cus("cus_1"), "time_zone", zone)
		return trait(trait(p, "country", country), "region", region)
	}
	no := func(p consent.Purpose) []consent.Row { return append(grant(consent.Marketing), deny(p)...) }
	for _, c := range []struct {
		name, channel string
		profile       customer.Profile
		ledger        []consent.Row
		listed        []law.Listing
		hour          int // UTC
		rules         map[string]string
		scored        bool
	}{
		{"nothing against it", "agent", cus("cus_1"), grant(consent.Marketing), nil, 12, map[string]string{}, true},
		{"not tracked", "agent", cus("cus_1"), no(consent.Tracking), nil, 12, map[string]string{"sell": "legal.do_not_track"}, false},
		{"a decision of weight without a person", "web", cus("cus_1"), grant(consent.Marketing), nil, 12, map[string]string{"refuse": "legal.automated_decision"}, true},
		{"nine in Florida", "call", at("America/New_York", "US", "FL"), grant(consent.Marketing), nil, 0, map[string]string{"sell": "legal.quiet_hours", "refuse": "legal.automated_decision"}, true},
		{"on a list", "call", at("America/New_York", "US", "NY"), grant(consent.Marketing), []law.Listing{{List: "national", National: true}}, 16, map[string]string{"sell": "legal.do_not_call", "refuse": "legal.automated_decision"}, true},
	} {
		r := request(c.profile, c.ledger)
		r.Channel, r.Listed = c.channel, c.listed
		if c.channel != "agent" {
			r.CallID = ""
		}
		r.At = time.Date(2026, 4, 14, c.hour, 30, 0, 0, time.UTC)
		seen.calls.Store(0)
		dec := d.Decide("d", r)
		got := map[string]string{}
		for _, e := range dec.NotChosen {
			if e.Step == 2 {
				got[e.Action] = e.Rule
			}
			if (e.Source != "") != (e.Step == 2) {
				t.Errorf("%s: %s was removed by %s with the source %q", c.name, e.Action, e.Rule, e.Source)
			}
		}
		if !maps.Equal(got, c.rules) {
			t.Errorf("%s: refused %v, want %v", c.name, got, c.rules)
		}
		if scored := seen.calls.Load() > 0; scored != c.scored {
			t.Errorf("%s: scored %v, want %v", c.name, scored, c.scored)
		}
	}
}

// counted counts how often a model is asked.
type counted struct {
	decide.Fixed

	calls atomic.Int64
}

func (c *counted) Estimate(k *decide.Case) decide.Estimate {
	c.calls.Add(1)
	return c.Fixed.Estimate(k)
}
