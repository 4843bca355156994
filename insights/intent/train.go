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
	passes  = 24   // over the examples, at most
	settled = 0.02 // a pass that moves no example further is the last
	cost    = 2.0  // of an example on the wrong side
	lift    = 3.0  // positives count so much more: they are few
)

func sortEntries(e []entry) {
	slices.SortFunc(e, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
}

// sample is one sentence to learn from; intent is -1 out of scope.
type sample struct {
	words  []spoken.Word
	intent int
}

// machine is the linear part of a model: weights[feature*classes+class].
type machine struct {
	vocabulary *vocabulary
	classes    int
	weights    []float32
	bias       []float64
}

// fit trains one support vector machine an intent against the rest, by dual
// coordinate descent with squared hinge loss.
func fit(samples []sample, classes int) *machine {
	texts := make([][]spoken.Word, len(samples))
	for i, s := range samples {
		texts[i] = s.words
	}
	m := &machine{vocabulary: learn(texts), classes: classes, bias: make([]float64, classes)}
	rows := make([][]entry, len(samples))
	for i, words := range texts {
		rows[i] = m.vocabulary.row(words)
	}
	features := len(m.vocabulary.idf)
	m.weights = make([]float32, features*classes)
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for c := range classes {
		wait.Go(func() { // each writes its own column
			slots <- struct{}{}
			defer func() { <-slots }()
			w, b := separate(rows, samples, c, features)
			for f, x := range w {
				m.weights[f*classes+c] = x
			}
			m.bias[c] = b
		})
	}
	wait.Wait()
	return m
}

// separate trains one intent against the rest.
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
			if samples[i].intent == class {
				y, c = 1, cost*lift
			}
			step := ascend(rows[i], w, bias, y, c, alpha[i])
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
func ascend(row []entry, w []float32, bias, y, c, alpha float64) float64 {
	const square = 2.0 // a row has unit length, and the bias counts 1
	var score float32
	for _, e := range row {
		score += w[e.id] * e.val
	}
	soft := 1 / (2 * c)
	gradient := y*(float64(score)+bias) - 1 + soft*alpha
	return max(alpha-gradient/(square+soft), 0) - alpha
}

// spread makes more samples of the sentences, as calls bring them: behind an
// opening, and with words that the recogniser lost.
func spread(samples []sample) []sample {
	openings := [][]spoken.Word{
		spoken.Words("hi i was calling because"), spoken.Words("yeah so"), spoken.Words("well you know"),
		spoken.Words("hello my name is john and"), spoken.Words("okay but"),
	}
	random := rand.New(rand.NewPCG(3, 5))
	out := slices.Clone(samples)
	for i, s := range samples {
		if len(s.words) < 4 {
			continue
		}
		if s.intent >= 0 {
			opening := openings[i%len(openings)]
			out = append(out, sample{slices.Concat(opening, s.words), s.intent})
		}
		if len(s.words) >= 6 {
			lost := random.IntN(len(s.words))
			out = append(out, sample{slices.Concat(s.words[:lost], s.words[lost+1:]), s.intent})
		}
	}
	return out
}
