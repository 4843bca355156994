package discover

import (
	"context"
	"math"
	"math/rand/v2"
)

const (
	starts    = 3
	maxRounds = 40
)

// points are vectors of one length, one after another.
type points struct {
	data []float32
	size int
}

func (p points) len() int {
	if p.size == 0 {
		return 0
	}
	return len(p.data) / p.size
}

func (p points) at(i int) []float32 { return p.data[i*p.size:][:p.size] }

// grouping is points in k groups.
type grouping struct {
	group   []int // of each point
	centres points
	inertia float64 // sum of squared distances to the centres
}

// kmeans groups points, the best of several k-means++ starts (Arthur and
// Vassilvitskii, SODA 2007), refined by Lloyd's rounds. k is at most p.len().
func kmeans(ctx context.Context, p points, k int, seed uint64) (grouping, error) {
	best := grouping{inertia: math.Inf(1)}
	for s := range starts {
		rng := rand.New(rand.NewPCG(seed, uint64(k*starts+s)))
		g := grouping{group: make([]int, p.len()), centres: plusPlus(p, k, rng)}
		for range maxRounds {
			if err := ctx.Err(); err != nil {
				return best, err
			}
			if !g.assign(p) {
				break
			}
			g.recentre(p)
		}
		if g.inertia < best.inertia {
			best = g
		}
	}
	return best, nil
}

// plusPlus picks k points, each far from those before with likelihood.
func plusPlus(p points, k int, rng *rand.Rand) points {
	c := points{data: make([]float32, 0, k*p.size), size: p.size}
	c.data = append(c.data, p.at(rng.IntN(p.len()))...)
	far := make([]float64, p.len())
	for i := range far {
		far[i] = distance(p.at(i), c.at(0))
	}
	for c.len() < k {
		next := pick(far, rng)
		c.data = append(c.data, p.at(next)...)
		for i := range far {
			far[i] = min(far[i], distance(p.at(i), p.at(next)))
		}
	}
	return c
}

// pick draws a place with likelihood by weight, any place when all are zero.
func pick(weights []float64, rng *rand.Rand) int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	if sum <= 0 {
		return rng.IntN(len(weights))
	}
	at := rng.Float64() * sum
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// distance is squared.
func distance(a, b []float32) float64 {
	b = b[:len(a)]
	var s float32
	for i, x := range a {
		d := x - b[i]
		s += d * d
	}
	return float64(s)
}

// assign moves each point to its nearest centre and says whether any moved.
func (g *grouping) assign(p points) bool {
	half := make([]float32, g.centres.len())
	for c := range half {
		half[c] = dot(g.centres.at(c), g.centres.at(c)) / 2
	}
	moved := g.inertia == 0
	g.inertia = 0
	for i := range g.group {
		x := p.at(i)
		best, most := 0, float32(math.Inf(-1))
		for c := range half {
			if s := dot(x, g.centres.at(c)) - half[c]; s > most {
				best, most = c, s
			}
		}
		moved = moved || g.group[i] != best
		g.group[i] = best
		g.inertia += float64(dot(x, x) - 2*most)
	}
	return moved
}

// recentre moves each centre to the mean of its points. One without points
// stays.
func (g *grouping) recentre(p points) {
	n := make([]int, g.centres.len())
	for _, c := range g.group {
		n[c]++
	}
	for c, members := range n {
		if members > 0 {
			clear(g.centres.at(c))
		}
	}
	for i, c := range g.group {
		to := g.centres.at(c)
		for d, x := range p.at(i) {
			to[d] += x
		}
	}
	for c, members := range n {
		if members == 0 {
			continue
		}
		to := g.centres.at(c)
		for d := range to {
			to[d] /= float32(members)
		}
	}
}
