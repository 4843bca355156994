package adapt

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// The axes span what the exact decomposition's first axes span: as much of the
// rows lies along them.
func TestAxesAgreeWithTheExactOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, terms := rapid.IntRange(4, 20).Draw(t, "rows"), rapid.IntRange(4, 15).Draw(t, "terms")
		dense := mat.NewDense(n, terms, nil)
		rows := make([]sparse, n)
		for i := range n {
			for j := range terms {
				if x := rapid.IntRange(-3, 3).Draw(t, "x"); x != 0 {
					dense.Set(i, j, float64(x))
					rows[i] = append(rows[i], entry{term: j, value: float32(x)})
				}
			}
		}
		dim := rapid.IntRange(1, 3).Draw(t, "dim")
		axes, err := topAxes(rows, terms, dim)
		if err != nil {
			t.Fatal(err)
		}
		var got float64
		for _, row := range rows {
			for d := range dim {
				var along float64
				for _, e := range row {
					along += float64(e.value) * float64(axes[e.term*dim+d])
				}
				got += along * along
			}
		}
		var svd mat.SVD
		if !svd.Factorize(dense, mat.SVDNone) {
			t.Fatal("no exact answer")
		}
		var want float64
		for _, s := range svd.Values(nil)[:dim] {
			want += s * s
		}
		if math.Abs(got-want) > 1e-3*want+1e-6 {
			t.Fatalf("%.4f lies along the axes, %.4f along the best", got, want)
		}
	})
}

func TestOrthonormal(t *testing.T) {
	q := orthonormal(mat.NewDense(3, 3, []float64{1, 2, 2, 1, 0, 0, 0, 0, 0}))
	var gram mat.Dense
	gram.Mul(q.T(), q)
	want := mat.NewDense(3, 3, []float64{1, 0, 0, 0, 1, 0, 0, 0, 0}) // the third adds nothing
	if !mat.EqualApprox(&gram, want, 1e-9) {
		t.Errorf("%v", mat.Formatted(&gram))
	}
}
