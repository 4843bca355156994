package offpolicy

import (
	"math/rand/v2"
	"slices"
)

// sums are what the estimates of some decisions are made of.
type sums struct {
	n       float64 // decisions
	reward  float64
	weight  float64
	squares float64 // of the weights
	gained  float64 // weight x reward
	robust  float64 // expected + weight x (reward - chosen)
}

func (a *sums) add(b *sums) {
	a.n += b.n
	a.reward += b.reward
	a.weight += b.weight
	a.squares += b.squares
	a.gained += b.gained
	a.robust += b.robust
}

func (a *sums) logged() float64 { return a.reward / a.n }
func (a *sums) ips() float64    { return a.gained / a.n }
func (a *sums) dr() float64     { return a.robust / a.n }

func (a *sums) snips() float64 {
	if a.weight == 0 {
		return 0
	}
	return a.gained / a.weight
}

func (a *sums) size() float64 {
	if a.squares == 0 {
		return 0
	}
	return a.weight * a.weight / a.squares
}

// gather sums the steps up by subject, in the order in which those come.
func gather(steps []Step, clip float64) (groups []sums, clipped int) {
	at := make(map[string]int)
	for i := range steps {
		s := &steps[i]
		w := s.Target / s.Pi
		if w > clip {
			w = clip
			clipped++
		}
		one := sums{
			n: 1, reward: s.Reward, weight: w, squares: w * w, gained: w * s.Reward,
			robust: s.Expected + w*(s.Reward-s.Chosen),
		}
		g, known := at[s.Subject]
		if !known || s.Subject == "" {
			g = len(groups)
			at[s.Subject] = g
			groups = append(groups, sums{})
		}
		groups[g].add(&one)
	}
	return groups, clipped
}

func total(groups []sums) sums {
	var all sums
	for i := range groups {
		all.add(&groups[i])
	}
	return all
}

// bootstrap draws the subjects anew, with replacement, and takes the middle
// 95 % of what comes of it (the percentile method, Efron 1979).
func bootstrap(groups []sums, o Options, r *Result) {
	source := rand.New(rand.NewPCG(o.Seed, 0x6f66662d706f6c69))
	each := []struct {
		into   *Estimate
		figure func(*sums) float64
		drawn  []float64
	}{
		{into: &r.Logged, figure: (*sums).logged},
		{into: &r.DR, figure: (*sums).dr},
		{into: &r.SNIPS, figure: (*sums).snips},
		{into: &r.IPS, figure: (*sums).ips},
	}
	for range o.Resamples {
		var all sums
		for range groups {
			all.add(&groups[source.IntN(len(groups))])
		}
		for i := range each {
			each[i].drawn = append(each[i].drawn, each[i].figure(&all))
		}
	}
	for i := range each {
		slices.Sort(each[i].drawn)
		each[i].into.Low, each[i].into.High = quantile(each[i].drawn, 0.025), quantile(each[i].drawn, 0.975)
	}
}

// quantile of a sorted list that is not empty, between the two nearest.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return sorted[low]
	}
	part := at - float64(low)
	return sorted[low]*(1-part) + sorted[low+1]*part
}
