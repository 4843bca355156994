package intent

import (
	"cmp"
	"math"
	"slices"

	"heed/insights/spoken"
)

const (
	// pieceWeight is the share of letter pieces beside whole words.
	pieceWeight = 0.7
	// Letter pieces have this many runes.
	leastPiece, mostPiece = 2, 5
)

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashOf(seed byte, s string) uint64 {
	h := (uint64(fnvOffset) ^ uint64(seed)) * fnvPrime
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// pairHash names two words in a row. No word holds the marks "^" and "$",
// which stand for the start and the end of the text.
func pairHash(a, b string) uint64 {
	h := hashOf('p', a)
	h = (h ^ ' ') * fnvPrime
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * fnvPrime
	}
	return h
}

// edges name the first and the last word of a text as such: "no" alone is
// another thing than "no" inside a sentence.
func edges(words []spoken.Word) [2]uint64 {
	return [2]uint64{pairHash("^", words[0].Text), pairHash(words[len(words)-1].Text, "$")}
}

// eachPiece gives the word itself and its pieces of a few runes, with the
// word's ends marked.
func eachPiece(word string, use func(hash uint64, weight float64)) {
	use(hashOf('w', word), 1)
	marked := "_" + word + "_"
	starts := make([]int, 0, 32)
	for i := range marked {
		starts = append(starts, i)
	}
	starts = append(starts, len(marked))
	for n := leastPiece; n <= mostPiece; n++ {
		for i := 0; i+n < len(starts); i++ {
			use(hashOf('c', marked[starts[i]:starts[i+n]]), pieceWeight)
		}
	}
}

// eachFeature gives the features of a text, one that occurs twice twice.
func eachFeature(words []spoken.Word, use func(hash uint64, weight float64)) {
	for i, w := range words {
		eachPiece(w.Text, use)
		if i > 0 {
			use(pairHash(words[i-1].Text, w.Text), 1)
		}
	}
	if len(words) > 0 {
		for _, h := range edges(words) {
			use(h, 1)
		}
	}
}

// vocabulary numbers the features seen in training and knows their rarity.
type vocabulary struct {
	index map[uint64]int32
	idf   []float64
	rare  float64 // of a feature never seen
}

// learn counts in how many texts each feature stands.
func learn(samples []sample) *vocabulary {
	v := &vocabulary{index: make(map[uint64]int32)}
	var seenIn, last []int32
	for n := range samples {
		eachFeature(samples[n].words, func(h uint64, _ float64) {
			i, ok := v.index[h]
			if !ok {
				i = int32(len(seenIn))
				v.index[h] = i
				seenIn, last = append(seenIn, 0), append(last, -1)
			}
			if last[i] != int32(n) {
				last[i] = int32(n)
				seenIn[i]++
			}
		})
	}
	total := float64(len(samples))
	v.idf = make([]float64, len(seenIn))
	for i, df := range seenIn {
		v.idf[i] = math.Log((1+total)/(1+float64(df))) + 1
	}
	v.rare = math.Log(1+total)/2 + 1
	return v
}

// weigh gives a feature's number, or false when it was never seen, and its
// value before the text's length is taken out.
func (v *vocabulary) weigh(h uint64, weight float64) (int32, float64, bool) {
	i, ok := v.index[h]
	if !ok {
		return 0, weight * v.rare, false
	}
	return i, weight * v.idf[i], true
}

// entry is one feature of a row.
type entry struct {
	id  int32
	val float32
}

// row is a text in numbers: its features at unit length, and beside them what
// the encoder makes of it.
type row struct {
	features []entry
	meaning  []float32 // of length [encoderWeight], or empty
}

// row gives a text's features, their length as [scores.score] counts it: the
// same text scores the same in training and in use. Features never seen count
// in the length: a text of strange words scores low everywhere.
func (v *vocabulary) row(s *sample) row {
	sum := make(map[int32]float64)
	var square float64
	eachFeature(s.words, func(h uint64, weight float64) {
		i, x, ok := v.weigh(h, weight)
		square += x * x
		if ok {
			sum[i] += x
		}
	})
	out := row{make([]entry, 0, len(sum)), make([]float32, len(s.meaning))}
	norm := math.Sqrt(square)
	for id, x := range sum {
		out.features = append(out.features, entry{id, float32(x / norm)})
	}
	slices.SortFunc(out.features, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	addTimes(out.meaning, s.meaning, encoderWeight)
	return out
}
