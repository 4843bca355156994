package trial

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/fixtures"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/experiment"
	"heed/internal/store"
	"heed/internal/strict"
)

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

// keeper is one over a real store with a challenger.
func keeper(t *testing.T) (*Keeper, *decide.Decider, *store.Store) {
	t.Helper()
	cat, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: cat, Experiments: experiment.Plan{Arms: []experiment.Arm{
		{Name: "pushy", Kind: experiment.Challenger, Gamma: 1, Share: 0.2},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Path: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(s, d, slog.New(slog.DiscardHandler), func() time.Time { return noon }), d, s
}

// log makes events with growing numbers.
type log struct {
	seq    int64
	events []event.Event
}

func (l *log) add(t *testing.T, kind event.Type, at time.Time, subject string, data any) {
	t.Helper()
	e, err := event.New(kind, at, event.About{Subject: subject}, data)
	if err != nil {
		t.Fatal(err)
	}
	l.seq++
	e.Seq = l.seq
	l.events = append(l.events, e)
}

func (l *log) decide(t *testing.T, id, subject, arm, supersedes string, at time.Time, shown ...string) {
	t.Helper()
	d := decide.Decision{ID: id, Subject: subject, Policy: arm, Supersedes: supersedes, Channel: "email", At: at, Readings: []customer.Reading{}}
	for _, a := range shown {
		d.Actions = append(d.Actions, decide.Choice{Action: a, V: 12})
	}
	l.add(t, event.DecisionMade, at, subject, d)
}

func TestWhatCameOfDecisions(t *testing.T) {
	t.Parallel()
	k, _, _ := keeper(t)
	var l log
	l.decide(t, "d1", "ann", "nba", "", noon, "a")
	l.decide(t, "d2", "ann", "nba", "d1", noon.Add(time.Second)) // the same call: silence in the end
	l.decide(t, "d3", "bob", "pushy", "", noon, "a")
	l.add(t, event.OutcomeRecorded, noon.Add(time.Minute), "ann", decide.Outcome{DecisionID: "d1", Action: "a", Outcome: "accepted"})
	l.add(t, event.OutcomeRecorded, noon.Add(time.Minute), "bob", decide.Outcome{DecisionID: "d3", Action: "a", Outcome: "converted", Value: 50})
	l.add(t, event.OutcomeRecorded, noon.Add(time.Minute), "eve", decide.Outcome{DecisionID: "unknown", Action: "a", Outcome: "accepted"})
	l.add(t, event.ConsentChanged, noon.AddDate(0, 0, 6), "bob", map[string]string{"purpose": "marketing", "state": "withdrawn"})
	l.add(t, event.ConsentChanged, noon.AddDate(0, 0, 8), "ann", map[string]string{"purpose": "marketing", "state": "withdrawn"})
	l.add(t, event.FactObserved, noon.AddDate(0, 0, 1), "ann", customer.Fact{Name: "complaint.opened"})
	l.add(t, event.FactObserved, noon.AddDate(0, 0, -1), "bob", customer.Fact{Name: "complaint.opened"})
	if err := k.Handle(t.Context(), l.events); err != nil {
		t.Fatal(err)
	}
	if err := k.Handle(t.Context(), l.events); err != nil { // as after a failure: nothing counts twice
		t.Fatal(err)
	}
	rows := k.since(time.Time{})
	want := []experiment.Row{
		{Subject: "ann", Arm: "nba", Action: "a", At: noon.Add(time.Second), Reward: 12, Accepted: true, Silent: true, Contact: true, Complaint: true},
		{Subject: "bob", Arm: "pushy", Action: "a", At: noon, Reward: 50, Accepted: true, Contact: true, OptOut: true},
	}
	if len(rows) != 2 || rows[0] != want[0] || rows[1] != want[1] {
		t.Errorf("%+v", rows)
	}
	if r := k.Report(noon.Add(time.Second)); len(r.Arms) != 1 || r.Arms[0].Arm != "nba" {
		t.Errorf("since: %+v", r.Arms)
	}
}

// A challenger that drives people away is ended by itself, stays ended for who
// reads the log later, and an end of nothing is refused.
func TestHarmEndsAChallenger(t *testing.T) {
	t.Parallel()
	k, d, s := keeper(t)
	var l log
	for i := range 400 {
		who := fmt.Sprint("p", i)
		arm := []string{"nba", "pushy"}[i%2]
		l.decide(t, fmt.Sprint("d", i), who, arm, "", noon, "a")
		if arm == "pushy" && i%8 == 1 {
			l.add(t, event.ConsentChanged, noon.Add(time.Hour), who, map[string]string{"purpose": "marketing", "state": "withdrawn"})
		}
	}
	if err := k.Handle(t.Context(), l.events); err != nil {
		t.Fatal(err)
	}
	k.Judge(t.Context())
	k.Judge(t.Context()) // once
	if !d.Plan().Arms[0].Ended {
		t.Fatal("it goes on")
	}
	events, err := s.Events(t.Context(), event.Query{Types: []event.Type{event.ExperimentEnded}})
	if err != nil || len(events) != 1 || !strings.Contains(string(events[0].Data), "opt-outs rose") {
		t.Fatalf("%v %v", events, err)
	}
	if err := k.Handle(t.Context(), []event.Event{{Seq: 9000, Type: events[0].Type, Data: events[0].Data}}); err != nil {
		t.Fatal(err)
	}
	if st := k.State(); len(st.Ended) != 1 || !st.Ended[0].Rollback || st.Ended[0].By != "" {
		t.Errorf("%+v", st)
	}
	if err := k.End(t.Context(), Ended{Arm: "pushy"}); !errors.Is(err, ErrNoArm) {
		t.Errorf("ended twice: %v", err)
	}
	fresh, later, _ := keeper(t)
	fresh.store = s
	if err := fresh.Resume(t.Context()); err != nil || !later.Plan().Arms[0].Ended {
		t.Errorf("a new start lets it go on: %v", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	k, _, _ := keeper(t)
	d := decide.Made{Policy: "nba", At: noon}
	const n = remembered + remembered/10 + 5
	for i := range n {
		d.ID, d.Subject = fmt.Sprint("d", i), fmt.Sprint("p", i%1000)
		k.decided(&d)
	}
	if len(k.rows) > remembered+remembered/10 || len(k.by) != len(k.rows) {
		t.Errorf("%d rows, %d decisions", len(k.rows), len(k.by))
	}
	k.answered(&decide.Outcome{DecisionID: d.ID, Outcome: "accepted"})
	k.answered(&decide.Outcome{DecisionID: "d0", Outcome: "accepted"})
	if !k.rows[len(k.rows)-1].Accepted || k.rows[0].Accepted {
		t.Error("an outcome went to another row")
	}
}

func TestPlanFiles(t *testing.T) {
	t.Parallel()
	p, err := LoadPlan(fixtures.Experiments())
	if err != nil || len(p.Arms) != 6 || p.Share(experiment.NBA) < 0.9 {
		t.Fatalf("%+v %v", p, err)
	}
	for text, field := range map[string]string{
		"version: 1\narms: [{name: holdout, share: 2}]":  "arms[0].share",
		"version: 1\narms: [{name: holdout, shore: 0}]":  "shore",
		"version: 2\narms: []":                           "version",
		"version: 1\narms: [{name: holdout, share: ten}": "",
	} {
		_, err := LoadPlan(fstest.MapFS{PlanFile: {Data: []byte(text)}})
		var bad *strict.Problem
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), field) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := LoadPlan(fstest.MapFS{}); err == nil {
		t.Error("no file is a plan")
	}
}

func FuzzPlan(f *testing.F) {
	f.Add([]byte("version: 1\narms: [{name: holdout, share: 0.1}]"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, err := parsePlan(raw); err == nil {
			p.Assign(experiment.Unit{Subject: "a", Decision: "b", At: noon})
		}
	})
}
