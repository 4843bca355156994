package replay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"heed/insights"
	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/replay"
	"heed/internal/store"
)

// shop is a brain over a real store and the built-in catalogue, that explores.
type shop struct {
	*brain.Brain
	store *store.Store
	live  decide.Options
	mu    sync.Mutex
	clock time.Time
	since time.Time
	ids   []string
}

func (s *shop) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *shop) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

// catalogue has eight offers of marketing and two of service, all of them for
// everybody, but one, which is for one plan only.
func catalogue() string {
	var b strings.Builder
	b.WriteString("version: 1\nactions:\n")
	for n := range 10 {
		purpose, rule := "marketing", ""
		if n < 2 {
			purpose = "service"
		}
		if n == 0 {
			rule = `, context: [{label: intent.cancel, weight: 200}, {label: intent.complaint, weight: -90}]`
		}
		if n == 9 {
			rule = `, policies: [{id: plus, kind: eligibility, when: 'trait("plan") == "plus"', why: the plan is another one}]`
		}
		fmt.Fprintf(&b, "  - {id: act.%d, issue: i, group: g%d, purpose: %s, title: Title, say: Words, channels: [web, agent, email],"+
			" value: {margin: %d}, prior: {p: 0.%d}%s}\n", n, n, purpose, 20+n, 10+n, rule)
	}
	return b.String()
}

