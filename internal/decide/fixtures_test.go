package decide_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// shop is the demonstration's catalogue with the defaults of a fresh server.
func shop(t testing.TB) *decide.Decider {
	t.Helper()
	cat, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: cat})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// caller folds labels of a live call into a profile, as the brain does, and
// asks what to do.
func caller(p customer.Profile, ledger []consent.Row, labels ...string) decide.Request {
	r := decide.Request{Slot: "agent.call", Channel: "agent", CallID: "call_1", At: noon, Language: "en", Ledger: ledger}
	for i, l := range labels {
		value := 0.0
		if name, ok := strings.CutPrefix(l, "sentiment:"); ok {
			l = "sentiment"
			if _, err := fmt.Sscanf(name, "%f", &value); err != nil {
				panic(err)
			}
		}
		s := insights.Signal{Label: l, Value: value, Confidence: 0.9, Speaker: insights.Customer, CallID: "call_1", At: insights.Seconds(12 + 9*i)}
		p.Hear(s, fmt.Sprintf("evt_%d", i), noon.Add(time.Duration(i-60)*time.Second))
		r.Labels = append(r.Labels, l)
		r.Heard = append(r.Heard, s)
	}
	r.Profile = p
	return r
}

func TestShopSuggestsWhatTheCallCallsFor(t *testing.T) {
	t.Parallel()
	d := shop(t)
	marketing := grant(consent.Marketing)
	calm := customer.New("cus_1", noon)
	buyer := calm.Clone()
	buyer.Observe(customer.Fact{EventID: "b", Name: "purchase", At: noon.Add(-26 * time.Hour), Props: map[string]any{"product": "a phone case"}})
	cases := []struct {
		name    string
		profile customer.Profile
		ledger  []consent.Row
		labels  []string
		want    string // the first action, "" for silence
		because string
	}{
		{"cancellation of an unknown caller", calm, nil, []string{"intent.greeting", "intent.cancel", "theme.price", "theme.contract", "moment.competitor_named", "moment.price_objection", "sentiment:-0.4"}, "ret.loyalty_discount", "Asked to cancel 0:21 into this call, named a competitor and finds the price too high."},
		{"cancellation, nothing else", calm, nil, []string{"intent.cancel"}, "ret.loyalty_discount", "Asked to cancel 0:12 into this call."},
		{"late delivery", calm, nil, []string{"intent.order_status", "theme.late_delivery", "intent.delivery_problem", "sentiment:-0.5"}, "srv.delivery_status", "Reported a late delivery 0:21 into this call, asked where the order is and reported a delivery problem."},
		{"late delivery with a threat to leave", calm, nil, []string{"theme.late_delivery", "intent.delivery_problem", "intent.cancel"}, "srv.delivery_status", ""},
		{"wrong item", calm, nil, []string{"theme.wrong_item", "intent.delivery_problem"}, "srv.replacement", ""},
		{"double charge", calm, nil, []string{"intent.double_charge", "theme.double_charge", "intent.refund", "theme.billing"}, "srv.refund_double_charge", "Was charged twice 0:12 into this call and asked for a refund."},
		{"upgrade with permission", calm, marketing, []string{"intent.upgrade_interest", "theme.upgrade", "intent.price_question"}, "up.fibre", "Is interested in an upgrade 0:12 into this call."},
		{"upgrade without permission", calm, nil, []string{"intent.upgrade_interest", "theme.upgrade"}, "srv.upgrade_advice", ""},
		{"upgrade during a complaint", calm, marketing, []string{"intent.upgrade_interest", "intent.complaint"}, "care.apology", ""},
		{"complaint for a supervisor", calm, nil, []string{"intent.complaint", "sentiment:-0.8", "moment.escalation", "intent.human", "theme.staff_complaint"}, "care.supervisor", "Asked for a supervisor 0:30 into this call, asked for a person in charge and complained."},
		{"complaint", calm, nil, []string{"intent.complaint", "sentiment:-0.8"}, "care.apology", ""},
		{"praise", calm, nil, []string{"intent.praise", "theme.staff_praise", "moment.thanks", "sentiment:0.8"}, "loy.thanks_reward", ""},
		{"polite thanks are no praise", calm, nil, []string{"moment.thanks"}, "", ""},
		{"bought yesterday", buyer, nil, nil, "loy.thanks_reward", "Bought a phone case a day ago."},
		{"greeting only", calm, marketing, []string{"intent.greeting"}, "", ""},
		{"nothing said", calm, marketing, nil, "", ""},
		{"payment problem", calm, nil, []string{"intent.payment_problem"}, "srv.payment_plan", ""},
		{"technical", calm, nil, []string{"intent.technical_problem", "theme.outage"}, "srv.line_check", ""},
		{"lost card", calm, nil, []string{"theme.card_lost"}, "srv.card_advice", ""},
		{"stop contact", calm, nil, []string{"intent.stop_contact"}, "priv.stop_contact", ""},
		{"stop calls", calm, nil, []string{"intent.stop_calls"}, "priv.stop_calls", "Asked not to be called 0:12 into this call."},
		{"stop e-mails", calm, nil, []string{"intent.stop_emails"}, "priv.stop_emails", ""},
		{"stop text messages", calm, nil, []string{"intent.stop_sms"}, "priv.stop_sms", ""},
		{"stop letters", calm, nil, []string{"intent.stop_post"}, "priv.stop_post", ""},
		{"who wants no offers is sold nothing", calm, marketing, []string{"intent.upgrade_interest", "intent.stop_emails"}, "priv.stop_emails", ""},
		{"outage", calm, nil, []string{"intent.outage"}, "srv.line_check", ""},
		{"slow", calm, nil, []string{"intent.slow_internet"}, "srv.line_check", ""},
		{"pay in parts", calm, nil, []string{"intent.installment_plan"}, "srv.payment_plan", ""},
		{"stolen card", calm, nil, []string{"intent.card_lost"}, "srv.card_advice", ""},
		{"another plan", calm, nil, []string{"intent.change_tariff"}, "srv.tariff_check", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dec := d.Decide("dec_1", caller(c.profile.Clone(), c.ledger, c.labels...))
			got := ""
			if len(dec.Actions) > 0 {
				got = dec.Actions[0].Action
			}
			if got != c.want {
				t.Fatalf("got %q, want %q\nbecause %s\nranking %s", got, c.want, dec.Because, ranking(dec))
			}
			if dec.Because == "" || len(dec.Actions) > 3 {
				t.Errorf("because %q, %d actions", dec.Because, len(dec.Actions))
			}
			if c.because != "" && dec.Actions[0].Because != c.because {
				t.Errorf("because %q, want %q", dec.Actions[0].Because, c.because)
			}
			if seen := len(dec.Actions) + len(dec.NotChosen); seen != len(d.Catalogue().Actions()) {
				t.Errorf("%d candidates have a fate, want %d", seen, len(d.Catalogue().Actions()))
			}
		})
	}
}

