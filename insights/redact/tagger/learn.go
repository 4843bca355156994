package tagger

import (
	"errors"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Ordinary labels a word of a text that nobody labelled and that tells nothing
// about a person: it may be a place, an organization, a date or a detail.
const Ordinary = "?"

// Row is a labelled utterance: for each word between spaces one of [Kinds],
// [Ordinary], or nothing.
type Row struct {
	Words  []string
	Labels []string
	Asked  string // what the other side said last, when it is known
}

// Options say how to learn.
type Options struct {
	Epochs int     // passes over the rows; 0 is 6
	Rate   float64 // of learning; 0 is 0.3
	// Drop is how often the letters of a word are hidden while it is learned
	// from, so that the model trusts what surrounds it; 0 is 0.3.
	Drop float64
	Seed uint64
}

func (o Options) withDefaults() Options {
	if o.Epochs == 0 {
		o.Epochs = 6
	}
	if o.Rate == 0 {
		o.Rate = 0.3
	}
	if o.Drop == 0 {
		o.Drop = 0.3
	}
	return o
}

// Vocabulary gives the words that occur at least so often in ordinary texts.
// They tell a model which words are not names.
func Vocabulary(texts []string, least int) []string {
	seen := make(map[string]int)
	for _, t := range texts {
		for _, w := range (&Model{}).split(t) {
			if w.sort == strange {
				seen[w.text]++
			}
		}
	}
	var out []string
	for w, n := range seen {
		if n >= least {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// Learn trains a model by stochastic gradient descent with AdaGrad step sizes
// (Duchi et al. 2011). The same rows and options give the same model.
func Learn(rows []Row, vocabulary []string, o Options) (*Model, error) {
	o = o.withDefaults()
	m := &Model{vocabulary: make([]uint32, 0, len(vocabulary))}
	for _, w := range vocabulary {
		m.vocabulary = append(m.vocabulary, uint32(hashOf('w', w)>>32))
	}
	slices.Sort(m.vocabulary)
	m.vocabulary = slices.Compact(m.vocabulary)
	if len(m.vocabulary) > maxVocabulary {
		return nil, errors.New("tagger: too many words in the vocabulary")
	}
	l := &learner{
		weights: make([]float32, classes*buckets), steps: make([]float32, classes*buckets),
		rate: float32(o.Rate), drop: o.Drop, rand: rand.New(rand.NewPCG(o.Seed, 7)),
	}
	ready, err := l.prepare(m, rows)
	if err != nil {
		return nil, err
	}
	for range o.Epochs {
		l.rand.Shuffle(len(ready), func(i, j int) { ready[i], ready[j] = ready[j], ready[i] })
		for i := range ready {
			l.learn(&ready[i])
		}
	}
	m.quantize(l.weights)
	return m, nil
}

// example is one word, ready to be learned from.
type example struct {
	features []uint32 // buckets
	plain    int
	class    uint8
}

type learner struct {
	weights, steps []float32
	rate           float32
	drop           float64
	rand           *rand.Rand
}

// prepare turns rows into examples.
func (l *learner) prepare(m *Model, rows []Row) ([]example, error) {
	class := make(map[string]uint8, classes)
	for i, k := range Kinds() {
		class[k] = uint8(i + 1)
	}
	class[""], class[Ordinary] = 0, ordinary
	var out []example
	var buf []uint64
	for _, row := range rows {
		if len(row.Words) != len(row.Labels) {
			return nil, errors.New("tagger: a row has not one label a word")
		}
		t := text{words: m.split(strings.Join(row.Words, " ")), asked: uint64(AskedBy(row.Asked))}
		if len(t.words) != len(row.Words) {
			return nil, errors.New("tagger: a word of a row is empty or has a space inside")
		}
		t.named = setOf(t.words)
		for i := range t.words {
			if t.words[i].sort == signs {
				continue
			}
			c, ok := class[row.Labels[i]]
			if !ok {
				return nil, errors.New("tagger: unknown kind " + row.Labels[i])
			}
			var plain int
			buf, plain = t.features(buf[:0], i)
			e := example{features: make([]uint32, len(buf)), plain: plain, class: c}
			for j, f := range buf {
				e.features[j] = uint32(f % buckets)
			}
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("tagger: nothing to learn from")
	}
	return out, nil
}

// learn takes one step.
func (l *learner) learn(e *example) {
	features := e.features
	if l.rand.Float64() < l.drop {
		features = features[e.plain:]
	}
	var p [classes]float32
	for _, f := range features {
		row := l.weights[int(f)*classes : int(f)*classes+classes]
		for c := range p {
			p[c] += row[c]
		}
	}
	top := slices.Max(p[:])
	var total float32
	for c := range p {
		p[c] = float32(math.Exp(float64(p[c] - top)))
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
	if e.class == ordinary {
		excuse(&p)
	} else {
		p[e.class]--
	}
	for _, f := range features {
		at := int(f) * classes
		l.step(at, &p)
	}
}

// general is the first class of those that ordinary texts hold, too.
const (
	general  = 12
	ordinary = 255
)

// excuse takes from the probabilities what the classes that an ordinary word
// may have should have together.
func excuse(p *[classes]float32) {
	sum := p[0]
	for _, g := range p[general:] {
		sum += g
	}
	less := 1 - 1/max(sum, 1e-6)
	p[0] *= less
	for c := general; c < classes; c++ {
		p[c] *= less
	}
}

// step moves one feature's weights against the gradient.
func (l *learner) step(at int, gradient *[classes]float32) {
	row, steps := l.weights[at:at+classes], l.steps[at:at+classes]
	for c, g := range gradient {
		if g > -1e-4 && g < 1e-4 {
			continue
		}
		steps[c] += g * g
		row[c] -= l.rate * g / (1 + float32(math.Sqrt(float64(steps[c]))))
	}
}

// quantize keeps the weights in a byte each.
func (m *Model) quantize(weights []float32) {
	var sizes []float32
	for _, w := range weights {
		if w != 0 {
			sizes = append(sizes, float32(math.Abs(float64(w))))
		}
	}
	slices.Sort(sizes)
	m.scale = 0.01
	if len(sizes) > 0 {
		m.scale = sizes[len(sizes)-1-len(sizes)/2000] / 127 // the largest few are cut
	}
	m.scale = min(max(m.scale, 1e-5), 0.5)
	m.weights = make([]int8, len(weights))
	for i, w := range weights {
		m.weights[i] = int8(max(-127, min(127, math.Round(float64(w/m.scale)))))
	}
	m.sum = crc32.ChecksumIEEE(m.body())
}