func newShop(t testing.TB) *shop {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	c, err := decide.LoadCatalogue(fstest.MapFS{"shop.yaml": &fstest.MapFile{Data: []byte(catalogue())}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c, Explore: decide.Explore{Thompson: 0.1, Uniform: 0.1, Seed: 3}})
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{store: st, live: d.Options(), clock: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
	s.since = s.clock
	s.Brain = brain.New(brain.Options{Store: st, Decider: d, Logger: slog.New(slog.DiscardHandler), Region: "US", Now: s.now})
	return s
}

// person plants somebody who is on a plan and may or may not be marketed to.
func (s *shop) person(t testing.TB, n int) string {
	t.Helper()
	id := fmt.Sprintf("person-%04d", n)
	p := customer.New(id, s.now())
	p.SetTrait(customer.Trait{Name: "plan", Value: []string{"basic", "plus"}[n%2], Source: "crm", At: s.now(), Confidence: 1})
	p.Facts = []customer.Fact{{EventID: event.NewID(), Name: "page.product", At: s.now(), Props: map[string]any{"product": "fibre"}}}
	var rows []consent.Row
	if n%4 != 3 {
		rows = []consent.Row{{Cell: consent.Cell{Purpose: consent.Marketing}, State: consent.Granted, At: s.now(), Source: "form", Actor: "customer", Evidence: "form"}}
	}
	if err := s.Plant(t.Context(), p, rows); err != nil {
		t.Fatal(err)
	}
	s.ids = append(s.ids, id)
	return id
}

// banner decides for a page and answers what was shown.
func (s *shop) banner(ctx context.Context, id, outcome string) error {
	d, err := s.Decide(ctx, brain.Question{Whom: brain.Whom{CustomerID: id}, Slot: "web.banner", Channel: "web", N: 1})
	if err != nil || outcome == "" || len(d.Actions) == 0 {
		return err
	}
	_, _, err = s.Outcome(ctx, decide.Outcome{DecisionID: d.ID, Action: d.Actions[0].Action, Outcome: outcome})
	return err
}

func (s *shop) run(t testing.TB, change string, more func(*replay.Options)) (replay.Report, error) {
	t.Helper()
	changed, _, err := s.live.With("change.yaml", []byte(change))
	if err != nil {
		t.Fatal(err)
	}
	o := replay.Options{Brain: s.Brain, Live: s.live, Change: changed, Subjects: s.ids, Since: s.since, Until: s.now().Add(time.Hour)}
	if more != nil {
		more(&o)
	}
	return replay.Run(t.Context(), o)
}

// trade has some people decide for and answer, and one of them call.
func (s *shop) trade(t testing.TB, people, rounds int) {
	t.Helper()
	for n := range people {
		s.person(t, n)
	}
	for round := range rounds {
		for n, id := range s.ids {
			if err := s.banner(t.Context(), id, []string{"accepted", "", "later"}[(n+round)%3]); err != nil {
				t.Fatal(err)
			}
			s.later(time.Second)
		}
		s.later(6 * time.Hour)
	}
}

const nothing = "version: 1\n"

func TestWithoutAChangeItIsAsLogged(t *testing.T) {
	s := newShop(t)
	s.trade(t, 12, 6)
	call, err := s.CallStarted(t.Context(), event.Call{ID: "a", Platform: "p", PlatformCall: "x", Direction: "inbound", From: "+12025550142", Status: event.CallLive, StartedAt: s.now()})
	if err != nil {
		t.Fatal(err)
	}
	s.ids = append(s.ids, call.CustomerID)
	for seq, intent := range []string{"cancel", "competitor", "complaint"} {
		s.later(10 * time.Second)
		u := insights.Utterance{ID: event.NewID(), CallID: "a", Seq: seq + 1, Speaker: insights.Customer, Text: "words", Confidence: 0.9}
		found := []insights.Insight{{Kind: insights.Intent, Name: intent, Confidence: 0.95, Speaker: insights.Customer, Model: "test", UtteranceID: u.ID}}
		if err := s.Heard(t.Context(), "a", u, found); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.run(t, nothing, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Decisions < 72+2 || r.AsLogged.Forgotten != 0 || r.AsLogged.Same != r.Decisions || r.Moved != 0 || r.People != 13 {
		t.Errorf("%+v", r)
	}
	if len(r.Opened) != 0 || r.Excluded.Before != r.Excluded.After || r.Excluded.Before == 0 {
		t.Errorf("consent kept out %+v, opened %v", r.Excluded, r.Opened)
	}
	if r.Silence.Before != r.Silence.After || r.Silence.Before > 0.5 || r.AsLogged.Logged < 3*r.Decisions || len(r.Newly.Actions) != 0 || r.Newly.People != 0 {
		t.Errorf("silence %+v, newly %+v, estimates %+v", r.Silence, r.Newly, r.AsLogged)
	}
	again, err := s.run(t, nothing, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(r)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Errorf("two runs differ:\n%s\n%s", a, b)
	}
}

func TestAChangeMovesDecisions(t *testing.T) {
	s := newShop(t)
	s.trade(t, 12, 3)
	const fresh = `version: 1
actions:
  - id: try.new
    issue: tries
    group: tries
    title: Try it
    say: Would you like to try it?
    purpose: service
    channels: [web]
    value: {margin: 500}
    prior: {p: 0.5}
`
	r, err := s.run(t, fresh, func(o *replay.Options) { o.Cohort = "plan" })
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for _, m := range r.Movement {
		if m.To == "try.new" {
			moved += m.Decisions
		}
		if (m.From != m.To) != (len(m.Examples) > 0) || len(m.Examples) > 3 || m.People < 1 || m.People > 12 {
			t.Errorf("a movement without examples: %+v", m)
		}
	}
	if r.MovedPeople < 1 || r.MovedPeople > r.People {
		t.Errorf("%d of %d people moved", r.MovedPeople, r.People)
	}
	if moved < r.Decisions*3/4 || r.Moved < moved {
		t.Errorf("%d of %d decisions moved to what is worth most: %+v", moved, r.Decisions, r.Movement)
	}
	found := false
	for _, n := range r.Newly.Actions {
		found = found || n.Action == "try.new" && n.People == 12
	}
	if !found || len(r.Opened) != 0 || r.Silence.After != 0 {
		t.Errorf("newly %+v, opened %v, silence %+v", r.Newly, r.Opened, r.Silence)
	}
	if r.Value.Refused == "" || r.Value.DR.Value != 0 {
		t.Errorf("36 decisions are not enough to tell a value: %+v", r.Value)
	}
	if len(r.Cohorts) != 2 || r.Cohorts[0].Value != "basic" || r.Cohorts[0].People != 6 || r.Cohorts[0].Reach.After != 1 || len(r.Alerts) != 0 {
		t.Errorf("cohorts %+v, alerts %v", r.Cohorts, r.Alerts)
	}
}

func TestOpeningWhatConsentClosedIsTold(t *testing.T) {
	s := newShop(t)
	s.trade(t, 8, 1)
	const id = "act.5"
	r, err := s.run(t, "version: 1\nactions:\n  - {id: "+id+", purpose: service}\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Opened) != 1 || r.Opened[0].Action != id || r.Opened[0].Rule != "consent.marketing" || r.Opened[0].People != 2 || r.Opened[0].Decisions != 2 {
		t.Errorf("two people never said yes: %+v", r.Opened)
	}
	if r.Excluded.After >= r.Excluded.Before {
		t.Errorf("excluded %+v", r.Excluded)
	}
}

func TestAValueIsToldWhenTheLogIsEnough(t *testing.T) {
	s := newShop(t)
	for n := range 30 {
		s.person(t, n*4) // all of them may be marketed to
	}
	for round := range 24 {
		var wait sync.WaitGroup
		for n, id := range s.ids {
			wait.Go(func() {
				if err := s.banner(t.Context(), id, []string{"converted", "rejected"}[min(1, (n*7+round*3)%5)]); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		s.later(90 * 24 * time.Hour) // what was refused has rested
	}
	r, err := s.run(t, nothing, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := r.Value
	if v.Logged.Value < 1 || r.Silence.Before > 0.1 {
		t.Fatalf("the shop sold nothing: %+v, silence %+v", v, r.Silence)
	}
	if v.Refused != "" || v.Decisions != 720 || !v.DR.Holds(v.DR.Value) || v.Subjects != 30 {
		t.Fatalf("%+v", v)
	}
	// The change is the policy in force: it earns what that one did, but for
	// chance in what was drawn.
	if !v.DR.Holds(v.Logged.Value) || v.Untried != 0 {
		t.Errorf("%+v", v)
	}
}

func TestProgressAndCancel(t *testing.T) {
	s := newShop(t)
	s.trade(t, 6, 1)
	seen := 0
	if _, err := s.run(t, nothing, func(o *replay.Options) { o.Progress = func(done int) { seen = max(seen, done) } }); err != nil || seen != 6 {
		t.Errorf("told of %d people: %v", seen, err)
	}
	stop := errors.New("enough")
	changed, _, err := s.live.With("c.yaml", []byte(nothing))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	o := replay.Options{Brain: s.Brain, Live: s.live, Change: changed, Subjects: s.ids, Since: s.since, Until: s.now(), Progress: func(int) { cancel(stop) }}
	if _, err := replay.Run(ctx, o); !errors.Is(err, stop) {
		t.Errorf("cancelled: %v", err)
	}
	o.Progress, o.Subjects = nil, []string{"nobody"}
	if _, err := replay.Run(t.Context(), o); !errors.Is(err, store.ErrNotFound) || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("nobody: %v", err)
	}
}
