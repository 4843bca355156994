package propensity_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/decide"
	"heed/internal/propensity"
)

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

func offer(action, group string, features ...decide.Feature) decide.Case {
	return decide.Case{Action: action, Group: group, Channel: "agent", Treatment: action + ".agent", Prior: 0.2, Weight: 20, Features: features}
}

func is(name, value string) decide.Feature { return decide.Feature{Name: name, Value: value} }

func teach(m decide.Propensity, c decide.Case, yes, no int) {
	for i := range yes + no {
		m.Learn(&decide.Lesson{Case: c, Positive: i < yes, At: noon})
	}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// stream gives lessons of some actions, groups, features and channels.
func stream(seed uint64, n int) []decide.Lesson {
	r := rand.New(rand.NewPCG(seed, 0))
	out := make([]decide.Lesson, n)
	for i := range out {
		a := r.IntN(6)
		c := offer(fmt.Sprint("a", a), fmt.Sprint("g", a%2), is("plan", fmt.Sprint(r.IntN(4))), is("tenure", fmt.Sprint(r.IntN(5))))
		c.Channel = []string{"agent", "web"}[r.IntN(2)]
		out[i] = decide.Lesson{
			ID: fmt.Sprint("d", i), Subject: fmt.Sprint("s", i%50), Case: c, Positive: r.Float64() < 0.1+0.1*float64(a),
			At: noon.Add(time.Duration(i) * time.Minute), Trust: []float64{0, 1, 0.5}[r.IntN(3)],
		}
	}
	return out
}

func learnAll(m *propensity.Model, lessons []decide.Lesson) {
	for i := range lessons {
		m.Learn(&lessons[i])
	}
}

// An action without any outcome has the catalogue's chance, or else what the
// start and the priors give by the formula.
func TestNothingLearntIsWhatIsExpected(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{})
	c := offer("a", "g", is("plan", "gold"))
	near(t, "the chance", m.Estimate(&c).P, 0.2, 1e-12)
	c.Prior, c.Weight, c.Channel, c.Treatment = 0, 0, "", ""
	s := 3 + 2*0.06 // all, the group, the action; and the feature with both
	e := m.Estimate(&c)
	near(t, "the variance", e.S, s, 1e-12)
	near(t, "the mean", e.M, -3.5, 1e-12)
	near(t, "the chance", e.P, 1/(1+math.Exp(3.5/math.Sqrt(1+math.Pi*s/8))), 1e-12)
	near(t, "the low end", e.Low, 1/(1+math.Exp(3.5+1.28*math.Sqrt(s))), 1e-12)
}

// One lesson is the formula of the specification, worked out here by hand.
func TestOneLessonIsTheFormula(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{Outcomes: 1e12})
	c := decide.Case{Action: "a", Group: "g"}
	m.Learn(&decide.Lesson{Case: c, Positive: true})
	p := 1 / (1 + math.Exp(3.5/math.Sqrt(1+math.Pi*3/8)))
	h := p * (1 - p)
	d := 1 + 3*h
	e := m.Estimate(&c)
	near(t, "the mean", e.M, -3.5+3*(1-p)/d, 1e-9)
	near(t, "the variance", e.S, 3*(1-h/d), 1e-9)
}

func TestANewActionBehavesAsItsGroup(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{})
	gold := is("plan", "gold")
	for range 100 {
		teach(m, offer("good", "loved", gold), 6, 4)
		teach(m, offer("bad", "loathed", gold), 0, 10)
	}
	loved, loathed := offer("new", "loved", gold), offer("new", "loathed", gold)
	a, b := m.Estimate(&loved), m.Estimate(&loathed)
	if a.P < 0.3 || b.P > 0.15 {
		t.Errorf("a new action of a loved group has %.3f, of a loathed one %.3f", a.P, b.P)
	}
	known := offer("good", "loved", gold)
	if k := m.Estimate(&known); k.S >= a.S || k.High-k.Low >= a.High-a.Low {
		t.Errorf("what is known has %+v, what is new %+v", k, a)
	}
}

