package decide_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heed/internal/consent"
	"heed/internal/decide"
	"heed/internal/experiment"
)

// arms is a catalogue on which each arm answers otherwise: "likely" is the most
// likely, "pushed" has a lever, "dear" the greatest value, "dull" is not worth it.
func armsText() string {
	action := func(id string, p float64, margin int, purpose string) string {
		text := actionText(id, "    purpose: "+purpose)
		text = strings.Replace(text, "p: 0.2", fmt.Sprint("p: ", p), 1)
		return strings.Replace(text, "margin: 40", fmt.Sprint("margin: ", margin), 1)
	}
	return catalogueText(
		action("likely", 0.6, 5, "service"), action("pushed", 0.3, 6, "service"),
		action("dear", 0.1, 60, "marketing"), action("dull", 0.001, 1, "service"),
	) + `levers:
  - {scope: action, name: pushed, percent: 100, owner: Ann, reason: spring, from: 2026-04-01, until: 2026-05-01}
`
}

func under(t testing.TB, arms ...experiment.Arm) *decide.Decider {
	return decider(t, decide.Options{
		Experiments: experiment.Plan{Arms: arms}, Models: map[string]decide.Propensity{"fixed": decide.Fixed{}},
	}, asIs, armsText())
}

// decided asks until the arm was drawn n times, for other people each time.
func decided(d *decide.Decider, policy string, n int) []decide.Decision {
	var out []decide.Decision
	for i := 0; len(out) < n && i < 100_000; i++ {
		r := request(cus(fmt.Sprint("cus_", i)), grant(consent.Marketing))
		r.CallID = ""
		if dec := d.Decide(fmt.Sprint("d", i), r); dec.Policy == policy {
			out = append(out, dec)
		}
	}
	return out
}

func TestEachArmRanksByItsOwn(t *testing.T) {
	t.Parallel()
	for arm, want := range map[string]string{
		"nba": "dear", experiment.PropensityOnly: "likely", experiment.NoLevers: "dear", experiment.Holdout: "pushed", "flat": "pushed",
	} {
		plan := experiment.Arm{Name: arm, Share: 0.2}
		if arm == "flat" {
			plan.Kind, plan.Gamma = experiment.Challenger, 0.3
		}
		d := under(t)
		if arm != "nba" {
			d = under(t, plan)
		}
		for _, dec := range decided(d, arm, 20) {
			if first := dec.Actions[0]; first.Action != want || first.Pi != 1 || dec.Arm != "exploit" {
				t.Fatalf("%s: %s with %v by %s", arm, first.Action, first.Pi, dec.Arm)
			}
			held := slices.ContainsFunc(dec.NotChosen, func(e decide.Exclusion) bool {
				return e.Action == "dear" && e.Rule == "contact.holdout" && e.Step == 7
			})
			if held != (arm == experiment.Holdout) {
				t.Fatalf("%s: marketing held back: %v", arm, held)
			}
		}
	}
}

// What is drawn is drawn with the chance that is logged.
func TestDrawingArmsLogTheirChances(t *testing.T) {
	t.Parallel()
	for arm, of := range map[string]int{experiment.RandomEligible: 3, experiment.PolicyOnly: 4, experiment.RandomPropensity: 3} {
		const n = 2000
		shown, promised := map[string]float64{}, map[string]float64{}
		for _, dec := range decided(under(t, experiment.Arm{Name: arm, Share: 0.2}), arm, n) {
			if dec.Arm != "random" || len(dec.Survivors) != of {
				t.Fatalf("%s: %s of %d", arm, dec.Arm, len(dec.Survivors))
			}
			shown[dec.Actions[0].Action] += 1.0 / n
			sum := 0.0
			for _, s := range dec.Survivors {
				promised[s.Action] += s.Pi / n
				sum += s.Pi
			}
			near(t, arm, sum, 1, 1e-9)
		}
		for a, p := range promised {
			near(t, arm+" "+a, shown[a], p, 0.04)
		}
	}
}

func TestShadowsAreLoggedAndChangeNothing(t *testing.T) {
	t.Parallel()
	shade := experiment.Arm{Name: "shade", Kind: experiment.Challenger, Gamma: 0.3, Model: "fixed", Shadow: true, Share: 1}
	with, without := decided(under(t, shade), "nba", 20), decided(under(t), "nba", 20)
	for i, dec := range with {
		if len(dec.Shadows) != 1 || dec.Shadows[0].Arm != "shade" || dec.Shadows[0].Action != "pushed" || dec.Shadows[0].Priority <= 0 {
			t.Fatalf("%+v", dec.Shadows)
		}
		if a, b := dec.Actions[0], without[i].Actions[0]; a.Action != b.Action || a.Priority != b.Priority || a.Because != b.Because {
			t.Errorf("shown %+v, without the shadow %+v", a, b)
		}
	}
	if _, err := decide.New(decide.Options{Catalogue: under(t).Catalogue(), Experiments: experiment.Plan{Arms: []experiment.Arm{
		{Name: "c", Kind: experiment.Challenger, Model: "nobody", Share: 0.1},
	}}}); err == nil || !errors.As(err, new(*experiment.Invalid)) {
		t.Errorf("a model that is not there: %v", err)
	}
}

