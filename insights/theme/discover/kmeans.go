package discover

import (
	"math"
	"math/rand/v2"
)

// maxRounds ends k-means early: a vote need not be settled, and many rough ones
// are steadier than few good ones.
const maxRounds = 4

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

// kmeans puts points of length 1 into k groups: k-means++ (Arthur and Vassilvitskii, SODA
// 2007), then Lloyd's rounds. k is at most p.len().
func kmeans(p points, k int, rng *rand.Rand) []int {
	group := make([]int, p.len())
	for i := range group {
		group[i] = -1
	}
	centres := plusPlus(p, k, rng)
	half := make([]float32, k)
	for range maxRounds {
		for c := range half {
			half[c] = dot(centres.at(c), centres.at(c)) / 2
		}
		moved := false
		for i := range group {
			c := closest(centres, half, p.at(i))
			moved = moved || group[i] != c
			group[i] = c
		}
		if !moved {
			break
		}
		recentre(centres, p, group)
	}
	return group
}

// closest gives the centre of least distance; half holds half the squared
// length of each.
func closest(centres points, half, x []float32) int {
	best, most := 0, float32(math.Inf(-1))
	for c := range half {
		if s := dot(x, centres.at(c)) - half[c]; s > most {
			best, most = c, s
		}
	}
	return best
}

// plusPlus picks k points as centres, each with a likelihood by its squared
// distance to those before.
func plusPlus(p points, k int, rng *rand.Rand) points {
	c := points{data: make([]float32, 0, k*p.size), size: p.size}
	far := make([]float64, p.len())
	for i := range far {
		far[i] = math.Inf(1)
	}
	for next := rng.IntN(p.len()); ; next = pick(far, rng) {
		centre := p.at(next)
		c.data = append(c.data, centre...)
		if c.len() == k {
			return c
		}
		for i := range far {
			far[i] = min(far[i], distance(p.at(i), centre))
		}
	}
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

// distance is squared, between vectors of length 1.
func distance(a, b []float32) float64 { return max(0, 2-2*float64(dot(a, b))) }

// recentre moves each centre to the mean of its points. One without points
// stays.
func recentre(centres, p points, group []int) {
	n := make([]float32, centres.len())
	for _, c := range group {
		if n[c]++; n[c] == 1 {
			clear(centres.at(c))
		}
	}
	for i, c := range group {
		to := centres.at(c)
		for d, x := range p.at(i) {
			to[d] += x / n[c]
		}
	}
}
