package discover

import (
	"math"
	"slices"

	"heed/insights/theme/terms"
)

// space turns texts into vectors: words reduced to directions, beside the
// encoder's vector. It is never changed once it is fitted.
type space struct {
	places map[string]int32 // place of a term
	idf    []float32        // weight by place: rarity, less for plain words
	// project holds for each term its dims coordinates.
	project []float32
	dims    int
	enc     encoder // nil: words alone
	encDim  int     // 0: words alone
	// mean is what the encoder's vectors of the turns have in common; empty in
	// models of before.
	mean []float32
}

const (
	// directions is how many main directions of word use are kept.
	directions = 60
	// minDocs is in how many turns a term must occur to be known.
	minDocs = 2
	// plainShare is the weight of a plain word beside one that tells something.
	plainShare = 0.5
	// meanTurns is how many turns the mean of the encoder's vectors is taken of.
	meanTurns = 2000
	// wordShare is the weight of the words beside the encoder, 0..1, in squares.
	wordShare = 0.5
)

// size is the length of a vector.
func (s *space) size() int { return s.dims + s.encDim }

// bag is a turn's known terms with their weights, in order of place.
type bag struct {
	at     []int32
	weight []float32
}

// fitSpace learns words and directions from turns.
func fitSpace(turns [][]terms.Word, enc encoder) *space {
	docs := map[string]int{}
	plain := map[string]bool{}
	for _, words := range turns {
		eachTerm(words, func(term string, _ int) { docs[term]++ })
		for _, w := range words {
			plain[w.Term] = plain[w.Term] || w.Plain
		}
	}
	known := make([]string, 0, len(docs))
	for term, n := range docs {
		if n >= minDocs {
			known = append(known, term)
		}
	}
	slices.Sort(known)
	s := &space{places: make(map[string]int32, len(known)), idf: make([]float32, len(known)), enc: enc}
	for i, term := range known {
		s.places[term] = int32(i)
		s.idf[i] = float32(math.Log(float64(1+len(turns))/float64(1+docs[term])) + 1)
		if plain[term] {
			s.idf[i] *= plainShare
		}
	}
	if enc != nil {
		s.encDim = enc.Dim()
	}
	bags := make([]bag, len(turns))
	for i, words := range turns {
		bags[i] = s.bag(words)
	}
	s.project, s.dims = reduce(bags, len(known), directions)
	return s
}

// centre learns what the encoder's vectors of turns have in common: that they
// are talk of this business with a customer, which tells none from another.
// Without it what differs weighs more (Mu and Viswanath, "All-but-the-top",
// ICLR 2018).
func (s *space) centre(turns []Turn, words [][]terms.Word) {
	if s.enc == nil {
		return
	}
	mean, v := make([]float32, s.encDim), make([]float32, s.encDim)
	step := max(1, len(turns)/meanTurns)
	n := 0
	for i := 0; i < len(turns); i += step {
		if !terms.English(turns[i].Language) {
			continue
		}
		if s.enc.Encode(v, terms.Begin(turns[i].Text, words[i])); norm(v) == 0 {
			continue
		}
		n++
		for d, x := range v {
			mean[d] += x
		}
	}
	for d := range mean {
		mean[d] /= float32(max(1, n))
	}
	s.mean = mean
}

// eachTerm calls use once for each distinct term with its count.
func eachTerm(words []terms.Word, use func(term string, n int)) {
	found := make([]string, 0, len(words))
	for i := range words {
		found = append(found, words[i].Term)
	}
	slices.Sort(found)
	for i := 0; i < len(found); {
		n := 1
		for i+n < len(found) && found[i+n] == found[i] {
			n++
		}
		use(found[i], n)
		i += n
	}
}

// bag weighs the known terms of a turn by count and rarity, length 1.
func (s *space) bag(words []terms.Word) bag {
	b := bag{at: make([]int32, 0, len(words)), weight: make([]float32, 0, len(words))}
	eachTerm(words, func(term string, n int) {
		if at, ok := s.places[term]; ok {
			b.at = append(b.at, at)
			b.weight = append(b.weight, s.idf[at]*float32(1+math.Log(float64(n))))
		}
	})
	scale(b.weight, 1)
	return b
}

// vector writes the place of a turn into dst, of length size. It has length 1,
// or is all zero when nothing of the turn is known.
func (s *space) vector(dst []float32, words []terms.Word, text, language string) {
	clear(dst)
	lexical, meaning := dst[:s.dims], dst[s.dims:]
	b := s.bag(words)
	for i, at := range b.at {
		row := s.project[int(at)*s.dims:][:s.dims]
		for d, x := range row {
			lexical[d] += b.weight[i] * x
		}
	}
	share := 1.0
	if s.enc != nil && terms.English(language) {
		s.enc.Encode(meaning, terms.Begin(text, words))
		if norm(meaning) > 0 {
			share = wordShare
			for d, x := range s.mean {
				meaning[d] -= x
			}
		}
	}
	scale(lexical, math.Sqrt(share))
	scale(meaning, math.Sqrt(1-share))
	scale(dst, 1)
}

func norm(x []float32) float64 {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

// scale gives x the length to; a vector of zeros stays.
func scale(x []float32, to float64) {
	n := norm(x)
	if n < 1e-12 {
		clear(x)
		return
	}
	f := float32(to / n)
	for i := range x {
		x[i] *= f
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}
