package intent

import (
	"math"

	"heed/insights/spoken"
)

// windows are the lengths, in words, in which long utterances are read.
var windows = [...]int{4, 6, 9, 13}

// scores reads a text once, so that any stretch of it can be scored by
// subtraction.
type scores struct {
	m     *machine
	words []spoken.Word
	// sums[i*classes+c] is what the words before i add to intent c, and
	// pairs the same for the pairs that end before i.
	sums, pairs      []float32
	lengths, pairSqr []float32
}

// readings are what known words add, worked out once.
type readings map[string]reading

type reading struct {
	adds   []float32
	square float32
}

// reading works out what a word adds.
func (m *machine) reading(word string) reading {
	r := reading{adds: make([]float32, m.classes)}
	eachPiece(word, func(h uint64, weight float64) { m.add(&r, h, weight) })
	return r
}

func (m *machine) add(r *reading, h uint64, weight float64) {
	i, ok := m.vocabulary.index[h]
	if !ok {
		r.square += float32(weight * weight * m.vocabulary.rare * m.vocabulary.rare)
		return
	}
	x := float32(weight * m.vocabulary.idf[i])
	r.square += x * x
	row := m.weights[int(i)*m.classes : (int(i)+1)*m.classes]
	for c, w := range row {
		r.adds[c] += x * w
	}
}

// read sums a text.
func (m *machine) read(words []spoken.Word, known readings) *scores {
	n, k := len(words), m.classes
	s := &scores{
		m: m, words: words,
		sums: make([]float32, (n+1)*k), pairs: make([]float32, (n+1)*k),
		lengths: make([]float32, n+1), pairSqr: make([]float32, n+1),
	}
	pair := reading{adds: make([]float32, k)}
	for i, w := range words {
		r, ok := known[w.Text]
		if !ok {
			r = m.reading(w.Text)
		}
		clear(pair.adds)
		pair.square = 0
		if i > 0 {
			m.add(&pair, pairHash(words[i-1].Text, w.Text), 1)
		}
		at, next := i*k, (i+1)*k
		for c := range k {
			s.sums[next+c] = s.sums[at+c] + r.adds[c]
			s.pairs[next+c] = s.pairs[at+c] + pair.adds[c]
		}
		s.lengths[i+1] = s.lengths[i] + r.square
		s.pairSqr[i+1] = s.pairSqr[i] + pair.square
	}
	return s
}

// at scores the words from, to (exclusive) for intent c. The pair that ends
// at the first word is not part of it.
func (s *scores) at(from, to, c int) float64 {
	k := s.m.classes
	x := s.sums[to*k+c] - s.sums[from*k+c] + s.pairs[to*k+c] - s.pairs[(from+1)*k+c]
	return float64(x)/s.norm(from, to) + s.m.bias[c]
}

func (s *scores) norm(from, to int) float64 {
	square := s.lengths[to] - s.lengths[from] + s.pairSqr[to] - s.pairSqr[from+1]
	return math.Sqrt(math.Max(float64(square), 1e-9))
}

// stretch is a scored part of a text.
type stretch struct {
	from, to   int
	intent     int
	best, lead float64
}

// rank scores a stretch for the intents that pass and gives the best one.
func (s *scores) rank(from, to int, pass func(c int) bool) stretch {
	out := stretch{from: from, to: to, intent: -1, best: math.Inf(-1)}
	second := math.Inf(-1)
	for c := range s.m.classes {
		x := s.at(from, to, c)
		switch {
		case pass(c) && x > out.best:
			if out.intent >= 0 {
				second = max(second, out.best)
			}
			out.best, out.intent = x, c
		default:
			second = max(second, x)
		}
	}
	out.lead = out.best - max(second, -2)
	return out
}

// parts gives each window of a text, best guess first by score and lead.
func (s *scores) parts(pass func(c int) bool, use func(stretch)) {
	for _, size := range windows {
		if size >= len(s.words) {
			return
		}
		for from := 0; from+size <= len(s.words); from++ {
			use(s.rank(from, from+size, pass))
		}
	}
}
