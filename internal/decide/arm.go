package decide

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"heed/internal/experiment"
)

// Explore is the tenant's own word on how often something other than the best is tried, so that the
// model keeps learning and its judgement can be checked afterwards; where
// [PolicyFile] has shares, those hold. The zero value never explores.
type Explore struct {
	// Thompson is the share of decisions drawn by how sure the model is, and
	// Uniform the share drawn evenly from the survivors. Each 0..1, together
	// below 1.
	Thompson, Uniform float64
	// Careful is the Thompson share of an agent's slots, where a person has to
	// say it: nothing is drawn evenly there, so that what the model is sure to be
	// wrong is never tried. 0..1, below 1.
	Careful float64
	// Draws is how many times a Thompson share is sampled; 0 means 128.
	Draws int
	// Seed makes the draws repeatable together with the decision's id.
	Seed uint64
}

func (x Explore) check() error {
	if !(x.Thompson >= 0 && x.Uniform >= 0 && x.Thompson+x.Uniform < 1) {
		return fmt.Errorf("exploring %v + %v of the decisions: each from 0, together below 1", x.Thompson, x.Uniform)
	}
	if !(x.Careful >= 0 && x.Careful < 1) {
		return fmt.Errorf("exploring %v of an agent's decisions: from 0 to below 1", x.Careful)
	}
	if x.Draws < 0 || x.Draws > 10_000 {
		return fmt.Errorf("%d draws: 0 to 10,000", x.Draws)
	}
	return nil
}

// The arms of a decision.
const (
	armExploit = "exploit"
	armExplore = "explore"
	armRandom  = "random"
	armHeld    = "held" // the present suggestion stayed: nothing beat it clearly
	armSilence = "silence"
)

// choose is step 11: it puts the chosen survivor first, sets each one's
// probability of being first, and names the arm. The list is ranked and not empty.
func (d *Decider) choose(id string, m *moment, list []*candidate) string {
	if held := m.present(list); held >= 0 {
		if held > 0 && m.beaten(list[0], list[held]) {
			held = 0
		}
		toFront(list, held)
		list[0].pi = 1
		if held > 0 {
			return armHeld
		}
		return armExploit
	}
	source := rand.New(rand.NewPCG(d.o.Explore.Seed, seedOf(id)))
	switch m.arm.Kind {
	case experiment.RandomEligible, experiment.PolicyOnly:
		for _, c := range list {
			c.pi = 1 / float64(len(list))
		}
		toFront(list, source.IntN(len(list)))
		return armRandom
	case experiment.RandomPropensity:
		shares := wins(list, d.o.Explore.Draws, func(*candidate) float64 { return source.Float64() })
		for i, c := range list {
			c.pi = shares[i]
		}
		toFront(list, pick(source, shares))
		return armRandom
	case experiment.PropensityOnly, experiment.NoLevers, experiment.Holdout:
		list[0].pi = 1 // compared as they are, without trying others
		return armExploit
	default:
		return m.explore(source, list)
	}
}

// explore tries another than the best now and then, by the slot's shares.
func (m *moment) explore(source *rand.Rand, list []*candidate) string {
	x := m.guide.shares(m.Slot, m.now.d.o.Explore)
	if x.Thompson+x.Uniform <= 0 || len(list) == 1 {
		list[0].pi = 1
		return armExploit
	}
	shares := thompson(source, list, x.Draws)
	for i, c := range list {
		c.pi = x.Thompson*shares[i] + x.Uniform/float64(len(list))
	}
	list[0].pi += 1 - x.Thompson - x.Uniform
	arm, at := armExploit, 0
	switch u := source.Float64(); {
	case u < x.Uniform:
		arm, at = armRandom, source.IntN(len(list))
	case u < x.Uniform+x.Thompson:
		arm, at = armExplore, pick(source, shares)
	}
	toFront(list, at)
	return arm
}

// present finds the suggestion that the agent is looking at among the
// survivors, or gives -1. Only an agent's slot is held steady.
func (m *moment) present(list []*candidate) int {
	p := m.Previous
	if p == nil || len(p.Actions) == 0 || p.Slot != m.Slot || !strings.HasPrefix(m.Slot, agentChannel) {
		return -1
	}
	return slices.IndexFunc(list, func(c *candidate) bool { return c.ID == p.Actions[0].Action })
}

// beaten says whether the best is so much better than what the agent is
// looking at that it replaces it. What was drawn to be tried was not the best
// to begin with: it goes when the best has become better than it was then, and
// where all is drawn it stays while the rules let it.
func (m *moment) beaten(best, held *candidate) bool {
	switch m.arm.Kind {
	case experiment.RandomEligible, experiment.PolicyOnly, experiment.RandomPropensity:
		return false
	}
	bar := m.merit(held)
	if list := m.Previous.Survivors; len(list) > 0 && m.arm.Kind == experiment.NBA {
		top := slices.MaxFunc(list, func(a, b Survivor) int { return cmp.Compare(a.Priority, b.Priority) })
		if top.Priority > m.guide.Steady*list[0].Priority {
			bar = max(bar, top.Priority)
		}
	}
	return m.merit(best) > m.guide.Steady*bar
}

// toFront moves one candidate to the front and keeps the order of the rest.
func toFront(list []*candidate, at int) {
	c := list[at]
	copy(list[1:at+1], list[:at])
	list[0] = c
}

// thompson gives the share of draws that each survivor wins when every chance
// is drawn from what the model believes of it.
func thompson(source *rand.Rand, list []*candidate, draws int) []float64 {
	return wins(list, draws, func(c *candidate) float64 {
		return Expit(c.estimate.M + math.Sqrt(c.estimate.S)*source.NormFloat64())
	})
}

// wins gives the share of draws in which each survivor has the highest
// priority with a drawn chance.
func wins(list []*candidate, draws int, chance func(*candidate) float64) []float64 {
	if draws <= 0 {
		draws = 128
	}
	won := make([]float64, len(list))
	for range draws {
		best, most := 0, math.Inf(-1)
		for i, c := range list {
			if score := chance(c) * c.c * c.v * c.l; score > most {
				best, most = i, score
			}
		}
		won[best] += 1 / float64(draws)
	}
	return won
}

func pick(source *rand.Rand, shares []float64) int {
	u := source.Float64()
	for i, s := range shares {
		if u -= s; u < 0 {
			return i
		}
	}
	return len(shares) - 1
}

func seedOf(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // never fails
	return h.Sum64()
}