// An action that starts like another has its weights and is less sure of them.
func TestLike(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{})
	old := offer("old", "g", is("plan", "gold"))
	other := offer("old", "g", is("plan", "blue"))
	for range 200 {
		teach(m, old, 8, 2)
		teach(m, other, 1, 9)
	}
	fresh, plain := old, old
	fresh.Action, fresh.Like, plain.Action = "fresh", "old", "plain"
	a, b, c := m.Estimate(&old), m.Estimate(&fresh), m.Estimate(&plain)
	near(t, "the mean of one that starts like another", b.M, a.M, 0.1)
	if !(b.S > a.S && b.S < c.S) || math.Abs(c.M-a.M) < 0.2 {
		t.Errorf("the old one has %+v, one like it %+v, one that is not %+v", a, b, c)
	}
	m.Learn(&decide.Lesson{ID: "1", Case: fresh, Positive: true, At: noon})
	near(t, "after one lesson, the mean", m.Estimate(&fresh).M, b.M, 0.5)
}

// TestExampleL: a negative by timeout at three days and a click on the fifth
// leave the model that saw only the click.
func TestExampleL(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]int{"nothing between": 0, "others between": 300} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told, late := newModel(t, propensity.Options{}), newModel(t, propensity.Options{})
			learnAll(told, stream(1, 500))
			learnAll(late, stream(1, 500))
			c := offer("up.fibre", "g0", is("plan", "2"), is("tenure", "3"))
			click := decide.Lesson{ID: "dec/up.fibre", Subject: "cus", Case: c, Positive: true, At: noon.Add(5 * 24 * time.Hour)}
			timeout := click
			timeout.Positive, timeout.At = false, noon.Add(3*24*time.Hour)
			// What came between was about other keys: what the lesson did is
			// taken back whole, whatever else was learnt meanwhile.
			late.Learn(&timeout)
			for i := range between {
				l := decide.Lesson{Case: decide.Case{Action: "else", Group: "else"}, Positive: i%3 == 0, At: noon.Add(4 * 24 * time.Hour)}
				told.Learn(&l)
				late.Learn(&l)
			}
			told.Learn(&click)
			late.Learn(&click)
			within := 1e-6
			if between > 0 {
				within = 0.02 // the bias of all actions was moved by lessons that saw the first
			}
			for i := range 6 {
				probe := offer(fmt.Sprint("a", i), fmt.Sprint("g", i%2), is("plan", "2"), is("tenure", "3"))
				near(t, "the mean", late.Estimate(&probe).M, told.Estimate(&probe).M, within)
				near(t, "the variance", late.Estimate(&probe).S, told.Estimate(&probe).S, within)
			}
			near(t, "the mean of the action", late.Estimate(&c).M, told.Estimate(&c).M, within)
			h, want := late.Health(), told.Health()
			if h.Corrected != 1 || h.Lessons != want.Lessons || len(h.Actions) != len(want.Actions) {
				t.Fatalf("%+v, want %+v", h, want)
			}
			for i := range h.Actions {
				a, b := h.Actions[i], want.Actions[i]
				if a.Responses != b.Responses || a.Positives != b.Positives {
					t.Errorf("%s has %d of %d, want %d of %d", a.Action, a.Positives, a.Responses, b.Positives, b.Responses)
				}
				near(t, "AUC", a.AUC, b.AUC, 0.01)
				near(t, "log loss", a.LogLoss, b.LogLoss, 0.01)
			}
		})
	}
}

// What a lesson did is taken back exactly, whatever came between: a model
// that took lessons back in any order has the weights that the rest alone
// moved, because nothing else touched them.
func TestTakingBackIsExactBesideOtherKeys(t *testing.T) {
	t.Parallel()
	a, b := newModel(t, propensity.Options{}), newModel(t, propensity.Options{})
	c := decide.Case{Action: "a", Group: "g", Features: []decide.Feature{is("f", "v")}}
	for i := range 3 {
		l := decide.Lesson{ID: "late", Case: c, Positive: i == 1, At: noon}
		a.Learn(&l)
	}
	b.Learn(&decide.Lesson{ID: "late", Case: c, Positive: false, At: noon})
	near(t, "the mean", a.Estimate(&c).M, b.Estimate(&c).M, 1e-12)
	near(t, "the variance", a.Estimate(&c).S, b.Estimate(&c).S, 1e-12)
}

