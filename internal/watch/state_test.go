package watch_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/watch"
)

// reading is a context that tells when somebody reads the database with it.
type reading struct {
	context.Context

	now func()
}

func (c reading) Done() <-chan struct{} {
	c.now()
	return c.Context.Done()
}

// Words in the making are put on the board while the database is read: a slow
// disk holds up no call.
func TestNobodyWaitsForTheDatabase(t *testing.T) {
	r := newRig(t)
	c := aCall("a")
	r.commit(event.CallStarted, c, c)
	var reads atomic.Int64
	ctx := reading{t.Context(), func() { // it would wait for ever
		r.Heard("a", insights.Agent, insights.Seconds(reads.Add(1)))
	}}
	if _, err := r.Cursor(ctx); err != nil || reads.Swap(0) == 0 {
		t.Fatalf("nothing was read, or %v", err)
	}
	if _, err := r.Make(ctx, watch.Person{ID: "sue"}, store.WatchWanted{Name: "x", Kind: watch.KindAsks}); err != nil {
		t.Fatal(err)
	}
	if got := r.board().Calls[0].Spoken; int64(got) != reads.Load() || got < 2 {
		t.Errorf("spoken %v, read %d times", got, reads.Load())
	}
}

// A call that an earlier process left open is of the past: no rule tells of it,
// whatever is heard from its recording, until somebody speaks on it again.
func TestNothingIsToldOfThePast(t *testing.T) {
	r := newRig(t)
	c := aCall("a")
	r.commit(event.CallStarted, c, c)
	r.say(c, 1, insights.Customer, "bad", mood(-1))
	r.say(c, 30, insights.Customer, "a lawyer", mood(-1), named(insights.Moment, "escalation"))
	r.now = noon
	r.make(store.WatchWanted{Kind: watch.KindPhrase, Phrase: "lawyer"})
	r.make(store.WatchWanted{Kind: watch.KindAsks})
	r.make(store.WatchWanted{Kind: watch.KindMood, Level: -0.3, Seconds: 10})
	r.make(store.WatchWanted{Kind: watch.KindSilence, Seconds: 15})
	r.make(store.WatchWanted{Kind: watch.KindLong, Seconds: 60})
	r.now = noon.Add(35 * time.Second)
	r.restart()
	r.follow()
	r.now = noon.Add(time.Hour)
	r.n++
	u := insights.Utterance{ID: "late", CallID: c.ID, Seq: r.n, Speaker: insights.Customer, Start: 40, End: 42, Text: "my lawyer", Recovered: true}
	r.commit(event.UtteranceSpoken, c, event.Spoken{Utterance: u})
	r.follow()
	r.Beat(t.Context())
	if got := r.kinds(); len(got) != 0 {
		t.Errorf("told of the past: %v", got)
	}
	r.say(c, 50, insights.Customer, "the lawyer again", mood(-1))
	r.follow()
	if got := r.kinds(); len(got) != 2 || got[0] != "mood" || got[1] != "phrase" {
		t.Errorf("it goes on: %v", got)
	}
}

// What is too old is forgotten when the process starts: it may never be up for a
// day.
func TestOldAlertsAreForgottenAtTheStart(t *testing.T) {
	r := newRig(t)
	r.told(store.WatchWanted{})
	r.now = r.now.AddDate(0, 0, 31)
	ctx, cancel := context.WithCancel(t.Context())
	r.asked = cancel
	r.Service.Run(ctx)
	r.asked = nil
	if err := r.db.Write(t.Context(), func(*store.Tx) error { return nil }); err != nil { // the one before is over
		t.Fatal(err)
	}
	page, _, err := r.db.WatchAlerts(t.Context(), noon, false, "", 10)
	if err != nil || len(page) != 0 {
		t.Errorf("%+v, %v", page, err)
	}
}

// What a profile tells counts for the call while its person is the caller.
func TestTheCallIsOfWhoCalls(t *testing.T) {
	r := newRig(t)
	c := aCall("a")
	r.commit(event.CallStarted, c, c)
	r.commit(event.ProfileChanged, c, map[string]any{"id": "p-x", "name": "Bert", "readings": []any{map[string]any{"name": "churn_risk", "value": 0.9}}})
	r.follow()
	if got := r.board().Calls[0]; got.Customer != "Maria a" || got.Risk.Value != 0 {
		t.Errorf("of somebody else: %q %+v", got.Customer, got.Risk)
	}
	for _, step := range []struct {
		to, name string
		parts    int
	}{{"p-x", "Bert", 1}, {"p-y", "", 0}} {
		r.commit(event.CallMoved, c, event.Moved{To: step.to})
		r.follow()
		if got := r.board().Calls[0]; got.CustomerID != step.to || got.Customer != step.name || len(got.Risk.Parts) != step.parts {
			t.Errorf("%s: %+v", step.to, got)
		}
	}
}

// Nothing is remembered of somebody who was erased, were they only once thought
// to be the caller.
func TestWhoWasErasedIsNotRemembered(t *testing.T) {
	r := newRig(t)
	c := aCall("a")
	r.commit(event.CallStarted, c, c)
	r.commit(event.ProfileChanged, c, map[string]any{"id": "p-x", "name": "Bert", "readings": []any{map[string]any{"name": "churn_risk", "value": 0.9}}})
	r.follow()
	e, err := event.New(event.ProfileErased, r.now, event.About{Subject: "p-x"}, map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.Append(e) }); err != nil {
		t.Fatal(err)
	}
	r.follow()
	r.commit(event.CallMoved, c, event.Moved{To: "p-x"})
	r.follow()
	if got := r.board().Calls[0]; got.Customer != "" || got.Risk.Value != 0 {
		t.Errorf("of who was erased is left %q %+v", got.Customer, got.Risk)
	}
}
