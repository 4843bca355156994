package discover

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// sampleSize bounds the points that the number of groups is chosen on: what it
// costs grows with the square.
const sampleSize = 2000

// choose gives the number of groups, from least to most, whose silhouette is
// best.
func choose(ctx context.Context, p points, least, most int, seed uint64) (int, error) {
	p = sample(p, sampleSize, seed)
	most = min(most, p.len()-1)
	apart := distances(p)
	best, bestScore := least, math.Inf(-1)
	for _, k := range counts(least, most) {
		g, err := kmeans(ctx, p, k, seed)
		if err != nil {
			return 0, err
		}
		if s := silhouette(apart, g.group, k); s > bestScore {
			best, bestScore = k, s
		}
	}
	return best, nil
}

// counts are the numbers of groups to try: all small ones, then steps of an
// eighth.
func counts(least, most int) []int {
	var out []int
	for k := least; k <= most; k += max(1, k/8) {
		out = append(out, k)
	}
	return out
}

// sample takes at most n points, spread by a seeded shuffle, in their order.
func sample(p points, n int, seed uint64) points {
	if p.len() <= n {
		return p
	}
	take := rand.New(rand.NewPCG(seed, 3)).Perm(p.len())[:n]
	slices.Sort(take)
	out := points{data: make([]float32, 0, n*p.size), size: p.size}
	for _, i := range take {
		out.data = append(out.data, p.at(i)...)
	}
	return out
}

// distances holds the distance of each two points, a row a point.
func distances(p points) points {
	n := p.len()
	out := points{data: make([]float32, n*n), size: n}
	for i := range n {
		for j := range i {
			d := float32(math.Sqrt(distance(p.at(i), p.at(j))))
			out.data[i*n+j], out.data[j*n+i] = d, d
		}
	}
	return out
}

// silhouette is the mean over points of (b-a)/max(a,b): a is the mean distance
// to the own group, b to the nearest other one (Rousseeuw 1987). A point alone
// in its group counts 0.
func silhouette(apart points, group []int, k int) float64 {
	members := make([]int, k)
	for _, g := range group {
		members[g]++
	}
	sums := make([]float64, k)
	var total float64
	for i, own := range group {
		if members[own] < 2 {
			continue
		}
		clear(sums)
		for j, d := range apart.at(i) {
			sums[group[j]] += float64(d)
		}
		a, b := sums[own]/float64(members[own]-1), math.Inf(1)
		for g, n := range members {
			if g != own && n > 0 {
				b = min(b, sums[g]/float64(n))
			}
		}
		if m := max(a, b); m > 0 && !math.IsInf(b, 1) {
			total += (b - a) / m
		}
	}
	return total / float64(len(group))
}
