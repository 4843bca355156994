package brain_test

import (
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// outcomes gives what is recorded of a decision, in order.
func (w *world) outcomes(t *testing.T, subject string) []string {
	t.Helper()
	all, err := w.store.OutcomesOf(t.Context(), subject, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range all {
		out = append(out, o.Outcome)
	}
	return out
}

func (w *world) sweep(t *testing.T) brain.Swept {
	t.Helper()
	done, err := w.Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// mailed decides on an e-mail for somebody who may be written to.
func (w *world) mailed(t *testing.T) (d decide.Decision, person string) {
	t.Helper()
	got := w.receive(t, did(annas, "m1", "purchase", w.clock.Add(-time.Hour), map[string]any{"product": "phone"}))
	person = got[0].CustomerID
	if _, err := w.SetConsent(t.Context(), consent.Row{CustomerID: person, Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, Source: "test", Actor: "Dana", Wording: "may we?", Evidence: "form"}); err != nil {
		t.Fatal(err)
	}
	d, err := w.Decide(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: person}, Slot: "web.banner", Channel: "web", N: 3})
	if err != nil || len(d.Actions) == 0 {
		t.Fatalf("%+v %v", d, err)
	}
	return d, person
}

// The time for an answer is over once, and only for what was shown; who answers
// in time, or too late, is heard.
func TestTheTimeForAnAnswer(t *testing.T) {
	w := newWorld(t)
	d, who := w.mailed(t)
	shown := brain.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: decide.Impression}
	if _, _, err := w.Outcome(t.Context(), shown); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(29 * time.Minute)
	if got := w.sweep(t); got.TimedOut != 0 {
		t.Errorf("too early: %+v", got)
	}
	w.clock = w.clock.Add(2 * time.Minute)
	if got := w.sweep(t); got.TimedOut != 1 {
		t.Errorf("in time: %+v", got)
	}
	if got := w.sweep(t); got.TimedOut != 0 {
		t.Errorf("twice: %+v", got)
	}
	w.clock = w.clock.Add(48 * time.Hour)
	shown.Outcome = decide.Clicked
	if _, _, err := w.Outcome(t.Context(), shown); err != nil {
		t.Fatal(err)
	}
	if got := w.outcomes(t, who); len(got) != 3 || got[1] != decide.NoResponse || got[2] != decide.Clicked {
		t.Errorf("%v", got)
	}

	answered, err := w.Decide(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: who}, Slot: "web.banner", Channel: "web", N: 3})
	if err != nil || len(answered.Actions) == 0 {
		t.Fatalf("%+v %v", answered, err)
	}
	for _, word := range []string{decide.Impression, decide.Accepted} {
		if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: answered.ID, Action: answered.Actions[0].Action, Outcome: word}); err != nil {
			t.Fatal(err)
		}
	}
	w.clock = w.clock.Add(time.Hour)
	if got := w.sweep(t); got.TimedOut != 0 {
		t.Errorf("it was answered: %+v", got)
	}
}

// Who answers while the time ends has answered.
func TestAnAnswerWhileTheTimeEnds(t *testing.T) {
	w := newWorld(t)
	d, who := w.mailed(t)
	say := func(outcome string) {
		if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: outcome}); err != nil {
			t.Error(err)
		}
	}
	say(decide.Impression)
	w.clock = w.clock.Add(time.Hour)
	looks := 0
	sweeper := brain.New(brain.Options{
		Store: w.store, Decider: w.decider, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time {
			if looks++; looks == 2 { // it has found what is overdue and has written nothing
				say(decide.Clicked)
			}
			return w.clock
		},
	})
	done, err := sweeper.Sweep(t.Context())
	if got := w.outcomes(t, who); err != nil || done.TimedOut != 0 || !slices.Equal(got, []string{decide.Impression, decide.Clicked}) {
		t.Errorf("%+v %v %v", done, err, got)
	}
	if again, err := sweeper.Sweep(t.Context()); err != nil || again.TimedOut != 0 {
		t.Errorf("again: %+v %v", again, err)
	}
}

// In a call the time begins when the call has ended, and what the agent did not
// bring up is no no.
func TestTheTimeForAnAnswerInACall(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", annas)
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: decide.Impression}); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(40 * time.Minute)
	if got := w.sweep(t); got.TimedOut != 0 {
		t.Errorf("while they speak: %+v", got)
	}
	c.Status, c.EndedAt = event.CallOver, new(w.clock)
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	w.clock = w.clock.Add(16 * time.Minute)
	if got := w.sweep(t); got.TimedOut != 1 {
		t.Errorf("after the call: %+v", got)
	}
	if got := w.outcomes(t, c.CustomerID); len(got) != 2 {
		t.Errorf("only what was said is waited for: %v", got)
	}
}

