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
	m     *Model
	words []spoken.Word
	// sums[i*classes+c] is what the words before i add to intent c, and
	// pairs the same for the pairs that end before i.
	sums, pairs      []float32
	lengths, pairSqr []float32
	edges            reading  // of the whole text
	before           []string // intents that the speaker had before in the call
}

// readings are what known words add, worked out once.
type readings map[string]reading

// reading is what a feature or several add to each intent, and the square of
// their length.
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
	i, x, ok := m.vocabulary.weigh(h, weight)
	r.square += float32(x * x)
	if ok {
		addTimes(r.adds, m.column(i), float32(x))
	}
}

// read sums a text of one word or more.
func (m *Model) read(words []spoken.Word, known readings) *scores {
	n, k := len(words), m.machine.classes
	all := make([]float32, (2*n+4)*k) // one piece of memory for all sums
	s := &scores{
		m: m, words: words,
		sums: all[:(n+1)*k], pairs: all[(n+1)*k : 2*(n+1)*k],
		lengths: make([]float32, n+1), pairSqr: make([]float32, n+1),
		edges: reading{adds: all[2*(n+1)*k : (2*n+3)*k]},
	}
	pair := reading{adds: all[(2*n+3)*k:]}
	for i, w := range words {
		r, ok := known[w.Text]
		if !ok {
			r = m.machine.reading(w.Text)
		}
		clear(pair.adds)
		pair.square = 0
		if i > 0 {
			m.machine.add(&pair, pairHash(words[i-1].Text, w.Text), 1)
		}
		at, next := i*k, (i+1)*k
		for c := range k {
			s.sums[next+c] = s.sums[at+c] + r.adds[c]
			s.pairs[next+c] = s.pairs[at+c] + pair.adds[c]
		}
		s.lengths[i+1] = s.lengths[i] + r.square
		s.pairSqr[i+1] = s.pairSqr[i] + pair.square
	}
	for _, h := range edges(words) {
		m.machine.add(&s.edges, h, 1)
	}
	return s
}

// score gives what the words from, to (exclusive) say for each intent. The
// pair that ends at the first word is not part of it; the edges of the text
// are when it is the whole text.
func (s *scores) score(from, to int, out []float32) {
	k := s.m.machine.classes
	square := s.lengths[to] - s.lengths[from] + s.pairSqr[to] - s.pairSqr[from+1]
	whole := from == 0 && to == len(s.words)
	if whole {
		square += s.edges.square
	}
	scale := float32(1 / math.Sqrt(math.Max(float64(square), 1e-9)))
	a, b := s.sums[from*k:(from+1)*k], s.sums[to*k:(to+1)*k]
	p, q := s.pairs[(from+1)*k:(from+2)*k], s.pairs[to*k:(to+1)*k]
	for c := range out {
		x := b[c] - a[c] + q[c] - p[c]
		if whole {
			x += s.edges.adds[c]
		}
		out[c] = x*scale + float32(s.m.machine.bias[c])
	}
}

// mean adds what the encoder makes of the words from, to.
func (s *scores) mean(from, to int, out []float32) {
	for d, x := range s.m.meaning(s.words[from:to]) {
		addTimes(out, s.m.machine.meant(d), encoderWeight*x)
	}
}

// stretch is a scored part of a text.
type stretch struct {
	from, to   int
	intent     int
	best, lead float64
}

// nowhere is no part of a text.
var nowhere = stretch{intent: -1, best: math.Inf(-1)}

// rank gives the best of the intents that pass, by their scores.
func rank(from, to int, scored []float32, pass func(c int) bool) stretch {
	out := stretch{from: from, to: to, intent: -1, best: math.Inf(-1)}
	second := math.Inf(-1)
	for c, z := range scored {
		x := float64(z)
		switch {
		case x > out.best && pass(c):
			if out.intent >= 0 {
				second = max(second, out.best)
			}
			out.best, out.intent = x, c
		default:
			second = max(second, x)
		}
	}
	out.lead = out.best - max(second, -2*margins)
	return out
}

// all reads the whole text, encoder included.
func (s *scores) all() []float32 {
	out := make([]float32, s.m.machine.classes)
	s.score(0, len(s.words), out)
	s.mean(0, len(s.words), out)
	return out
}

// parts gives each window of a text, by its words alone.
func (s *scores) parts(pass func(c int) bool, use func(stretch)) {
	out := make([]float32, s.m.machine.classes)
	for _, size := range windows {
		if size >= len(s.words) {
			return
		}
		for from := 0; from+size <= len(s.words); from++ {
			s.score(from, from+size, out)
			use(rank(from, from+size, out, pass))
		}
	}
}

// settle reads a window again, encoder included.
func (s *scores) settle(st stretch, pass func(c int) bool) stretch {
	if st.intent < 0 || s.m.encoder == nil {
		return st
	}
	out := make([]float32, s.m.machine.classes)
	s.score(st.from, st.to, out)
	s.mean(st.from, st.to, out)
	return rank(st.from, st.to, out, pass)
}
