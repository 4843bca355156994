package brain_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/correct"
	"heed/internal/event"
	"heed/internal/store"
)

func corrector(w *world) *brain.Brain {
	return brain.New(brain.Options{
		Store: w.store, Decider: w.decider, Logger: slog.New(slog.DiscardHandler), Region: "US", Now: w.now, Wording: correct.Wording,
	})
}

// reworded gives the payload of the latest event of a type.
func (w *world) reworded(t *testing.T, call string, kind event.Type) event.Reworded {
	t.Helper()
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: call, Types: []event.Type{kind}})
	if err != nil || len(events) == 0 {
		t.Fatalf("%d events of type %s, %v", len(events), kind, err)
	}
	var r event.Reworded
	if err := json.Unmarshal(events[len(events)-1].Data, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestACorrectionChangesWordsOnly(t *testing.T) {
	w := newWorld(t)
	b := corrector(w)
	w.start(t, "a", "+12025550142")
	u := w.say(t, "a", 1, insights.Customer, "cancel")
	spoken := w.clock
	before, decisions := w.types(t, "a"), w.last(t, "a")
	w.clock = w.clock.Add(time.Hour)
	c, err := b.Correct(t.Context(), "a", u.ID, "Words that were SAID, really.", brain.Corrector{ID: "u1", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	want := event.Correction{
		UtteranceID: u.ID, CallID: "a", Speaker: insights.Customer, Start: u.Start, End: u.End, Heard: u.Text,
		Text: "Words that were SAID, really.", Plain: "words that were said really", Actor: "u1", By: "Ada", At: w.clock,
	}
	if c != want {
		t.Errorf("correction %+v, want %+v", c, want)
	}
	kept, err := w.store.CorrectionsOf(t.Context(), "a")
	if err != nil || len(kept) != 1 || kept[0] != want {
		t.Errorf("stored %+v, %v", kept, err)
	}
	if said, err := w.store.Utterances(t.Context(), "a"); err != nil || said[0].Text != u.Text {
		t.Errorf("what was heard is now %+v, %v", said, err)
	}
	if now := w.types(t, "a"); len(now) != len(before)+1 || now[len(now)-1] != event.UtteranceCorrected || w.last(t, "a").ID != decisions.ID {
		t.Errorf("events %v after %v: only one may follow", now, before)
	}
	r := w.reworded(t, "a", event.UtteranceCorrected)
	if r.Utterance.ID != u.ID || r.Utterance.Text != want.Plain || r.Utterance.Written != want.Text || len(r.Insights) != 1 ||
		*r.Correction != want || !r.Spoken.Equal(spoken) {
		t.Errorf("payload %+v", r)
	}
	// A second correction replaces the first; the heard text stays the engine's.
	if c, err = b.Correct(t.Context(), "a", u.ID, "other words", brain.Corrector{ID: "u2"}); err != nil || c.Heard != u.Text {
		t.Errorf("again: %+v, %v", c, err)
	}
	if kept, _ := w.store.CorrectionsOf(t.Context(), "a"); len(kept) != 1 || kept[0].Plain != "other words" {
		t.Errorf("stored %+v", kept)
	}
}

func TestACorrectionIsTakenBack(t *testing.T) {
	w := newWorld(t)
	b := corrector(w)
	w.start(t, "a", "+12025550142")
	u := w.say(t, "a", 1, insights.Customer)
	if _, err := b.Correct(t.Context(), "a", u.ID, "other words", brain.Corrector{ID: "u1"}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing left to do
		if err := b.Uncorrect(t.Context(), "a", u.ID, brain.Corrector{ID: "u1", Name: "Bo"}); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := w.store.CorrectionsOf(t.Context(), "a"); err != nil || len(kept) != 0 {
		t.Errorf("stored %+v, %v", kept, err)
	}
	n := strings.Count(strings.Join(texts(w.types(t, "a")), " "), string(event.CorrectionWithdrawn))
	if r := w.reworded(t, "a", event.CorrectionWithdrawn); n != 1 || r.Utterance.Text != u.Text || r.Correction != nil {
		t.Errorf("%d events, the last %+v", n, r)
	}
}

func TestHowALineCameToReadSo(t *testing.T) {
	w := newWorld(t)
	b := corrector(w)
	w.start(t, "a", "+12025550142")
	u, other := w.say(t, "a", 1, insights.Customer), w.say(t, "a", 2, insights.Customer)
	for _, err := range []error{
		second(b.Correct(t.Context(), "a", u.ID, "other words", brain.Corrector{Name: "Ada"})),
		second(b.Correct(t.Context(), "a", other.ID, "elsewhere", brain.Corrector{Name: "Ada"})),
		b.Uncorrect(t.Context(), "a", u.ID, brain.Corrector{Name: "Bo"}),
		second(b.Correct(t.Context(), "a", u.ID, "Better words", brain.Corrector{Name: "Cy"})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	steps, err := b.Rewordings(t.Context(), "a", u.ID)
	var got []string
	for _, s := range steps {
		got = append(got, s.By+": "+s.Text)
	}
	if want := []string{"Cy: Better words", "Bo: ", "Ada: other words"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	if _, err := b.Rewordings(t.Context(), "a", "nope"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func texts(types []event.Type) []string {
	var out []string
	for _, t := range types {
		out = append(out, string(t))
	}
	return out
}

func TestCorrectionsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	b := corrector(w)
	w.start(t, "a", "+12025550142")
	w.start(t, "b", "+12025550143")
	u := w.say(t, "a", 1, insights.Customer)
	before, err := w.store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		b                *brain.Brain
		call, id, text   string
		want             error
		withdrawalAsWell bool
	}{
		"no such call":            {b, "nope", u.ID, "words", store.ErrNotFound, true},
		"no such utterance":       {b, "a", "nope", "words", store.ErrNotFound, true},
		"another call's":          {b, "b", u.ID, "words", store.ErrNotFound, true},
		"no words":                {b, "a", u.ID, " ?! ", brain.ErrInvalid, false},
		"too long":                {b, "a", u.ID, strings.Repeat("word ", 900), brain.ErrInvalid, false},
		"a brain without wording": {w.Brain, "a", u.ID, "words", brain.ErrInvalid, false},
	} {
		if _, err := c.b.Correct(t.Context(), c.call, c.id, c.text, brain.Corrector{ID: "u1"}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if !c.withdrawalAsWell {
			continue
		}
		if err := c.b.Uncorrect(t.Context(), c.call, c.id, brain.Corrector{}); !errors.Is(err, c.want) {
			t.Errorf("%s, taking back: %v, want %v", name, err, c.want)
		}
	}
	if after, err := w.store.LastSeq(t.Context()); err != nil || after != before {
		t.Errorf("a refused correction committed something: %d events, %v", after-before, err)
	}
}

// TestANumberIsNotPutBack corrects two utterances of a call, the second in the
// light of the first.
func TestANumberIsNotPutBack(t *testing.T) {
	w := newWorld(t)
	b := corrector(w)
	w.start(t, "a", "+12025550142")
	first, second := w.say(t, "a", 1, insights.Agent), w.say(t, "a", 2, insights.Customer)
	if _, err := b.Correct(t.Context(), "a", first.ID, "What is your card number?", brain.Corrector{ID: "u1"}); err != nil {
		t.Fatal(err)
	}
	c, err := b.Correct(t.Context(), "a", second.ID, "Forty one eleven.", brain.Corrector{ID: "u1"})
	if err != nil || c.Text != "[card number]" || c.Plain != "[card number]" {
		t.Errorf("%+v, %v", c, err)
	}
}
