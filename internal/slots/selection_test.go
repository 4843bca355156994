package slots_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/internal/brain"
	"heed/internal/decisions"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes"
)

// called stands for the themes of calls.
type called struct {
	people []string
	err    error
}

func (c *called) Callers(context.Context, string, time.Time) ([]string, error) {
	return c.people, c.err
}

// batch runs an order and gives its lines.
func (r *rig) batch(o decisions.Order) (out []decisions.Line, err error) {
	r.t.Helper()
	if err := r.decisions.Prepare(r.t.Context(), &o); err != nil {
		return nil, err
	}
	err = r.decisions.Batch(r.t.Context(), o, error.Error, func(l decisions.Line) error {
		out = append(out, l)
		return nil
	})
	return out, err
}

// TestASelectionIsKept opens a slot for each who called about a theme: once for
// people who are one, and what is in it is decided again.
func TestASelectionIsKept(t *testing.T) {
	r := newRig(t)
	for _, id := range []string{"ana", "bo", "mia", "zoe"} {
		r.person(id)
	}
	_, err := r.brain.Merge(t.Context(), "bo", "zoe", "me")
	r.must(err)
	r.calls.people = []string{"ana", "bo", "nobody", "zoe"}
	o := decisions.Order{
		Question:  brain.Question{Slot: "outbound.email"},
		Selection: decisions.Selection{Theme: "t"}, Hold: time.Hour, Keep: r.Keep,
	}
	lines, err := r.batch(o)
	r.must(err)
	slots, failed := map[string]string{}, ""
	for _, l := range lines {
		switch {
		case l.SlotID != "":
			slots[l.CustomerID] = l.SlotID
		case l.Error != "":
			failed += l.CustomerID
		}
	}
	last := lines[len(lines)-1].Progress
	if len(slots) != 2 || slots["ana"] == "" || slots["bo"] == "" || failed != "nobody" || last == nil || last.Done != 3 || last.Failed != 1 || last.Total != 4 {
		t.Fatalf("slots %v, failed %q, at the end %+v", slots, failed, last)
	}
	// Asked again the same slots are open, from a mark on only those behind it.
	o.After = "ana"
	again, err := r.batch(o)
	r.must(err)
	if again[0].SlotID != slots["bo"] {
		t.Errorf("again: %+v, want slot %s", again[0], slots["bo"])
	}
	r.fact("ana", "purchase")
	r.until(slots["ana"], "after the purchase", shows("thank"))
	r.until(slots["bo"], "as it was", shows("sell"))
}

// TestWhatCannotBeKept is refused before anything is opened, or ends the
// selection where no more may be open.
func TestWhatCannotBeKept(t *testing.T) {
	r := newRig(t)
	r.most = 2
	r.stop()
	r.start()
	for _, id := range []string{"ana", "bo", "mia"} {
		r.person(id)
	}
	refused := func(what string, want error, change func(*decisions.Order)) {
		t.Helper()
		o := decisions.Order{
			Question:  brain.Question{Slot: "outbound.email"},
			Selection: decisions.Selection{Theme: "t"}, Hold: time.Hour, Keep: r.Keep,
		}
		change(&o)
		if _, err := r.batch(o); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	refused("a dry run", brain.ErrInvalid, func(o *decisions.Order) { o.Question.Dry = true })
	refused("a banner", brain.ErrInvalid, func(o *decisions.Order) { o.Question.Slot = "web.banner" })
	refused("nobody who keeps", brain.ErrInvalid, func(o *decisions.Order) { o.Keep = nil })
	refused("the past", brain.ErrInvalid, func(o *decisions.Order) { o.Hold = -time.Second })
	refused("an unknown place", decisions.ErrUnknownSlot, func(o *decisions.Order) { o.Question.Slot = "moon" })
	for err, want := range map[error]error{
		themes.ErrReading: decisions.ErrNotYet, themes.ErrUncounted: brain.ErrInvalid, themes.ErrTooMany: brain.ErrInvalid, store.ErrNotFound: store.ErrNotFound,
	} {
		r.calls.err = fmt.Errorf("theme t: %w", err)
		refused(err.Error(), want, func(*decisions.Order) {})
	}
	r.calls.err = nil
	r.calls.people = []string{"ana", "bo", "mia"}
	refused("a third", decisions.ErrFull, func(*decisions.Order) {})
	for id, want := range map[string]int{"ana": 1, "bo": 1, "mia": 0} {
		open, err := r.Of(t.Context(), id, event.SlotIsOpen, 0)
		if err != nil || len(open) != want {
			t.Errorf("%s has %d open, want %d: %v", id, len(open), want, err)
		}
	}
	if _, _, err := r.Keep(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: "mia"}, Slot: "outbound.email"}, time.Hour); !errors.Is(err, decisions.ErrNotKept) || !strings.Contains(err.Error(), "too many") {
		t.Errorf("kept: %v", err)
	}
}
