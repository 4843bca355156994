package brain_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"heed/insights"
	"heed/insights/offer"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/correct"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// listening is a world whose brain hears what becomes of its suggestions.
func listening(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.listen()
	return w
}

func (w *world) listen() {
	w.Brain = brain.New(brain.Options{
		Store: w.store, Decider: w.decider, Logger: slog.New(slog.DiscardHandler), Region: "US", Now: w.now,
		Wording: correct.Wording, Hearing: offer.Read,
	})
}

// speak commits words, some seconds after those before.
func (w *world) speak(t *testing.T, call string, seq int, who insights.Speaker, text string) insights.Utterance {
	t.Helper()
	u := insights.Utterance{
		ID: event.NewID(), CallID: call, Seq: seq, Speaker: who, Text: text, Language: "en",
		Start: insights.Seconds(seq * 10), End: insights.Seconds(seq*10 + 8), Confidence: .9,
	}
	began, err := w.store.Call(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	w.clock = began.StartedAt.Add(u.End.Duration())
	if err := w.Heard(t.Context(), call, u, nil); err != nil {
		t.Fatal(err)
	}
	return u
}

// offered is a call on which the agent read out the first suggestion.
func (w *world) offered(t *testing.T) (decide.Decision, insights.Utterance) {
	t.Helper()
	w.start(t, "a", "+12025550142")
	w.clock = w.clock.Add(14 * time.Second) // when those words were said
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	if len(d.Actions) == 0 {
		t.Fatal("nothing is suggested")
	}
	return d, w.speak(t, "a", 2, insights.Agent, d.Actions[0].Say)
}

func (w *world) proposals(t *testing.T) []decide.Proposal {
	t.Helper()
	found, err := w.store.ProposalsOf(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (w *world) proposal(t *testing.T) decide.Proposal {
	t.Helper()
	found := w.proposals(t)
	if len(found) != 1 {
		t.Fatalf("%d proposals: %+v", len(found), found)
	}
	return found[0]
}

// told gives what events told of proposals.
func (w *world) told(t *testing.T) (out []decide.Proposal) {
	t.Helper()
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: "a", Types: []event.Type{event.OutcomeProposed}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		var p decide.Proposal
		if err := json.Unmarshal(e.Data, &p); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func (w *world) answers(t *testing.T) []decide.Outcome {
	t.Helper()
	found, err := w.store.Outcomes(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func confirming(p decide.Proposal) decide.Outcome {
	return decide.Outcome{DecisionID: p.DecisionID, Action: p.Action, Outcome: p.Outcome, Heard: p.ID, Actor: "dana"}
}

func TestWhatTheCustomerSaysOfAnOfferIsProposed(t *testing.T) {
	for words, want := range map[string]string{
		"yes please that sounds great": decide.Accepted,
		"no thank you":                 decide.Rejected,
		"let me think about it":        decide.Later,
	} {
		t.Run(want, func(t *testing.T) {
			w := listening(t)
			d, said := w.offered(t)
			first := w.proposal(t)
			if first.State != decide.JustOffered || first.Offer != said.ID || first.Outcome != "" || first.DecisionID != d.ID {
				t.Errorf("after the offer: %+v", first)
			}
			reply := w.speak(t, "a", 3, insights.Customer, words)
			p := w.proposal(t)
			if p.Outcome != want || p.State != decide.Open || p.Reply != reply.ID || p.Offer != said.ID || p.DecisionID != d.ID || p.Action != d.Actions[0].Action {
				t.Errorf("%+v", p)
			}
			if told := w.told(t); len(told) != 2 || told[1] != p {
				t.Errorf("told %+v", told)
			}
			if got := w.answers(t); len(got) != 0 {
				t.Errorf("recorded before anybody confirmed it: %+v", got)
			}
		})
	}
}

func TestAConfirmedProposalIsOneOutcome(t *testing.T) {
	w := listening(t)
	w.offered(t)
	w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	p := w.proposal(t)
	for range 2 {
		o, _, err := w.Outcome(t.Context(), confirming(p))
		if err != nil || o.Heard != p.ID || o.Source != "heard" {
			t.Fatalf("%+v, %v", o, err)
		}
	}
	if got := w.answers(t); len(got) != 1 || got[0].Outcome != decide.Accepted {
		t.Errorf("outcomes %+v", got)
	}
	if p := w.proposal(t); p.State != decide.Confirmed {
		t.Errorf("%+v", p)
	}
	// It was a yes, and it is not suggested in this call again.
	if d := w.last(t, "a"); slices.ContainsFunc(d.Actions, func(c decide.Choice) bool { return c.Action == p.Action }) {
		t.Error("it is suggested again")
	}
	// Said once more it proposes nothing, taken back it does.
	w.speak(t, "a", 4, insights.Customer, "yes please that sounds great")
	if again := w.proposal(t); again.State != decide.Confirmed {
		t.Errorf("%+v", again)
	}
	if _, err := w.Mishear(t.Context(), "a", p.ID, true); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("a confirmed one was called misheard: %v", err)
	}
	no := confirming(p)
	no.Heard, no.Outcome = "", decide.Rejected
	if _, _, err := w.Outcome(t.Context(), no); err != nil {
		t.Fatal(err)
	}
	if p := w.proposal(t); p.State != decide.ByHand {
		t.Errorf("%+v", p)
	}
}

func TestOnlyWhatWasHeardIsConfirmed(t *testing.T) {
	w := listening(t)
	w.offered(t)
	w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	p := w.proposal(t)
	before, err := w.store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*decide.Outcome){
		"another answer":   func(o *decide.Outcome) { o.Outcome = decide.Rejected },
		"unknown proposal": func(o *decide.Outcome) { o.Heard = "nope" },
		"unknown decision": func(o *decide.Outcome) { o.DecisionID = "nope" },
	} {
		o := confirming(p)
		change(&o)
		if _, _, err := w.Outcome(t.Context(), o); !errors.Is(err, brain.ErrInvalid) && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, id := range []string{"nope", p.Reply} {
		if _, err := w.Mishear(t.Context(), "a", id, true); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("misheard %q: %v", id, err)
		}
	}
	if after, err := w.store.LastSeq(t.Context()); err != nil || after != before {
		t.Errorf("what was refused committed %d events, %v", after-before, err)
	}
	if parked, err := w.store.Parked(t.Context(), 10); err != nil || len(parked) != 0 {
		t.Errorf("%d parked, %v", len(parked), err)
	}
}

func TestAMisheardProposalTeachesNothingAndComesBack(t *testing.T) {
	w := listening(t)
	w.offered(t)
	w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	p := w.proposal(t)
	for _, misheard := range []bool{true, true, false, true} {
		if _, err := w.Mishear(t.Context(), "a", p.ID, misheard); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.told(t); len(got) != 5 || got[4].State != decide.Misheard { // offer, answer, and three changes
		t.Errorf("told %+v", got)
	}
	if len(w.answers(t)) != 0 || w.proposal(t).State != decide.Misheard {
		t.Errorf("%+v", w.proposal(t))
	}
	// The same said again is heard again.
	w.speak(t, "a", 4, insights.Customer, "yes please I would like that")
	if again := w.proposal(t); again.State != decide.Open || again.ID == p.ID {
		t.Errorf("%+v", again)
	}
}

func TestAnAnswerByHandNeedsNoProposal(t *testing.T) {
	w := listening(t)
	d, _ := w.offered(t)
	o := decide.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: decide.Accepted, Actor: "dana"}
	if _, _, err := w.Outcome(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	if p := w.proposal(t); p.Outcome != "" || p.State != decide.ByHand {
		t.Errorf("the agent's own word was proposed: %+v", p)
	}
}

func TestACorrectedLineTakesItsProposalBack(t *testing.T) {
	w := listening(t)
	w.offered(t)
	reply := w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	if _, err := w.Correct(t.Context(), "a", reply.ID, "Yes, but it is not so great.", brain.Corrector{ID: "u", Name: "Dana"}); err != nil {
		t.Fatal(err)
	}
	if p := w.proposal(t); p.State != decide.Misheard {
		t.Errorf("%+v", p)
	}
}

func TestNothingIsProposedOfWhoIsNotTracked(t *testing.T) {
	w := listening(t)
	c := w.start(t, "a", "+12025550142")
	w.say(t, "a", 1, insights.Customer, "cancel")
	d := w.last(t, "a")
	_, err := w.SetConsent(t.Context(), consent.Row{
		CustomerID: c.CustomerID, Cell: consent.Cell{Purpose: consent.Tracking}, State: consent.Withdrawn, Source: "agent", Actor: "dana",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.speak(t, "a", 2, insights.Agent, d.Actions[0].Say)
	w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	if p := w.proposals(t); len(p) != 0 {
		t.Errorf("%+v", p)
	}
}

// TestProposalsLiveThroughARestart: what stood on the screen is known to the
// process that takes the call up.
func TestProposalsLiveThroughARestart(t *testing.T) {
	w := listening(t)
	d, said := w.offered(t)
	w.listen()
	if _, _, err := w.OpenCalls(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	if p := w.proposal(t); p.Outcome != decide.Accepted || p.Offer != said.ID || p.DecisionID != d.ID {
		t.Errorf("%+v", p)
	}
}

// TestProposalsGoWithTheCall: a call that is another person's, or of which
// nothing is to be kept, takes its proposals with it.
func TestProposalsGoWithTheCall(t *testing.T) {
	w := listening(t)
	w.offered(t)
	if _, err := w.MoveCall(t.Context(), "a", brain.Elsewhere{Actor: "dana"}); err != nil {
		t.Fatal(err)
	}
	w.speak(t, "a", 3, insights.Customer, "yes please that sounds great")
	p := w.proposal(t)
	if p.Outcome != decide.Accepted {
		t.Errorf("after the move: %+v", p)
	}
	if _, _, err := w.Outcome(t.Context(), confirming(p)); err != nil {
		t.Fatal(err)
	}
	c, err := w.store.Call(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	c.Recording.Answer, c.Recording.AnsweredBy = "no", "caller"
	if err := w.RecordingAnswered(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if left := w.proposals(t); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: "a", Types: []event.Type{event.OutcomeProposed}})
	if err != nil || len(events) == 0 {
		t.Fatal(len(events), err)
	}
	for _, e := range events {
		if string(e.Data) != "null" {
			t.Errorf("the log still has %s", e.Data)
		}
	}
}
