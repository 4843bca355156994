package intent

import (
	"math"
	"math/rand/v2"
)

const (
	// directions are how many tell the intents apart. With more the softmax
	// learns examples by heart.
	directions = 48
	// Few examples are gone over more often.
	manySamples           = 3000
	fewEpochs, manyEpochs = 24, 12
	softmaxRate           = 0.05 // of Adagrad at the start, falling to nothing
	// negligible is a difference of probability that moves nothing.
	negligible = 1e-3
	// startIn and startOut bound the weights before training.
	startIn, startOut = 0.25, 0.1
)

// The inner loops of training are not watched by the race detector, under
// which they would take most of the time of every test that needs a model.
// They work on what one goroutine owns; where that is handed over is watched.

// narrow is a softmax regression whose weights are the product of two thin
// matrices: every feature has a place along a few directions, and so has every
// intent, so that what is learnt of one intent's words helps to place others.
// Half of a text's features are lost at each step, as if it had been said in
// other words; its meaning never is. See Srivastava et al. 2014, "Dropout", and
// Duchi et al. 2011 for Adagrad, here with one sum a feature and an intent.
type narrow struct {
	features, meanings, classes  []float32 // places, one after the other
	featureSum, meaningSum, sums []float32 // of squared gradients
	random                       *rand.Rand
	kept                         []entry   // features of this step
	hidden, back                 []float32 // a text's place, and how far it is off
	p                            []float32 // probabilities, then what they are off by
	rate                         float32
}

// softmax adds the weights of a narrow softmax regression. A sample out of
// scope is equally far from every intent, which is what makes a low score mean
// "none of these".
func (m *machine) softmax(rows []row, samples []sample) {
	epochs := fewEpochs
	if len(rows) > manySamples {
		epochs = manyEpochs
	}
	n := newNarrow(len(m.vocabulary.idf), len(rows[0].meaning), m.classes)
	order := n.random.Perm(len(rows))
	done, all := 0, float64(epochs*len(rows))
	for range epochs {
		n.random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			n.rate = float32(softmaxRate * (1 - float64(done)/all))
			n.step(&rows[i], &samples[i])
			done++
		}
	}
	n.unfold(m)
}

func newNarrow(features, meanings, classes int) *narrow {
	n := &narrow{
		features: make([]float32, features*directions), meanings: make([]float32, meanings*directions), classes: make([]float32, classes*directions),
		featureSum: make([]float32, features), meaningSum: make([]float32, meanings), sums: make([]float32, classes),
		random: rand.New(rand.NewPCG(3, 4)),
		hidden: make([]float32, directions), back: make([]float32, directions), p: make([]float32, classes),
	}
	n.scatter(n.features, startIn)
	n.scatter(n.meanings, startIn)
	n.scatter(n.classes, startOut)
	return n
}

//go:norace
func (n *narrow) scatter(w []float32, within float32) {
	for i := range w {
		w[i] = within * (2*n.random.Float32() - 1)
	}
}

// place gives the place of one feature, dimension of the meaning, or intent.
func place(w []float32, i int) []float32 { return w[i*directions : (i+1)*directions] }

// step moves the weights for one sample.
//
//go:norace
func (n *narrow) step(r *row, s *sample) {
	n.lose(r)
	clear(n.hidden)
	for _, e := range n.kept {
		addTimes(n.hidden, place(n.features, int(e.id)), e.val)
	}
	for d, x := range r.meaning {
		addTimes(n.hidden, place(n.meanings, d), x)
	}
	for c := range n.p {
		n.p[c] = dot(place(n.classes, c), n.hidden)
	}
	normalise(n.p)
	n.miss(s)
	n.moveClasses()
	square := dot(n.back, n.back) / directions
	if square == 0 {
		return
	}
	for _, e := range n.kept {
		n.move(n.features, n.featureSum, int(e.id), e.val, square)
	}
	for d, x := range r.meaning {
		n.move(n.meanings, n.meaningSum, d, x, square)
	}
}

// lose keeps half of a row's features, at double value.
//
//go:norace
func (n *narrow) lose(r *row) {
	n.kept = n.kept[:0]
	var coins uint64
	for i, e := range r.features {
		if i%64 == 0 {
			coins = n.random.Uint64()
		}
		if coins&1 == 1 {
			n.kept = append(n.kept, entry{e.id, 2 * e.val})
		}
		coins >>= 1
	}
}

// miss turns probabilities into what they are off by.
//
//go:norace
func (n *narrow) miss(s *sample) {
	if len(s.intents) == 0 {
		for c := range n.p {
			n.p[c] -= 1 / float32(len(n.p))
		}
	}
	for _, c := range s.intents {
		n.p[c] -= 1 / float32(len(s.intents))
	}
}

// moveClasses moves the intents, and works out how the text should have been
// placed. Most intents know after a while that they are not meant.
//
//go:norace
func (n *narrow) moveClasses() {
	clear(n.back)
	square := dot(n.hidden, n.hidden) / directions
	for c, off := range n.p {
		if off < negligible && off > -negligible {
			continue
		}
		addTimes(n.back, place(n.classes, c), off)
		n.sums[c] += off * off * square
		addTimes(place(n.classes, c), n.hidden, -off*n.pace(n.sums[c]))
	}
}

// move moves the place of one feature whose value is x.
//
//go:norace
func (n *narrow) move(w, sums []float32, i int, x, square float32) {
	sums[i] += square * x * x
	addTimes(place(w, i), n.back, -x*n.pace(sums[i]))
}

func (n *narrow) pace(sum float32) float32 {
	return n.rate / float32(math.Sqrt(float64(sum)+1e-8))
}

// unfold multiplies the two matrices out: in use the softmax is as any other
// linear one.
//
//go:norace
func (n *narrow) unfold(m *machine) {
	across := make([]float32, directions*m.classes) // the intents' places, by direction
	for c := range m.classes {
		for k, x := range place(n.classes, c) {
			across[k*m.classes+c] = x
		}
	}
	out := func(into, from []float32) {
		for k, x := range from {
			addTimes(into, across[k*m.classes:(k+1)*m.classes], x)
		}
	}
	for i := range m.vocabulary.idf {
		out(m.column(int32(i)), place(n.features, i))
	}
	for d := range len(n.meaningSum) {
		out(m.meant(d), place(n.meanings, d))
	}
}
