package embed

import (
	"unicode"
	"unicode/utf8"
)

// The pieces of a text that have a vector each.
const (
	minGram = 3
	maxGram = 5
	// maxRunes cuts a run of letters into pieces, so that scripts without
	// spaces between words still give pieces that come back.
	maxRunes = 24
	// MaxWords bounds the work for one text: what comes after so many words is
	// not read.
	MaxWords = 256
)

// The kinds of piece, mixed into the hash so that they never share a vector.
const (
	kindWord uint32 = 0x9e3779b9
	kindPair uint32 = 0x7f4a7c15
	kindGram uint32 = 0xf39cc060
)

// Keys appends the hash of each piece of the text to dst and gives it back: for
// each word itself, its pair with the word before, and its runs of 3 to 5
// letters. Words are runs of letters, marks and digits in any script, in lower
// case; apostrophes are left out and each digit is a 0, so no number can be
// learnt. What comes after [MaxWords] words is not read. A piece that occurs
// twice is there twice.
func Keys(dst []uint32, text string) []uint32 {
	var before uint32
	for s := (scanner{text: text}); s.next(); {
		word := s.word[:s.n]
		whole := hash(kindWord, word)
		dst = append(dst, whole)
		if before != 0 {
			dst = append(dst, finish(mix(mix(kindPair, before), whole)))
		}
		before = whole
		dst = grams(dst, word)
	}
	return dst
}

// grams appends the runs of letters of a word that has its two ends marked.
func grams(dst []uint32, word []rune) []uint32 {
	var marked [maxRunes + 2]rune
	n := copy(marked[1:], word) + 2
	marked[0], marked[n-1] = '<', '>'
	for from := 0; from+minGram <= n; from++ {
		h := mix(mix(kindGram, uint32(marked[from])), uint32(marked[from+1]))
		for to := from + 2; to < n && to-from < maxGram; to++ {
			h = mix(h, uint32(marked[to]))
			if to-from+1 < n { // the whole word has a vector of its own
				dst = append(dst, finish(h))
			}
		}
	}
	return dst
}

// scanner walks over the words of a text, at most MaxWords.
type scanner struct {
	text  string
	given int
	n     int
	word  [maxRunes]rune // the first n are the word found last
}

// next finds the next word.
func (s *scanner) next() bool {
	s.n = 0
	for at, r := range s.text {
		letter, skip := fold(r)
		switch {
		case skip:
		case letter == 0 && s.n == 0: // still before the word
		case letter == 0 || s.n == maxRunes:
			return s.found(at)
		default:
			s.word[s.n] = letter
			s.n++
		}
	}
	return s.found(len(s.text))
}

// found ends the word before at.
func (s *scanner) found(at int) bool {
	s.text = s.text[at:]
	s.given++
	return s.n > 0 && s.given <= MaxWords
}

// fold gives the rune that stands for r in a word, or 0 between words. skip
// says that r is neither: "don't" and "dont" are one word.
func fold(r rune) (letter rune, skip bool) {
	if r < utf8.RuneSelf {
		switch {
		case 'a' <= r && r <= 'z':
			return r, false
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A', false
		case '0' <= r && r <= '9':
			return '0', false
		}
		return 0, r == '\''
	}
	switch {
	case r == utf8.RuneError:
		return 0, false
	case unicode.IsLetter(r):
		return unicode.ToLower(r), false
	case unicode.IsMark(r), r == '\u2019', r == '\u200d':
		return 0, true
	case unicode.IsDigit(r):
		return '0', false
	}
	return 0, false
}

func hash(kind uint32, word []rune) uint32 {
	h := kind
	for _, r := range word {
		h = mix(h, uint32(r))
	}
	return finish(h)
}

// mix is the step of FNV-1a over whole runes.
func mix(h, r uint32) uint32 { return (h ^ r) * 16777619 }

// finish spreads the bits (the finalizer of MurmurHash3) and keeps 0 free for
// "no piece".
func finish(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	h ^= h >> 16
	if h == 0 {
		return 1
	}
	return h
}
