package embed

import (
	"unicode"
	"unicode/utf8"
)

// A long utterance says what it is about in a few of its words, so a search
// compares a query with stretches of it as well: of 8 words, each 4 words after
// the one before.
const (
	partWords = 8
	partStep  = partWords / 2
)

// encoder is what [Texts] needs; an [Encoder] is one.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Texts is a growing list of texts that can be searched for those that mean
// what a query means: a theme in words, or a quote of which more is wanted. All
// of them are looked at. It keeps vectors, not the texts. It is not safe for
// use while it changes.
type Texts struct {
	enc   encoder
	whole *Vectors
	parts *Vectors
	ends  []int // of each text: where its parts end
}

// NewTexts makes an empty list. enc must give the same vector for the same
// text as long as the list lives.
func NewTexts(enc encoder) *Texts {
	return &Texts{enc: enc, whole: NewVectors(enc.Dim()), parts: NewVectors(enc.Dim())}
}

// Len is how many texts there are, the forgotten ones included.
func (t *Texts) Len() int { return t.whole.Len() }

// Add takes in a text and gives its row: 0, 1, 2...
func (t *Texts) Add(text string) int {
	v := make([]float32, t.enc.Dim())
	t.enc.Encode(v, text)
	row := t.whole.Append(v)
	eachPart(text, func(part string) {
		t.enc.Encode(v, part)
		t.parts.Append(v)
	})
	t.ends = append(t.ends, t.parts.Len())
	return row
}

// Forget removes what is known of a text. The rows of the others stay.
func (t *Texts) Forget(row int) {
	t.whole.Forget(row)
	for part := t.start(row); part < t.ends[row]; part++ {
		t.parts.Forget(part)
	}
}

// Nearest gives the k texts that are nearest to the query, best first; equal
// ones in the order of their rows. The score is the mean of the cosine of the
// whole text and that of its best stretch. Texts with a score of zero or less
// are not given.
func (t *Texts) Nearest(query string, k int) []Hit {
	v := make([]float32, t.enc.Dim())
	t.enc.Encode(v, query)
	top := newBest(k, t.Len())
	for row := range t.Len() {
		whole := Dot(v, t.whole.At(row))
		part := whole
		for i := t.start(row); i < t.ends[row]; i++ {
			if s := Dot(v, t.parts.At(i)); i == t.start(row) || s > part {
				part = s
			}
		}
		top.add(Hit{Row: row, Score: (whole + part) / 2})
	}
	return top.hits
}

func (t *Texts) start(row int) int {
	if row == 0 {
		return 0
	}
	return t.ends[row-1]
}

// eachPart gives the stretches of a text; a text that is no longer than one
// stretch has none. Only the first [MaxWords] words are read.
func eachPart(text string, do func(part string)) {
	var from, to [MaxWords]int
	n := fields(text, &from, &to)
	if n <= partWords {
		return
	}
	for first := 0; ; first += partStep {
		last := min(first+partWords, n) - 1
		do(text[from[first]:to[last]])
		if last == n-1 {
			return
		}
	}
}

// fields finds where the first words of a text, as spaces part them, begin and
// end, and how many they are.
func fields(text string, from, to *[MaxWords]int) int {
	n, in := 0, false
	for at, r := range text {
		space := unicode.IsSpace(r) || r == utf8.RuneError
		switch {
		case space && in:
			to[n-1], in = at, false
		case !space && !in:
			if n == MaxWords {
				return n
			}
			from[n], in = at, true
			n++
		}
	}
	if in {
		to[n-1] = len(text)
	}
	return n
}
