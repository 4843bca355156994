package brain_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	annas = "+12025550142"
	berts = "+12025550143"
)

// household is a world with two people of whom something is known.
func household(t *testing.T) (w *world, anna, bert string) {
	t.Helper()
	w = newWorld(t)
	at := w.clock.Add(-48 * time.Hour)
	got := w.receive(t,
		did(annas, "m1", "page.product", at, map[string]any{"product": "fibre"}), did(berts, "m2", "page.cancel", at.Add(time.Hour), nil))
	return w, got[0].CustomerID, got[1].CustomerID
}

// known is what is folded and decided of a person, without what a call that
// was moved away leaves in history: two rows of the ledger that say nothing.
func (w *world) known(t *testing.T, id string) map[string]string {
	t.Helper()
	p := w.portrait(t, id)
	delete(p, "timeline")
	for name, text := range p {
		p[name] = withoutVersion.ReplaceAllString(text, "")
	}
	return p
}

// A call from Anna's number in which it was Bert who spoke: she is as if it had
// never been, he as if it had been his, and moved back all is as before.
func TestACallIsSomebodyElses(t *testing.T) {
	w, anna, bert := household(t)
	before := map[string]map[string]string{anna: w.known(t, anna), bert: w.known(t, bert)}
	c := w.start(t, "a", annas)
	if c.CustomerID != anna {
		t.Fatalf("the call is %s's", c.CustomerID)
	}
	w.say(t, "a", 1, insights.Customer, "cancel")
	w.say(t, "a", 2, insights.Customer, "stop_emails")
	shown := w.last(t, "a")
	if _, _, err := w.Outcome(t.Context(), brain.Outcome{DecisionID: shown.ID, Action: shown.Actions[0].Action, Outcome: "later", Actor: "Dana"}); err != nil {
		t.Fatal(err)
	}
	with := w.known(t, anna)
	if cmp.Equal(before[anna], with) {
		t.Fatal("the call told nothing of her")
	}

	moved, err := w.MoveCall(t.Context(), "a", brain.Elsewhere{Identifier: customer.Identifier{Type: customer.Phone, Value: "202-555-0143"}, Actor: "Dana"})
	if err != nil || moved.CustomerID != bert {
		t.Fatalf("%+v, %v", moved, err)
	}
	if diff := cmp.Diff(before[anna], w.known(t, anna)); diff != "" {
		t.Errorf("Anna without the call: %s", diff)
	}
	his := w.person(t, bert)
	if !strings.Contains(plain(his.Readings(w.clock)), "intent.cancel") || len(his.Influence) != 1 {
		t.Errorf("Bert: %+v", his.Readings(w.clock))
	}
	folded, err := w.Projected(t.Context(), bert)
	folded.Version = his.Version
	if err != nil || !cmp.Equal(folded, his.Profile) {
		t.Errorf("what is kept of him is not what his log makes: %v %s", err, cmp.Diff(folded, his.Profile))
	}
	for id, may := range map[string]bool{anna: true, bert: false} {
		rows := w.ledger(t, id)
		if err := consent.Verify(rows); err != nil {
			t.Error(err)
		}
		now := consent.Now(rows, consent.Cell{Purpose: consent.Marketing, Channel: "email"}, w.clock)
		if now.Denies() == may {
			t.Errorf("e-mail to %s: %+v", id, now)
		}
	}
	if n := len(consent.Open(w.ledger(t, bert))); n != 1 {
		t.Errorf("%d wishes wait for the agent's word on Bert", n)
	}

	// The agent sees him from then on, and what follows is his.
	if d := w.last(t, "a"); d.Subject != bert || !slices.Contains(w.types(t, "a"), event.CallMoved) {
		t.Errorf("decided for %s", d.Subject)
	}
	w.say(t, "a", 3, insights.Customer, "complaint")
	if raw := plain(w.person(t, bert)); !strings.Contains(raw, "intent.complaint") {
		t.Error("what he says next is not his")
	}
	if diff := cmp.Diff(before[anna], w.known(t, anna)); diff != "" {
		t.Errorf("Anna after his next words: %s", diff)
	}
	c.Status = event.CallOver // the session's own record does not know
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	if kept, err := w.store.Call(t.Context(), "a"); err != nil || kept.CustomerID != bert {
		t.Errorf("the end of the call gave it back: %+v %v", kept, err)
	}

	// Undone after the call: she has all of it, he has none.
	if _, err := w.MoveCall(t.Context(), "a", brain.Elsewhere{CustomerID: anna, Actor: "Dana"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before[bert], w.known(t, bert)); diff != "" {
		t.Errorf("Bert without the call: %s", diff)
	}
	if raw := plain(w.person(t, anna)); !strings.Contains(raw, "intent.complaint") || !strings.Contains(raw, "intent.cancel") {
		t.Error("she does not have her words back")
	}
}

// What was shown of the first person is not kept with the other, and nothing of
// the call stays under the first one's key.
func TestAMovedCallTellsNothingOfTheFirst(t *testing.T) {
	w, anna, bert := household(t)
	w.start(t, "a", annas)
	w.say(t, "a", 1, insights.Customer, "cancel")
	if _, err := w.MoveCall(t.Context(), "a", brain.Elsewhere{CustomerID: bert, Actor: "Dana"}); err != nil {
		t.Fatal(err)
	}
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: "a", Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if strings.Contains(string(e.Data), anna) && e.Type != event.CallMoved {
			t.Errorf("%s names her: %s", e.Type, e.Data)
		}
	}
	all, err := w.store.Decisions(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all[:len(all)-1] {
		if d.Subject != bert || len(d.Readings) != 0 || d.Because == "" || (len(d.Actions) > 0 && len(d.Actions[0].Reasons) != 0) {
			t.Errorf("a decision that rested on her: %+v", d)
		}
	}
	if said, err := w.store.Utterances(t.Context(), "a"); err != nil || len(said) != 1 || said[0].Text == "" {
		t.Errorf("what was said: %+v %v", said, err)
	}
}

func TestMovesThatAreRefused(t *testing.T) {
	w, anna, _ := household(t)
	w.start(t, "a", annas)
	for name, c := range map[string]struct {
		call string
		to   brain.Elsewhere
		want error
	}{
		"hers already":  {"a", brain.Elsewhere{CustomerID: anna}, brain.ErrInvalid},
		"no such call":  {"b", brain.Elsewhere{CustomerID: anna}, store.ErrNotFound},
		"nobody":        {"a", brain.Elsewhere{CustomerID: "nobody"}, store.ErrNotFound},
		"nobody's":      {"a", brain.Elsewhere{Identifier: customer.Identifier{Type: "email", Value: "who@example.com"}}, store.ErrNotFound},
		"no identifier": {"a", brain.Elsewhere{Identifier: customer.Identifier{Type: "user_id", Value: "null"}}, brain.ErrInvalid},
	} {
		if _, err := w.MoveCall(t.Context(), c.call, c.to); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if d := w.last(t, "a"); d.Subject != anna {
		t.Error("a refusal changed something")
	}
}

// A number that several people use names nobody: the next call from it is
// somebody's of whom nothing is known, and who called from it is proposed.
func TestAHouseholdPhone(t *testing.T) {
	w, anna, bert := household(t)
	w.start(t, "a", annas)
	if people, shared, err := w.Candidates(t.Context(), "a"); err != nil || shared || len(people) != 0 {
		t.Errorf("before: %v %v %v", people, shared, err)
	}
	if _, err := w.MoveCall(t.Context(), "a", brain.Elsewhere{CustomerID: bert, Shared: true, Actor: "Dana"}); err != nil {
		t.Fatal(err)
	}
	next := w.start(t, "b", annas)
	if next.CustomerID == anna || next.CustomerID == bert {
		t.Fatalf("the next call is %s's", next.CustomerID)
	}
	if people, shared, err := w.Candidates(t.Context(), "b"); err != nil || !shared || !slices.Equal(people, []string{bert, anna}) {
		t.Errorf("proposed: %v %v %v", people, shared, err)
	}
	if _, err := w.ConfirmCaller(t.Context(), "b", "Dana"); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("the phone of a household is somebody's own: %v", err)
	}
	if id, err := w.CallerProved(t.Context(), "b"); err != nil || id.Value != "" {
		t.Errorf("proved, it is somebody's own: %+v %v", id, err)
	}
	fresh, err := w.MoveCall(t.Context(), "b", brain.Elsewhere{Actor: "Dana"})
	if err != nil || fresh.CustomerID == next.CustomerID || fresh.CustomerID == anna {
		t.Errorf("somebody new: %+v %v", fresh, err)
	}
	if err := w.ShareNumber(t.Context(), "b", false); err != nil {
		t.Fatal(err)
	}
	if again := w.start(t, "c", annas); again.CustomerID != anna {
		t.Errorf("unshared, the call is %s's", again.CustomerID)
	}
	w.start(t, "d", "anonymous")
	if err := w.ShareNumber(t.Context(), "d", true); !errors.Is(err, brain.ErrInvalid) {
		t.Errorf("a withheld number: %v", err)
	}
}

// What a screen and the followers of the log are told of a decision is not what
// the model was told, nor what else might have been chosen; the stored one has it.
func TestTheLogTellsWhatIsShown(t *testing.T) {
	w, anna, _ := household(t)
	w.start(t, "a", annas)
	w.say(t, "a", 1, insights.Customer, "cancel")
	events, err := w.store.Events(t.Context(), store.EventQuery{Types: []event.Type{event.DecisionMade}, Limit: 100})
	if err != nil || len(events) < 2 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		for _, word := range []string{`"survivors"`, `"features"`, `"snapshot"`} {
			if strings.Contains(string(e.Data), word) {
				t.Errorf("an event tells %s", word)
			}
		}
	}
	if d := w.last(t, "a"); len(d.Survivors) == 0 || d.Snapshot == "" || d.Subject != anna {
		t.Errorf("the stored one lacks %+v", d)
	}
}
