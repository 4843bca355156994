package levers_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/levers"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const actions = `version: 1
actions:
  - {id: a, issue: i, group: g, purpose: service, channels: [web], title: A, say: A, value: {margin: 9}, prior: {p: 0.2}}
levers:
  - {scope: group, name: g, percent: 20, owner: Ann, reason: spring, from: 2026-04-01, until: 2026-05-01}
  - {scope: action, name: a, percent: 10, owner: Bob, reason: winter, from: 2026-01-01, until: 2026-02-01}
`

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

type rig struct {
	store  *store.Store
	keeper *levers.Keeper
	n      int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := decide.LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(actions)}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{store: s, keeper: levers.New(levers.Options{
		Store: s, Decider: d, Zone: time.UTC, Now: func() time.Time { return noon }, Logger: slog.New(slog.DiscardHandler),
	})}
}

func ann() decide.Push {
	return decide.Push{Scope: "group", Name: "g", Owner: "Ann", Percent: 20, From: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}
}

// decide logs decisions of a moment, of which the first so many were flipped.
func (r *rig) decide(t *testing.T, at time.Time, n, flipped int, by ...decide.Push) {
	t.Helper()
	for i := range n {
		r.n++
		d := decide.Decision{ID: fmt.Sprintf("dec_%04d", r.n), At: at}
		if i < flipped {
			d.Flip = &decide.Flip{GivenUp: 0.5, By: by}
		}
		e, err := event.New(event.DecisionMade, at, event.About{}, d)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.store.Write(t.Context(), func(tx *store.Tx) error { return tx.Append(e) }); err != nil {
			t.Fatal(err)
		}
	}
}

// follow hands over what is new, twice: the second time changes nothing.
func (r *rig) follow(t *testing.T) levers.Report {
	t.Helper()
	after, err := r.keeper.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events, err := r.store.Events(t.Context(), event.Query{After: after, Types: levers.Types(), Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.keeper.Handle(t.Context(), events); err != nil {
			t.Fatal(err)
		}
	}
	out, err := r.keeper.Report(t.Context(), 30)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheReportCountsByLeverOwnerAndDay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	gone := decide.Push{Scope: "group", Name: "old", Owner: "Ann", Percent: 5, From: noon.AddDate(0, -1, 0)}
	r.decide(t, noon.AddDate(0, 0, -40), 9, 9, ann()) // before the span
	r.decide(t, noon.AddDate(0, 0, -1), 10, 1, ann(), gone)
	r.decide(t, noon, 30, 3, ann())
	got := r.follow(t)
	if got.Decisions != 40 || got.Flipped != 4 || got.Share != 0.1 || got.GivenUp != 2 || got.Alarm != nil || got.Behind != 0 {
		t.Errorf("%+v", got)
	}
	want := []store.DecidedDay{{Day: "2026-04-13", Decisions: 10, Flipped: 1, GivenUp: 0.5}, {Day: "2026-04-14", Decisions: 30, Flipped: 3, GivenUp: 1.5}}
	if diff := cmp.Diff(want, got.Days); diff != "" {
		t.Error(diff)
	}
	var lines []string
	for _, l := range got.Levers {
		lines = append(lines, fmt.Sprint(l.Name, l.Owner, l.State, l.Flipped, l.GivenUp))
	}
	if diff := cmp.Diff([]string{fmt.Sprint("g", "Ann", "active", 4, 2.0), fmt.Sprint("old", "Ann", "gone", 1, 0.5), fmt.Sprint("a", "Bob", "expired", 0, 0.0)}, lines); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]levers.Owner{{Owner: "Ann", Levers: 2, Flipped: 5, GivenUp: 2.5}, {Owner: "Bob", Levers: 1}}, got.Owners); diff != "" {
		t.Error(diff)
	}
	if err := r.keeper.Rebuild(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, r.follow(t)); diff != "" {
		t.Errorf("counted anew: %s", diff)
	}
}

func TestTheAlarm(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.decide(t, noon.AddDate(0, 0, -8), 100, 100, ann()) // too long ago
	r.decide(t, noon, 49, 49, ann())
	if a := r.follow(t).Alarm; a != nil {
		t.Errorf("an alarm of 49 decisions: %+v", a)
	}
	r.decide(t, noon.AddDate(0, 0, -1), 195, 0)
	a := r.follow(t).Alarm // 49 of 244
	if a == nil || a.Decisions != 244 || a.Bound != 0.2 || !strings.Contains(a.Why, "20 % of the 244 decisions") {
		t.Errorf("%+v", a)
	}
	r.decide(t, noon, 2, 0)
	if a := r.follow(t).Alarm; a != nil {
		t.Errorf("below the bound: %+v", a)
	}
}
