package counters_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/insights"
	"heed/internal/counters"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

type rig struct {
	*testing.T
	db *store.Store
	n  int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &rig{T: t, db: db}
}

func (r *rig) write(fns ...func(*store.Tx) error) {
	r.Helper()
	err := r.db.Write(r.Context(), func(tx *store.Tx) error {
		for _, fn := range fns {
			if err := fn(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) call(id string) {
	r.Helper()
	c := event.Call{ID: id, Platform: "twilio", PlatformCall: id, CustomerID: "p-" + id, Status: event.CallLive, StartedAt: noon}
	d := decide.Decision{ID: "d-" + id, Subject: "p-" + id, CallID: id, At: noon}
	r.write(func(tx *store.Tx) error { return errors.Join(tx.SaveCall(c), tx.AddDecision(d)) })
}

// tell appends an event of a call.
func (r *rig) tell(kind event.Type, call string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		e, err := event.New(kind, noon, event.About{Subject: call, Call: call}, map[string]any{})
		return errors.Join(err, tx.Append(e))
	}
}

// say commits words of which things were understood, as "intent:cancel".
func (r *rig) say(call string, by insights.Speaker, mood float64, intents ...string) {
	r.Helper()
	r.n++
	u := insights.Utterance{ID: fmt.Sprint("u", r.n), CallID: call, Seq: r.n, Speaker: by, Start: insights.Seconds(r.n), Text: "x"}
	var found []insights.Insight
	for _, name := range intents {
		found = append(found, insights.Insight{Kind: insights.Intent, Name: name, Speaker: by, UtteranceID: u.ID, Start: u.Start})
	}
	if mood != 0 {
		name := "positive"
		if mood < 0 {
			name = "negative"
		}
		found = append(found,
			insights.Insight{Kind: insights.Sentiment, Name: name, Value: mood, Speaker: by, UtteranceID: u.ID, Start: u.Start},
			insights.Insight{Kind: insights.Sentiment, Name: insights.Annoyed, Value: .9, Speaker: by, UtteranceID: u.ID, Start: u.Start})
	}
	r.write(func(tx *store.Tx) error { return errors.Join(tx.AddUtterance(u), tx.AddInsights(call, found)) }, r.tell(event.UtteranceSpoken, call))
}

func (r *rig) outcome(call, what string) {
	r.Helper()
	r.n++
	o := decide.Outcome{ID: fmt.Sprint("o", r.n), DecisionID: "d-" + call, Subject: "p-" + call, CallID: call, Action: "a", Outcome: what, At: noon}
	r.write(func(tx *store.Tx) error { return tx.AddOutcome(o) }, r.tell(event.OutcomeRecorded, call))
}

func (r *rig) follow() {
	r.Helper()
	c := counters.New(r.db)
	for {
		after, err := c.Cursor(r.Context())
		if err != nil {
			r.Fatal(err)
		}
		events, err := r.db.Events(r.Context(), event.Query{After: after, Types: counters.Types(), Limit: 3})
		if err != nil {
			r.Fatal(err)
		}
		if len(events) == 0 {
			return
		}
		if err := c.Handle(r.Context(), events); err != nil {
			r.Fatal(err)
		}
	}
}

// counts gives all counters as "kind/name@source turns calls sum".
func (r *rig) counts() map[string]string {
	r.Helper()
	out := map[string]string{}
	for _, kind := range []string{store.TallyIntent, store.TallySentiment, store.TallyOutcome} {
		for _, each := range []bool{true, false} {
			found, err := r.db.Tallies(r.Context(), store.TallyQuery{Kind: kind, Each: each, Bucket: store.Bucket{From: store.Slot(noon), To: store.Slot(noon) + 1}})
			if err != nil {
				r.Fatal(err)
			}
			for _, t := range found {
				out[kind+"/"+t.Name+"@"+t.Source] = fmt.Sprintf("%d %d %.2f", t.Turns, t.Calls, t.Sum)
			}
		}
	}
	return out
}

// Calls are counted by what was understood of them and where they came from,
// the same however often the log is read; a change moves what it changes.
func TestCallsAreCounted(t *testing.T) {
	r := newRig(t)
	check := func(when string, want map[string]string) {
		t.Helper()
		r.follow()
		for range 2 {
			if diff := cmp.Diff(want, r.counts()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
			if err := counters.New(r.db).Rebuild(); err != nil {
				t.Fatal(err)
			}
			r.follow()
		}
	}
	r.call("a")
	r.call("b")
	r.say("a", insights.Customer, -.5, "cancel", "price")
	r.say("a", insights.Customer, -.25, "cancel")
	r.say("a", insights.Agent, 0, "cancel") // not a customer's
	r.say("b", insights.Customer, .333, "cancel")
	r.outcome("a", "accepted")
	r.outcome("a", "accepted")
	want := map[string]string{
		"intent/cancel@": "3 2 0.00", "intent/price@": "1 1 0.00", "outcome/accepted@": "2 1 0.00",
		"sentiment/@": "3 2 -0.42", "sentiment/negative@": "2 1 -0.75", "sentiment/positive@": "1 1 0.33",
	}
	check("said", want)

	from := func(call, source string) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			return tx.SaveOrigin(call, event.Origin{Attribution: event.Attribution{Touch: event.Touch{Source: source}}})
		}
	}
	r.write(from("a", "google"))
	moved := map[string]string{
		"intent/cancel@google": "2 1 0.00", "intent/cancel@": "1 1 0.00", "intent/price@google": "1 1 0.00", "outcome/accepted@google": "2 1 0.00",
		"sentiment/@google": "2 1 -0.75", "sentiment/negative@google": "2 1 -0.75", "sentiment/positive@": "1 1 0.33", "sentiment/@": "1 1 0.33",
	}
	check("told late where one came from", moved)
	r.write(from("a", ""))
	check("taken back", want)
	r.write(from("a", "google"))

	// What was said is forgotten; what came of the suggestion is not.
	r.write(func(tx *store.Tx) error { return tx.ForgetCall("b") }, r.tell(event.CallForgotten, "b"))
	for _, gone := range []string{"intent/cancel@", "sentiment/positive@", "sentiment/@"} {
		delete(moved, gone)
	}
	check("forgotten", moved)

	// Of one who was erased the figures stay, and nobody is in them.
	if err := r.db.DestroyKeys([]string{"p-a"}); err != nil {
		t.Fatal(err)
	}
	r.write(func(tx *store.Tx) error { return tx.EraseCall("a") })
	check("erased", moved)
	if err := r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.Recount("nobody's") }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a call that is none: %v", err)
	}
}

