package experiment_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"heed/internal/experiment"
)

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

func plan(arms ...experiment.Arm) *experiment.Plan {
	return &experiment.Plan{Salt: "spring", Arms: arms}
}

func TestSharesHold(t *testing.T) {
	t.Parallel()
	p := plan(
		experiment.Arm{Name: "holdout", Share: 0.01, Sticky: 90},
		experiment.Arm{Name: "random_eligible", Share: 0.02},
		experiment.Arm{Name: "flat", Kind: "challenger", Gamma: 0.5, Share: 0.2, Sticky: 30},
		experiment.Arm{Name: "shade", Kind: "challenger", Model: "counting", Shadow: true, Share: 0.5},
	)
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	const n = 100_000
	got := map[string]float64{}
	for i := range n {
		u := experiment.Unit{Subject: fmt.Sprint("cus_", i), Decision: fmt.Sprint("dec_", i), At: noon}
		got[p.Assign(u).Name] += 1.0 / n
		if len(p.Shadows(u)) == 1 {
			got["shadow"] += 1.0 / n
		}
	}
	want := map[string]float64{"holdout": 0.01, "random_eligible": 0.02, "flat": 0.2, "nba": 0.77, "shadow": 0.5}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 0.005)); diff != "" {
		t.Error(diff)
	}
	for name, share := range want {
		if name != "shadow" && math.Abs(p.Share(name)-share) > 1e-12 {
			t.Errorf("share of %s is said to be %v", name, p.Share(name))
		}
	}
	if p.Share("nobody") != 0 {
		t.Error("an arm that is not there has a share")
	}
}

// A person stays in a sticky arm for its time, and an arm that is added later
// moves nobody out of those that were there.
func TestStickyAndStable(t *testing.T) {
	t.Parallel()
	first := experiment.Arm{Name: "holdout", Kind: "holdout", Share: 0.1, Sticky: 30}
	p := plan(first)
	grown := plan(first, experiment.Arm{Name: "no_levers", Kind: "no_levers", Share: 0.1})
	moved, later := 0, 0
	for i := range 3000 {
		u := experiment.Unit{Subject: fmt.Sprint("cus_", i), Decision: "a", At: time.Unix(0, 0)}
		arm := p.Assign(u).Name
		for _, at := range []time.Duration{time.Hour, 30*24*time.Hour - time.Second} {
			again := u
			again.At, again.Decision = u.At.Add(at), "b"
			if got := p.Assign(again).Name; got != arm {
				t.Fatalf("%s was in %s and is in %s after %v", u.Subject, arm, got, at)
			}
		}
		u.At = u.At.Add(31 * 24 * time.Hour)
		if p.Assign(u).Name != arm {
			later++
		}
		u.At = time.Unix(0, 0)
		if got := grown.Assign(u).Name; (arm == "holdout") != (got == "holdout") {
			moved++
		}
	}
	if moved != 0 || later == 0 {
		t.Errorf("a new arm moved %d people; the next month drew anew for %d", moved, later)
	}
}

// An arm that has ended gives its people back and moves nobody else.
func TestEndingAnArm(t *testing.T) {
	t.Parallel()
	p := plan(experiment.Arm{Name: "a", Kind: "no_levers", Share: 0.2}, experiment.Arm{Name: "b", Kind: "no_levers", Share: 0.2}, experiment.Arm{Name: "s", Kind: "challenger", Model: "x", Shadow: true, Share: 1})
	ended, ok := p.End("a")
	dark, shadow := ended.End("s")
	if _, again := ended.End("a"); !ok || again || !shadow || p.Arms[0].Ended {
		t.Fatalf("%v %v %v", ok, again, p.Arms[0])
	}
	for i := range 2000 {
		u := experiment.Unit{Decision: fmt.Sprint(i), At: noon}
		was, is := p.Assign(u), ended.Assign(u)
		want := was.Name
		if want == "a" {
			want = "nba"
		}
		if is.Name != want || len(dark.Shadows(u)) != 0 {
			t.Fatalf("%s became %s", was.Name, is.Name)
		}
	}
	if got := ended.Share("nba"); math.Abs(got-0.8) > 1e-12 || ended.Share("a") != 0 {
		t.Errorf("shares %v and %v", got, ended.Share("a"))
	}
}

