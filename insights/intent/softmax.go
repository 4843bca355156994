package intent

import (
	"math"
	"math/rand/v2"
)

const (
	// Few examples are gone over more often, in smaller steps.
	manySamples          = 3000
	fewEpochs, fewRate   = 30, 2.5
	manyEpochs, manyRate = 12, 5.0
	// negligible is a difference of probability that moves nothing.
	negligible = 1e-3
)

// The inner loops of training are not watched by the race detector, under
// which they would take most of the time of every test that needs a model.
// They work on what one goroutine owns; where that is handed over is watched.

// softmax adds the weights of a softmax regression, by stochastic gradient
// descent with a rate that falls to nothing; that it stops there is all of its
// regularisation. A sample out of scope is equally far from every intent,
// which is what makes a low score mean "none of these".
func (m *machine) softmax(rows []row, samples []sample) {
	epochs, rate := fewEpochs, fewRate
	if len(rows) > manySamples {
		epochs, rate = manyEpochs, manyRate
	}
	random := rand.New(rand.NewPCG(3, 4))
	order := random.Perm(len(rows))
	d := descent{machine: m, p: make([]float32, m.classes), moved: make([]int32, m.classes)}
	done, all := 0, float64(epochs*len(rows))
	for range epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			d.step(&rows[i], &samples[i], float32(rate*(1-float64(done)/all)))
			done++
		}
	}
}

// descent is a machine with what its training needs from step to step.
type descent struct {
	*machine
	p     []float32 // probabilities, then what they are off by
	moved []int32   // the classes that are off by more than nothing
}

// step moves the weights for one sample.
//
//go:norace
func (d *descent) step(r *row, s *sample, rate float32) {
	clear(d.p)
	d.addTo(d.p, r)
	normalise(d.p)
	d.miss(s)
	for _, e := range r.features {
		d.move(d.column(e.id), -rate*e.val)
	}
	for i, x := range r.meaning {
		d.move(d.meant(i), -rate*x)
	}
}

// move adds what is off to one feature's weights. Most classes know after a
// while that they are not meant.
//
//go:norace
func (d *descent) move(w []float32, by float32) {
	if 4*len(d.moved) > len(w) {
		addTimes(w, d.p, by)
		return
	}
	for _, c := range d.moved {
		w[c] += by * d.p[c]
	}
}

// miss turns probabilities into what they are off by.
//
//go:norace
func (d *descent) miss(s *sample) {
	if len(s.intents) == 0 {
		for c := range d.p {
			d.p[c] -= 1 / float32(len(d.p))
		}
	}
	for _, c := range s.intents {
		d.p[c] -= 1 / float32(len(s.intents))
	}
	d.moved = d.moved[:0]
	for c, x := range d.p {
		if x < negligible && x > -negligible {
			d.p[c] = 0
			continue
		}
		d.moved = append(d.moved, int32(c))
	}
}

// addTo adds the scores of a row to z, without the bias.
//
//go:norace
func (m *machine) addTo(z []float32, r *row) {
	for _, e := range r.features {
		addTimes(z, m.column(e.id), e.val)
	}
	for i, x := range r.meaning {
		addTimes(z, m.meant(i), x)
	}
}

// column gives the weights of one feature, by class.
func (m *machine) column(id int32) []float32 {
	at := int(id) * m.classes
	return m.weights[at : at+m.classes]
}

// meant gives the weights of one dimension of the encoder, by class.
func (m *machine) meant(d int) []float32 {
	return m.meanings[d*m.classes : (d+1)*m.classes]
}

// normalise turns logits into probabilities.
//
//go:norace
func normalise(z []float32) {
	top := z[0]
	for _, x := range z {
		top = max(top, x)
	}
	var sum float32
	for c, x := range z {
		z[c] = float32(math.Exp(float64(x - top)))
		sum += z[c]
	}
	for c := range z {
		z[c] /= sum
	}
}

// dot is the dot product, in four sums that need not wait for each other.
//
//go:norace
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	for len(a) >= 4 {
		x, y := (*[4]float32)(a), (*[4]float32)(b)
		s[0] += x[0] * y[0]
		s[1] += x[1] * y[1]
		s[2] += x[2] * y[2]
		s[3] += x[3] * y[3]
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s[0] += v * b[i]
	}
	return s[0] + s[1] + s[2] + s[3]
}

// addTimes adds factor times x to y, eight at a time: it is where training
// spends its time.
//
//go:norace
func addTimes(y, x []float32, factor float32) {
	y = y[:len(x)]
	for len(x) >= 8 {
		a, b := (*[8]float32)(y), (*[8]float32)(x)
		a[0] += factor * b[0]
		a[1] += factor * b[1]
		a[2] += factor * b[2]
		a[3] += factor * b[3]
		a[4] += factor * b[4]
		a[5] += factor * b[5]
		a[6] += factor * b[6]
		a[7] += factor * b[7]
		y, x = y[8:], x[8:]
	}
	for i, v := range x {
		y[i] += factor * v
	}
}
