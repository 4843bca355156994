package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"heed/internal/event"
)

func FuzzParseMark(f *testing.F) {
	f.Add("")
	f.Add(mark{at: 1_700_000_000_000, id: "call-1"}.String())
	f.Add(mark{at: -1, id: "' OR 1=1 --"}.String())
	f.Add("MTIz")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMark(s)
		if err != nil {
			if !errors.Is(err, ErrBadPage) {
				t.Fatalf("got %v, want ErrBadPage", err)
			}
			return
		}
		if s == "" {
			return
		}
		if again, err := parseMark(m.String()); err != nil || again != m {
			t.Fatalf("%q became %+v and then %+v, %v", s, m, again, err)
		}
	})
}

func TestClampLimit(t *testing.T) {
	for n, want := range map[int]int{-1 << 40: 1, -1: 1, 0: 100, 1: 1, 499: 499, 500: 500, 501: 500, 1 << 40: 500} {
		if got := clampLimit(n); got != want {
			t.Errorf("clampLimit(%d) = %d, want %d", n, got, want)
		}
	}
}

// No list walks a whole table or sorts more than a page.
func TestListsUseTheirIndexes(t *testing.T) {
	s := openAt(t, t.TempDir())
	type query struct {
		text string
		args []any
	}
	of := func(text string, args []any) query { return query{text, args} }
	m := mark{at: 1, id: "x"}
	for name, q := range map[string]query{
		"events":            of(eventQuery(EventQuery{}, 1e6)),
		"events of a call":  of(eventQuery(EventQuery{Call: "c", Types: []event.Type{event.CallEnded, event.CallStarted}}, 1e6)),
		"events of a type":  of(eventQuery(EventQuery{Types: []event.Type{event.CallEnded}}, 1e6)),
		"the last of types": of(eventQuery(EventQuery{After: 1e6 - near, Types: []event.Type{event.CallEnded, event.CallStarted}}, 1e6)),
		"calls":             of(callQuery(CallQuery{}, m, 10)),
		"calls of a status": of(callQuery(CallQuery{Status: event.CallLive}, m, 10)),
		"calls of a person": of(callQuery(CallQuery{CustomerID: "c"}, m, 10)),
		"calls of an id":    of(callQuery(CallQuery{PlatformCall: "c"}, m, 10)),
		"corrections":       of(correctionQuery, []any{m.at, m.id, 10}),
		"last calls":        of(lastCalls, nil),
		"comments":          of(commentQuery, []any{"c", m.at, m.id, 10}),
		"people":            of(profileQuery("", m, 10)),
		"people by name":    of(profileQuery("anna", m, 10)), // walks the page's index, sorted
	} {
		var plan []struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		if err := s.reads.Select(&plan, `EXPLAIN QUERY PLAN `+q.text, q.args...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, step := range plan {
			// The parts of a union are pages already, and may be walked.
			whole := strings.HasPrefix(step.Detail, "SCAN ") && !strings.HasPrefix(step.Detail, "SCAN (subquery") && step.Detail != "SCAN p"
			if whole || strings.Contains(step.Detail, "TEMP B-TREE") {
				t.Errorf("%s: %s\n%s", name, step.Detail, q.text)
			}
		}
	}
}

// Near the end of the log and far from it the same is read.
func TestEventsOfTypesNearAndFar(t *testing.T) {
	s := openAt(t, t.TempDir())
	types := []event.Type{event.SignalRaised, event.FactObserved, event.TraitSet}
	err := s.Write(t.Context(), func(tx *Tx) error {
		for i := range 40 {
			e := note(fmt.Sprint(i))
			e.Type = types[i*i%7%3]
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []EventQuery{
		{Types: types[:1]},
		{Types: types[1:]},
		{Types: types, After: 7, Limit: 5},
		{Types: []event.Type{types[2], types[2]}, After: 39},
		{Types: types[:2], After: 40},
	} {
		var seqs [2][]int64
		for i, last := range []int64{40, 1e6} {
			query, args := eventQuery(q, last)
			found, err := s.eventsWhere(t.Context(), "test", query, args...)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range found {
				seqs[i] = append(seqs[i], e.Seq)
			}
		}
		if !slices.Equal(seqs[0], seqs[1]) || len(seqs[0]) == 0 && q.After < 40 && len(q.Types) != 2 {
			t.Errorf("%+v: near %v, far %v", q, seqs[0], seqs[1])
		}
	}
}
