package regret_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"heed/internal/decide"
	"heed/internal/propensity"
)

// The synthetic world of the regret test: 40 actions in 5 groups, people of 12
// fields with 6 values each, and log-odds that are what all, the group and the
// action make of each field. A random eligible action is accepted about one
// time in ten.
const (
	worldActions, worldGroups = 40, 5
	worldFields, worldValues  = 12, 6
)

type world struct {
	base   [worldActions]float64
	group  [worldGroups][worldFields][worldValues]float64
	action [worldActions][worldFields][worldValues]float64
	value  [worldActions]float64
	cases  [worldActions]decide.Case
	words  [worldFields][worldValues]decide.Feature
}

func newWorld(seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 1))
	w := &world{}
	for g := range worldGroups {
		shift := 0.4 * r.NormFloat64()
		for a := g; a < worldActions; a += worldGroups {
			w.base[a] = -3.2 + shift + 0.9*r.NormFloat64()
		}
		fill(r, &w.group[g], 0.33)
	}
	for a := range worldActions {
		fill(r, &w.action[a], 0.18)
		w.value[a] = math.Exp(0.3 * r.NormFloat64())
		w.cases[a] = decide.Case{Action: fmt.Sprint("a", a), Group: fmt.Sprint("g", a%worldGroups)}
	}
	for f := range worldFields {
		for v := range worldValues {
			w.words[f][v] = decide.Feature{Name: fmt.Sprint("f", f), Value: fmt.Sprint(v)}
		}
	}
	return w
}

func fill(r *rand.Rand, t *[worldFields][worldValues]float64, scale float64) {
	for f := range t {
		for v := range t[f] {
			t[f][v] = scale * r.NormFloat64()
		}
	}
}

// visit is one decision to be made.
type visit struct {
	fields   [worldFields]int
	features []decide.Feature
	eligible []int
	cases    []decide.Case
	out      []decide.Estimate
}

//go:norace
func (w *world) next(r *rand.Rand, share float64, v *visit) {
	v.features, v.eligible, v.cases = v.features[:0], v.eligible[:0], v.cases[:0]
	for f := range v.fields {
		v.fields[f] = r.IntN(worldValues)
		v.features = append(v.features, w.words[f][v.fields[f]])
	}
	for a := range worldActions {
		if r.Float64() < share {
			v.eligible = append(v.eligible, a)
			c := w.cases[a]
			c.Features = v.features
			v.cases = append(v.cases, c)
		}
	}
}

// chance is the truth.
//
//go:norace
func (w *world) chance(v *visit, a int) float64 {
	z := w.base[a]
	for f, x := range v.fields {
		z += w.group[a%worldGroups][f][x] + w.action[a][f][x]
	}
	return 1 / (1 + math.Exp(-z))
}

// chooser decides with a model and learns.
type chooser interface {
	// choose gives the place among the eligible.
	choose(w *world, r *rand.Rand, v *visit) int
	learn(c *decide.Case, yes bool)
}

// adaptive is the hierarchical model with 88 % best, 10 % Thompson and 2 % even.
type adaptive struct{ *propensity.Model }

func (a adaptive) choose(w *world, r *rand.Rand, v *visit) int {
	v.out = append(v.out[:0], make([]decide.Estimate, len(v.cases))...)
	a.EstimateAll(v.cases, v.out)
	switch u := r.Float64(); {
	case u < 0.02:
		return r.IntN(len(v.cases))
	case u < 0.12:
		return drawn(w, r, v)
	}
	return w.best(v, func(i int) float64 { return v.out[i].P })
}

// drawn is one Thompson draw.
//
//go:norace
func drawn(w *world, r *rand.Rand, v *visit) int {
	return w.best(v, func(i int) float64 {
		return 1 / (1 + math.Exp(-v.out[i].M-math.Sqrt(v.out[i].S)*r.NormFloat64()))
	})
}

//go:norace
func (w *world) best(v *visit, chance func(i int) float64) int {
	best, most := 0, math.Inf(-1)
	for i, a := range v.eligible {
		if worth := chance(i) * w.value[a]; worth > most {
			best, most = i, worth
		}
	}
	return best
}

func (a adaptive) learn(c *decide.Case, yes bool) { a.Learn(&decide.Lesson{Case: *c, Positive: yes}) }

// counting is the rival, drawing from its beta distributions.
type counting struct{ *propensity.Rival }

func (n counting) choose(w *world, r *rand.Rand, v *visit) int {
	return w.best(v, func(i int) float64 {
		yes, no := n.Beta(&v.cases[i])
		return distuv.Beta{Alpha: yes, Beta: no, Src: r}.Rand()
	})
}

func (n counting) learn(c *decide.Case, yes bool) { n.Learn(&decide.Lesson{Case: *c, Positive: yes}) }

// earned is what became of some decisions.
type earned struct {
	share  float64 // of the best possible value
	random float64 // how often a random eligible action would have been accepted
}

// live makes decisions from nothing. each sees every one of them.
func (w *world) live(seed uint64, c chooser, share float64, decisions int, each func(n int, v *visit, at int, yes bool)) earned {
	r := rand.New(rand.NewPCG(seed, 2))
	var v visit
	got, most, random := 0.0, 0.0, 0.0
	for n := range decisions {
		w.next(r, share, &v)
		if len(v.eligible) == 0 {
			continue
		}
		at := c.choose(w, r, &v)
		best := w.best(&v, func(i int) float64 { return w.chance(&v, v.eligible[i]) })
		p := w.chance(&v, v.eligible[at])
		got += p * w.value[v.eligible[at]]
		most += w.chance(&v, v.eligible[best]) * w.value[v.eligible[best]]
		random += w.chance(&v, v.eligible[r.IntN(len(v.eligible))])
		yes := r.Float64() < p
		if each != nil {
			each(n, &v, at, yes)
		}
		c.learn(&v.cases[at], yes)
	}
	return earned{got / most, random / float64(decisions)}
}
