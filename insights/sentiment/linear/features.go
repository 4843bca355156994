package linear

import (
	"strings"
	"unicode/utf8"

	"heed/insights/spoken"
)

// maxFeatures bounds the work on one text: what comes behind it is not read.
const maxFeatures = 6000

// Salts keep kinds of features in different buckets (mostly).
const (
	saltWord uint32 = 0x9e3779b9 + iota*0x01000193
	saltPair
	saltPiece
	saltNegated
	saltMark
)

const (
	fnvOffset uint32 = 2166136261
	fnvPrime  uint32 = 16777619
	// negationReach is how many words behind a "not" are read as negated.
	negationReach = 3
	minPiece      = 3
	maxPiece      = 5
)

// negations turn what follows; never changed.
var negations = map[string]bool{
	"not": true, "no": true, "never": true, "nothing": true, "nobody": true, "none": true, "neither": true, "nor": true,
	"without": true, "hardly": true, "barely": true,
}

// Features appends what a text has, as hashes: its words, pairs of words,
// pieces of words, words behind a negation, and the marks ! and ?. A text has
// each as often as it says it. Words are spoken.Words of the text.
func Features(dst []uint32, text string, words []spoken.Word) []uint32 {
	start := len(dst)
	before, reach := uint32(0), 0
	for i := range words {
		w := words[i].Text
		h := hash(saltWord, w)
		dst = append(dst, h, mix(saltPair^before, h))
		if reach > 0 {
			dst = append(dst, mix(saltNegated, h))
			reach--
		}
		if negations[w] {
			reach = negationReach
		}
		dst = pieces(dst, w)
		before = h
		if len(dst)-start > maxFeatures {
			return dst
		}
	}
	return marks(dst, text)
}

// marks appends those signs that say something about a mood: ! and ? and what
// lies beyond the alphabets, such as emoji.
func marks(dst []uint32, text string) []uint32 {
	if len(text) > maxFeatures {
		text = text[:maxFeatures]
	}
	for _, mark := range [...]string{"!", "?", "!!", "...", ":)", ":(", "?!"} {
		if strings.Contains(text, mark) {
			dst = append(dst, hash(saltMark, mark))
		}
	}
	for _, r := range text {
		if r >= 0x2600 && r != utf8.RuneError {
			dst = append(dst, mix(saltMark, uint32(r)))
		}
	}
	return dst
}

// pieces appends the runs of three to five bytes of a word and its two ends.
func pieces(dst []uint32, w string) []uint32 {
	n := min(len(w), 24) + 2
	at := func(i int) byte {
		switch i {
		case 0:
			return '<'
		case n - 1:
			return '>'
		}
		return w[i-1]
	}
	for i := range n {
		h := fnvOffset ^ saltPiece
		for j := i; j < min(n, i+maxPiece); j++ {
			h = (h ^ uint32(at(j))) * fnvPrime
			if j-i+1 >= minPiece {
				dst = append(dst, finish(h))
			}
		}
	}
	return dst
}

func hash(salt uint32, s string) uint32 {
	h := fnvOffset ^ salt
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * fnvPrime
	}
	return finish(h)
}

func mix(a, b uint32) uint32 { return finish((a ^ b*0x85ebca6b) * fnvPrime) }

// finish spreads a hash over all its bits (the last step of MurmurHash3).
func finish(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// Words appends the words and pairs of words of a text as hashes, without the
// pieces and marks of [Features].
func Words(dst []uint32, words []spoken.Word) []uint32 {
	before := uint32(0)
	for i := range words {
		h := hash(saltWord, words[i].Text)
		dst = append(dst, h, mix(saltPair^before, h))
		before = h
	}
	return dst
}
