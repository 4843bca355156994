package intent

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"heed/insights/spoken"
)

const (
	// encoderWeight is the length of the encoder's part of a row, where the
	// words' part has length 1.
	encoderWeight = 0.4

	passes  = 24  // over the examples, at most
	settled = 0.1 // a pass that moves no example further is the last
	lift    = 3.0 // positives count so much more: they are few
	// A cost is that of an example on the wrong side. Where they are many, some
	// are there by mistake; where they are few, each counts.
	fewCost, manyCost = 3.0, 0.5
	// margins is how much a margin of 1 adds to the softmax's logits. The two
	// err on different sentences: together they were right more often than
	// either, on every set that was tried.
	margins = 5.0
)

// sample is one sentence to learn from; without intents it is out of scope.
type sample struct {
	words   []spoken.Word
	intents []int32
	meaning []float32 // what the encoder makes of it; empty without an encoder
}

func (s *sample) means(intent int) bool { return slices.Contains(s.intents, int32(intent)) }

// machine is the linear part of a model: weights[feature*classes+class], and
// the same for each dimension of the encoder.
type machine struct {
	vocabulary *vocabulary
	classes    int
	weights    []float32
	meanings   []float32
	bias       []float64
}

// fit trains one support vector machine an intent against the rest, and a
// softmax over all unless samples have several intents. Both are linear in the
// same features, so their weights are added.
func fit(samples []sample, classes int, several bool) *machine {
	m := &machine{vocabulary: learn(samples), classes: classes, bias: make([]float64, classes)}
	rows := make([]row, len(samples))
	for i := range samples {
		rows[i] = m.vocabulary.row(&samples[i])
	}
	features, dim := len(m.vocabulary.idf), len(rows[0].meaning)
	m.weights, m.meanings = make([]float32, features*classes), make([]float32, dim*classes)
	members := make([][]int32, classes)
	if several {
		everybody(members, len(rows))
	} else {
		m.softmax(rows, samples)
		m.rivals(members, rows, samples)
	}
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for c := range classes {
		wait.Go(func() { // each writes its own column
			slots <- struct{}{}
			defer func() { <-slots }()
			p := plane{words: make([]float32, features), meaning: make([]float32, dim)}
			p.separate(rows, samples, members[c], c)
			for f, x := range p.words {
				m.weights[f*classes+c] += margins * x
			}
			for d, x := range p.meaning {
				m.meanings[d*classes+c] += margins * x
			}
			m.bias[c] = margins * p.bias
		})
	}
	wait.Wait()
	return m
}

// plane parts one intent from the rest.
type plane struct {
	words, meaning []float32
	bias           float64
}

//go:norace
func (p *plane) score(r *row) float64 {
	var score float32
	for _, e := range r.features {
		score += p.words[e.id] * e.val
	}
	return float64(score+dot(p.meaning, r.meaning)) + p.bias
}

// move turns the plane by a step along a row.
//
//go:norace
func (p *plane) move(r *row, step float64) {
	for _, e := range r.features {
		p.words[e.id] += float32(step) * e.val
	}
	addTimes(p.meaning, r.meaning, float32(step))
	p.bias += step
}

// everybody makes every row a member of every class.
func everybody(members [][]int32, rows int) {
	all := make([]int32, rows)
	for i := range all {
		all[i] = int32(i)
	}
	for c := range members {
		members[c] = all
	}
}

// nearest is of how many intents a row is an example or a counterexample,
// where one softmax already tells them apart roughly. Counterexamples from far
// away move nothing, and with 150 intents they would be nine of ten.
const nearest = 24

// rivals makes each row a member of the classes nearest to it and of its own.
func (m *machine) rivals(members [][]int32, rows []row, samples []sample) {
	scored, sorted := make([]float32, m.classes), make([]float32, m.classes)
	for i := range rows {
		clear(scored)
		m.addTo(scored, &rows[i])
		copy(sorted, scored)
		slices.Sort(sorted)
		least := sorted[max(len(sorted)-nearest, 0)]
		for c, x := range scored {
			if x >= least || samples[i].means(c) {
				members[c] = append(members[c], int32(i))
			}
		}
	}
}

// separate trains one intent against the rest, by dual coordinate descent with
// squared hinge loss (Hsieh et al. 2008, "A dual coordinate descent method for
// large-scale linear SVM").
//
// Examples that are well on their side sit out most passes: only every fourth
// looks at all.
//
//go:norace
func (p *plane) separate(rows []row, samples []sample, members []int32, class int) {
	square := 2.0 // a row's words have unit length, and the bias counts 1
	if len(p.meaning) > 0 {
		square += encoderWeight * encoderWeight
	}
	cost := fewCost
	if len(rows) > manySamples {
		cost = manyCost
	}
	alpha := make([]float64, len(members))
	idle := make([]bool, len(members))
	order := make([]int, len(members))
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
			r := &rows[members[i]]
			y, c := -1.0, cost
			if samples[members[i]].means(class) {
				y, c = 1, cost*lift
			}
			soft := 1 / (2 * c)
			gradient := y*p.score(r) - 1 + soft*alpha[i]
			step := max(alpha[i]-gradient/(square+soft), 0) - alpha[i]
			alpha[i] += step
			idle[i] = alpha[i] == 0
			if step != 0 {
				p.move(r, step*y)
				moved = max(moved, step, -step)
			}
		}
		if moved < settled && pass%4 == 3 {
			break
		}
	}
}
