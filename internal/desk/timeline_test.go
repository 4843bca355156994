package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"heed/internal/customer"
	"heed/internal/desk"
	"heed/internal/event"
	"heed/internal/store"
)

// person stores somebody, with a fact every minute and a trait at the end.
func (r rig) person(t *testing.T, id string, facts int) {
	t.Helper()
	r.write(t, func(tx *store.Tx) error {
		errs := []error{tx.SaveProfile(customer.Profile{ID: id, Version: 1, CreatedAt: monday(), UpdatedAt: monday()})}
		add := func(typ event.Type, at time.Time, data any) {
			e, err := event.New(typ, at, event.About{Subject: id}, data)
			errs = append(errs, err, tx.Append(e))
		}
		for i := range facts {
			add(event.FactObserved, monday().Add(time.Duration(i)*time.Minute), customer.Fact{EventID: fmt.Sprint(id, i), Name: "purchase", Props: map[string]any{"product": "x"}})
		}
		add(event.FactObserved, monday().Add(-time.Hour), customer.Fact{EventID: id, Name: "call.inbound", Props: map[string]any{"call": "c1"}})
		add(event.TraitSet, monday().Add(24*time.Hour), customer.Trait{Name: "plan", Value: "gold", Source: "crm"})
		add(event.ProfileChanged, monday(), "is in no timeline")
		return errors.Join(errs...)
	})
}

// walk reads a whole timeline page by page.
func (r rig) walk(t *testing.T, id string, q desk.TimelineQuery) []desk.Entry {
	t.Helper()
	var all []desk.Entry
	for range 100 {
		page, next, err := r.Timeline(t.Context(), id, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > q.Limit {
			t.Fatalf("%d entries on a page of %d", len(page), q.Limit)
		}
		all = append(all, page...)
		if next == "" {
			return all
		}
		q.After = next
	}
	t.Fatal("the pages do not end")
	return nil
}

func TestTheTimelineIsPagedAndFiltered(t *testing.T) {
	r := open(t)
	r.person(t, "anna", 25)
	for _, c := range []struct {
		name string
		q    desk.TimelineQuery
		want int
	}{
		{"everything", desk.TimelineQuery{Limit: 7}, 27},
		{"calls alone", desk.TimelineQuery{Limit: 1, Kinds: []string{"call"}}, 1},
		{"facts and traits", desk.TimelineQuery{Limit: 5, Kinds: []string{"fact", "trait"}}, 26},
		{"nothing of the kind", desk.TimelineQuery{Limit: 5, Kinds: []string{"consent"}}, 0},
		{"a stretch of time", desk.TimelineQuery{Limit: 4, From: monday().Add(3 * time.Minute), To: monday().Add(10 * time.Minute)}, 7},
	} {
		got := r.walk(t, "anna", c.q)
		if len(got) != c.want {
			t.Errorf("%s: %d entries, want %d", c.name, len(got), c.want)
		}
		if !slices.IsSortedFunc(got, func(a, b desk.Entry) int { return b.At.Compare(a.At) }) {
			t.Errorf("%s: not the newest first", c.name)
		}
		seen := map[string]bool{}
		for _, e := range got {
			if seen[e.ID] {
				t.Errorf("%s: %s twice", c.name, e.ID)
			}
			seen[e.ID] = true
		}
	}
	last := r.walk(t, "anna", desk.TimelineQuery{Limit: 50})
	if e := last[len(last)-1]; e.Kind != "call" || e.CallID != "c1" || e.Name != "call.inbound" {
		t.Errorf("the call reads %+v", e)
	}
	if e := last[0]; e.Kind != "trait" || e.Name != "plan" || e.Detail != "gold" || e.Source != "crm" {
		t.Errorf("the trait reads %+v", e)
	}
}

func TestTheTimelineOfPeopleWhoAreOne(t *testing.T) {
	r := open(t)
	r.person(t, "anna", 10)
	r.person(t, "bert", 10)
	r.write(t, func(tx *store.Tx) error {
		return tx.SaveMerge(customer.Merge{ID: "l", People: [2]string{"anna", "bert"}, At: monday()})
	})
	if got := r.walk(t, "bert", desk.TimelineQuery{Limit: 3}); len(got) != 24 {
		t.Errorf("%d entries of both, want 24", len(got))
	}
}

func TestBadTimelineQuestions(t *testing.T) {
	r := open(t)
	r.person(t, "anna", 1)
	for name, q := range map[string]desk.TimelineQuery{
		"a mark that is none":   {After: "xyz"},
		"a kind that is none":   {Kinds: []string{"gossip"}},
		"a mark without its id": {After: "MTIzNDU2Nzg5"},
	} {
		if _, _, err := r.Timeline(t.Context(), "anna", q); !errors.Is(err, store.ErrBadPage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := r.Timeline(t.Context(), "nobody", desk.TimelineQuery{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

// What a channel asked the gate is told with its answer, and a suggestion with its
// id, by which it can be looked into.
func TestTheTimelineTellsOfSuggestionsAndTheGate(t *testing.T) {
	r := open(t)
	r.person(t, "anna", 1)
	r.write(t, func(tx *store.Tx) error {
		var errs []error
		for i, e := range []struct {
			typ  event.Type
			data map[string]any
		}{
			{event.DecisionMade, map[string]any{"decision_id": "d1", "slot": "web.banner", "because": "it fits"}},
			{event.GateAsked, map[string]any{"decision_id": "d1", "channel": "email", "purpose": "marketing", "action": "sell", "allowed": true, "by": "mailer"}},
			{event.GateAsked, map[string]any{"channel": "sms", "purpose": "marketing", "rule": "contact.limit"}},
		} {
			made, err := event.New(e.typ, monday().Add(time.Duration(i)*time.Hour), event.About{Subject: "anna"}, e.data)
			errs = append(errs, err, tx.Append(made))
		}
		return errors.Join(errs...)
	})
	var got []string
	for _, e := range r.walk(t, "anna", desk.TimelineQuery{Kinds: []string{"decision", "gate"}, Limit: 10}) {
		got = append(got, fmt.Sprintf("%s %s: %s %s %s", e.Kind, e.Name, e.Detail, e.DecisionID, e.Source))
	}
	want := []string{"gate marketing sms: contact.limit  ", "gate sell email: allowed d1 mailer", "decision web.banner: it fits d1 "}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
