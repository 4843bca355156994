package brain_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// past commits a call that was over before it was known, with one wish of the
// customer.
func (w *world) past(t *testing.T, id string, at time.Time, intent string) event.Call {
	t.Helper()
	c, err := w.CallStarted(t.Context(), event.Call{
		ID: id, Platform: "recording", PlatformCall: id, Direction: "inbound", From: "+12025550142",
		Status: event.CallHearing, StartedAt: at,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.say(t, id, 1, insights.Customer, intent)
	ended := at.Add(time.Minute)
	c.Status, c.EndedAt, c.Duration = event.CallOver, &ended, 60
	if err := w.CallEnded(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACallOfThePastIsFoldedAndSuggestsNothing(t *testing.T) {
	w := newWorld(t)
	at := w.clock.AddDate(0, -3, 0)
	w.past(t, "old", at, "cancel")
	want := []event.Type{event.CallStarted, event.UtteranceSpoken, event.SignalRaised, event.CallEnded}
	if got := w.types(t, "old"); !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	events, err := w.store.Events(t.Context(), store.EventQuery{Call: "old", Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	spoken := at.Add(14 * time.Second) // where the word ends: see say
	for _, e := range events {
		when := map[event.Type]time.Time{event.CallStarted: at, event.UtteranceSpoken: spoken, event.CallEnded: at.Add(time.Minute)}[e.Type]
		if !when.IsZero() && !e.Time.Equal(when) {
			t.Errorf("%s is dated %s, want %s", e.Type, e.Time, when)
		}
	}
	if all, err := w.store.Decisions(t.Context(), "old"); err != nil || len(all) > 0 {
		t.Errorf("%d decisions, %v", len(all), err)
	}
}

// Whatever is imported when, the profile ends as if it had been heard in the
// order in which it was said.
func TestThePastMayComeInAnyOrder(t *testing.T) {
	day := 24 * time.Hour
	calls := []struct {
		id, intent string
		ago        time.Duration
	}{{"first", "cancel", 90 * day}, {"second", "complaint", 30 * day}, {"third", "cancel", day}}
	folded := func(order ...int) (out customer.Profile) {
		w := newWorld(t)
		for _, i := range order {
			w.past(t, calls[i].id, w.clock.Add(-calls[i].ago), calls[i].intent)
		}
		c, err := w.store.Call(t.Context(), calls[order[0]].id)
		if err != nil {
			t.Fatal(err)
		}
		out, err = w.store.Profile(t.Context(), c.CustomerID)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := sayings(t, folded(0, 1, 2))
	for _, order := range [][]int{{2, 1, 0}, {1, 0, 2}, {2, 0, 1}} {
		if got := sayings(t, folded(order...)); got != want {
			t.Errorf("in the order %v\n%s\nwant\n%s", order, got, want)
		}
	}
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}`)

// sayings is what a profile says of what happened, without ids of its own.
func sayings(t *testing.T, p customer.Profile) string {
	t.Helper()
	raw, err := json.Marshal([]any{p.Evidence, p.Facts, p.Marks, p.ActiveAt})
	if err != nil {
		t.Fatal(err)
	}
	return anyID.ReplaceAllString(string(raw), "ID")
}
