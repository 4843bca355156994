package discover

import (
	"cmp"
	"math"
	"slices"
)

// join is one step of a tree: the groups of points a and b become one.
type join struct {
	a, b int
	at   float32 // their mean distance
}

// link builds the tree of average linkage by chains of nearest neighbours
// (Murtagh, Computer Journal 26, 1983), of quadratic cost, nearest joins first.
// The table of distances is used up.
func link(apart points) []join {
	n := apart.len()
	l := linkage{apart: apart, size: make([]float32, n)}
	for i := range l.size {
		l.size[i] = 1
	}
	tree := make([]join, 0, max(0, n-1))
	for len(tree) < n-1 {
		tree = append(tree, l.next())
	}
	slices.SortStableFunc(tree, func(a, b join) int { return cmp.Compare(a.at, b.at) })
	return tree
}

type linkage struct {
	apart points
	size  []float32 // points of the group that an index stands for; 0: none
	chain []int
}

// next follows nearest neighbours until two are each other's, and joins them.
func (l *linkage) next() join {
	if len(l.chain) == 0 {
		l.chain = append(l.chain, slices.IndexFunc(l.size, func(s float32) bool { return s > 0 }))
	}
	for {
		x := l.chain[len(l.chain)-1]
		before := -1
		if len(l.chain) > 1 {
			before = l.chain[len(l.chain)-2]
		}
		y, d := l.neighbour(x, before)
		if y == before {
			l.chain = l.chain[:len(l.chain)-2]
			l.merge(x, y)
			return join{x, y, d}
		}
		l.chain = append(l.chain, y)
	}
}

// neighbour gives the nearest group to x, the preferred one among equals.
func (l *linkage) neighbour(x, preferred int) (at int, d float32) {
	row := l.apart.at(x)
	at, d = preferred, float32(math.Inf(1))
	if preferred >= 0 {
		d = row[preferred]
	}
	for y, size := range l.size {
		if size > 0 && y != x && row[y] < d {
			at, d = y, row[y]
		}
	}
	return at, d
}

// merge makes b stand for both.
func (l *linkage) merge(a, b int) {
	sum := l.size[a] + l.size[b]
	ra, rb := l.apart.at(a), l.apart.at(b)
	for y, size := range l.size {
		if size == 0 || y == a || y == b {
			continue
		}
		d := (l.size[a]*ra[y] + l.size[b]*rb[y]) / sum
		rb[y] = d
		l.apart.at(y)[b] = d
	}
	l.size[a], l.size[b] = 0, sum
}

// cut gives the group of each of n points when the tree is cut into k.
func cut(tree []join, n, k int) []int {
	parent := make([]int, n)
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, j := range tree[:max(0, min(len(tree), n-k))] {
		parent[root(j.a)] = root(j.b)
	}
	ids := make(map[int]int, k)
	out := make([]int, n)
	for i := range out {
		r := root(i)
		id, ok := ids[r]
		if !ok {
			id = len(ids)
			ids[r] = id
		}
		out[i] = id
	}
	return out
}
