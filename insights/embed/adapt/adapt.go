// Package adapt fits a text encoder to an organisation's own calls: which words
// go together there says what a general encoder cannot know. It needs no labels,
// seconds of work and some hundred texts.
//
// Fitting is latent semantic analysis (Deerwester et al. 1990): texts as weighted
// counts of stems and pairs of stems, brought down to a few dozen numbers by a
// singular value decomposition. These stand beside the encoder's own numbers.
package adapt

import (
	"errors"
	"math"
	"slices"

	"heed/insights/embed"
)

// encoder is what is needed of embed.Encoder.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Options say how to fit. The zero value of a field means its default.
type Options struct {
	// Dim is how many numbers are added to the encoder's; 50. Fewer are added
	// when the texts do not have as many.
	Dim int
	// Share is how much of the dot product of two texts comes from the added
	// numbers, 0..1; 0.3. Without an encoder it is all of it.
	Share float64
	// MaxTerms bounds the words and pairs that are kept, the most frequent
	// first; 20,000.
	MaxTerms int
}

func (o Options) withDefaults() Options {
	if o.Dim == 0 {
		o.Dim = 50
	}
	if o.Share == 0 {
		o.Share = 0.3
	}
	if o.MaxTerms == 0 {
		o.MaxTerms = 20_000
	}
	return o
}

// minTexts is below what nothing can be learnt about which words go together.
const minTexts = 10

// ErrTooFew says that there are too few texts, or too few words in them, to
// fit anything. The encoder alone still serves.
var ErrTooFew = errors.New("too few texts to fit to")

// Space is an encoder that was fitted to texts. It never changes, so any
// number of goroutines may use it.
type Space struct {
	base   encoder // may be nil
	own    float32 // weight of the encoder's numbers
	added  float32 // weight of ours
	dim    int
	terms  map[string]int
	weight []float32 // of each term: how rare it is
	axes   []float32 // dim numbers a term
}

// Fit learns from texts which words go together. base may be nil. The same
// texts in the same order give the same space. It fails with [ErrTooFew] only.
func Fit(base encoder, texts []string, o Options) (*Space, error) {
	o = o.withDefaults()
	s := &Space{base: base, added: 1}
	if base != nil {
		s.own, s.added = float32(math.Sqrt(1-o.Share)), float32(math.Sqrt(o.Share))
	}
	docs := s.count(texts, o.MaxTerms)
	rows := make([]sparse, 0, len(docs))
	for _, d := range docs {
		if row := s.weigh(d); len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) < minTexts || len(s.weight) < 2 {
		return nil, ErrTooFew
	}
	s.dim = min(o.Dim, len(rows)/2, len(s.weight)/2)
	axes, err := topAxes(rows, len(s.weight), s.dim)
	if err != nil {
		return nil, err
	}
	s.axes = axes
	return s, nil
}

// Dim is the length of every vector.
func (s *Space) Dim() int {
	if s.base == nil {
		return s.dim
	}
	return s.base.Dim() + s.dim
}

// Encode writes the vector of a text into dst, which must have length
// [Space.Dim]: of length one, or all zero when nothing in the text is known.
func (s *Space) Encode(dst []float32, text string) {
	clear(dst)
	own := dst[:len(dst)-s.dim]
	if s.base != nil {
		s.base.Encode(own, text)
		for i := range own {
			own[i] *= s.own
		}
	}
	lsa := dst[len(own):]
	for _, e := range s.weigh(s.known(text)) {
		for i, x := range s.axes[e.term*s.dim:][:s.dim] {
			lsa[i] += e.value * x
		}
	}
	embed.Normalize(lsa)
	for i := range lsa {
		lsa[i] *= s.added
	}
	embed.Normalize(dst)
}

// known counts the terms of a text that were there when it was fitted.
func (s *Space) known(text string) map[int]int {
	counts := map[int]int{}
	for _, t := range terms(text) {
		if at, ok := s.terms[t]; ok {
			counts[at]++
		}
	}
	return counts
}

// count fills in the terms and their weights and gives the counts of each text.
func (s *Space) count(texts []string, most int) []map[int]int {
	in := map[string]int{} // texts that have the term
	all := make([][]string, len(texts))
	for i, text := range texts {
		all[i] = terms(text)
		once := slices.Compact(slices.Sorted(slices.Values(all[i])))
		for _, t := range once {
			in[t]++
		}
	}
	s.choose(in, len(texts), most)
	docs := make([]map[int]int, len(texts))
	for i := range all {
		docs[i] = map[int]int{}
		for _, t := range all[i] {
			if at, ok := s.terms[t]; ok {
				docs[i][at]++
			}
		}
	}
	return docs
}

// choose keeps the terms that say something: in two texts at least, and in at
// most half of them.
func (s *Space) choose(in map[string]int, texts, most int) {
	var kept []string
	for t, n := range in {
		if n >= 2 && n <= max(2, texts/2) {
			kept = append(kept, t)
		}
	}
	slices.SortFunc(kept, func(a, b string) int {
		if in[a] != in[b] {
			return in[b] - in[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	kept = kept[:min(len(kept), most)]
	s.terms = make(map[string]int, len(kept))
	for i, t := range kept {
		s.terms[t] = i
		s.weight = append(s.weight, float32(1+math.Log(float64(1+texts)/float64(1+in[t]))))
	}
}

// weigh makes weighted counts of length one, ordered by term.
func (s *Space) weigh(counts map[int]int) sparse {
	row := make(sparse, 0, len(counts))
	square := 0.0
	for at, n := range counts {
		x := (1 + math.Log(float64(n))) * float64(s.weight[at])
		square += x * x
		row = append(row, entry{term: at, value: float32(x)})
	}
	slices.SortFunc(row, func(a, b entry) int { return a.term - b.term })
	for i := range row {
		row[i].value /= float32(math.Sqrt(square))
	}
	return row
}
