package bins_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/internal/bins"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/learning"
	"heed/internal/propensity"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const actions = `version: 1
actions:
  - {id: a, issue: i, group: g, purpose: service, title: A, say: A, channels: [web], value: {margin: 9}, prior: {p: 0.2}}
`

const list = "version: t/1\nfeatures:\n  - {name: bill, kind: number, of: bill, bounds: [10]}\n"

// rig is a server's parts over a real store.
type rig struct {
	store   *store.Store
	brain   *brain.Brain
	decider *decide.Decider
	model   *propensity.Model
	clock   time.Time
	n       int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	r := &rig{store: s, clock: time.Date(2026, 4, 14, 1, 0, 0, 0, time.UTC)}
	r.decider, r.model = decider(t)
	r.brain = brain.New(brain.Options{Store: s, Decider: r.decider, Logger: slog.New(slog.DiscardHandler), Now: r.now})
	return r
}

func (r *rig) now() time.Time { return r.clock }

func decider(t *testing.T) (*decide.Decider, *propensity.Model) {
	t.Helper()
	c, err := decide.LoadCatalogue(fstest.MapFS{"a.yaml": {Data: []byte(actions)}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := decide.LoadFeatures([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	m, err := propensity.New(propensity.Options{Bits: 10})
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c, Features: f, Propensity: m})
	if err != nil {
		t.Fatal(err)
	}
	return d, m
}

// plant adds people with a number, and their word on being profiled.
func (r *rig) plant(t *testing.T, people int, bill float64, rows ...consent.Row) {
	t.Helper()
	for i := range people {
		r.n++
		p := customer.New(fmt.Sprintf("cus_%05d", r.n), r.clock)
		p.SetTrait(customer.Trait{Name: "bill", Value: bill + float64(i), Source: "crm", At: r.clock, Confidence: 1})
		if err := r.brain.Plant(t.Context(), p, rows); err != nil {
			t.Fatal(err)
		}
	}
}

func (r *rig) keeper(t *testing.T, d *decide.Decider) *bins.Keeper {
	t.Helper()
	k, err := bins.New(t.Context(), bins.Options{Store: r.store, Decider: d, Zone: time.UTC, Now: r.now, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func refresh(t *testing.T, k *bins.Keeper) bool {
	t.Helper()
	changed, err := k.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// decide asks for the first person.
func (r *rig) decide(t *testing.T) decide.Decision {
	t.Helper()
	d, err := r.brain.Decide(t.Context(), brain.Question{Whom: brain.Whom{CustomerID: "cus_00001"}, Slot: "web.banner", Channel: "web", N: 1})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBoundsArePlacedAtNightAndHoldAfterARestart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	k := r.keeper(t, r.decider)
	if r.plant(t, 150, 0); refresh(t, k) {
		t.Error("bounds were taken from few people")
	}
	refused := consent.Row{Cell: consent.Cell{Purpose: consent.Profiling}, State: consent.Denied, At: r.clock, Source: "form", Actor: "customer", Evidence: "form"}
	r.plant(t, 150, 150)
	r.plant(t, 100, 1e6, refused)
	before := r.decide(t)
	if !refresh(t, k) {
		t.Fatal("nothing was placed")
	}
	bounds := r.decider.Features().Bounds()["bill"]
	if len(bounds) != 11 || bounds[0] < 15 || bounds[0] > 35 || bounds[10] > 300 {
		t.Errorf("bounds %v of numbers from 0 to 299; the million refused", bounds)
	}
	after := r.decide(t)
	if v := after.Versions["features"]; before.Versions["features"] != "t/1" || v != "t/1@2026-04-14T01:00" {
		t.Errorf("versions %q and %q", before.Versions["features"], v)
	}
	if cmp.Equal(before.Features, after.Features) {
		t.Errorf("told %v both times", after.Features)
	}
	if refresh(t, k) {
		t.Error("the same people had bounds placed twice")
	}
	again, _ := decider(t)
	r.keeper(t, again)
	if diff := cmp.Diff(r.decider.Features().Bounds(), again.Features().Bounds()); diff != "" || again.Features().Version() != r.decider.Features().Version() {
		t.Errorf("after a restart: %s", diff)
	}
	r.clock = r.clock.Add(24 * time.Hour)
	if r.plant(t, 600, 1000); !refresh(t, k) {
		t.Error("the people are others, and the bounds the same")
	}
	events, err := r.store.Events(t.Context(), event.Query{Types: []event.Type{event.FeaturesRefreshed}})
	if err != nil || len(events) != 2 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestItIsDueOnceANight(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	k := r.keeper(t, r.decider)
	for _, c := range []struct {
		at   string
		due  bool
		does bool
	}{
		{"2026-04-14T01:59:00Z", false, false},
		{"2026-04-14T02:00:00Z", true, true},
		{"2026-04-14T02:10:00Z", false, false},
		{"2026-04-14T12:00:00Z", false, false},
		{"2026-04-15T04:59:00Z", true, false},
		{"2026-04-15T05:00:00Z", false, false},
		{"2026-04-16T02:00:00Z", true, true},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if r.clock = at; k.Due() != c.due {
			t.Errorf("at %s due is %t", c.at, !c.due)
		}
		if c.does {
			refresh(t, k)
		}
	}
}

// TestWhatIsLearntDoesNotDependOnTheBounds: a model that is taught from the log
// again, when the bounds have moved, is the same to the last bit.
func TestWhatIsLearntDoesNotDependOnTheBounds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	k := r.keeper(t, r.decider)
	r.plant(t, 300, 0)
	live := r.learner(t, r.model)
	for i := range 4 {
		r.clock = r.clock.Add(10 * 24 * time.Hour)
		d := r.decide(t)
		if len(d.Actions) != 1 {
			t.Fatalf("decided %+v", d)
		}
		what := []string{decide.Clicked, decide.Dismissed}[i%2]
		if _, _, err := r.brain.Outcome(t.Context(), decide.Outcome{DecisionID: d.ID, Action: "a", Outcome: what, At: r.clock, Channel: "web", Source: "shop"}); err != nil {
			t.Fatal(err)
		}
		r.teach(t, live)
		if i == 1 && !refresh(t, k) {
			t.Fatal("nothing was placed")
		}
	}
	again, model := decider(t)
	r.keeper(t, again)
	r.teach(t, r.learner(t, model))
	if h := model.Health(); h.Lessons != 4 {
		t.Errorf("%d lessons", h.Lessons)
	}
	if !bytes.Equal(written(t, r.model), written(t, model)) {
		t.Error("taught from the log it is another model")
	}
}

func (r *rig) learner(t *testing.T, m *propensity.Model) *learning.Learner {
	t.Helper()
	l, err := learning.New(learning.Options{Store: r.store, Model: m, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (r *rig) teach(t *testing.T, l *learning.Learner) {
	t.Helper()
	after, err := l.Cursor(t.Context())
	events, failed := r.store.Events(t.Context(), event.Query{After: after, Types: learning.Types(), Limit: 500})
	if err := errors.Join(err, failed, l.Handle(t.Context(), events)); err != nil {
		t.Fatal(err)
	}
}

func written(t *testing.T, m *propensity.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
