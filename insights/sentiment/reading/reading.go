// Package reading turns what a customer says into what the models of mood
// count: words, pieces of words, marks, and the figures that VADER's lexicon
// gives. On request, what is only polite on the telephone ("please", "good
// morning") is left out. It holds no model; what makes models and what asks them read the
// same way through it.
package reading

import (
	"math"
	"strings"

	"github.com/jonreiter/govader"

	"heed/insights"
	"heed/insights/sentiment/linear"
	"heed/insights/spoken"
)

const (
	// Figures is how many figures a text has beside its words.
	Figures = 4
	// MaxWords bounds the work on one utterance: the rest of a longer one is
	// not read.
	MaxWords = 400
	maxBytes = 8 * MaxWords
)

// Reader reads texts. It is safe for concurrent use.
type Reader struct {
	vader *govader.SentimentIntensityAnalyzer
}

// New makes a reader, which takes some milliseconds: make one and share it.
func New() *Reader { return &Reader{vader: govader.NewSentimentIntensityAnalyzer()} }

// Text is one text as it was read.
type Text struct {
	Words    []spoken.Word // the words that were read; the first MaxWords
	Features []uint32      // see linear.Features
	Figures  [Figures]float64
}

// Read reads a text. One without a word of English letters, numbers and names
// of letters apart, has no features: nothing is known of it.
func (r *Reader) Read(text string) Text {
	text, words := clip(text)
	t := Text{Words: words}
	r.count(&t, text, words)
	return t
}

// ReadCall reads what was said on the telephone: courtesies do not count.
func (r *Reader) ReadCall(text string) Text {
	text, words := clip(text)
	t := Text{Words: words}
	said, kept := cut(text, words)
	r.count(&t, said, kept)
	return t
}

// clip gives what of a text is read.
func clip(text string) (string, []spoken.Word) {
	text = strings.ToValidUTF8(text[:min(len(text), maxBytes)], " ")
	words := spoken.Words(text)
	return text, words[:min(len(words), MaxWords)]
}

func (r *Reader) count(t *Text, text string, words []spoken.Word) {
	if !known(words) && !smiles(text) {
		return
	}
	t.Features = linear.Features(make([]uint32, 0, 24*len(words)+8), text, words)
	p := r.vader.PolarityScores(text)
	t.Figures = [Figures]float64{p.Compound, p.Positive, p.Negative, math.Abs(p.Compound)}
}

// Felt gives the places of the words whose valence has the sign of a score, at
// most six.
func (r *Reader) Felt(words []spoken.Word, score float64) []insights.Span {
	var out []insights.Span
	for i, w := range words {
		v, ok := r.vader.Lexicon[w.Text]
		if ok && v*score > 0 && !courtesy(words, i) && len(out) < 6 {
			out = append(out, insights.Span{From: w.From, To: w.To})
		}
	}
	return out
}

// cut takes courtesies out of a text. Of what is left it gives the words too.
func cut(text string, words []spoken.Word) (string, []spoken.Word) {
	var b strings.Builder
	kept, at := make([]spoken.Word, 0, len(words)), 0
	for i, w := range words {
		if !courtesy(words, i) {
			kept = append(kept, w)
			continue
		}
		if w.From < at {
			continue
		}
		b.WriteString(text[at:w.From])
		at = w.To
	}
	if at == 0 {
		return text, kept
	}
	b.WriteString(text[at:])
	return b.String(), kept
}

// known tells whether a word among these says something: one of letters, which
// is no number.
func known(words []spoken.Word) bool {
	for _, w := range words {
		if len(w.Text) > 1 && w.Text[0] >= 'a' && w.Text[0] <= 'z' && !numbers[w.Text] {
			return true
		}
	}
	return false
}

// smiles tells whether signs alone can say something.
func smiles(text string) bool {
	return strings.ContainsAny(text, "😀😃😄😁😊🙂😍😡😠😞😢😭👍👎❤") || strings.Contains(text, ":)") || strings.Contains(text, ":(")
}

// numbers say nothing about a mood; never changed.
var numbers = set(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
	seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand double triple`)

// polite are forms of politeness, yeses, and words of feeling that name a
// thing on the phone: a credit card, customer care, a security code. Never
// changed.
var polite = set(`please yes yeah okay ok sure hello dear interest number honestly actually pay thank thanks welcome hope
	sorry cancel leave exactly correct right honest falling shared grand credit care security share secure`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// goodWhat follows a good that wishes; never changed.
var goodWhat = set("morning afternoon evening day bye by")

// around are words that carry no feeling behind or before certain others;
// never changed.
var around = map[string]struct{ before, next map[string]bool }{
	"problem":  {before: set("no")},
	"problems": {before: set("no")},
	"how":      {next: set("are")},
	"are":      {before: set("how")},
	"you":      {before: set("thank are")},
	"help":     {before: set("you can"), next: set("me you")},
	"like":     {before: set("would"), next: set("to")},
	"want":     {before: set("i we"), next: set("to")},
	"wants":    {next: set("to")},
	"no":       {next: set("problem problems thank thanks")},
	"good":     {next: goodWhat},
	"fine":     {next: goodWhat},
	"morning":  {before: set("good")}, "afternoon": {before: set("good")}, "evening": {before: set("good")},
	"day": {before: set("good")}, "bye": {before: set("good")},
}

// first are words that carry no feeling where they open an utterance; never
// changed.
var first = set("good fine no well morning afternoon evening bye")

// courtesy says that a word carries no feeling where it stands.
func courtesy(words []spoken.Word, i int) bool {
	var before, next string
	if i > 0 {
		before = words[i-1].Text
	}
	if i+1 < len(words) {
		next = words[i+1].Text
	}
	word := words[i].Text
	if i == 0 && first[word] && next != "for" {
		return true
	}
	switch {
	case word == "you" && before == "are", word == "are" && next != "you": // "how are you", not "you are great"
		return word == "you" && i > 1 && words[i-2].Text == "how"
	case around[word].before[before], around[word].next[next]:
		return true
	}
	return polite[word]
}
