package adapt

import (
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// entry is one number of a vector that is mostly zero.
type entry struct {
	term  int
	value float32
}

type sparse []entry

const (
	spare  = 10 // axes more than wanted, which make the wanted ones exact
	rounds = 4
)

// topAxes finds the dim axes along which rows differ most: the first right
// singular vectors, by random subspace iteration (Halko, Martinsson and Tropp
// 2011, algorithm 4.4). It gives dim numbers a term.
func topAxes(rows []sparse, terms, dim int) ([]float32, error) {
	wide := min(dim+spare, len(rows), terms)
	r := rand.New(rand.NewPCG(1, 2)) // the same texts must give the same axes
	axes := mat.NewDense(terms, wide, nil)
	for i := range terms {
		for j := range wide {
			axes.Set(i, j, r.NormFloat64())
		}
	}
	for range rounds {
		axes = orthonormal(back(rows, orthonormal(forth(rows, axes)), terms))
	}
	seen := forth(rows, axes)
	var gram mat.SymDense
	gram.SymOuterK(1, seen.T())
	var eigen mat.EigenSym
	if !eigen.Factorize(&gram, true) {
		return nil, fmt.Errorf("fit %d texts: the eigenvalues were not found", len(rows))
	}
	var turn, turned mat.Dense
	eigen.VectorsTo(&turn) // ascending: the last columns are the largest
	turned.Mul(axes, turn.Slice(0, wide, wide-dim, wide))
	out := make([]float32, terms*dim)
	for i := range terms {
		for j := range dim {
			out[i*dim+j] = float32(turned.At(i, j))
		}
	}
	return out, nil
}

// forth is rows times m.
func forth(rows []sparse, m *mat.Dense) *mat.Dense {
	_, wide := m.Dims()
	out := mat.NewDense(len(rows), wide, nil)
	for i, row := range rows {
		to := out.RawRowView(i)
		for _, e := range row {
			for j, x := range m.RawRowView(e.term) {
				to[j] += float64(e.value) * x
			}
		}
	}
	return out
}

// back is the transpose of rows times m.
func back(rows []sparse, m *mat.Dense, terms int) *mat.Dense {
	_, wide := m.Dims()
	out := mat.NewDense(terms, wide, nil)
	for i, row := range rows {
		from := m.RawRowView(i)
		for _, e := range row {
			to := out.RawRowView(e.term)
			for j, x := range from {
				to[j] += float64(e.value) * x
			}
		}
	}
	return out
}

// orthonormal gives columns of length one at right angles that span the same
// (Gram-Schmidt, twice, which is enough; Giraud et al. 2005). A column that
// adds nothing becomes zero.
func orthonormal(m *mat.Dense) *mat.Dense {
	rows, cols := m.Dims()
	t := mat.DenseCopyOf(m.T()) // columns lie together in memory
	for j := range cols {
		v := mat.NewVecDense(rows, t.RawRowView(j))
		start := mat.Norm(v, 2)
		for range 2 {
			for i := range j {
				w := mat.NewVecDense(rows, t.RawRowView(i))
				v.AddScaledVec(v, -mat.Dot(v, w), w)
			}
		}
		if norm := mat.Norm(v, 2); norm > 1e-10*start {
			v.ScaleVec(1/norm, v)
		} else {
			v.Zero()
		}
	}
	return mat.DenseCopyOf(t.T())
}
