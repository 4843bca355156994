package regret_test

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"heed/internal/propensity"
)

const (
	regretSeeds     = 5
	regretDecisions = 60_000
)

// TestExampleM: from nothing, over 60,000 decisions, the model earns at least
// 0.87 of the best possible value, 0.83 with the worst seed, at least four
// points more than the rival, and its chances are right.
func TestExampleM(t *testing.T) {
	t.Parallel()
	// The rival is compared with fewer seeds where it has three times as many
	// candidates to draw for.
	for name, c := range map[string]struct {
		share  float64
		rivals int
	}{"a quarter eligible": {0.25, regretSeeds}, "four fifths eligible": {0.8, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ours, rivals, off, random [regretSeeds]float64
			var wg sync.WaitGroup
			for seed := range regretSeeds {
				wg.Go(func() {
					w := newWorld(uint64(seed))
					m := newModel(t, propensity.Options{})
					e := w.live(uint64(seed), adaptive{m}, c.share, regretDecisions, nil)
					ours[seed], random[seed], off[seed] = e.share, e.random, calibrationError(m)
					if seed < c.rivals {
						rivals[seed] = w.live(uint64(seed), counting{propensity.NewRival()}, c.share, regretDecisions, nil).share
					}
				})
			}
			wg.Wait()
			mean, worst := spread(ours[:])
			same, _ := spread(ours[:c.rivals])
			rival, _ := spread(rivals[:c.rivals])
			wrong, _ := spread(off[:])
			if tried, _ := spread(random[:]); math.Abs(tried-0.1) > 0.03 {
				t.Errorf("a random action is accepted %.3f of the times: the world is another", tried)
			}
			t.Logf("random accepted %.3v; of the best: %.3f %.3v, rival %.3f %.3v, calibration error %.4f %.3v", random, mean, ours, rival, rivals, wrong, off)
			if mean < 0.87 || worst < 0.83 {
				t.Errorf("%.3f of the best, the worst seed %.3f; want 0.87 and 0.83", mean, worst)
			}
			if same < rival+0.04 {
				t.Errorf("%.3f of the best against the rival's %.3f; want 0.04 more", same, rival)
			}
			if wrong > 0.015 {
				t.Errorf("a calibration error of %.4f, want at most 0.015", wrong)
			}
		})
	}
}

func spread(list []float64) (mean, least float64) {
	least = math.Inf(1)
	for _, x := range list {
		mean += x / float64(len(list))
		least = min(least, x)
	}
	return mean, least
}

// calibrationError is that of the groups, weighed by their outcomes.
func calibrationError(m *propensity.Model) float64 {
	sum, n := 0.0, 0.0
	for _, g := range m.Health().Groups {
		sum += g.Calibration * g.Outcomes
		n += g.Outcomes
	}
	return sum / n
}

// The logged probabilities and the model's own chances let another policy be
// judged without having been tried: the doubly robust estimate of one that
// lifts a group by half is within 5 % of what it would truly earn.
func TestAnotherPolicyIsJudgedFromTheLog(t *testing.T) {
	t.Parallel()
	const share, lifted, draws = 0.25, 1, 64
	w, m := newWorld(3), newModel(t, propensity.Options{})
	draw := rand.New(rand.NewPCG(3, 3))
	estimate, truth := 0.0, 0.0
	w.live(3, adaptive{m}, share, regretDecisions, func(n int, v *visit, at int, yes bool) {
		if n < regretDecisions/2 || n%2 == 0 {
			return
		}
		pi := make([]float64, len(v.cases))
		for range draws {
			pi[drawn(w, draw, v)] += 0.10 / draws
		}
		pi[w.best(v, func(i int) float64 { return v.out[i].P })] += 0.88
		other := w.best(v, func(i int) float64 {
			if v.eligible[i]%worldGroups == lifted {
				return 1.5 * v.out[i].P
			}
			return v.out[i].P
		})
		a := v.eligible[other]
		truth += w.chance(v, a) * w.value[a]
		estimate += v.out[other].P * w.value[a]
		if other == at {
			r := 0.0
			if yes {
				r = 1
			}
			estimate += min(200, 1/(pi[at]+0.02/float64(len(pi)))) * (r - v.out[at].P) * w.value[a]
		}
	})
	t.Logf("doubly robust %.1f, truth %.1f", estimate, truth)
	if off := math.Abs(estimate-truth) / truth; off > 0.05 {
		t.Errorf("the estimate is %.1f, the truth %.1f: %.3f apart, want at most 0.05", estimate, truth, off)
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
