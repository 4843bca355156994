package brain_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/store"
)

// asLogged decides every moment of a person's past again and gives how many
// decisions there were. One that differs fails the test.
func (w *world) asLogged(t *testing.T, id string) int {
	t.Helper()
	people, err := w.Kin(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	n, last := 0, make(map[string]*decide.Decision)
	_, err = w.Past(t.Context(), people, func(m *brain.Moment) error {
		r := m.Request
		if r.CallID != "" {
			r.Previous = last[r.CallID]
		}
		d := w.decider.Decide(m.Logged.ID, r)
		d.Snapshot = m.Logged.Snapshot // the sum of a request that is told differently
		last[d.CallID] = &d
		was, now := asJSON(t, m.Logged), asJSON(t, d)
		if was != now {
			t.Errorf("decision %d was\n%s\nand is\n%s", n, was, now)
		}
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (w *world) later(d time.Duration) { w.clock = w.clock.Add(d) }

// bannerFor decides for a banner, as a web page does.
func (w *world) bannerFor(t *testing.T, id string) decide.Decision {
	t.Helper()
	d, err := w.Decide(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: id}, Slot: "web.banner", Channel: "web", N: 2})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *world) mayMarket(t *testing.T, id string, state consent.State, at time.Time) {
	t.Helper()
	row := consent.Row{CustomerID: id, Cell: consent.Cell{Purpose: consent.Marketing}, State: state, At: at, Source: "form", Actor: "customer", Evidence: "the form"}
	if _, err := w.SetConsent(t.Context(), row); err != nil {
		t.Fatal(err)
	}
}

func TestThePastIsToldAsItWas(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	w.later(time.Minute)
	w.say(t, "a", 1, insights.Customer, "cancel")
	w.later(10 * time.Second)
	w.mayMarket(t, c.CustomerID, consent.Granted, w.clock)
	w.say(t, "a", 2, insights.Agent, "greeting")
	w.say(t, "a", 3, insights.Customer, "competitor", "price_question")
	d := w.last(t, "a")
	w.later(20 * time.Second)
	if _, _, err := w.Outcome(t.Context(), decide.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: "rejected"}); err != nil {
		t.Fatal(err)
	}
	w.say(t, "a", 4, insights.Customer, "complaint")
	c.Status, c.EndedAt = "ended", new(w.clock)
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	w.later(50 * time.Hour)
	w.bannerFor(t, c.CustomerID)

	// Somebody else becomes one with them, and is parted again.
	other := w.start(t, "b", "+12025550143")
	w.say(t, "b", 1, insights.Customer, "upgrade_interest")
	link, err := w.Merge(t.Context(), c.CustomerID, other.CustomerID, "me")
	if err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.say(t, "b", 2, insights.Customer, "cancel")
	w.bannerFor(t, c.CustomerID)
	if _, err := w.Unmerge(t.Context(), link.ID, "me"); err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.bannerFor(t, c.CustomerID)
	// A late event: it happened before the first call.
	at := w.clock.Add(-100 * time.Hour)
	if _, err := w.Meet(t.Context(), customer.Proof{Kind: customer.ByCall}, "page.cancel", "0197a1b2-6a0e-7c7f-9e4e-3f5a0d2b1c90", at,
		customer.Identifier{Type: customer.Phone, Value: "+12025550142"}); err != nil {
		t.Fatal(err)
	}
	w.bannerFor(t, c.CustomerID)

	made, err := w.store.Decisions(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	more, err := w.store.Decisions(t.Context(), "b")
	if err != nil {
		t.Fatal(err)
	}
	if n := w.asLogged(t, c.CustomerID); n != len(made)+len(more)+4 || n < 9 {
		t.Errorf("%d decisions told, %d and %d in calls and 4 without", n, len(made), len(more))
	}
}

func TestAnyMomentCanBeAskedFor(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	began := w.clock
	w.mayMarket(t, c.CustomerID, consent.Granted, began)
	w.later(time.Minute)
	w.say(t, "a", 1, insights.Customer, "cancel")
	inCall := w.clock
	w.later(time.Hour)
	c.Status, c.EndedAt = "ended", new(w.clock)
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	w.later(24 * time.Hour)
	w.mayMarket(t, c.CustomerID, consent.Withdrawn, inCall.Add(-time.Second)) // learnt of today
	ask := func(at, known time.Time, channel string) decide.Request {
		t.Helper()
		r, err := w.At(t.Context(), c.CustomerID, brain.Then{At: at, Known: known, Channel: channel})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := ask(inCall, inCall, "agent")
	if r.CallID != "a" || !slices.ContainsFunc(r.Heard, func(s insights.Signal) bool { return s.Label == "intent.cancel" }) || !r.At.Equal(inCall) {
		t.Errorf("in the call: %q, heard %v at %v", r.CallID, r.Heard, r.At)
	}
	if v := r.Profile.Value(customer.ChurnRisk, r.At); v < 0.4 {
		t.Errorf("churn risk %v after they said that they leave", v)
	}
	cell := consent.Cell{Purpose: consent.Marketing}
	if a := consent.Now(r.Ledger, cell, r.At); a.State != consent.Granted {
		t.Errorf("known then: %s", a.State)
	}
	if a := consent.Now(ask(inCall, w.clock, "agent").Ledger, cell, inCall); a.State != consent.Withdrawn {
		t.Errorf("known today: %s", a.State)
	}
	before := ask(began, began, "agent")
	if len(before.Heard) != 0 || before.Profile.Value(customer.ChurnRisk, began) > 0.2 {
		t.Errorf("before anything was said: %+v", before)
	}
	if web := ask(inCall, inCall, "web"); web.CallID != "" || !web.OnPhone {
		t.Errorf("on the web they are on the phone: %+v", web)
	}
	if _, err := w.At(t.Context(), "nobody", brain.Then{At: w.clock, Known: w.clock, Channel: "web"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}
