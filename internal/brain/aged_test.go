package brain_test

import (
	"errors"
	"testing"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// The profile keeps what was concluded from a call that is too old, not its
// words, also when it is folded again.
func TestAProfileOutlivesTheWords(t *testing.T) {
	w := newWorld(t)
	c := w.past(t, "old", w.clock.AddDate(0, -3, 0), "cancel")
	profile := func() customer.Profile {
		t.Helper()
		p, err := w.store.Profile(t.Context(), c.CustomerID)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	quotes := func(p customer.Profile) (all []string) {
		for _, list := range p.Evidence {
			for _, e := range list {
				if e.Quote != "" {
					all = append(all, e.Quote)
				}
			}
		}
		return all
	}
	before := profile()
	if len(quotes(before)) == 0 {
		t.Fatal("nothing is quoted")
	}
	if err := w.AgeTranscript(t.Context(), "old", w.clock.AddDate(0, -4, 0)); !errors.Is(err, store.ErrKept) || len(quotes(profile())) == 0 {
		t.Errorf("a call that is not so old: %v", err)
	}
	if err := w.AgeTranscript(t.Context(), "old", w.clock.AddDate(0, -2, 0)); err != nil {
		t.Fatal(err)
	}
	after := profile()
	before.ForgetWords("old")
	if len(quotes(after)) > 0 || sayings(t, after) != sayings(t, before) {
		t.Errorf("the profile is\n%s\nwant\n%s", sayings(t, after), sayings(t, before))
	}
	again, err := w.Projected(t.Context(), c.CustomerID)
	if err != nil || sayings(t, again) != sayings(t, before) {
		t.Errorf("folded again it is\n%s, %v", sayings(t, again), err)
	}
	types := w.types(t, "old")
	if last := types[len(types)-1]; last != event.CallForgotten {
		t.Errorf("the log ends with %s", last)
	}
	if said, err := w.store.Utterances(t.Context(), "old"); err != nil || len(said) > 0 {
		t.Errorf("%d utterances are left: %v", len(said), err)
	}
}
