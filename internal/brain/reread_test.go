package brain_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
)

// end ends a call, so that it can be read again.
func (w *world) end(t *testing.T, c event.Call) {
	t.Helper()
	c.Status = event.CallOver
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
}

// rereading replaces the intents of an utterance by others.
func (w *world) rereading(t *testing.T, u insights.Utterance, model string, intents ...string) brain.Reread {
	t.Helper()
	said, err := w.store.SaidOf(t.Context(), u.CallID)
	if err != nil {
		t.Fatal(err)
	}
	r := brain.Reread{Utterance: u, Said: said[u.ID]}
	stored, err := w.store.StoredInsights(t.Context(), u.CallID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stored {
		if s.UtteranceID == u.ID {
			r.Drop = append(r.Drop, s)
		}
	}
	for _, name := range intents {
		r.Add = append(r.Add, insights.Insight{
			Kind: insights.Intent, Name: name, Confidence: 0.9, Speaker: u.Speaker, Start: u.Start, End: u.End, UtteranceID: u.ID, Model: model,
		})
	}
	return r
}

func nothing(*store.Tx) error { return nil }

func (w *world) churn(t *testing.T, customer string) []string {
	t.Helper()
	p, err := w.store.Profile(t.Context(), customer)
	if err != nil {
		t.Fatal(err)
	}
	labels := []string{}
	for _, e := range p.Evidence["churn_risk"] {
		labels = append(labels, e.Label)
	}
	return labels
}

func TestAnotherReadingReplacesTheFirst(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	u := w.say(t, "a", 1, insights.Customer, "cancel")
	w.end(t, c)
	before, decided, spoken := w.types(t, "a"), w.last(t, "a"), w.clock
	w.clock = w.clock.Add(time.Hour)
	for _, step := range []struct {
		intents, churn []string
	}{
		{[]string{"complaint"}, []string{"intent.complaint"}},
		{[]string{"complaint"}, []string{"intent.complaint"}}, // by a newer model: nothing is counted twice
		{nil, []string{}},
		{[]string{"cancel"}, []string{"intent.cancel"}},
	} {
		r := w.rereading(t, u, "intent/next", step.intents...)
		also := 0
		if err := w.Reread(t.Context(), c, "run1", brain.Again{Utterances: []brain.Reread{r}}, func(*store.Tx) error { also++; return nil }); err != nil || also != 1 {
			t.Fatalf("%v, also ran %d times", err, also)
		}
		if got := w.churn(t, c.CustomerID); !slices.Equal(got, step.churn) {
			t.Errorf("after %v the churn risk rests on %v, want %v", step.intents, got, step.churn)
		}
		now, err := w.store.Insights(t.Context(), "a")
		if err != nil || len(now) != len(step.intents) {
			t.Errorf("%d insights, want %d; %v", len(now), len(step.intents), err)
		}
	}
	after := w.types(t, "a")[len(before):]
	if len(after) != 4 || slices.ContainsFunc(after, func(e event.Type) bool { return e != event.UtteranceReanalyzed }) {
		t.Errorf("events %v, want the four readings and no signal or decision", after)
	}
	if w.last(t, "a").ID != decided.ID {
		t.Error("something was decided for a call that is over")
	}
	var r event.Reanalyzed
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: "a", Types: []event.Type{event.UtteranceReanalyzed}})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(events[0].Data, &r); err != nil {
		t.Fatal(err)
	}
	if r.Run != "run1" || !r.Spoken.Equal(spoken) || r.Utterance.Text != u.Text || r.Insights[0].Model != "intent/next" || r.Was[0].Name != "cancel" {
		t.Errorf("payload %+v", r)
	}
}