func ranking(dec decide.Decision) string {
	var b strings.Builder
	for _, a := range dec.Actions {
		fmt.Fprintf(&b, "\n  %s %.2f = %.2f x %.2f x %.2f x %.2f", a.Action, a.Priority, a.P, a.C, a.V, a.L)
	}
	for _, e := range dec.NotChosen {
		fmt.Fprintf(&b, "\n  not %s: %d %s: %s", e.Action, e.Step, e.Rule, e.Why)
	}
	return b.String()
}

func TestShopSaysWhyNothingIsSoldWithoutPermission(t *testing.T) {
	t.Parallel()
	dec := shop(t).Decide("dec_1", caller(customer.New("cus_1", noon), nil, "intent.upgrade_interest"))
	e := exclusion(t, dec, "up.fibre")
	if e.Step != 1 || e.Rule != "consent.marketing" || !strings.Contains(e.Why, "unknown is not granted") {
		t.Errorf("exclusion %+v", e)
	}
	if got := dec.Actions[0].AllowedBy; got.Basis != "contract" || got.State != consent.Unknown {
		t.Errorf("allowed by %+v, want the contract", got)
	}
}

func exclusion(t *testing.T, dec decide.Decision, action string) decide.Exclusion {
	t.Helper()
	for _, e := range dec.NotChosen {
		if e.Action == action {
			return e
		}
	}
	t.Fatalf("%s has no fate: %s", action, ranking(dec))
	return decide.Exclusion{}
}
