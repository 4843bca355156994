package offpolicy

import (
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// trial draws decisions of a uniform trial of k actions with the given chances
// of a reward of 1, for a candidate that always takes the action best.
func trial(n int, chances []float64, best int, seed uint64, expect func(action int) float64) (steps []Step, matched []float64) {
	source := rand.New(rand.NewPCG(seed, 7))
	for i := range n {
		a := source.IntN(len(chances))
		s := Step{Subject: strconv.Itoa(i), Pi: 1 / float64(len(chances)), Chosen: expect(a), Expected: expect(best)}
		if source.Float64() < chances[a] {
			s.Reward = 1
		}
		if a == best {
			s.Target = 1
			matched = append(matched, s.Reward)
		}
		steps = append(steps, s)
	}
	return steps, matched
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// On a uniform trial the candidate's reward can be read off the decisions that
// happen to be its own: SNIPS is their mean exactly, IPS that mean times how
// many there are beside how many are to be expected.
func TestUniformTrialIsExact(t *testing.T) {
	chances := []float64{0.1, 0.3, 0.2, 0.05}
	steps, matched := trial(8000, chances, 1, 1, func(int) float64 { return 0 })
	r, err := Evaluate(steps, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := mean(matched); !near(r.SNIPS.Value, want) {
		t.Errorf("SNIPS %v, the mean of those that match is %v", r.SNIPS.Value, want)
	}
	if want := mean(matched) * float64(len(matched)) * 4 / 8000; !near(r.IPS.Value, want) {
		t.Errorf("IPS %v, want %v", r.IPS.Value, want)
	}
	if !near(r.DR.Value, r.IPS.Value) {
		t.Errorf("without a model DR %v is IPS %v", r.DR.Value, r.IPS.Value)
	}
	if !near(r.Size, float64(len(matched))) {
		t.Errorf("effective size %v, want the %d that match", r.Size, len(matched))
	}
	for name, e := range map[string]Estimate{"DR": r.DR, "SNIPS": r.SNIPS, "IPS": r.IPS} {
		if !e.Holds(0.3) || !e.Holds(e.Value) {
			t.Errorf("%s %+v does not hold the truth of 0.3", name, e)
		}
	}
}

// A model that knows each reward leaves nothing to chance.
func TestPerfectModelHasNoVariance(t *testing.T) {
	sure := []float64{0, 1, 0, 1}
	steps, _ := trial(2000, sure, 3, 2, func(a int) float64 { return sure[a] })
	r, err := Evaluate(steps, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.DR.Value != 1 || r.DR.Low != 1 || r.DR.High != 1 {
		t.Errorf("DR %+v, want exactly 1", r.DR)
	}
	if r.IPS.Low == r.IPS.High {
		t.Error("IPS has no interval: the trial drew nothing")
	}
}

// A good model makes DR surer than weighting alone.
func TestModelNarrowsTheInterval(t *testing.T) {
	chances := []float64{0.2, 0.8, 0.5}
	with, _ := trial(3000, chances, 1, 3, func(a int) float64 { return chances[a] })
	without, _ := trial(3000, chances, 1, 3, func(int) float64 { return 0 })
	a, err := Evaluate(with, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Evaluate(without, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if x, y := a.DR.High-a.DR.Low, b.DR.High-b.DR.Low; x >= y {
		t.Errorf("the interval is %v wide with a model and %v without", x, y)
	}
}

func TestThinLogIsRefused(t *testing.T) {
	steps, matched := trial(1000, []float64{0.5, 0.5, 0.5, 0.5}, 0, 4, func(int) float64 { return 0 })
	r, err := Evaluate(steps, Options{})
	if !errors.Is(err, ErrThin) || !strings.Contains(err.Error(), "300 are needed") {
		t.Fatalf("%d matched: %v", len(matched), err)
	}
	if !near(r.Size, float64(len(matched))) || r.Decisions != 1000 || r.DR != (Estimate{}) {
		t.Errorf("a refusal tells the sizes and nothing else: %+v", r)
	}
	if _, err := Evaluate(nil, Options{}); !errors.Is(err, ErrThin) {
		t.Errorf("an empty log: %v", err)
	}
	if _, err := Evaluate(steps, Options{LeastSize: -1}); err != nil {
		t.Errorf("not refused when told so: %v", err)
	}
}

func TestWeightsAreClipped(t *testing.T) {
	steps := []Step{{Reward: 1, Pi: 0.001, Target: 1}, {Reward: 0, Pi: 0.5, Target: 0.5}}
	r, err := Evaluate(steps, Options{LeastSize: -1})
	if err != nil {
		t.Fatal(err)
	}
	if r.Clipped != 1 || !near(r.IPS.Value, 100) || !near(r.SNIPS.Value, 200.0/201) {
		t.Errorf("clipped at 200: %+v", r)
	}
	if r.Warning == "" {
		t.Error("DR of 100 beside SNIPS of 1 is worth a warning")
	}
}

func TestPeopleAreDrawnWhole(t *testing.T) {
	var alone, together []Step
	for i := range 2000 {
		s := Step{Reward: float64(i / 100 % 2), Pi: 1, Target: 1}
		alone = append(alone, s)
		s.Subject = strconv.Itoa(i / 100)
		together = append(together, s)
	}
	a, err := Evaluate(alone, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Evaluate(together, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Subjects != 2000 || b.Subjects != 20 || a.DR.Value != b.DR.Value {
		t.Fatalf("alone %+v, together %+v", a, b)
	}
	if x, y := a.DR.High-a.DR.Low, b.DR.High-b.DR.Low; y < 5*x {
		t.Errorf("20 people who each always answer the same are less than 2,000: %v and %v wide", x, y)
	}
}

func TestFiguresOutOfRange(t *testing.T) {
	for _, bad := range []Step{
		{Pi: 0, Target: 1},
		{Pi: 1.1},
		{Pi: math.NaN()},
		{Pi: 1, Target: -0.1},
		{Pi: 1, Target: 2},
		{Pi: 1, Reward: math.NaN()},
		{Pi: 1, Chosen: math.Inf(1)},
		{Pi: 1, Expected: math.Inf(-1)},
	} {
		if _, err := Evaluate([]Step{{Pi: 1}, bad}, Options{LeastSize: -1}); err == nil || !strings.HasPrefix(err.Error(), "decision 2: ") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func steps(t *rapid.T) []Step {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Step {
		return Step{
			Subject: rapid.StringMatching(`[a-e]?`).Draw(t, "subject"),
			Reward:  rapid.Float64Range(0, 100).Draw(t, "reward"),
			Pi:      rapid.Float64Range(0.01, 1).Draw(t, "pi"), Target: rapid.Float64Range(0, 1).Draw(t, "target"),
			Chosen: rapid.Float64Range(0, 100).Draw(t, "chosen"), Expected: rapid.Float64Range(0, 100).Draw(t, "expected"),
		}
	}), 1, 60).Draw(t, "steps")
}

// The logging policy judged by its own log earns what it earned, whatever the
// model expects, as long as it expects the same of both.
func TestOwnPolicyIsItsOwnTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := steps(t)
		for i := range log {
			log[i].Target, log[i].Expected = log[i].Pi, log[i].Chosen
		}
		r, err := Evaluate(log, Options{LeastSize: -1, Resamples: 20})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range []Estimate{r.DR, r.SNIPS, r.IPS} {
			if !near(e.Value, r.Logged.Value) {
				t.Fatalf("%v of %+v", e, r)
			}
		}
		if !near(r.Size, float64(len(log))) {
			t.Fatalf("effective size %v of %d", r.Size, len(log))
		}
	})
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := steps(t)
		o := Options{LeastSize: -1, Resamples: 20, Seed: rapid.Uint64().Draw(t, "seed")}
		r, err := Evaluate(log, o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Size > float64(len(log))*(1+1e-9) {
			t.Fatalf("%d decisions are worth %v", len(log), r.Size)
		}
		if r.SNIPS.Value < -1e-9 || r.SNIPS.Value > 100+1e-9 {
			t.Fatalf("SNIPS %v leaves the rewards' range", r.SNIPS.Value)
		}
		again, err := Evaluate(log, o)
		if err != nil || again != r {
			t.Fatalf("the same seed gives %+v, then %+v", r, again)
		}
		// Money counted in cents is the same money.
		for i := range log {
			log[i].Reward, log[i].Chosen, log[i].Expected = 100*log[i].Reward, 100*log[i].Chosen, 100*log[i].Expected
		}
		cents, err := Evaluate(log, o)
		if err != nil || !near(cents.DR.Value, 100*r.DR.Value) || !near(cents.SNIPS.High, 100*r.SNIPS.High) {
			t.Fatalf("scaled: %+v and %+v", r, cents)
		}
	})
}
