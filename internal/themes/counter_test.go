package themes

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes/match"
)

func differ(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestCountsWhatCustomersSay(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.call(morning, "i want a refund", "yes a refund for the late one")
	r.call(morning.Add(time.Hour), "where is my order", " ")
	id, _ := r.call(morning, "hello")
	u := insights.Utterance{ID: "agent", CallID: id, Speaker: insights.Agent, Text: "you get a refund"}
	agent := r.event(event.UtteranceSpoken, event.Reworded{Utterance: u})
	started, err := event.New(event.CallStarted, morning, event.About{Subject: id, Call: id}, event.Call{ID: id})
	r.must(err)
	gone := r.spoken("erased before it was counted", 1, "a refund please")
	r.must(r.db.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.Append(agent), tx.Append(started), tx.Append(gone))
	}))
	r.follow()
	differ(t, "counts", r.counted(), map[string]store.Count{
		"": {Turns: 4, Calls: 3}, "Refund": {Turns: 2, Calls: 1}, "Late delivery": {Turns: 2, Calls: 2},
	})
	d, err := r.Detail(t.Context(), "rule_refund", 28, store.QuoteQuery{})
	r.must(err)
	if len(d.Quotes) != 2 || d.Quotes[1].Text != "i want a refund" || d.Quotes[1].Start != 1 || d.Quotes[1].Customer != "Maria K." {
		t.Errorf("quotes %+v", d.Quotes)
	}
	differ(t, "evidence", d.Quotes[1].Evidence, []insights.Span{{From: 9, To: 15}})
}

// A correction changes what is counted, and taking it back too.
func TestCorrectionsMoveCounts(t *testing.T) {
	r := newRig(t, t.TempDir())
	_, said := r.call(morning, "i want a re fund")
	r.follow()
	if n := len(r.counted()); n != 1 {
		t.Fatalf("%v before the correction", r.counted())
	}
	r.correct(said[0], "i want a refund")
	r.follow()
	differ(t, "corrected", r.counted(), map[string]store.Count{"": {Turns: 1, Calls: 1}, "Refund": {Turns: 1, Calls: 1}})
	var back event.Reworded
	r.must(json.Unmarshal(said[0].Data, &back))
	again := r.event(event.CorrectionWithdrawn, back)
	r.must(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.Append(again) }))
	r.follow()
	differ(t, "taken back", r.counted(), map[string]store.Count{"": {Turns: 1, Calls: 1}})
}

// What newer analyzers understand of history counts for themes that ask for it.
func TestReanalysisMovesCounts(t *testing.T) {
	r := newRig(t, t.TempDir())
	_, said := r.call(morning, "i would rather go elsewhere")
	_, err := r.Define(t.Context(), match.Definition{Title: "Leaving", How: match.ByQuery, Query: "intent:cancel"}, "Ada")
	r.must(err)
	r.follow()
	if n := len(r.counted()); n != 1 {
		t.Fatalf("%v before", r.counted())
	}
	var w event.Reworded
	r.must(json.Unmarshal(said[0].Data, &w))
	w.Insights = []insights.Insight{{Kind: insights.Intent, Name: "cancel"}}
	e, err := event.New(event.UtteranceReanalyzed, morning, event.About{Subject: w.Utterance.CallID}, event.Reanalyzed{Reworded: w, Run: "r1"})
	r.must(err)
	r.must(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.Append(e) }))
	r.follow()
	differ(t, "counts", r.counted(), map[string]store.Count{"": {Turns: 1, Calls: 1}, "Leaving": {Turns: 1, Calls: 1}})
}

func TestErasedCallsLeaveTheCounts(t *testing.T) {
	r := newRig(t, t.TempDir())
	id, _ := r.call(morning, "a refund", "my money back")
	r.call(morning, "a refund")
	r.follow()
	r.must(r.db.Write(t.Context(), func(tx *store.Tx) error { return tx.DropTurns(id) }))
	differ(t, "counts", r.counted(), map[string]store.Count{"": {Turns: 1, Calls: 1}, "Refund": {Turns: 1, Calls: 1}})
}

// Whatever the order and however often the events come, and if all is dropped
// and built again, the figures are the same.
func TestAnyOrderEndsTheSame(t *testing.T) {
	r := newRig(t, t.TempDir())
	texts := []string{"a refund", "it is late", "late and a refund", "hello", "where is my order"}
	dice := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		_, said := r.call(morning.Add(time.Duration(dice.IntN(500))*time.Minute), texts[dice.IntN(5)], texts[dice.IntN(5)])
		for _, e := range said {
			if dice.IntN(2) == 0 {
				r.correct(e, texts[dice.IntN(5)])
			}
		}
	}
	r.words("Hello", "hello")
	r.follow()
	want, quotes := r.counted(), r.quotesOf("rule_refund")
	if len(want) != 4 || len(quotes) == 0 {
		t.Fatalf("counts %v, %d quotes: the test tests nothing", want, len(quotes))
	}
	events := r.log()
	for round := range 15 {
		r.must(r.Counter().Rebuild())
		if cursor, err := r.Counter().Cursor(t.Context()); err != nil || cursor != 0 {
			t.Fatalf("cursor %d after dropping all, %v", cursor, err)
		}
		if round > 0 {
			dice.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			events = append(events, events[:5]...)
		}
		r.must(r.Counter().Handle(t.Context(), events))
		differ(t, "counts", r.counted(), want)
		differ(t, "quotes", r.quotesOf("rule_refund"), quotes)
	}
}

func (r *rig) quotesOf(id string) map[string]string {
	r.Helper()
	found, _, err := r.db.ThemeQuotes(r.Context(), store.QuoteQuery{Theme: id, Limit: 500})
	r.must(err)
	out := map[string]string{}
	for _, q := range found {
		out[q.UtteranceID] = q.Text
	}
	return out
}

func TestUnreadableEventStopsTheCounter(t *testing.T) {
	r := newRig(t, t.TempDir())
	bad := event.Event{Seq: 7, Type: event.UtteranceSpoken, Data: []byte(`{"utterance":`)}
	if err := r.Counter().Handle(t.Context(), []event.Event{bad}); err == nil {
		t.Error("nothing is said of an event that cannot be read")
	}
	if c := r.Counter(); c.Name() != "themes" {
		t.Errorf("named %s", c.Name())
	}
}
