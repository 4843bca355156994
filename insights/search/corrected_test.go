package search

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/event"
)

// reworded makes the event by which an utterance of the corpus reads otherwise.
func reworded(t *testing.T, kind event.Type, seq, of int64, text string) event.Event {
	t.Helper()
	u := insights.Utterance{
		Language: "en-US", ID: "u002", CallID: "call0", Speaker: insights.Customer, Text: text,
		Start: insights.Seconds(of), End: insights.Seconds(of) + 2.5,
	}
	r := event.Reworded{Utterance: u, Insights: []insights.Insight{intent("cancel")}, Spoken: day.Add(time.Duration(of) * time.Minute)}
	e, err := event.New(kind, day.Add(48*time.Hour), event.About{Subject: u.CallID, Call: u.CallID}, r)
	if err != nil {
		t.Fatal(err)
	}
	e.Seq = seq
	return e
}

// TestCorrectedIsFoundByWhatWasSaid corrects an utterance and takes that back,
// each event on its own and all in one batch.
func TestCorrectedIsFoundByWhatWasSaid(t *testing.T) {
	x := filled(t)
	newest := find(t, x, Query{Text: "speaker:customer"})
	fix := reworded(t, event.UtteranceCorrected, 9, 2, "i want to council on the price of northwind plus")
	back := reworded(t, event.CorrectionWithdrawn, 10, 2, "I want to cancel my contract, it's too expensive")
	check := func(what string, want map[string][]string) {
		t.Helper()
		for query, ids := range want {
			if d := cmp.Diff(ids, find(t, x, Query{Text: query})); d != "" {
				t.Errorf("%s, %s (-want +got):\n%s", what, query, d)
			}
		}
		if d := cmp.Diff(newest, find(t, x, Query{Text: "speaker:customer"})); d != "" {
			t.Errorf("%s: the order of time changed (-want +got):\n%s", what, d)
		}
	}
	asHeard := map[string][]string{"northwind": {}, "contract": {"u002"}, "intent:cancel": {"u002"}, "date:2026-11-02 contract": {"u002"}}
	if err := x.Handle(context.Background(), []event.Event{fix}); err != nil {
		t.Fatal(err)
	}
	check("corrected", map[string][]string{"northwind": {"u002"}, "contract": {}, "intent:cancel": {"u002"}, "date:2026-11-02 northwind": {"u002"}})
	if err := x.Handle(context.Background(), []event.Event{fix, back}); err != nil {
		t.Fatal(err)
	}
	check("taken back", asHeard)
	if err := x.Rebuild(); err != nil {
		t.Fatal(err)
	}
	if err := x.Handle(context.Background(), append(corpus(), fix, back)); err != nil {
		t.Fatal(err)
	}
	check("built again", asHeard)
}

// TestReanalyzedIsFoundByWhatIsNowUnderstood gives an utterance another intent.
func TestReanalyzedIsFoundByWhatIsNowUnderstood(t *testing.T) {
	x := filled(t)
	newest := find(t, x, Query{Text: "speaker:customer"})
	e := reworded(t, event.UtteranceReanalyzed, 9, 2, "I want to cancel my contract, it's too expensive")
	var r event.Reanalyzed
	if err := json.Unmarshal(e.Data, &r); err != nil {
		t.Fatal(err)
	}
	r.Was, r.Insights = r.Insights, []insights.Insight{intent("upgrade_interest")}
	again, err := event.New(e.Type, e.Time, event.About{Subject: e.Subject, Call: e.Call}, r)
	if err != nil {
		t.Fatal(err)
	}
	again.Seq = e.Seq
	if err := x.Handle(t.Context(), []event.Event{again}); err != nil {
		t.Fatal(err)
	}
	for query, ids := range map[string][]string{"intent:cancel": {}, "intent:upgrade_interest": {"u002"}, "speaker:customer": newest} {
		if d := cmp.Diff(ids, find(t, x, Query{Text: query})); d != "" {
			t.Errorf("%s (-want +got):\n%s", query, d)
		}
	}
}
