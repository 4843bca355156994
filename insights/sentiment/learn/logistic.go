package learn

import (
	"math"
	"math/rand/v2"
)

// example is one text for one output.
type example struct {
	buckets []uint32
	values  []float32 // of the buckets; their squares sum to 1
	dense   []float64
	// offset is the log-odds that are known before; only what is beside them is
	// learned.
	offset float64
	yes    bool
	// trust is how much the row counts against others.
	trust float64
}

// weights are a linear model before it is made small.
type weights struct {
	buckets []float64
	dense   []float64
	bias    float64
}

func (w *weights) score(e *example) float64 {
	sum := w.bias + e.offset
	for i, b := range e.buckets {
		sum += w.buckets[b] * float64(e.values[i])
	}
	for i, d := range e.dense {
		sum += w.dense[i] * d
	}
	return sum
}

func (w *weights) add(e *example, step float64) {
	for i, b := range e.buckets {
		w.buckets[b] += step * float64(e.values[i])
	}
	for i, d := range e.dense {
		w.dense[i] += step * d
	}
	w.bias += step
}

// rounds over the rows; the error falls no further behind them.
const rounds = 15

// fit trains a logistic regression with an L2 penalty of 1/cost by coordinate
// descent in the dual (Yu, Huang and Lin, "Dual coordinate descent methods for
// logistic regression and maximum entropy models", 2011).
func fit(rows []example, buckets int, cost float64) *weights {
	w := &weights{buckets: make([]float64, buckets)}
	if len(rows) == 0 {
		return w
	}
	w.dense = make([]float64, len(rows[0].dense))
	alpha, square := make([]float64, len(rows)), make([]float64, len(rows))
	for i := range rows {
		e := &rows[i]
		square[i] = 2 // the buckets' and the bias's
		for _, d := range e.dense {
			square[i] += d * d
		}
		alpha[i] = math.Min(0.001*cost*e.trust, 1e-8)
		w.add(e, sign(e.yes)*alpha[i])
	}
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same order each time, nothing secret
	order := rng.Perm(len(rows))
	for range rounds {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			e := &rows[i]
			next := solve(alpha[i], square[i], sign(e.yes)*w.score(e), cost*e.trust)
			w.add(e, sign(e.yes)*(next-alpha[i]))
			alpha[i] = next
		}
	}
	return w
}

// solve minimises, over z between 0 and cost, square/2 (z-alpha)^2 +
// slope (z-alpha) + z log z + (cost-z) log(cost-z), by Newton's method.
func solve(alpha, square, slope, cost float64) float64 {
	z := alpha
	for range 8 {
		first := square*(z-alpha) + slope + math.Log(z/(cost-z))
		next := z - first/(square+cost/(z*(cost-z)))
		switch {
		case next <= 0:
			next = z / 10
		case next >= cost:
			next = cost - (cost-z)/10
		}
		if math.Abs(next-z) < 1e-9 {
			return next
		}
		z = next
	}
	return z
}

func sign(yes bool) float64 {
	if yes {
		return 1
	}
	return -1
}
