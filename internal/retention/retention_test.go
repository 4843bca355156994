package retention_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/retention"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var today = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// rig is a store with what is around it in memory.
type rig struct {
	*retention.Service
	t     *testing.T
	db    *store.Store
	audio map[string]bool
	stuck string   // a recording that cannot be destroyed
	gone  []string // forgotten by the index
	fail  error    // of the index
	begun func()   // before the rows of a call go
}

type tapes struct{ *rig }

func (a tapes) Destroy(id string) (bool, error) {
	if a.stuck == id {
		return false, errors.New("the disk does not answer")
	}
	was := a.audio[id]
	delete(a.audio, id)
	return was, nil
}

// words deletes words as the brain does, of somebody without a profile.
type words struct{ *rig }

func (w words) AgeTranscript(ctx context.Context, call string, before time.Time) error {
	if w.begun != nil {
		w.begun()
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		said, err := tx.AgeTranscript(call, before, today)
		if err != nil {
			return err
		}
		e, err := event.New(event.CallForgotten, today, event.About{Subject: call, Call: call}, event.Forgotten{Utterances: said})
		return errors.Join(err, tx.Append(e))
	})
}

type index struct{ *rig }

func (w index) Forget(_ context.Context, _ int64, calls, said []string) error {
	w.gone = append(w.gone, append(slices.Clone(calls), said...)...)
	return w.fail
}

type themes struct{}

func (themes) Forget(context.Context, []string) error { return nil }

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	r := &rig{t: t, db: db, audio: map[string]bool{}}
	r.Service = retention.New(retention.Options{
		Store: db, Audio: tapes{r}, Stored: func(id string) bool { return r.audio[id] }, Words: words{r}, Index: index{r}, Themes: themes{},
		Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return today },
	})
	return r
}

// call stores a call of a customer with a line, a decision and a recording.
func (r *rig) call(id, who string, days int, status event.CallStatus) {
	r.t.Helper()
	at := today.AddDate(0, 0, -days)
	c := event.Call{ID: id, Platform: "twilio", PlatformCall: id, CustomerID: who, Status: status, StartedAt: at, Recording: event.Recording{State: "kept"}}
	u := insights.Utterance{ID: "u-" + id, CallID: id, Seq: 1, Speaker: insights.Customer, Text: "secret words", Confidence: 1, End: 1}
	d := decide.Decision{ID: "d-" + id, Subject: who, CallID: id, At: at, Because: "secret words"}
	e, err := event.New(event.UtteranceSpoken, at, event.About{Subject: id, Call: id}, event.Spoken{Utterance: u})
	if err != nil {
		r.t.Fatal(err)
	}
	err = r.db.Write(r.t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.SaveCall(c), tx.AddUtterance(u), tx.AddDecision(d), tx.Append(e))
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.audio[id] = true
}