// After 60 days, or when too many came since, or for one who was forgotten,
// nothing can be taken back any more.
func TestCorrectionsEnd(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(m *propensity.Model){
		"old": func(m *propensity.Model) {
			m.Learn(&decide.Lesson{ID: "x", Case: offer("b", "g"), At: noon.Add(61 * 24 * time.Hour)})
		},
		"too many":  func(m *propensity.Model) { learnAll(m, stream(1, 200)) },
		"forgotten": func(m *propensity.Model) { m.Forget("cus") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newModel(t, propensity.Options{Corrections: 100})
			l := decide.Lesson{ID: "d/a", Subject: "cus", Case: offer("a", "g"), At: noon}
			m.Learn(&l)
			m.Learn(&l)
			if h := m.Health(); h.Corrected != 1 || h.Open != 1 {
				t.Fatalf("a repeated lesson: %+v", h)
			}
			end(m)
			before := m.Health()
			m.Learn(&l)
			if h := m.Health(); h.Corrected != before.Corrected || h.Lessons != before.Lessons+1 || h.Open > 100 {
				t.Errorf("was %+v, is %+v", before, h)
			}
			var out strings.Builder
			if err := m.Snapshot(&out); err != nil || (name == "forgotten" && strings.Count(out.String(), `"cus"`) != 1) {
				t.Errorf("%v; what is written names the forgotten one %d times", err, strings.Count(out.String(), `"cus"`))
			}
		})
	}
}

// Confidence is lost by outcomes and by time, the mean stays.
func TestForgetting(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		o      propensity.Options
		after  []decide.Lesson
		faster bool
	}{
		"time":       {propensity.Options{Days: 1}, []decide.Lesson{{Case: offer("z", "z"), At: noon.Add(day)}}, true},
		"clock jump": {propensity.Options{Days: 1}, []decide.Lesson{{Case: offer("z", "z"), At: noon.Add(9000 * day)}}, true},
		"clock back": {propensity.Options{Days: 1}, []decide.Lesson{{Case: offer("z", "z"), At: noon.Add(-9000 * day)}}, false},
		"outcomes":   {propensity.Options{Outcomes: 50}, slices.Repeat([]decide.Lesson{{Case: offer("z", "z"), At: noon}}, 50), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newModel(t, c.o)
			k := offer("a", "g", is("f", "v"))
			own := k
			teach(m, k, 10, 30)
			before := m.Health().Actions[0].Evidence
			mean := m.Estimate(&own).M
			learnAll(m, c.after)
			left := m.Health().Actions[0].Evidence / before
			if c.faster {
				near(t, "what is left of the evidence", left, 0.5, 0.02)
			} else if left < 0.9 {
				t.Errorf("%.3f of the evidence is left", left)
			}
			near(t, "the mean", m.Estimate(&own).M, mean, 2.5)
		})
	}
}

// The scale in which precision is kept is brought back before it overflows.
func TestManyHalfLives(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{Outcomes: 1})
	c := offer("a", "g", is("f", "v"))
	for i := range 5000 {
		m.Learn(&decide.Lesson{ID: fmt.Sprint(i), Case: c, Positive: i%4 == 0, At: noon})
	}
	m.Learn(&decide.Lesson{ID: "4999", Case: c, Positive: true, At: noon})
	if e := m.Estimate(&c); !(e.P > 0.01 && e.P < 0.99) || !(e.S > 0 && e.S < 6) || m.Health().Corrected != 1 {
		t.Errorf("%+v, %+v", e, m.Health())
	}
}

