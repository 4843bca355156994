package discover

import (
	"context"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// sampleSize bounds the points that are grouped one by one: what that costs
	// grows with the square. The others join the groups found.
	sampleSize = 2000
	// members is how many groupings vote.
	members = 200
	// ownWeight is what the distance of two points itself weighs beside all votes.
	ownWeight = 3
	// fewGroups is the least number of groups of a member.
	fewGroups = 5
	// fewDirections is the least number of directions of word use that a
	// member looks at; it draws its number, so that members differ.
	fewDirections = 20
)

// group finds groups of points and gives their middles, of length 1. It is
// evidence accumulation (Fred and Jain, IEEE PAMI 27, 2005): many quick
// k-means groupings, each with a number of groups and of directions of its own,
// vote for each two points whether they belong together; average linkage
// joins what the votes and the points' own distances hold together; the number
// of groups is the one whose silhouette by cosine is best. On labelled
// utterances it is far better than one k-means with k by silhouette, and
// steadier: see the history of this file.
func group(ctx context.Context, p points, words int, o Options) (points, error) {
	rng := rand.New(rand.NewPCG(o.Seed, 5))
	p = sample(distinct(p), sampleSize, rng)
	apart := square(p.len())
	for m := range members {
		if err := ctx.Err(); err != nil {
			return points{}, err
		}
		most := max(o.MinThemes, o.MaxThemes*3/5)
		least := max(o.MinThemes, min(fewGroups, most))
		k := min(p.len(), least+rng.IntN(most-least+1))
		few := min(words, fewDirections)
		view := narrow(p, words, few+rng.IntN(words-few+1))
		vote(apart, kmeans(view, k, rand.New(rand.NewPCG(o.Seed, uint64(100+m)))))
	}
	cosines := cosineDistances(p)
	for i, d := range cosines.data {
		apart.data[i] += ownWeight * d
	}
	tree := link(apart)
	k, err := choose(ctx, cosines, tree, o)
	if err != nil {
		return points{}, err
	}
	return middles(p, cut(tree, p.len(), k), k), nil
}

// square is an empty table of n points by n.
func square(n int) points { return points{data: make([]float32, n*n), size: n} }

// vote moves points apart that a grouping tells apart.
func vote(apart points, group []int) {
	for i, own := range group {
		row := apart.at(i)
		for j, other := range group {
			if own != other {
				row[j] += 1.0 / members
			}
		}
	}
}

// narrow gives the points with the first n of their word directions only, both
// parts as long as before.
func narrow(p points, words, n int) points {
	out := points{size: p.size - words + n, data: make([]float32, 0, p.len()*(p.size-words+n))}
	for i := range p.len() {
		x := p.at(i)
		from := len(out.data)
		out.data = append(append(out.data, x[:n]...), x[words:]...)
		scale(out.data[from:][:n], norm(x[:words]))
	}
	return out
}

// cosineDistances holds 1 less the cosine of each two points.
func cosineDistances(p points) points {
	apart := square(p.len())
	for i := range p.len() {
		for j := range i {
			d := 1 - dot(p.at(i), p.at(j))
			apart.data[i*apart.size+j], apart.data[j*apart.size+i] = d, d
		}
	}
	return apart
}

// choose gives the number of groups whose silhouette is best.
func choose(ctx context.Context, apart points, tree []join, o Options) (int, error) {
	n := apart.len()
	best, most := o.MinThemes, math.Inf(-1)
	for k := o.MinThemes; k <= min(o.MaxThemes, n-1); k++ {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if s := silhouette(apart, cut(tree, n, k), k); s > most {
			best, most = k, s
		}
	}
	return min(best, n), nil
}

// distinct gives each vector once: what is said word for word again and again
// would be a group of its own however many there are.
func distinct(p points) points {
	out := points{size: p.size}
	seen := map[uint64]bool{}
	for i := range p.len() {
		sum := fnv.New64a()
		for _, x := range p.at(i) {
			b := math.Float32bits(x)
			sum.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
		}
		if !seen[sum.Sum64()] {
			seen[sum.Sum64()] = true
			out.data = append(out.data, p.at(i)...)
		}
	}
	return out
}

// sample takes at most n points, spread by chance, in their order.
func sample(p points, n int, rng *rand.Rand) points {
	if p.len() <= n {
		return p
	}
	take := rng.Perm(p.len())[:n]
	slices.Sort(take)
	out := points{data: make([]float32, 0, n*p.size), size: p.size}
	for _, i := range take {
		out.data = append(out.data, p.at(i)...)
	}
	return out
}

// silhouette is the mean over points of (b-a)/max(a,b): a is the mean distance
// to the own group, b to the nearest other one (Rousseeuw, J. Comp. Appl. Math.
// 20, 1987). A point alone in its group counts 0.
func silhouette(apart points, group []int, k int) float64 {
	sizes := make([]int, k)
	for _, g := range group {
		sizes[g]++
	}
	sums := make([]float32, k)
	var total float64
	for i, own := range group {
		if sizes[own] < 2 {
			continue
		}
		clear(sums)
		for j, d := range apart.at(i) {
			sums[group[j]] += d
		}
		a, b := float64(sums[own])/float64(sizes[own]-1), math.Inf(1)
		for g, n := range sizes {
			if g != own && n > 0 {
				b = min(b, float64(sums[g])/float64(n))
			}
		}
		if m := max(a, b); m > 0 && !math.IsInf(b, 1) {
			total += (b - a) / m
		}
	}
	return total / float64(len(group))
}

// middles gives the mean of each group, of length 1.
func middles(p points, group []int, k int) points {
	out := points{data: make([]float32, k*p.size), size: p.size}
	for i, g := range group {
		to := out.at(g)
		for d, x := range p.at(i) {
			to[d] += x
		}
	}
	for g := range k {
		scale(out.at(g), 1)
	}
	return out
}

// nearest gives the middle of greatest cosine to a point of length 1.
func nearest(middles points, x []float32) (at int, cosine float32) {
	cosine = float32(math.Inf(-1))
	for g := range middles.len() {
		if s := dot(x, middles.at(g)); s > cosine {
			at, cosine = g, s
		}
	}
	return at, cosine
}
