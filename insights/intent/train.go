package intent

import (
	"cmp"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"heed/insights/spoken"
)

const (
	// encoderWeight is the length of the encoder's part of a row, where the
	// words' part has length 1.
	encoderWeight = 1.0

	passes  = 24   // over the examples, at most
	settled = 0.1 // a pass that moves no example further is the last
	cost    = 1.0  // of an example on the wrong side
	lift    = 3.0  // positives count so much more: they are few
	// margins is how much a margin of 1 adds to the softmax's logits. The two
	// err on different sentences: together they were right more often than
	// either, on every set that was tried.
	margins = 5.0
)

func sortEntries(e []entry) {
	slices.SortFunc(e, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
}

// sample is one sentence to learn from; without intents it is out of scope.
type sample struct {
	words   []spoken.Word
	intents []int32
	meaning []float32 // what the encoder makes of it; empty without an encoder
}

func (s *sample) means(intent int) bool { return slices.Contains(s.intents, int32(intent)) }

// machine is the linear part of a model: weights[feature*classes+class], the
// vocabulary's features first, then those of the encoder.
type machine struct {
	vocabulary *vocabulary
	classes    int
	weights    []float32
	bias       []float64
}

// fit trains one support vector machine an intent against the rest, and a
// softmax over all where every sample has one intent at most. Both are linear
// in the same features, so their weights are added.
func fit(samples []sample, classes int) *machine {
	m := &machine{vocabulary: learn(samples), classes: classes, bias: make([]float64, classes)}
	rows := make([][]entry, len(samples))
	several := false
	for i := range samples {
		rows[i] = m.vocabulary.row(&samples[i])
		several = several || len(samples[i].intents) > 1
	}
	features := len(m.vocabulary.idf)
	if len(samples) > 0 {
		features += len(samples[0].meaning)
	}
	m.weights = make([]float32, features*classes)
	if !several {
		m.softmax(rows, samples)
	}
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for c := range classes {
		wait.Go(func() { // each writes its own column
			slots <- struct{}{}
			defer func() { <-slots }()
			w, b := separate(rows, samples, c, features)
			for f, x := range w {
				m.weights[f*classes+c] += margins * x
			}
			m.bias[c] = margins * b
		})
	}
	wait.Wait()
	return m
}

// separate trains one intent against the rest, by dual coordinate descent with
// squared hinge loss (Hsieh et al. 2008, "A dual coordinate descent method for
// large-scale linear SVM").
//
// Examples that are well on their side sit out most passes: only every fourth
// looks at all.
func separate(rows [][]entry, samples []sample, class, features int) (w []float32, bias float64) {
	w = make([]float32, features)
	alpha := make([]float64, len(rows))
	idle := make([]bool, len(rows))
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(uint64(class), 17))
	for pass := range passes {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		moved := 0.0
		for _, i := range order {
			if idle[i] && pass%4 != 3 {
				continue
			}
			y, c := -1.0, cost
			if samples[i].means(class) {
				y, c = 1, cost*lift
			}
			step := ascend(rows[i], w, bias, y, c, alpha[i], len(samples[i].meaning) > 0)
			alpha[i] += step
			idle[i] = alpha[i] == 0
			if step == 0 {
				continue
			}
			for _, e := range rows[i] {
				w[e.id] += float32(step*y) * e.val
			}
			bias += step * y
			moved = max(moved, step, -step)
		}
		if moved < settled && pass%4 == 3 {
			break
		}
	}
	return w, bias
}

// ascend gives the step of one example's multiplier.
func ascend(row []entry, w []float32, bias, y, c, alpha float64, encoded bool) float64 {
	square := 2.0 // a row has unit length, and the bias counts 1
	if encoded {
		square += encoderWeight * encoderWeight
	}
	var score float32
	for _, e := range row {
		score += w[e.id] * e.val
	}
	soft := 1 / (2 * c)
	gradient := y*(float64(score)+bias) - 1 + soft*alpha
	return max(alpha-gradient/(square+soft), 0) - alpha
}
