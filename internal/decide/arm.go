package decide

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Explore is how often something other than the best is tried, so that the
// model keeps learning and its judgement can be checked afterwards. The zero
// value never explores.
type Explore struct {
	// Thompson is the share of decisions drawn by how sure the model is, and
	// Uniform the share drawn evenly from the survivors. Each 0..1, together
	// below 1.
	Thompson, Uniform float64
	// Draws is how many times a Thompson share is sampled; 0 means 128.
	Draws int
	// Seed makes the draws repeatable together with the decision's id.
	Seed uint64
}

func (x Explore) check() error {
	if !(x.Thompson >= 0 && x.Uniform >= 0 && x.Thompson+x.Uniform < 1) {
		return fmt.Errorf("exploring %v + %v of the decisions: each from 0, together below 1", x.Thompson, x.Uniform)
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

// steady is how much better a new suggestion must be before it replaces what
// the agent is looking at.
const steady = 1.15

// choose is step 11: it puts the chosen survivor first, sets each one's
// probability of being first, and names the arm. The list is ranked and not empty.
func (d *Decider) choose(id string, m *moment, list []*candidate) string {
	if held := m.present(list); held >= 0 {
		if held > 0 && list[0].priority > steady*list[held].priority {
			held = 0
		}
		toFront(list, held)
		list[0].pi = 1
		if held > 0 {
			return armHeld
		}
		return armExploit
	}
	x := d.o.Explore
	if x.Thompson+x.Uniform <= 0 || len(list) == 1 {
		list[0].pi = 1
		return armExploit
	}
	source := rand.New(rand.NewPCG(x.Seed, seedOf(id)))
	wins := thompson(source, list, x.Draws)
	for i, c := range list {
		c.pi = x.Thompson*wins[i] + x.Uniform/float64(len(list))
	}
	list[0].pi += 1 - x.Thompson - x.Uniform
	arm, at := armExploit, 0
	switch u := source.Float64(); {
	case u < x.Uniform:
		arm, at = armRandom, source.IntN(len(list))
	case u < x.Uniform+x.Thompson:
		arm, at = armExplore, pick(source, wins)
	}
	toFront(list, at)
	return arm
}

// present finds the suggestion that the agent is looking at among the
// survivors, or gives -1. Only an agent's slot is held steady.
func (m *moment) present(list []*candidate) int {
	p := m.Previous
	if p == nil || len(p.Actions) == 0 || p.Slot != m.Slot || !strings.HasPrefix(m.Slot, "agent") {
		return -1
	}
	return slices.IndexFunc(list, func(c *candidate) bool { return c.ID == p.Actions[0].Action })
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
	if draws <= 0 {
		draws = 128
	}
	wins := make([]float64, len(list))
	for range draws {
		best, most := 0, math.Inf(-1)
		for i, c := range list {
			p := expit(c.estimate.M + math.Sqrt(c.estimate.S)*source.NormFloat64())
			if score := p * c.c * c.v * c.l; score > most {
				best, most = i, score
			}
		}
		wins[best] += 1 / float64(draws)
	}
	return wins
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
