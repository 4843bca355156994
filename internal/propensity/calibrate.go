package propensity

import "math"

// The reliability table has 20 bins of 0.4 in log-odds, from -6 to 2; the
// first and the last are open.
const (
	binsOf   = 20
	binFrom  = -6.0
	binWidth = 0.4
)

// leastPositives is how many acceptances a calibration needs before it is used.
const leastPositives = 200

// table counts, by the log-odds that were given, what came of it. Its counts
// fade as confidence does and are in the timekeeper's scale.
type table struct {
	Bins [binsOf]bin `json:"bins"`
}

// bin is one row of a table. Sum is of whatever the table averages.
type bin struct {
	N   float64 `json:"n"`
	Yes float64 `json:"yes"`
	Sum float64 `json:"sum"`
}

// add counts one outcome, or with a negative much takes it back.
func (t *table) add(z, value float64, yes bool, much float64) {
	i := int((z - binFrom) / binWidth)
	b := &t.Bins[min(binsOf-1, max(0, i))]
	b.N += much
	b.Sum += much * value
	if yes {
		b.Yes += much
	}
	if b.N < 1e-9*math.Abs(much) { // taken back whole, up to rounding
		*b = bin{}
	}
}

func (t *table) scale(by float64) {
	for i := range t.Bins {
		b := &t.Bins[i]
		b.N, b.Yes, b.Sum = b.N*by, b.Yes*by, b.Sum*by
	}
}

// total gives how much a table holds, unscaled.
func (t *table) total(keep float64) (n, yes float64) {
	for i := range t.Bins {
		n += t.Bins[i].N
		yes += t.Bins[i].Yes
	}
	return n * keep, yes * keep
}

// calibration is how good the chances of a group on a channel are, and the
// map that makes them better.
type calibration struct {
	Scores table   `json:"scores"` // averages log-odds before the map
	Rates  table   `json:"rates"`  // averages chances after it
	Points []point `json:"points"`
}

// point says that what was given as From log-odds should have been To.
type point struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// calibrated maps log-odds by what was seen of the group on the channel.
func (m *Model) calibrated(of cell, z float64) float64 {
	g := m.groups[of]
	if g == nil || len(g.Points) == 0 {
		return z
	}
	return min(mostLogit, max(-mostLogit, along(g.Points, z)))
}

// along follows the points: straight between two of them, and beyond the first
// and the last as far off as those are.
func along(points []point, z float64) float64 {
	last := len(points) - 1
	switch {
	case z <= points[0].From:
		return z + points[0].To - points[0].From
	case z >= points[last].From:
		return z + points[last].To - points[last].From
	}
	i := 1
	for points[i].From < z {
		i++
	}
	a, b := points[i-1], points[i]
	return a.To + (b.To-a.To)*(z-a.From)/(b.From-a.From)
}

// refresh looks at every calibration anew.
func (m *Model) refresh() {
	for _, g := range m.groups {
		g.Points = nil
		if _, yes := g.Scores.total(m.time.keep); yes >= leastPositives {
			g.Points = monotone(&g.Scores, m.time.keep)
		}
	}
}

// monotone pools adjacent violators (Ayer et al., 1955): the smoothed rates of
// the bins, joined where a higher score had a lower rate.
func monotone(t *table, keep float64) []point {
	type pool struct{ n, rate, z float64 }
	var pools []pool
	for i := range t.Bins {
		b := &t.Bins[i]
		n := b.N * keep
		if n < 1 {
			continue // less than one outcome tells nothing
		}
		p := pool{n, (0.5 + b.Yes*keep) / (1 + n), b.Sum / b.N}
		for len(pools) > 0 && pools[len(pools)-1].rate >= p.rate {
			q := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			sum := p.n + q.n
			p = pool{sum, (p.n*p.rate + q.n*q.rate) / sum, (p.n*p.z + q.n*q.z) / sum}
		}
		pools = append(pools, p)
	}
	points := make([]point, len(pools))
	for i, p := range pools {
		points[i] = point{p.z, logit(p.rate)}
	}
	return points
}

// calibrationError is the mean distance of the chances from what came, weighed
// by how many there were; 0 for an empty table. top is that of the upper half
// of the outcomes relative to their rate.
func (t *table) calibrationError() (all, top float64) {
	n, off := 0.0, 0.0
	for i := range t.Bins {
		n += t.Bins[i].N
		off += math.Abs(t.Bins[i].Yes - t.Bins[i].Sum)
	}
	if n <= 0 {
		return 0, 0
	}
	seen, given, yes := 0.0, 0.0, 0.0
	for i := binsOf - 1; i >= 0 && seen < n/2; i-- {
		b := &t.Bins[i]
		seen, given, yes = seen+b.N, given+b.Sum, yes+b.Yes
	}
	if yes > 0 {
		top = math.Abs(given-yes) / yes
	}
	return off / n, top
}