// What is no number never reaches a weight.
func TestNonsenseChangesNothing(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	m := newModel(t, propensity.Options{})
	learnAll(m, stream(2, 100))
	c := offer("a1", "g1", is("plan", "1"))
	want := m.Estimate(&c)
	for _, bad := range []decide.Lesson{
		{Case: c, Trust: nan}, {Case: c, Trust: 2}, {Case: c, Trust: -1}, {Case: decide.Case{Group: "g1"}},
	} {
		m.Learn(&bad)
	}
	if got := m.Estimate(&c); got != want || m.Health().Refused != 4 {
		t.Errorf("%+v, was %+v; refused %d", got, want, m.Health().Refused)
	}
	odd := c
	odd.Features = []decide.Feature{{Name: "plan", Value: "1", Much: nan}, {Name: "x", Value: "y", Much: inf}, {Name: "x", Value: "z", Much: -1}, {Value: "w"}}
	odd.Prior, odd.Weight = nan, inf
	m.Learn(&decide.Lesson{ID: "1", Case: odd, Positive: true, At: noon})
	huge := c
	huge.Features = []decide.Feature{{Name: "plan", Value: "1", Much: 1e300}}
	huge.Prior, huge.Weight = 1e-300, 1e300
	for i := range 100 {
		m.Learn(&decide.Lesson{Case: huge, Positive: i%2 == 0, At: time.Time{}})
	}
	for _, k := range []decide.Case{c, odd, huge} {
		if e := m.Estimate(&k); !(e.P > 0 && e.P < 1 && e.Low <= e.P && e.P <= e.High && e.S > 0) {
			t.Errorf("%+v gives %+v", k, e)
		}
	}
}

func TestOptionsOutOfRange(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]propensity.Options{
		"bits": {Bits: 40}, "start": {Start: math.NaN()}, "crossed": {Crossed: 2}, "outcomes": {Outcomes: -1},
		"days": {Days: math.Inf(1)}, "corrections": {Corrections: -1},
	} {
		if _, err := propensity.New(o); err == nil {
			t.Errorf("%s: no error for %+v", name, o)
		}
	}
}

// The contributions are exact: they add up to the log-odds of the chance.
func TestExplanationsAddUp(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{})
	learnAll(m, stream(3, 4000))
	for i := range 6 {
		for _, prior := range []float64{0, 0.2} {
			c := offer(fmt.Sprint("a", i), fmt.Sprint("g", i%2), is("plan", "1"), is("tenure", "4"), is("unheard", "of"))
			c.Prior = prior
			list := m.Explain(&c)
			sum := 0.0
			for j, x := range list {
				sum += x.LogOdds
				if j > 0 && math.Abs(x.LogOdds) > math.Abs(list[j-1].LogOdds) {
					t.Errorf("%v is not in order", list)
				}
			}
			p := m.Estimate(&c).P
			near(t, "the sum", sum, math.Log(p/(1-p)), 1e-6)
			named := func(name string) bool {
				return slices.ContainsFunc(list, func(x decide.Contribution) bool { return x.Name == name })
			}
			if !named("plan=1") || !named("expected") || !named("calibration") || named("unheard=of") {
				t.Errorf("%v", list)
			}
		}
	}
}

// A decision's candidates together get what each gets alone.
func TestTogetherAsAlone(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{})
	learnAll(m, stream(4, 3000))
	features := []decide.Feature{is("plan", "1"), is("tenure", "4"), {Name: "topic", Value: "bill", Much: 0.7}}
	var cases []decide.Case
	for i := range 12 {
		c := offer(fmt.Sprint("a", i), fmt.Sprint("g", i%3), features...)
		if i > 8 {
			c.Like = "a1"
		}
		cases = append(cases, c)
	}
	out := make([]decide.Estimate, len(cases))
	m.EstimateAll(cases, out)
	m.EstimateAll(nil, nil)
	for i := range cases {
		if got := m.Estimate(&cases[i]); got != out[i] {
			t.Errorf("%s: alone %+v, together %+v", cases[i].Action, got, out[i])
		}
	}
}

