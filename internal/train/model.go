package train

import (
	"math"
	"math/rand/v2"

	"heed/insights/embed"
)

// table holds the vector of each piece while it is trained.
type table struct {
	dim   int
	place map[uint32]int32
	seen  []int32   // how often the piece is in the corpus
	rows  []float32 // dim a piece
	sums  []float32 // of the squared gradients, one a piece (Adagrad)
}

// newTable takes in the pieces of all texts that occur at least least times.
func newTable(texts func(yield func(string)), dim int, least int32, r *rand.Rand) *table {
	count := map[uint32]int32{}
	var order []uint32 // a map's own order would differ from run to run
	var keys []uint32
	texts(func(text string) {
		keys = embed.Keys(keys[:0], text)
		for _, k := range keys {
			if count[k]++; count[k] == 1 {
				order = append(order, k)
			}
		}
	})
	t := &table{dim: dim, place: map[uint32]int32{}}
	for _, k := range order {
		if count[k] >= least {
			t.place[k] = int32(len(t.seen))
			t.seen = append(t.seen, count[k])
		}
	}
	t.rows = make([]float32, len(t.seen)*dim)
	t.sums = make([]float32, len(t.seen))
	for i := range t.rows {
		t.rows[i] = float32(r.NormFloat64()) * startSize
	}
	return t
}

// startSize is the size of the vectors before training.
const startSize = 0.02

func (t *table) row(at int32) []float32 { return t.rows[int(at)*t.dim:][:t.dim] }

// places gives where the pieces of a text are.
func (t *table) places(dst []int32, text string) []int32 {
	var room [768]uint32
	for _, k := range embed.Keys(room[:0], text) {
		if at, ok := t.place[k]; ok {
			dst = append(dst, at)
		}
	}
	return dst
}

// encoding is a text on its way through the encoder, kept for the way back.
type encoding struct {
	places []int32
	unit   []float32 // at length one
	length float32   // of the sum
	grad   []float32 // of the loss, by unit
}

// forward fills in e for a text.
func (t *table) forward(e *encoding, text string) bool {
	e.places = t.places(e.places[:0], text)
	if e.unit == nil {
		e.unit, e.grad = make([]float32, t.dim), make([]float32, t.dim)
	}
	clear(e.unit)
	clear(e.grad)
	for _, at := range e.places {
		unit := e.unit
		for i, x := range t.row(at)[:len(unit)] {
			unit[i] += x
		}
	}
	e.length = float32(math.Sqrt(float64(embed.Dot(e.unit, e.unit))))
	embed.Normalize(e.unit)
	return e.length > 1e-6
}

// backward moves the rows of the text against e.grad.
func (t *table) backward(e *encoding, rate float32) {
	along := embed.Dot(e.grad, e.unit)
	by := 1 / e.length
	var square float32
	for i := range e.grad {
		e.grad[i] = (e.grad[i] - along*e.unit[i]) * by
		square += e.grad[i] * e.grad[i]
	}
	square /= float32(t.dim)
	for _, at := range e.places {
		t.sums[at] += square
		step := rate / float32(math.Sqrt(float64(t.sums[at])+1e-12))
		row := t.row(at)[:len(e.grad)]
		for i, g := range e.grad {
			row[i] -= step * g
		}
	}
}

// encoder gives the trained rows.
func (t *table) export() []embed.Row {
	rows := make([]embed.Row, 0, len(t.seen))
	for key, at := range t.place {
		rows = append(rows, embed.Row{Key: key, Vector: t.row(at)})
	}
	return rows
}