func TestAnArmEndsAtOnce(t *testing.T) {
	t.Parallel()
	d := under(t, experiment.Arm{Name: experiment.PropensityOnly, Share: 0.2})
	if len(decided(d, experiment.PropensityOnly, 5)) != 5 || !d.EndArm(experiment.PropensityOnly) || d.EndArm(experiment.PropensityOnly) {
		t.Fatal("the arm is not there, or ends twice")
	}
	if got := decided(d, experiment.PropensityOnly, 1); len(got) != 0 || !d.Plan().Arms[0].Ended {
		t.Errorf("it still decides: %+v", got[0].ID)
	}
}

// One call is one draw: its suggestions do not come now from this arm and now
// from that.
func TestACallStaysInItsArm(t *testing.T) {
	t.Parallel()
	d := under(t, experiment.Arm{Name: experiment.RandomEligible, Share: 0.2}, experiment.Arm{Name: experiment.PropensityOnly, Share: 0.2})
	drawn := map[string]int{}
	for c := range 200 {
		r := request(cus("cus_1"), grant(consent.Marketing))
		r.CallID = fmt.Sprint("call_", c)
		first := d.Decide("d1", r)
		drawn[first.Policy]++
		for i := range 5 {
			r.Previous = &first
			again := d.Decide(fmt.Sprint("e", i), r)
			if again.Policy != first.Policy || again.Actions[0].Action != first.Actions[0].Action {
				t.Fatalf("%s %s, then %s %s", first.Policy, first.Actions[0].Action, again.Policy, again.Actions[0].Action)
			}
		}
	}
	if len(drawn) != 3 {
		t.Errorf("drew %v", drawn)
	}
}

// What was drawn to be tried stays on the screen until the best has become
// better than it was when it was passed over.
func TestWhatIsTriedIsNotTakenAway(t *testing.T) {
	t.Parallel()
	d := decider(t, decide.Options{Explore: decide.Explore{Careful: 0.99, Seed: 3}}, asIs, armsText())
	tried := 0
	for i := range 100 {
		r := request(cus(fmt.Sprint("cus_", i)), grant(consent.Marketing))
		first := d.Decide(fmt.Sprint("d", i), r)
		drawn := first.Actions[0].Action
		if drawn == "dear" {
			continue
		}
		tried++
		r.Previous = &first
		again := d.Decide(fmt.Sprint("e", i), r)
		if again.Actions[0].Action != drawn || again.Arm != "held" {
			t.Fatalf("%s by %s", again.Actions[0].Action, again.Arm)
		}
		first.Survivors = slices.Clone(first.Survivors)
		for j := range first.Survivors {
			first.Survivors[j].Priority *= 0.8 // all were worth less then
		}
		if again = d.Decide(fmt.Sprint("e", i), r); again.Actions[0].Action != "dear" {
			t.Fatalf("%s stays although the best has become better", again.Actions[0].Action)
		}
	}
	if tried < 10 {
		t.Errorf("tried %d times", tried)
	}
}

// No arm breaks a rule: whatever it shows passed every gate in the plain policy.
func TestNoArmBreaksARule(t *testing.T) {
	t.Parallel()
	kinds := []string{
		experiment.RandomEligible, experiment.PropensityOnly, experiment.NoLevers, experiment.PolicyOnly, experiment.RandomPropensity, experiment.Holdout,
	}
	plain := under(t)
	trials := map[string]*decide.Decider{}
	for _, k := range kinds {
		trials[k] = under(t, experiment.Arm{Name: k, Share: 0.2})
	}
	rapid.Check(t, func(t *rapid.T) {
		p := cus(fmt.Sprint("cus_", rapid.IntRange(0, 99).Draw(t, "who")))
		if rapid.Bool().Draw(t, "angry") {
			p = angry(p)
		}
		if rapid.Bool().Draw(t, "vulnerable") {
			p = trait(p, "vulnerable", true)
		}
		ledger := [][]consent.Row{nil, grant(consent.Marketing), deny(consent.Marketing), deny(consent.Profiling), deny(consent.Service)}[rapid.IntRange(0, 4).Draw(t, "ledger")]
		r := request(p, ledger)
		r.Channel = rapid.SampledFrom([]string{"agent", "email", "call"}).Draw(t, "channel")
		r.N = 10
		allowed := plain.Decide("d", r)
		for _, k := range kinds {
			dec := trials[k].Decide("d", r)
			for _, c := range dec.Actions {
				at := slices.IndexFunc(allowed.NotChosen, func(e decide.Exclusion) bool { return e.Action == c.Action })
				if at >= 0 && (allowed.NotChosen[at].Step < 10 || dec.Policy != experiment.PolicyOnly) {
					t.Fatalf("%s shows %s, which %s forbids", k, c.Action, allowed.NotChosen[at].Rule)
				}
				if math.IsNaN(c.Pi) || c.Pi < 0 || c.Pi > 1 {
					t.Fatalf("%s: pi %v", k, c.Pi)
				}
			}
		}
	})
}
