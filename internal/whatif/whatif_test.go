package whatif

import (
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/store"
)

const actions = `version: 1
actions:
  - {id: plus, issue: i, group: g, purpose: service, title: A, say: A, channels: [web, email], value: {margin: 9}, prior: {p: 0.2}, policies: [{id: plus, kind: eligibility, when: 'trait("plan") == "plus"', why: the plan is another}]}
  - {id: calm, issue: i, group: g, purpose: service, title: B, say: B, channels: [web], value: {margin: 5}, prior: {p: 0.2}, policies: [{id: calm, kind: suitability, when: 'signal("churn_risk") < 0.5', why: they are leaving}]}
`

// first asks and gives the actions.
func ids(t *testing.T, a *Asker, q Ask) []string {
	t.Helper()
	q.Customer, q.Channel = "p", "web"
	got, err := a.Ask(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, c := range got.Decision.Actions {
		out = append(out, c.Action)
	}
	return out
}

// newAsker knows one person, p, of the plan plus, an hour later.
func newAsker(t *testing.T) (*Asker, *store.Store, time.Time) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := decide.LoadCatalogue(fstest.MapFS{"a.yaml": &fstest.MapFile{Data: []byte(actions)}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	clock := time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)
	now := func() time.Time { return clock }
	b := brain.New(brain.Options{Store: s, Decider: d, Logger: slog.New(slog.DiscardHandler), Now: now})
	p := customer.New("p", clock)
	p.SetTrait(customer.Trait{Name: "plan", Value: "plus", Source: "crm", At: clock, Confidence: 1})
	if err := b.Plant(t.Context(), p, []consent.Row{{Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, At: clock, Source: "form", Actor: "customer", Evidence: "form"}}); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(time.Hour)
	return New(b, d, now), s, clock
}

func TestAskSupposes(t *testing.T) {
	a, s, clock := newAsker(t)
	for name, c := range map[string]struct {
		ask  Ask
		want []string
	}{
		"as it is":             {Ask{}, []string{"plus", "calm"}},
		"one of them":          {Ask{N: 1}, []string{"plus"}},
		"about to leave":       {Ask{Set: []string{"churn_risk:0.9"}}, []string{"plus"}},
		"on another plan":      {Ask{Traits: []string{"plan:basic"}}, []string{"calm"}},
		"on no plan":           {Ask{Traits: []string{"plan:"}}, []string{"calm"}},
		"under a change":       {Ask{Change: "version: 1\npolicy: {channels: {web: {cost: 0.7}}}\n"}, []string{"plus"}},
		"both":                 {Ask{Set: []string{"churn_risk:0.5"}, Traits: []string{"plan:basic", "age:30", "vip:true"}}, []string{}},
		"before they were met": {Ask{At: clock.Add(-2 * time.Hour)}, []string{"calm"}},
	} {
		if got := ids(t, a, c.ask); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	full, err := a.Ask(t.Context(), Ask{Customer: "p", Channel: "email"})
	if err != nil || full.Decision.Slot != "outbound.email" || len(full.Decision.Trace) == 0 || !full.KnownAt.Equal(clock) {
		t.Errorf("%+v, %v", full, err)
	}
	if m := full.Allowed[1]; m.Purpose != consent.Marketing || m.AsOf.State != consent.Granted || m.KnownAt.Source != "form" {
		t.Errorf("%+v", full.Allowed)
	}
	for name, bad := range map[string]Ask{
		"tomorrow": {At: clock.Add(time.Hour)}, "known tomorrow": {Known: clock.Add(time.Hour)}, "no signal": {Set: []string{"luck:1"}},
		"no number": {Set: []string{"churn_risk"}}, "beyond its range": {Set: []string{"mood:7"}}, "no trait": {Traits: []string{"plan"}},
		"no change": {Change: "version: 1\npolicy: {steady: 0}"},
	} {
		bad.Customer, bad.Channel = "p", "web"
		if _, err := a.Ask(t.Context(), bad); !errors.Is(err, brain.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if made, err := s.Decided(t.Context(), clock.Add(-24*time.Hour), clock.Add(time.Hour)); err != nil || len(made) != 0 {
		t.Errorf("a what-if was stored: %v, %v", made, err)
	}
}

// TestRankChangesNothingAndTellsOfNoCall: a change moves the order at once, for
// somebody known and for somebody made up.
func TestRankChangesNothingAndTellsOfNoCall(t *testing.T) {
	a, _, _ := newAsker(t)
	const dear = `{"version":1,"actions":[{"id":"calm","value":{"margin":60}}]}`
	order := func(o Order) (ids []string) {
		for _, r := range o.Ranked {
			ids = append(ids, r.Action)
		}
		return ids
	}
	for name, q := range map[string]Question{
		"known":   {Customer: "p", Channel: "web", Change: dear},
		"made up": {Given: decide.Given{Traits: map[string]any{"plan": "plus"}}, Agrees: true, Channel: "web", Change: dear},
	} {
		got, err := a.Rank(t.Context(), q)
		if err != nil || got.Tried == nil {
			t.Fatalf("%s: %+v %v", name, got, err)
		}
		if is, was := order(*got.Tried), order(got.Now); !slices.Equal(was, []string{"plus", "calm"}) || !slices.Equal(is, []string{"calm", "plus"}) {
			t.Errorf("%s: %v, with the change %v", name, was, is)
		}
		first := got.Now.Ranked[0]
		if first.Rank != 1 || first.Low > first.P || first.High < first.P || first.Title != "A" {
			t.Errorf("%s: %+v", name, first)
		}
	}
	out, err := a.Rank(t.Context(), Question{Given: decide.Given{Traits: map[string]any{"plan": "basic"}}, Channel: "web"})
	if err != nil || out.Tried != nil || len(out.Now.Out) != 1 || out.Now.Out[0].Rule != "plus" || out.Now.Out[0].Why != "the plan is another" {
		t.Errorf("ruled out: %+v %v", out, err)
	}
	for _, bad := range []Question{{Channel: "web", Change: "version: ["}, {Channel: "web", Given: decide.Given{Signals: map[string]float64{"luck": 1}}}, {Customer: "p", Channel: "web", At: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		if _, err := a.Rank(t.Context(), bad); !errors.Is(err, brain.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