func TestPlansThatCannotBe(t *testing.T) {
	t.Parallel()
	good := experiment.Arm{Name: "no_levers", Share: 0.1}
	with := func(f func(*experiment.Arm)) []experiment.Arm {
		a := good
		f(&a)
		return []experiment.Arm{a}
	}
	for field, arms := range map[string][]experiment.Arm{
		"arms[0].name":        with(func(a *experiment.Arm) { a.Name = "No levers" }),
		"arms[0].kind":        with(func(a *experiment.Arm) { a.Name, a.Kind = "x", "best" }),
		"arms[0].share":       with(func(a *experiment.Arm) { a.Share = math.NaN() }),
		"arms[0].sticky_days": with(func(a *experiment.Arm) { a.Sticky = 400 }),
		"arms[0].gamma":       with(func(a *experiment.Arm) { a.Kind, a.Gamma = "challenger", 2 }),
		"arms[1].name":        {good, good},
		"arms":                {{Name: "holdout", Share: 0.2}, {Name: "no_levers", Share: 0.2}, {Name: "policy_only", Share: 0.2}},
	} {
		var bad *experiment.Invalid
		if err := plan(arms...).Check(); !errors.As(err, &bad) || bad.Field != field || bad.Hint == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, a := range []experiment.Arm{
		{Name: "holdout", Share: 0.1, Shadow: true},
		{Name: "c", Kind: "challenger", Share: 0.1},
		{Name: "nba", Kind: "holdout", Share: 0.1},
		{Name: "holdout", Share: 0.3},
	} {
		if plan(a).Check() == nil {
			t.Errorf("%+v is a plan", a)
		}
	}
	if err := (&experiment.Plan{Arms: make([]experiment.Arm, 21)}).Check(); err == nil || !strings.Contains(err.Error(), "21 arms") {
		t.Errorf("%v", err)
	}
}

// world makes rows: each person has a taste of their own, so that their
// decisions are alike.
func world(seed uint64, arm string, people int, rate float64) []experiment.Row {
	source := rand.New(rand.NewPCG(seed, 1))
	var rows []experiment.Row
	for i := range people {
		taste := rate * 2 * source.Float64()
		for range 1 + source.IntN(6) {
			r := experiment.Row{Subject: fmt.Sprintf("%s-%d-%d", arm, seed, i), Arm: arm, At: noon.Add(time.Duration(i) * time.Minute)}
			if source.Float64() < taste {
				r.Accepted, r.Reward = true, 10
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// The intervals hold what they promise although the decisions about one person
// are alike, and the test that may be looked at often errs seldom.
func TestIntervalsAndErrors(t *testing.T) {
	t.Parallel()
	const worlds = 300
	inside, wrong := 0, 0
	for seed := range uint64(worlds) {
		rows := append(world(2*seed, "nba", 200, 0.1), world(2*seed+1, "random_eligible", 200, 0.1)...)
		found := false
		for _, people := range []int{400, 800, len(rows)} { // looked at as it comes in
			r := experiment.Measure(plan(), interleaved(rows)[:min(people, len(rows))])
			if len(r.Lifts) > 0 && r.Lifts[0].P < 0.05 {
				found = true
			}
		}
		if found {
			wrong++
		}
		if l := experiment.Measure(plan(), rows).Lifts[0]; l.Reward.Low <= 0 && l.Reward.High >= 0 {
			inside++
		}
	}
	if inside < worlds*92/100 || inside > worlds*98/100 {
		t.Errorf("the interval of 95 %% held the truth in %d of %d worlds", inside, worlds)
	}
	if wrong > worlds*5/100 {
		t.Errorf("a difference that is not there was found in %d of %d worlds", wrong, worlds)
	}
}

func interleaved(rows []experiment.Row) []experiment.Row {
	out := slices.Clone(rows)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestLiftIsFound(t *testing.T) {
	t.Parallel()
	found := 0
	for seed := range uint64(40) {
		rows := append(world(2*seed, "nba", 1500, 0.15), world(2*seed+1, "random_eligible", 1500, 0.1)...)
		l := experiment.Measure(plan(), rows).Lifts[0]
		if l.P < 0.05 && l.Reward.Mean > 0 && strings.HasPrefix(l.Verdict, "nba brings") {
			found++
		}
	}
	if found < 36 {
		t.Errorf("half as much again was found in %d of 40 worlds", found)
	}
}

func TestGuardRailsEndAChallenger(t *testing.T) {
	t.Parallel()
	p := plan(experiment.Arm{Name: "pushy", Kind: "challenger", Gamma: 1, Share: 0.1})
	champion := world(1, "nba", 3000, 0.1)
	pushy := world(2, "pushy", 1000, 0.2) // sells more
	for i := range pushy {
		pushy[i].OptOut = i%40 == 0 // and drives people away
	}
	r := experiment.Measure(p, append(champion, pushy...))
	if len(r.Stop) != 1 || !r.Stop[0].Rollback || !strings.HasPrefix(r.Stop[0].Why, "opt-outs rose from 0.00 % to") {
		t.Fatalf("%+v", r.Stop)
	}
	r = experiment.Measure(p, append(champion, world(2, "pushy", 1000, 0.2)...))
	if len(r.Stop) != 1 || r.Stop[0].Rollback || !strings.HasPrefix(r.Stop[0].Why, "pushy brings") {
		t.Errorf("decided: %+v", r.Stop)
	}
	r = experiment.Measure(p, append(champion, world(2, "pushy", 1000, 0.02)...))
	if len(r.Stop) != 1 || !r.Stop[0].Rollback {
		t.Errorf("worse: %+v", r.Stop)
	}
	early := experiment.Measure(p, append(world(1, "nba", 10, 0.1), world(2, "pushy", 10, 0.9)...))
	if len(early.Stop) != 0 || !strings.HasPrefix(early.Lifts[0].Verdict, "Too early to tell") {
		t.Errorf("early: %+v", early)
	}
}

// The order of rows changes nothing, and every report can be written.
func TestReportsAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		arms := []string{"nba", "holdout", "random_eligible", "no_levers"}
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) experiment.Row {
			return experiment.Row{
				Subject: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "subject"), Arm: rapid.SampledFrom(arms).Draw(t, "arm"),
				At: noon, Reward: rapid.Float64Range(0, 100).Draw(t, "reward"), Silent: rapid.Bool().Draw(t, "silent"),
			}
		}), 0, 40).Draw(t, "rows")
		one := experiment.Measure(plan(), rows)
		if _, err := json.Marshal(one); err != nil {
			t.Fatal(err)
		}
		two := experiment.Measure(plan(), rapid.Permutation(rows).Draw(t, "order"))
		if diff := cmp.Diff(one, two, cmpopts.IgnoreUnexported(experiment.Rate{}), cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestEachActionIsCompared: where it was chosen against where it was drawn, and
// with too few people on a side nothing is said.
func TestEachActionIsCompared(t *testing.T) {
	t.Parallel()
	of := func(action string, rows []experiment.Row) []experiment.Row {
		for i := range rows {
			rows[i].Action = action
		}
		return rows
	}
	rows := slices.Concat(
		of("a", world(1, "nba", 300, 0.4)), of("a", world(2, "random_eligible", 300, 0.1)),
		of("b", world(3, "nba", 40, 0.4)), of("b", world(4, "random_eligible", 5, 0.1)), of("c", world(5, "nba", 5, 0.1)), of("", world(6, "nba", 5, 0)),
	)
	got := experiment.Measure(plan(), rows).Actions
	if len(got) != 3 || got[0].Action != "a" || got[0].Chosen.People != 300 || got[0].Lift == nil || got[0].Lift.Accepted.Low <= 0 {
		t.Fatalf("%+v", got)
	}
	if l := got[1].Lift; l == nil || l.P != 1 || !strings.Contains(l.Verdict, "Too early") || got[1].Drawn.People != 5 {
		t.Errorf("five people: %+v", got[1])
	}
	if got[2].Lift != nil || got[2].Drawn.Decisions != 0 {
		t.Errorf("never drawn: %+v", got[2])
	}
}