func TestAnotherReadingKeepsTheCorrection(t *testing.T) {
	w := newWorld(t)
	b := corrector(w)
	c := w.start(t, "a", "+12025550142")
	u := w.say(t, "a", 1, insights.Customer, "cancel")
	w.end(t, c)
	if _, err := b.Correct(t.Context(), "a", u.ID, "Other words.", brain.Corrector{ID: "u1"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Reread(t.Context(), c, "run1", brain.Again{Utterances: []brain.Reread{w.rereading(t, u, "intent/2", "complaint")}}, nothing); err != nil {
		t.Fatal(err)
	}
	r := w.reworded(t, "a", event.UtteranceReanalyzed)
	if r.Utterance.Text != "other words" || r.Utterance.Written != "Other words." || r.Correction == nil || r.Insights[0].Name != "complaint" {
		t.Errorf("payload %+v", r)
	}
	if kept, err := w.store.CorrectionsOf(t.Context(), "a"); err != nil || len(kept) != 1 {
		t.Errorf("corrections %v, %v", kept, err)
	}
}

func TestReadingsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	u := w.say(t, "a", 1, insights.Customer, "cancel")
	r := brain.Again{Utterances: []brain.Reread{w.rereading(t, u, "intent/2", "complaint")}}
	if err := w.Reread(t.Context(), c, "run1", r, nothing); !errors.Is(err, brain.ErrLive) {
		t.Errorf("a live call: %v", err)
	}
	w.end(t, c)
	broken := errors.New("broken")
	if err := w.Reread(t.Context(), c, "run1", r, func(*store.Tx) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("what is written beside failed: %v", err)
	}
	if got := w.churn(t, c.CustomerID); !slices.Equal(got, []string{"intent.cancel"}) {
		t.Errorf("a failed reading moved the profile to %v", got)
	}
	stranger := c
	stranger.CustomerID = "gone"
	if err := w.Reread(t.Context(), stranger, "run1", r, nothing); err != nil {
		t.Errorf("a customer that was erased: %v", err)
	}
	if err := w.Reread(t.Context(), c, "run1", r, nothing); !errors.Is(err, store.ErrConflict) {
		t.Errorf("what was replaced already: %v", err)
	}
}

// TestTheWholeOfACallIsSaidAnew replaces the figures and the summary of a call
// in one commit, tells of it once, and of nothing where nothing is else.
func TestTheWholeOfACallIsSaidAnew(t *testing.T) {
	w := newWorld(t)
	c := w.start(t, "a", "+12025550142")
	c.Status = event.CallOver
	old := insights.Insight{Kind: insights.Talk, Name: "longest_silence", Value: 6, Start: 3, End: 9, Model: "talk/1"}
	if err := w.CallEnded(t.Context(), c, []insights.Insight{old}); err != nil {
		t.Fatal(err)
	}
	stored, err := w.store.StoredInsights(t.Context(), "a")
	if err != nil || len(stored) != 1 {
		t.Fatalf("%+v, %v", stored, err)
	}
	now := old
	now.Start, now.Value, now.Model = 4, 5, "talk/2"
	again := brain.Again{
		NoFigures: stored, Figures: []insights.Insight{now},
		Summary: &insights.Summary{CallID: "a", Lines: []insights.SummaryLine{}, Source: insights.FromWords, Model: "summary/2"},
	}
	before := w.types(t, "a")
	if err := w.Reread(t.Context(), c, "run1", again, nothing); err != nil {
		t.Fatal(err)
	}
	if err := w.Reread(t.Context(), c, "run1", brain.Again{}, nothing); err != nil {
		t.Fatal(err)
	}
	if got := w.types(t, "a")[len(before):]; !slices.Equal(got, []event.Type{event.CallSummarised, event.CallReanalyzed}) {
		t.Errorf("events %v", got)
	}
	if kept, err := w.store.Insights(t.Context(), "a"); err != nil || len(kept) != 1 || kept[0].Model != "talk/2" || kept[0].Start != 4 {
		t.Errorf("%+v, %v", kept, err)
	}
	if s, err := w.store.Summary(t.Context(), "a"); err != nil || s.Model != "summary/2" {
		t.Errorf("%+v, %v", s, err)
	}
	if err := w.Reread(t.Context(), c, "run1", again, nothing); !errors.Is(err, store.ErrConflict) {
		t.Errorf("what was replaced already: %v", err)
	}
	if got := w.types(t, "a")[len(before):]; len(got) != 2 {
		t.Errorf("a refusal told of %v", got[2:])
	}
}
