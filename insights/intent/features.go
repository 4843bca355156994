package intent

import (
	"math"

	"heed/insights/spoken"
)

// pieceWeight is the share of letter pieces beside whole words.
const pieceWeight = 0.45

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

// pairHash names two words in a row.
func pairHash(a, b string) uint64 {
	h := hashOf('p', a)
	h = (h ^ ' ') * fnvPrime
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * fnvPrime
	}
	return h
}

// eachPiece gives the word itself and its pieces of 3 to 5 runes, with the
// word's ends marked.
func eachPiece(word string, use func(hash uint64, weight float64)) {
	use(hashOf('w', word), 1)
	marked := "_" + word + "_"
	starts := make([]int, 0, 32)
	for i := range marked {
		starts = append(starts, i)
	}
	starts = append(starts, len(marked))
	for n := 3; n <= 5; n++ {
		for i := 0; i+n < len(starts); i++ {
			use(hashOf('c', marked[starts[i]:starts[i+n]]), pieceWeight)
		}
	}
}

// eachFeature gives the features of a text.
func eachFeature(words []spoken.Word, use func(hash uint64, weight float64)) {
	for i, w := range words {
		eachPiece(w.Text, use)
		if i > 0 {
			use(pairHash(words[i-1].Text, w.Text), 1)
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
func learn(texts [][]spoken.Word) *vocabulary {
	v := &vocabulary{index: make(map[uint64]int32)}
	var seenIn, last []int32
	for n, words := range texts {
		eachFeature(words, func(h uint64, _ float64) {
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
	total := float64(len(texts))
	v.idf = make([]float64, len(seenIn))
	for i, df := range seenIn {
		v.idf[i] = math.Log((1+total)/(1+float64(df))) + 1
	}
	v.rare = math.Log(1+total)/2 + 1
	return v
}

// entry is one feature of a row.
type entry struct {
	id  int32
	val float32
}

// row gives a text's features at unit length. Features never seen count in
// the length: a text of strange words scores low everywhere.
func (v *vocabulary) row(words []spoken.Word) []entry {
	sum := make(map[int32]float64)
	var square float64
	eachFeature(words, func(h uint64, weight float64) {
		i, ok := v.index[h]
		if !ok {
			square += weight * weight * v.rare * v.rare
			return
		}
		x := weight * v.idf[i]
		sum[i] += x
		square += x * x
	})
	out := make([]entry, 0, len(sum))
	norm := math.Sqrt(square)
	for id, x := range sum {
		out = append(out, entry{id, float32(x / norm)})
	}
	sortEntries(out)
	return out
}
