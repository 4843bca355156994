package discover

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

const (
	oversample = 10 // directions more than wanted, for precision
	rounds     = 4  // power iterations
)

// reduce finds the main directions of a sparse matrix (a row a turn, a column
// a term): coordinates of each term, dims numbers a term, and dims. It is the
// randomised decomposition of Halko, Martinsson and Tropp, "Finding structure
// with randomness", SIAM Review 53 (2011), algorithms 4.4 and 5.1, with a fixed
// seed.
func reduce(rows []bag, terms, want int) (project []float32, dims int) {
	dims = min(want, terms, len(rows))
	wide := min(dims+oversample, terms, len(rows))
	if dims == 0 {
		return nil, 0
	}
	rng := rand.New(rand.NewPCG(1, 2))
	omega := mat.NewDense(terms, wide, nil)
	for i := range terms {
		for j := range wide {
			omega.Set(i, j, rng.NormFloat64())
		}
	}
	basis := orthonormal(times(rows, omega))
	for range rounds {
		basis = orthonormal(times(rows, orthonormal(timesTransposed(rows, terms, basis))))
	}
	// B = basisᵀ·rows is small; its right directions are those of the rows.
	small := timesTransposed(rows, terms, basis) // Bᵀ, terms x wide
	var svd mat.SVD
	if !svd.Factorize(small, mat.SVDThin) {
		return nil, 0
	}
	var left mat.Dense
	svd.UTo(&left)
	project = make([]float32, terms*dims)
	for i := range terms {
		for d := range dims {
			project[i*dims+d] = float32(left.At(i, d))
		}
	}
	return project, dims
}

// times gives rows·m.
func times(rows []bag, m *mat.Dense) *mat.Dense {
	_, wide := m.Dims()
	out := mat.NewDense(len(rows), wide, nil)
	for i := range rows {
		dst := out.RawRowView(i)
		for k, at := range rows[i].at {
			w := float64(rows[i].weight[k])
			for j, x := range m.RawRowView(int(at)) {
				dst[j] += w * x
			}
		}
	}
	return out
}

// timesTransposed gives rowsᵀ·m.
func timesTransposed(rows []bag, terms int, m *mat.Dense) *mat.Dense {
	_, wide := m.Dims()
	out := mat.NewDense(terms, wide, nil)
	for i := range rows {
		src := m.RawRowView(i)
		for k, at := range rows[i].at {
			w := float64(rows[i].weight[k])
			dst := out.RawRowView(int(at))
			for j, x := range src {
				dst[j] += w * x
			}
		}
	}
	return out
}

// orthonormal gives an orthonormal basis of m's columns (QR by modified
// Gram-Schmidt, twice, which is enough: Giraud et al. 2005). Columns that
// vanish become zero.
func orthonormal(m *mat.Dense) *mat.Dense {
	rows, cols := m.Dims()
	t := mat.DenseCopyOf(m.T()) // rows are contiguous
	for i := range cols {
		x := t.RawRowView(i)
		for range 2 {
			for j := range i {
				takeAway(x, t.RawRowView(j))
			}
		}
		normalise(x)
	}
	out := mat.NewDense(rows, cols, nil)
	out.Copy(t.T())
	return out
}

// takeAway removes from x its part along y, of length 1 or 0.
func takeAway(x, y []float64) {
	var along float64
	for i := range x {
		along += x[i] * y[i]
	}
	for i := range x {
		x[i] -= along * y[i]
	}
}

func normalise(x []float64) {
	n := floats.Norm(x, 2)
	if n < 1e-10 {
		clear(x)
		return
	}
	floats.Scale(1/n, x)
}