func TestAnActionThatChangesIsNoticed(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{})
	r := rand.New(rand.NewPCG(7, 7))
	c, other := offer("turns", "g", is("f", "v")), offer("stays", "g", is("f", "v"))
	live := func(p float64, n int) {
		for range n {
			m.Learn(&decide.Lesson{Case: c, Positive: r.Float64() < p, At: noon})
			m.Learn(&decide.Lesson{Case: other, Positive: r.Float64() < 0.3, At: noon})
		}
	}
	live(0.3, 4000)
	quiet := m.Health()
	live(0.05, 1500)
	h := m.Health()
	if quiet.Actions[1].Drifts != 0 || h.Actions[0].Drifts != 0 {
		t.Errorf("alarms without a change: %+v, %+v", quiet.Actions, h.Actions)
	}
	if h.Actions[1].Drifts == 0 || h.Actions[1].Drift.IsZero() {
		t.Errorf("no alarm though the rate fell from 0.3 to 0.05: %+v", h.Actions[1])
	}
	if p := m.Estimate(&c).P; p > 0.1 {
		t.Errorf("the chance is still %.3f", p)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{})
	r := rand.New(rand.NewPCG(8, 8))
	for range 6000 {
		v := r.IntN(2)
		c := offer("a", "g", is("likes", fmt.Sprint(v)), is("noise", fmt.Sprint(r.IntN(5))))
		m.Learn(&decide.Lesson{Case: c, Positive: r.Float64() < 0.05+0.4*float64(v), At: noon})
	}
	h := m.Health()
	if len(h.Actions) != 1 || len(h.Groups) != 1 {
		t.Fatalf("%+v", h)
	}
	a, g := h.Actions[0], h.Groups[0]
	if a.Responses != 6000 || !a.Mature || a.LogLoss >= a.BaseLoss || a.Evidence <= 0 || !a.LastLearned.Equal(noon) {
		t.Errorf("%+v", a)
	}
	// The best ranking there can be: (1/2)(share of pairs in order) of two values.
	near(t, "AUC", a.AUC, 0.74, 0.03)
	near(t, "portfolio AUC", h.AUC, a.AUC, 0)
	if len(a.Weights) != 7 || !strings.HasPrefix(a.Weights[0].Name, "likes=") {
		t.Errorf("weights %+v", a.Weights)
	}
	if !g.Calibrated || g.Calibration > 0.015 || g.Alarm || g.Positives < 1000 {
		t.Errorf("%+v", g)
	}
	if h.Used == 0 || h.Shared > h.Used || h.Slots != 1<<20 {
		t.Errorf("%+v", h)
	}
}

// With few slots keys meet, which is counted and breaks nothing.
func TestSharedSlotsAreCounted(t *testing.T) {
	t.Parallel()
	m := newModel(t, propensity.Options{Bits: 8})
	for i := range 2000 {
		m.Learn(&decide.Lesson{ID: fmt.Sprint(i), Case: offer("a", "g", is("f", fmt.Sprint(i))), Positive: i%2 == 0, At: noon})
	}
	if h := m.Health(); h.Used != 256 || h.Shared < 200 || h.Shared > 256 {
		t.Errorf("%d of %d slots shared", h.Shared, h.Used)
	}
}

// The same lessons in the same order give the same bits, on one processor or
// on many, while others ask.
func TestRebuiltToTheBit(t *testing.T) {
	lessons := stream(9, 5000)
	for i := range lessons {
		if i%7 == 3 {
			lessons[i].ID, lessons[i].Positive = lessons[i-3].ID, !lessons[i-3].Positive
			lessons[i].Case = lessons[i-3].Case
		}
	}
	var first string
	for _, procs := range []int{1, 2, 8} {
		before := runtime.GOMAXPROCS(procs)
		m := newModel(t, propensity.Options{Bits: 12})
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := range lessons {
				m.Estimate(&lessons[i].Case)
			}
		}()
		learnAll(m, lessons)
		<-done
		runtime.GOMAXPROCS(before)
		var out strings.Builder
		if err := m.Snapshot(&out); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = out.String()
		}
		if out.String() != first {
			t.Errorf("with %d processors the model is another", procs)
		}
	}
}

