package decide_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// noon is the moment that the examples play at.
var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

func exampleA(t *testing.T) *decide.Decider {
	t.Helper()
	cat, err := decide.LoadCatalogue(os.DirFS("testdata/example_a"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: cat, Propensity: decide.Fixed{}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func grant(p consent.Purpose) []consent.Row {
	return []consent.Row{consent.Seal(nil, consent.Row{
		ID: "con_1", CustomerID: "cus_1", Cell: consent.Cell{Purpose: p}, State: consent.Granted,
		At: noon.AddDate(-1, 0, 0), RecordedAt: noon.AddDate(-1, 0, 0), Source: "web preference centre", Actor: "customer",
	})}
}

var exampleSlots = []struct{ slot, channel string }{
	{"agent.call", "agent"}, {"web.banner", "web"}, {"outbound.email", "email"},
}

// TestExampleARetentionPurchaseReward is acceptance example A: the numbers,
// the same answer on every channel, the evidence, and the queued e-mail that
// is cancelled.
func TestExampleARetentionPurchaseReward(t *testing.T) {
	t.Parallel()
	d := exampleA(t)
	p := customer.New("cus_1", noon.AddDate(-3, 0, 0))
	p.Seen(customer.Identifier{Type: "email", Value: "maria@example.com", FirstSeen: noon, LastSeen: noon})
	ledger := grant(consent.Marketing)
	queued := make(map[string]decide.Decision)

	ask := func(step string, at time.Time, wantAction string, wantPriority, wantChurn float64) {
		t.Helper()
		for _, s := range exampleSlots {
			prev := queued[s.slot]
			r := decide.Request{Slot: s.slot, Channel: s.channel, At: at, Profile: p, Ledger: ledger}
			if prev.ID != "" {
				r.Previous = &prev
			}
			dec := d.Decide(fmt.Sprintf("dec_%s_%s", step, s.channel), r)
			if len(dec.Actions) == 0 || dec.Actions[0].Action != wantAction {
				t.Fatalf("%s on %s: got %v (%s), want %s", step, s.slot, dec.Actions, dec.Because, wantAction)
			}
			first := dec.Actions[0]
			near(t, step+" priority on "+s.slot, first.Priority, wantPriority, 0.005)
			near(t, step+" churn on "+s.slot, p.Value(customer.ChurnRisk, at), wantChurn, 0.005)
			near(t, step+" product of the terms", first.P*first.C*first.V*first.L, first.Priority, 1e-9)
			if first.Pi != 1 || first.AllowedBy.Row != "con_1" || first.AllowedBy.State != consent.Granted {
				t.Errorf("%s: pi %v allowed by %+v", step, first.Pi, first.AllowedBy)
			}
			queued[s.slot] = dec
		}
	}

	ask("start", noon, "up.fibre", 3.20, 0.10)

	events := []string{"evt_page_1", "evt_page_2", "evt_page_3"}
	for i, id := range events {
		at := noon.Add(time.Duration(1+4*i) * time.Minute)
		if !p.Observe(customer.Fact{EventID: id, Name: "page.cancel", At: at}) {
			t.Fatalf("page view %s did not count", id)
		}
	}
	later := noon.Add(9 * time.Minute)
	ask("leaving", later, "ret.loyalty20", 23.76, 0.75)
	explains(t, queued["agent.call"].Actions[0], events)

	if !p.Observe(customer.Fact{EventID: "evt_buy", Name: "purchase", At: later.Add(time.Minute), Props: map[string]any{"product": "Fibre 500"}}) {
		t.Fatal("the purchase did not count")
	}
	email := queued["outbound.email"]
	if !d.Affected(email, decide.ChangedBy("purchase")) {
		t.Fatal("a purchase must re-decide the queued e-mail")
	}
	ask("bought", later.Add(time.Minute), "rew.thanks", 8.19, 0.20)

	s, ok := decide.Supersede(email, queued["agent.call"])
	if !ok || s.Reason != "superseded" || s.Action != "ret.loyalty20" || s.Decision != email.ID || s.By != queued["agent.call"].ID {
		t.Fatalf("supersession %+v, %v", s, ok)
	}
	if !strings.Contains(s.Why, "churn risk 0.20") || !strings.Contains(s.Why, "rew.thanks is the next best action now") {
		t.Errorf("why %q", s.Why)
	}
	if got := queued["outbound.email"].Supersedes; got != email.ID {
		t.Errorf("the new e-mail decision supersedes %q, want %q", got, email.ID)
	}
	if !strings.Contains(queued["agent.call"].Actions[0].Because, "Bought Fibre 500 just now") {
		t.Errorf("reward because %q", queued["agent.call"].Actions[0].Because)
	}
}

// explains checks that a choice names the events that it was made from.
func explains(t *testing.T, c decide.Choice, events []string) {
	t.Helper()
	if want := "Looked at the cancel page three times in the last 10 minutes."; c.Because != want {
		t.Errorf("because %q, want %q", c.Because, want)
	}
	named := map[string]bool{}
	for _, r := range c.Reasons {
		if r.Kind == "signal" && r.Name == customer.ChurnRisk {
			near(t, "reason's churn", r.Value, 0.75, 0.005)
			for _, e := range r.Evidence {
				named[e.EventID] = true
			}
		}
	}
	for _, id := range events {
		if !named[id] {
			t.Errorf("the reason does not name %s: %+v", id, c.Reasons)
		}
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.4f, want %.4f", what, got, want)
	}
}