// An outcome of a decision that is not known waits for it a day.
func TestOutcomesOfUnknownDecisions(t *testing.T) {
	w := newWorld(t)
	o := brain.Outcome{DecisionID: "dec_unknown", Action: "x", Outcome: decide.Clicked, Actor: "shop", Key: "k1"}
	for range 2 {
		if _, _, err := w.Outcome(t.Context(), o); !errors.Is(err, brain.ErrParked) {
			t.Fatalf("%v", err)
		}
	}
	if got := w.sweep(t); got != (brain.Swept{}) {
		t.Errorf("it waits: %+v", got)
	}
	d, who := w.mailed(t)
	late := d
	late.ID = "dec_unknown"
	o.Action = d.Actions[0].Action
	o.DecisionID, o.Key = "dec_late", "k2"
	if _, _, err := w.Outcome(t.Context(), o); !errors.Is(err, brain.ErrParked) {
		t.Fatal(err)
	}
	late.ID = "dec_late"
	if err := w.store.Write(t.Context(), func(tx *store.Tx) error { return tx.AddDecision(late) }); err != nil {
		t.Fatal(err)
	}
	if got := w.sweep(t); got.Matched != 1 || got.Unmatched != 0 {
		t.Errorf("it has come: %+v", got)
	}
	if got := w.outcomes(t, who); len(got) != 1 || got[0] != decide.Clicked {
		t.Errorf("%v", got)
	}
	if _, repeated, err := w.Outcome(t.Context(), o); err != nil || !repeated {
		t.Errorf("the same again: %v %v", repeated, err)
	}
	w.clock = w.clock.Add(25 * time.Hour)
	if got := w.sweep(t); got.Unmatched != 1 {
		t.Errorf("given up: %+v", got)
	}
	if left, err := w.store.Parked(t.Context(), 10); err != nil || len(left) != 0 {
		t.Errorf("%v %v", left, err)
	}
}

// Events of other systems answer the suggestion whose decision they name, once,
// and only of their own person; a contact counts once, whoever tells of it.
func TestEventsAnswerSuggestions(t *testing.T) {
	w := newWorld(t)
	d, who := w.mailed(t)
	action := d.Actions[0].Action
	message := func(phone, id, outcome string) brain.Received {
		m := did(phone, id, "contact.email", w.clock, map[string]any{"decision": d.ID})
		m.Answers = []decide.Outcome{{DecisionID: d.ID, Outcome: outcome}}
		return m
	}
	w.receive(t, message(berts, "b1", decide.Clicked)) // Bert cannot answer for Anna
	if got := w.outcomes(t, who); len(got) != 0 {
		t.Fatalf("somebody else answered: %v", got)
	}
	for range 2 {
		w.receive(t, message(annas, "a1", decide.Impression))
	}
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: action, Outcome: decide.Impression, Channel: "email", Key: "other"}); err != nil {
		t.Fatal(err)
	}
	contacts := func() int { return w.person(t, who).Count("contact.email", 24*time.Hour, w.clock) }
	if n := contacts(); n != 1 {
		t.Errorf("%d contacts", n)
	}
	w.receive(t, message(annas, "a2", decide.Clicked))
	if got := w.outcomes(t, who); len(got) != 3 || contacts() != 1 {
		t.Errorf("%v, %d contacts", got, contacts())
	}
	m := message(annas, "a3", decide.Clicked)
	m.Answers[0].DecisionID = "dec_unknown"
	m.Facts = []customer.Fact{{Name: "email.clicked"}}
	w.receive(t, m) // parked, and no error for the sender
}

// Nothing was answered before it was asked, whatever the clocks of others say.
func TestClocksOfOthers(t *testing.T) {
	w := newWorld(t)
	d, _ := w.mailed(t)
	for i, at := range []time.Time{w.clock.AddDate(-30, 0, 0), w.clock.AddDate(30, 0, 0)} {
		o, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: []string{decide.Clicked, decide.Later}[i], At: at})
		if err != nil || o.At.Before(d.At) || o.At.After(w.clock) {
			t.Errorf("%s: %v %v", at, o.At, err)
		}
	}
}

// How long an answer is waited for is the action's own where it says so.
func TestTheTimeForAnAnswerIsTheActions(t *testing.T) {
	w := newWorld(t)
	d, _ := w.mailed(t)
	c, err := decide.LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(`version: 1
actions:
  - {id: ` + d.Actions[0].Action + `, issue: i, group: g, purpose: service, title: T, say: S, channels: [web], value: {margin: 9}, prior: {p: 0.2}, answers: {web: {timeout: 2h}}}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	w.decider.Use(c)
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: decide.Impression}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		over  int
	}{{31 * time.Minute, 0}, {2 * time.Hour, 1}} {
		w.clock = w.clock.Add(step.after)
		if got := w.sweep(t); got.TimedOut != step.over {
			t.Errorf("after %v: %+v", step.after, got)
		}
	}
}

// A message that the gate has let go and that is reported as shown is one
// contact.
func TestTheGateAndTheReportCountOneContact(t *testing.T) {
	w := newWorld(t)
	d, who := w.mailed(t)
	action := d.Actions[0].Action
	m := brain.Message{Whom: brain.Whom{CustomerID: who}, Channel: "push", Purpose: consent.Service, Action: action, DecisionID: d.ID, ID: "m1", By: "sender", Commit: true}
	if p, err := w.Gate(t.Context(), m); err != nil || !p.Counted {
		t.Fatalf("%+v %v", p, err)
	}
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: d.ID, Action: action, Outcome: decide.Impression, Channel: "push"}); err != nil {
		t.Fatal(err)
	}
	if n := w.person(t, who).Count("contact.push", time.Hour, w.clock); n != 1 {
		t.Errorf("%d contacts", n)
	}
}
