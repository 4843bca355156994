package embed

import (
	"cmp"
	"fmt"
	"slices"
)

// Vectors is a growing list of vectors that can be searched for the nearest to
// a given one, by looking at all of them: nothing is missed, and 100,000 take
// a few milliseconds. It is not safe for use while it changes.
type Vectors struct {
	dim  int
	data []float32
}

// NewVectors makes an empty list of vectors of the given length.
func NewVectors(dim int) *Vectors { return &Vectors{dim: dim} }

// Len is how many vectors there are.
func (v *Vectors) Len() int { return len(v.data) / max(v.dim, 1) }

// Append copies a vector to the end and gives its row: 0, 1, 2... It panics
// when the length is wrong.
func (v *Vectors) Append(vector []float32) int {
	if len(vector) != v.dim {
		panic(fmt.Sprintf("embed: a vector of %d among those of %d", len(vector), v.dim))
	}
	v.data = append(v.data, vector...)
	return v.Len() - 1
}

// Forget sets a row to zero. The rows of the others stay as they are, and
// [Vectors.Nearest] gives it no more.
func (v *Vectors) Forget(row int) { clear(v.At(row)) }

// At is the vector of a row, not a copy.
func (v *Vectors) At(row int) []float32 { return v.data[row*v.dim:][:v.dim:v.dim] }

// Hit is one answer of a search.
type Hit struct {
	Row   int
	Score float32 // the dot product: the cosine, for vectors of length one
}

// Nearest gives the k rows with the largest positive dot product with the query,
// best first; equal ones in the order of their rows.
func (v *Vectors) Nearest(query []float32, k int) []Hit {
	top := newBest(k, v.Len())
	for row := range v.Len() {
		top.add(Hit{Row: row, Score: Dot(query, v.At(row))})
	}
	return top.hits
}

// best keeps the k best hits of those it is given.
type best struct {
	k    int
	hits []Hit // best first
}

func newBest(k, of int) *best {
	k = max(0, min(k, of))
	return &best{k: k, hits: make([]Hit, 0, k)}
}

// add takes a hit that is among the best so far. Hits come in the order of
// their rows.
func (b *best) add(h Hit) {
	full := len(b.hits) == b.k
	if !(h.Score > 0) || full && (b.k == 0 || h.Score <= b.hits[b.k-1].Score) {
		return
	}
	at, _ := slices.BinarySearchFunc(b.hits, h.Score, func(x Hit, s float32) int {
		if x.Score >= s {
			return -1
		}
		return 1
	})
	if full {
		b.hits = b.hits[:b.k-1]
	}
	b.hits = slices.Insert(b.hits, at, h)
}

// Fused is one item of a joined ranking.
type Fused[T comparable] struct {
	Item  T
	Score float64
}

// Fuse joins rankings, best first, of the same things into one by reciprocal
// rank: an item's score is the sum of 1/(constant + its place, from 1) over the
// rankings that have it. A large constant softens the lead of the first places. Scores of the rankings need not be comparable. Equal
// ones come in the order in which they were first seen.
func Fuse[T comparable](constant float64, rankings ...[]T) []Fused[T] {
	place := map[T]int{}
	var out []Fused[T]
	for _, ranking := range rankings {
		for i, item := range ranking {
			at, seen := place[item]
			if !seen {
				at = len(out)
				place[item] = at
				out = append(out, Fused[T]{Item: item})
			}
			out[at].Score += 1 / (constant + float64(i+1))
		}
	}
	slices.SortStableFunc(out, func(a, b Fused[T]) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// What [FuseSearch] counts. The usual constant of 60 (Cormack, Clarke and
// Büttcher, SIGIR 2009) makes a place that both rankings give beat a first
// place; with so few right answers as a theme has, first places matter more.
const (
	searchConstant = 10
	meaningCounts  = 2
)

// FuseSearch joins what a search by words found with what a search by meaning
// found, each best first; meaning counts twice.
func FuseSearch[T comparable](words, meaning []T) []Fused[T] {
	rankings := [][]T{words}
	for range meaningCounts {
		rankings = append(rankings, meaning)
	}
	return Fuse(searchConstant, rankings...)
}