// What was said long ago was said, though its words are kept no more; what is
// told of it later counts.
func TestCallsWhoseWordsWentStayCounted(t *testing.T) {
	r := newRig(t)
	r.call("a")
	r.say("a", insights.Customer, -.5, "cancel")
	r.follow()
	c := event.Call{ID: "a", Platform: "twilio", PlatformCall: "a", CustomerID: "p-a", Status: event.CallOver, StartedAt: noon}
	r.write(func(tx *store.Tx) error { return tx.SaveCall(c) }, func(tx *store.Tx) error {
		_, err := tx.AgeTranscript("a", noon.Add(time.Second), noon)
		return err
	}, r.tell(event.CallForgotten, "a"))
	r.outcome("a", "accepted")
	want := map[string]string{
		"intent/cancel@": "1 1 0.00", "sentiment/@": "1 1 -0.50", "sentiment/negative@": "1 1 -0.50", "outcome/accepted@": "1 1 0.00",
	}
	for range 2 {
		r.follow()
		if diff := cmp.Diff(want, r.counts()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if err := counters.New(r.db).Rebuild(); err != nil {
			t.Fatal(err)
		}
	}
}

// The course of a year is the sum of the counters, by origin as well.
func TestCourses(t *testing.T) {
	r := newRig(t)
	for i := range 10 {
		id := fmt.Sprint("c", i)
		c := event.Call{ID: id, PlatformCall: id, CustomerID: "p-" + id, StartedAt: noon.Add(time.Duration(i) * 40 * time.Minute)}
		r.write(func(tx *store.Tx) error {
			return errors.Join(tx.SaveCall(c), tx.SaveOrigin(id, event.Origin{Attribution: event.Attribution{Touch: event.Touch{Source: []string{"google", "bing"}[i%2]}}}))
		})
		r.say(id, insights.Customer, -.5, "cancel")
	}
	r.follow()
	from := store.Slot(noon)
	hours := []store.Bucket{{From: from, To: from + 4}, {From: from + 4, To: from + 8}, {From: from + 8, To: from + 100}}
	var origins []int64
	found, err := r.db.Tallies(t.Context(), store.TallyQuery{Kind: store.TallyIntent, Name: "cancel", Bucket: store.Bucket{From: from, To: from + 100}})
	if err != nil || len(found) != 2 {
		t.Fatalf("%+v, %v", found, err)
	}
	for _, f := range found {
		origins = append(origins, f.Origin)
	}
	for _, c := range []struct {
		origins []int64
		want    string
	}{{nil, "2 1 7"}, {origins, "2 1 7"}, {origins[:1], "1 1 3"}, {[]int64{999}, "0 0 0"}} {
		points, err := r.db.TallyCourse(t.Context(), store.TallyIntent, "cancel", c.origins, hours)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(points[0].Calls, points[1].Calls, points[2].Calls); got != c.want {
			t.Errorf("%v: %s, want %s", c.origins, got, c.want)
		}
	}
}
