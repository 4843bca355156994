package discover

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// The match of rows and columns is the best of all.
func TestMatchIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 5).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "cols")
		gain := make([][]float64, rows)
		for i := range gain {
			gain[i] = rapid.SliceOfN(rapid.Float64Range(0, 1), cols, cols).Draw(t, "gain")
		}
		var got float64
		taken := map[int]bool{}
		for i, j := range match(gain) {
			if j < 0 {
				continue
			}
			if taken[j] || j >= cols {
				t.Fatalf("column %d of %d, taken %v", j, cols, taken)
			}
			taken[j] = true
			got += gain[i][j]
		}
		if want := best(gain, 0, map[int]bool{}); math.Abs(got-want) > 1e-9 || len(taken) != min(rows, cols) {
			t.Fatalf("gain %v of %v, best %v, %d matched", got, gain, want, len(taken))
		}
	})
}

// best tries all matches.
func best(gain [][]float64, row int, taken map[int]bool) float64 {
	if row == len(gain) {
		return 0
	}
	most := best(gain, row+1, taken)
	for j, g := range gain[row] {
		if !taken[j] {
			taken[j] = true
			most = max(most, g+best(gain, row+1, taken))
			delete(taken, j)
		}
	}
	return most
}

// blobs makes n points around each of k directions.
func blobs(k, n, size int, rng *rand.Rand) points {
	p := points{size: size}
	for c := range k {
		for range n {
			x := make([]float32, size)
			for d := range x {
				x[d] = float32(rng.NormFloat64() * 0.05)
			}
			x[c]++
			scale(x, 1)
			p.data = append(p.data, x...)
		}
	}
	return p
}

// same says that two groupings of points are one but for the numbers.
func sameGroups(a, b []int) bool {
	names := map[int]int{}
	back := map[int]int{}
	for i := range a {
		if n, ok := names[a[i]]; ok && n != b[i] {
			return false
		}
		if n, ok := back[b[i]]; ok && n != a[i] {
			return false
		}
		names[a[i]], back[b[i]] = b[i], a[i]
	}
	return true
}

func TestGroupFindsBlobs(t *testing.T) {
	p := blobs(7, 30, 12, rand.New(rand.NewPCG(1, 1)))
	middles, err := group(t.Context(), p, 12, Options{MinThemes: 2, MaxThemes: 20})
	if err != nil {
		t.Fatal(err)
	}
	var want, got []int
	for i := range p.len() {
		g, _ := nearest(middles, p.at(i))
		want, got = append(want, i/30), append(got, g)
	}
	if middles.len() != 7 || !sameGroups(want, got) {
		t.Errorf("%d groups: %v", middles.len(), got)
	}
}

// Average linkage joins as its definition says.
func TestLinkIsAverageLinkage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "n")
		apart := square(n)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) // hardly ever two alike
		for i := range n {
			for j := range i {
				d := rng.Float32()
				apart.data[i*n+j], apart.data[j*n+i] = d, d
			}
		}
		k := rapid.IntRange(1, n).Draw(t, "k")
		want := naive(apart, k)
		kept := points{data: slices.Clone(apart.data), size: n}
		if got := cut(link(kept), n, k); !sameGroups(want, got) {
			t.Fatalf("k %d: got %v, want %v of %v", k, got, want, apart.data)
		}
	})
}

// naive joins the two groups of least mean distance until k are left.
func naive(apart points, k int) []int {
	n := apart.len()
	group := make([]int, n)
	for i := range group {
		group[i] = i
	}
	for left := n; left > k; left-- {
		a, b, least := 0, 0, math.Inf(1)
		for x := range n {
			for y := range x {
				if d := between(apart, group, x, y); d < least {
					a, b, least = x, y, d
				}
			}
		}
		for i := range group {
			if group[i] == a {
				group[i] = b
			}
		}
	}
	return group
}

// between is the mean distance of groups x and y.
func between(apart points, group []int, x, y int) float64 {
	sum, pairs := 0.0, 0.0
	for i := range group {
		for j := range group {
			if group[i] == x && group[j] == y {
				sum += float64(apart.at(i)[j])
				pairs++
			}
		}
	}
	if pairs == 0 {
		return math.Inf(1)
	}
	return sum / pairs
}

func TestSilhouette(t *testing.T) {
	apart := points{size: 4, data: []float32{
		0, 1, 4, 4,
		1, 0, 4, 4,
		4, 4, 0, 2,
		4, 4, 2, 0,
	}}
	if s := silhouette(apart, []int{0, 0, 1, 1}, 2); math.Abs(s-(0.75+0.75+0.5+0.5)/4) > 1e-6 {
		t.Errorf("%v", s)
	}
	if s := silhouette(apart, []int{0, 0, 0, 1}, 2); s > 0.1 {
		t.Errorf("a bad grouping has %v", s)
	}
}

// The main directions explain as much as those of the full decomposition.
func TestReduceFindsTheMainDirections(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	const rows, terms, want = 80, 60, 6
	full := mat.NewDense(rows, terms, nil)
	bags := make([]bag, rows)
	for i := range bags {
		for j := range terms {
			if rng.IntN(4) > 0 && j%8 != i%8 {
				continue
			}
			w := float32(1 + rng.Float64())
			bags[i].at, bags[i].weight = append(bags[i].at, int32(j)), append(bags[i].weight, w)
			full.Set(i, j, float64(w))
		}
	}
	project, dims := reduce(bags, terms, want)
	if dims != want {
		t.Fatalf("%d directions", dims)
	}
	p := mat.NewDense(terms, dims, nil)
	for i, x := range project {
		p.Set(i/dims, i%dims, float64(x))
	}
	var got mat.Dense
	got.Mul(full, p)
	var svd mat.SVD
	svd.Factorize(full, mat.SVDNone)
	var most float64
	for _, s := range svd.Values(nil)[:want] {
		most += s * s
	}
	if share := math.Pow(got.Norm(2), 2) / most; share < 0.999 || share > 1.001 {
		t.Errorf("explains %v of what is possible", share)
	}
}

func TestReduceOfNothing(t *testing.T) {
	if _, dims := reduce(nil, 0, 5); dims != 0 {
		t.Errorf("%d directions", dims)
	}
}