func (r *rig) set(class store.Kept, days int) {
	r.t.Helper()
	if err := r.Set(r.t.Context(), class, days, "Dana"); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) sweep() {
	r.t.Helper()
	if err := r.Sweep(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// said is how many lines are kept of a call.
func (r *rig) said(id string) int {
	r.t.Helper()
	lines, err := r.db.Utterances(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return len(lines)
}

func TestOnlyWhatIsTooOldGoes(t *testing.T) {
	r := newRig(t)
	r.call("old", "anna", 100, event.CallOver)
	r.call("new", "anna", 10, event.CallOver)
	r.call("live", "anna", 100, event.CallLive)
	r.sweep()
	if len(r.audio) != 3 || r.said("old") != 1 {
		t.Fatal("something is deleted before anybody set a period")
	}
	if calls, tapes, err := r.Preview(t.Context(), retention.Recordings, 90); err != nil || calls != 1 || tapes != 1 {
		t.Errorf("the preview: %d calls, %d recordings, %v", calls, tapes, err)
	}
	r.set(retention.Recordings, 90)
	r.sweep()
	c, err := r.db.Call(t.Context(), "old")
	if err != nil || r.audio["old"] || !r.audio["new"] || !r.audio["live"] || c.Recording.State != "none" || len(c.Health.Notes) != 1 || r.said("old") != 1 {
		t.Errorf("after the recordings: %+v, %v, %v", c.Recording, r.audio, err)
	}
	r.set(retention.Transcripts, 90)
	r.sweep()
	r.sweep()
	if r.said("old") != 0 || r.said("new") != 1 || r.said("live") != 1 || !slices.Equal(r.gone, []string{"old", "u-old"}) {
		t.Errorf("after the transcripts: %d, %d, %d; the index forgot %v", r.said("old"), r.said("new"), r.said("live"), r.gone)
	}
	all, err := r.db.Decisions(t.Context(), "old")
	if err != nil || len(all) != 1 || all[0].Because != decide.Aged {
		t.Errorf("the decisions are %+v, %v", all, err)
	}
	events, err := r.db.Events(t.Context(), store.EventQuery{Call: "old"})
	if err != nil || len(events) != 2 || !events[0].Erased() || events[1].Type != event.CallForgotten {
		t.Errorf("the log holds %+v, %v", events, err)
	}
	days, err := r.db.AgedByDay(t.Context())
	if err != nil || len(days) != 2 || days[0].Calls != 1 || days[0].Day != "2026-06-01" {
		t.Errorf("what is told of it: %+v, %v", days, err)
	}
}

// A hold of a call or of its customer keeps what is too old, until it is lifted.
func TestHoldsKeep(t *testing.T) {
	r := newRig(t)
	for id, who := range map[string]string{"a1": "anna", "a2": "anna", "b1": "bob", "b2": "bob"} {
		r.call(id, who, 100, event.CallOver)
	}
	err := errors.Join(
		r.db.Write(t.Context(), func(tx *store.Tx) error { return nil }),
		r.db.AddHold(t.Context(), store.Hold{ID: "h1", Call: "b1", Why: "case 1", By: "Pat", At: today}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.db.AddHold(t.Context(), store.Hold{ID: "h2", Customer: "nobody", Why: "x", At: today}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a hold of nobody: %v", err)
	}
	r.set(retention.Recordings, 30)
	r.sweep()
	if len(r.audio) != 1 || !r.audio["b1"] {
		t.Errorf("what is left: %v", r.audio)
	}
	holds, err := r.db.Holds(t.Context(), false)
	if err != nil || len(holds) != 1 || holds[0].Why != "case 1" {
		t.Errorf("the holds are %+v, %v", holds, err)
	}
	if err := r.db.LiftHold(t.Context(), "h1", "Quinn", today); err != nil {
		t.Fatal(err)
	}
	r.sweep()
	if len(r.audio) != 0 {
		t.Errorf("after the hold was lifted: %v", r.audio)
	}
	if err := r.db.LiftHold(t.Context(), "h1", "Mallory", today); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("lifted twice: %v", err)
	}
	holds, err = r.db.Holds(t.Context(), true)
	if err != nil || len(holds) != 1 || holds[0].LiftedBy != "Quinn" || !holds[0].Lifted.Equal(today) || holds[0].Why != "case 1" {
		t.Errorf("what is told of it: %+v, %v", holds, err)
	}
}

// What is cut off between the rows and what is derived is done by the next
// sweep, and periods are bounded.
func TestSweepsGoOn(t *testing.T) {
	r := newRig(t)
	r.call("old", "anna", 100, event.CallOver)
	r.set(retention.Transcripts, 90)
	r.fail = errors.New("the index is busy")
	if err := r.Sweep(t.Context()); err == nil || r.said("old") != 0 {
		t.Errorf("the rows wait for what is derived from them: %v", err)
	}
	r.fail, r.gone = nil, nil
	r.sweep()
	if !slices.Equal(r.gone, []string{"old", "u-old"}) {
		t.Errorf("the next sweep makes the index forget %v", r.gone)
	}
	if r.sweep(); len(r.gone) != 2 {
		t.Errorf("what is done is done again: %v", r.gone)
	}
	for class, days := range map[store.Kept]int{retention.Recordings: 3, retention.Transcripts: 4000, "profiles": 90} {
		if err := r.Set(t.Context(), class, days, "Dana"); !errors.Is(err, retention.ErrPeriod) {
			t.Errorf("%d days of %s: %v", days, class, err)
		}
	}
	r.set(retention.Transcripts, 0)
	r.call("other", "anna", 100, event.CallOver)
	if r.sweep(); r.said("other") != 1 {
		t.Error("for ever is not for ever")
	}
}

// One call that fails keeps no other waiting, and is tried again.
func TestACallThatFailsIsPassedOver(t *testing.T) {
	r := newRig(t)
	for i := range 120 { // more than a page
		r.call(fmt.Sprintf("c%03d", i), "anna", 300-i, event.CallOver)
	}
	r.set(retention.Recordings, 30)
	r.stuck = "c000"
	if err := r.Sweep(t.Context()); err == nil || len(r.audio) != 1 {
		t.Errorf("beside the one that fails %d are left: %v", len(r.audio)-1, err)
	}
	r.stuck = ""
	if r.sweep(); len(r.audio) != 0 {
		t.Error("the one that failed is not tried again")
	}
	if c, err := r.db.Call(t.Context(), "c000"); err != nil || len(c.Health.Notes) != 1 {
		t.Errorf("the call says why %d times: %v", len(c.Health.Notes), err)
	}
}

// A hold that is laid after a call was found wins.
func TestAHoldLaidMeanwhileWins(t *testing.T) {
	r := newRig(t)
	r.call("old", "anna", 100, event.CallOver)
	r.set(retention.Transcripts, 90)
	r.begun = func() {
		if err := r.db.AddHold(t.Context(), store.Hold{ID: "h", Call: "old", Why: "case 1", By: "Pat", At: today}); err != nil {
			t.Error(err)
		}
	}
	r.sweep()
	if r.said("old") != 1 || len(r.gone) > 0 {
		t.Errorf("what is held is deleted; the index forgot %v", r.gone)
	}
}

// A recording that could not be destroyed is saved by a hold that is laid before
// it is tried again.
func TestAHoldSavesTheFile(t *testing.T) {
	r := newRig(t)
	r.call("old", "anna", 100, event.CallOver)
	r.set(retention.Recordings, 90)
	r.stuck = "old"
	if err := r.Sweep(t.Context()); err == nil {
		t.Error("a recording that stays is no fault")
	}
	r.stuck = ""
	if err := r.db.AddHold(t.Context(), store.Hold{ID: "h", Call: "old", Why: "case 1", By: "Pat", At: today}); err != nil {
		t.Fatal(err)
	}
	if r.sweep(); !r.audio["old"] {
		t.Error("what is held is destroyed")
	}
	if err := r.db.LiftHold(t.Context(), "h", "Pat", today); err != nil {
		t.Fatal(err)
	}
	if r.sweep(); r.audio["old"] {
		t.Error("what is held no more stays")
	}
}

// A hold of a person is one of all who are one with them.
func TestAHoldIsOfAllWhoAreOne(t *testing.T) {
	r := newRig(t)
	link := func(id, one, other string) customer.Merge {
		return customer.Merge{ID: id, People: [2]string{one, other}, At: today}
	}
	err := r.db.Write(t.Context(), func(tx *store.Tx) error {
		for _, id := range []string{"anna", "ann", "annie", "bob"} {
			p := customer.New(id, today)
			p.Version = 1
			if err := tx.SaveProfile(p); err != nil {
				return err
			}
		}
		gone := link("l3", "bob", "annie")
		gone.RemovedAt = today
		return errors.Join(tx.SaveMerge(link("l1", "anna", "ann")), tx.SaveMerge(link("l2", "annie", "ann")), tx.SaveMerge(gone))
	})
	if err != nil {
		t.Fatal(err)
	}
	r.call("hers", "annie", 100, event.CallOver)
	r.call("his", "bob", 100, event.CallOver)
	if err := r.db.AddHold(t.Context(), store.Hold{ID: "h", Customer: "anna", Why: "case 1", By: "Pat", At: today}); err != nil {
		t.Fatal(err)
	}
	r.set(retention.Recordings, 30)
	r.sweep()
	if !r.audio["hers"] || r.audio["his"] {
		t.Errorf("what is left: %v", r.audio)
	}
}