// Whatever is learnt: chances are chances, the interval holds them, variances
// stay between the floor and the prior.
func TestPropertiesOfAnyLessons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, err := propensity.New(propensity.Options{Bits: 10, Outcomes: float64(rapid.IntRange(1, 1000).Draw(t, "half-life")), Corrections: 8})
		if err != nil {
			t.Fatal(err)
		}
		word := rapid.SampledFrom([]string{"", "a", "b", "c"})
		much := rapid.OneOf(rapid.Float64(), rapid.Float64Range(0, 2))
		aCase := rapid.Custom(func(t *rapid.T) decide.Case {
			return decide.Case{
				Action: word.Draw(t, "action"), Group: word.Draw(t, "group"), Channel: word.Draw(t, "channel"), Treatment: word.Draw(t, "treatment"),
				Like: word.Draw(t, "like"), Prior: rapid.Float64().Draw(t, "prior"), Weight: rapid.Float64().Draw(t, "weight"),
				Features: []decide.Feature{{Name: word.Draw(t, "name"), Value: word.Draw(t, "value"), Much: much.Draw(t, "much")}},
			}
		})
		for range rapid.IntRange(0, 60).Draw(t, "lessons") {
			m.Learn(&decide.Lesson{
				ID: word.Draw(t, "id"), Case: aCase.Draw(t, "case"), Positive: rapid.Bool().Draw(t, "yes"),
				Trust: much.Draw(t, "trust"), At: noon.Add(time.Duration(rapid.Int64().Draw(t, "at"))),
			})
		}
		c := aCase.Draw(t, "asked")
		e := m.Estimate(&c)
		if !(e.P > 0 && e.P < 1) || !(e.Low >= 0 && e.Low <= e.P && e.P <= e.High && e.High <= 1) {
			t.Fatalf("%+v", e)
		}
		x := 1.0
		if f := c.Features[0]; f.Much > 0 {
			x = min(f.Much, 10)
		}
		least, most := 2e-4*(1-1e-9), (5+0.06+2*0.06*x*x)*(1+1e-6)
		if !(e.S >= least && e.S <= most) {
			t.Fatalf("variance %v, want %v to %v", e.S, least, most)
		}
	})
}

// Lessons that share no key may be learnt in any order: only the place of all
// actions' bias and time are shared, and both are held still here.
func TestIndependentLessonsCommute(t *testing.T) {
	t.Parallel()
	a, b := newModel(t, propensity.Options{Outcomes: 1e15}), newModel(t, propensity.Options{Outcomes: 1e15})
	one := decide.Lesson{Case: decide.Case{Action: "a", Group: "g"}, Positive: true}
	two := decide.Lesson{Case: decide.Case{Action: "b", Group: "h"}, Positive: true}
	for _, l := range []decide.Lesson{one, two} {
		a.Learn(&l)
	}
	for _, l := range []decide.Lesson{two, one} {
		b.Learn(&l)
	}
	// By symmetry each is to the one model what the other is to the other.
	near(t, "the mean", a.Estimate(&one.Case).M, b.Estimate(&two.Case).M, 1e-12)
	near(t, "the variance", a.Estimate(&two.Case).S, b.Estimate(&one.Case).S, 1e-12)
}

func TestRivalCounts(t *testing.T) {
	t.Parallel()
	r := propensity.NewRival()
	c := offer("a", "g", is("f", "1"))
	near(t, "the chance", r.Estimate(&c).P, 0.2, 1e-12)
	for range 300 {
		teach(r, c, 5, 5)
		teach(r, offer("a", "g", is("f", "2")), 1, 9)
	}
	d := offer("a", "g", is("f", "2"))
	if a, b := r.Estimate(&c), r.Estimate(&d); !(a.P > 0.4 && b.P < 0.2 && a.Low < a.P && a.P < a.High) {
		t.Errorf("%+v and %+v", a, b)
	}
	r.Learn(&decide.Lesson{Case: c, Trust: math.NaN()})
	if r.Name() != "counting@6000" {
		t.Error(r.Name())
	}
}

func newModel(t testing.TB, o propensity.Options) *propensity.Model {
	t.Helper()
	m, err := propensity.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
