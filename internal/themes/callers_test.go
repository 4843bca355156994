package themes

import (
	"errors"
	"slices"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes/match"
)

// TestWhoCalledAboutATheme: each once, since when it was said, and not before
// all of history is read.
func TestWhoCalledAboutATheme(t *testing.T) {
	r := newRig(t, t.TempDir())
	for _, c := range []struct {
		who  string
		days int
		said string
	}{{"mia", 0, "my router is broken"}, {"bo", 1, "the router, again"}, {"mia", 2, "still the router"}, {"lu", 2, "i like cake"}, {"", 2, "a router"}} {
		at := morning.AddDate(0, 0, c.days)
		id, _ := r.call(at, c.said)
		r.must(r.db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SaveCall(event.Call{ID: id, PlatformCall: id, StartedAt: at, CustomerID: c.who, Status: event.CallOver})
		}))
	}
	r.follow()
	th, err := r.Define(t.Context(), match.Definition{Title: "Router", How: "words", Phrases: []string{"router"}}, "Ada")
	r.must(err)
	if _, err := r.Callers(t.Context(), th.ID, time.Time{}); !errors.Is(err, ErrReading) {
		t.Errorf("before history was read: %v", err)
	}
	r.history()
	other := r.words("Modem", "modem")
	r.history()
	r.change(th.ID, Edit{Into: &other.ID})
	r.history()
	for _, id := range []string{th.ID, other.ID} { // what was merged counts for the other
		for days, want := range [][]string{{"bo", "mia"}, {"bo", "mia"}, {"mia"}, {}} {
			got, err := r.Callers(t.Context(), id, morning.AddDate(0, 0, days))
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s since day %d: %v, want %v, %v", id, days, got, want, err)
			}
		}
	}
	r.change(other.ID, Edit{State: new(Deleted)})
	if _, err := r.Callers(t.Context(), th.ID, time.Time{}); !errors.Is(err, ErrUncounted) {
		t.Errorf("of a deleted theme: %v", err)
	}
	if _, err := r.Callers(t.Context(), "nothing", time.Time{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of no theme: %v", err)
	}
}
