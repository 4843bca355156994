package decide_test

import (
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// The one line of a suggestion is written from what spoke for it.
func TestBecauseIsPlainEnglish(t *testing.T) {
	t.Parallel()
	bought := "    purpose: service\n    policies: [{id: p, kind: applicability, when: 'count(\"purchase\", days(30)) > 0', why: w}]"
	risk := "    purpose: service\n    policies: [{id: p, kind: applicability, when: 'signal(\"churn_risk\") > 0.0', why: w}]"
	plain := "    purpose: service"
	on := func(label string) string {
		return "    purpose: service\n    context: [{label: " + label + ", weight: 30}]"
	}
	when := "    purpose: service\n    context: [{when: 'in_call()', weight: 30, why: rang us}]"
	cases := []struct {
		name, action string
		profile      customer.Profile
		labels       []string
		want         string
	}{
		{"nothing in particular", plain, cus("c"), nil, "It fits what is known of this customer."},
		{"a rule of the context", when, cus("c"), nil, "Rang us."},
		{"bought just now", bought, having(fact("purchase", time.Minute)), nil, "Bought something just now."},
		{"bought this morning", bought, having(fact("purchase", 5*time.Hour, "product", "a tablet")), nil, "Bought a tablet 5 hours ago."},
		{"bought twice", bought, having(fact("purchase", 40*time.Minute), fact("purchase", 50*time.Minute)), nil, "Bought something twice in the last hour."},
		{"bought five times", bought, having(fact("purchase", day), fact("purchase", 2*day), fact("purchase", 3*day), fact("purchase", 4*day), fact("purchase", 20*day)), nil, "Bought something five times in the last 21 days."},
		{"looked once", risk, having(fact("page.cancel", 30*time.Minute)), nil, "Looked at the cancel page 30 minutes ago."},
		{"looked in the last day", risk, having(fact("page.cancel", 3*time.Hour), fact("page.cancel", 20*time.Hour)), nil, "Looked at the cancel page twice in the last day."},
		{"several things", risk, having(fact("page.cancel", time.Hour), fact("complaint.opened", 3*day)), nil, "Looked at the cancel page 60 minutes ago and opened a complaint 3 days ago."},
		{"nothing that lowers it", risk, having(fact("purchase", time.Hour)), nil, "It fits what is known of this customer."},
		{"a theme without a phrase", on("theme.garden_gnomes"), cus("c"), []string{"theme.garden_gnomes"}, "Spoke about garden gnomes."},
		{"an intent without a phrase", on("intent.garden_gnomes"), cus("c"), []string{"intent.garden_gnomes"}, "Raised garden gnomes."},
		{"the same thing under two names", "    purpose: service\n    context: [{label: intent.competitor, weight: 30}, {label: moment.competitor_named, weight: 20}]", cus("c"), []string{"intent.competitor", "moment.competitor_named"}, "Named a competitor."},
		{"what speaks against it is no reason", "    purpose: service\n    context: [{label: intent.refund, weight: -30}]\n    policies: [{id: p, kind: contact, when: '!label(\"intent.refund\") || in_call()', why: w}]", cus("c"), []string{"intent.refund"}, "It fits what is known of this customer."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dec := decider(t, decide.Options{}, catalogueText(actionText("a", c.action))).Decide("d", request(c.profile, nil, c.labels...))
			if len(dec.Actions) != 1 || dec.Actions[0].Because != c.want {
				t.Fatalf("got %q, want %q\n%s", dec.Because, c.want, ranking(dec))
			}
			if want := "T a: " + strings.ToLower(c.want[:1]) + c.want[1:]; dec.Because != want {
				t.Errorf("the whole answer says %q, want %q", dec.Because, want)
			}
		})
	}
}

func TestReasonsCarryTheWords(t *testing.T) {
	t.Parallel()
	r := request(cus("cus_1"), nil)
	r.Heard = []insights.Signal{
		{Label: "intent.cancel", Confidence: 0.9, Speaker: insights.Agent, At: 3, Quote: "so you want to cancel"},
		{Label: "intent.cancel", Confidence: 0.3, Speaker: insights.Customer, At: 5, Quote: "can sell"},
		{Label: "intent.cancel", Confidence: 0.9, Speaker: insights.Customer, At: 75.4, Quote: "i want to cancel"},
	}
	d := decider(t, decide.Options{}, catalogueText(actionText("a", "    purpose: service\n    context: [{label: intent.cancel, weight: 50}]")))
	got := d.Decide("d", r).Actions[0]
	if got.Because != "Asked to cancel 1:15 into this call." {
		t.Errorf("because %q", got.Because)
	}
	reason := got.Reasons[0]
	if reason.Kind != "context" || reason.Name != "intent.cancel" || reason.Effect != "+" || len(reason.Evidence) != 1 || reason.Evidence[0].Quote != "i want to cancel" || reason.Evidence[0].CallSecond != 75.4 {
		t.Errorf("%+v", reason)
	}
	near(t, "value", reason.Value, 45, 1e-9)
}

func TestSilenceSaysWhy(t *testing.T) {
	t.Parallel()
	sell := actionText("sell", "    purpose: marketing")
	asked := actionText("asked", "    purpose: service\n    policies: [{id: p, kind: applicability, when: 'label(\"intent.refund\")', why: w}]")
	answered := request(cus("cus_1"), nil, "intent.refund")
	answered.Outcomes = []decide.Outcome{{Action: "asked", Outcome: "dismissed", CallID: "call_1", At: noon}}
	cases := []struct {
		name, actions string
		request       decide.Request
		want          string
	}{
		{"no permission", sell, request(cus("cus_1"), nil), "the customer has not allowed any of it on this channel"},
		{"nothing said", asked, request(cus("cus_1"), nil), "nothing was said yet that calls for it"},
		{"nothing that matters", asked, request(cus("cus_1"), nil, "intent.greeting"), "nothing said so far calls for it"},
		{"answered", asked, answered, "what would fit was already answered or is resting"},
		{"open issue", sell, request(having(fact("ticket.opened", 3*day)), grant(consent.Marketing)), "a ticket of 3 days ago is still open"},
	}
	for _, c := range cases {
		dec := decider(t, decide.Options{}, catalogueText(c.actions)).Decide("d", c.request)
		if want := "Nothing to suggest: " + c.want + "."; dec.Because != want || len(dec.Actions) != 0 {
			t.Errorf("%s: %q, want %q", c.name, dec.Because, want)
		}
	}
}

func TestRefusalsNameTheRow(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{}, catalogueText(actionText("sell", "    purpose: marketing")))
	reset := deny(consent.Marketing)
	reset[0].State = consent.Unknown
	expired := grant(consent.Marketing)
	expired[0].Expires = noon.Add(-time.Hour)
	for want, ledger := range map[string][]consent.Row{
		"no word on marketing by agent yet, and unknown is not granted":                                nil,
		"marketing by agent was denied on 14 April 2026 (web)":                                         deny(consent.Marketing),
		"marketing by agent was reset on 14 April 2026 (web)":                                          reset,
		"marketing by agent was allowed on 14 April 2025 (web preference centre) and that has expired": expired,
		"the customer asked not to be profiled: only plain service is left":                            append(grant(consent.Marketing), deny(consent.Profiling)...),
	} {
		if e := exclusion(t, d.Decide("d", request(cus("cus_1"), ledger)), "sell"); e.Why != want {
			t.Errorf("got %q, want %q", e.Why, want)
		}
	}
}
