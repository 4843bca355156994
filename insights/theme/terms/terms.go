// Package terms cuts what was said into words and says which of them can tell
// what it is about. It knows English stems and the words of English that tell
// nothing; words of other languages stay as they are.
package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"

	"heed/insights/spoken"
)

// maxWords is how many words of a text are read; what is said behind them
// seldom tells more about what it is about, and time stays bounded.
const maxWords = 400

// Word is one word of a text.
type Word struct {
	Text string // lower case, as it is shown
	Term string // what counts as the same word: in English the stem
	From int    // bytes of the text
	To   int
	// Plain words ("the", "please", "thank"), numbers and single letters tell
	// nothing about what a text is about.
	Plain bool
}

// Read cuts a text into words, at most the first 400. Language is BCP 47;
// empty is English.
func Read(text, language string) []Word {
	cut := spoken.Words(text)
	if len(cut) > maxWords {
		cut = cut[:maxWords]
	}
	inEnglish := English(language)
	env := snowballstem.NewEnv("")
	words := make([]Word, 0, len(cut))
	for _, c := range cut {
		w := Word{Text: c.Text, Term: c.Text, From: c.From, To: c.To}
		w.Plain = utf8.RuneCountInString(c.Text) < 2 || strings.IndexFunc(c.Text, unicode.IsDigit) >= 0
		if inEnglish {
			w.Plain = w.Plain || plain[c.Text]
			env.SetCurrent(c.Text)
			english.Stem(env)
			w.Term = env.Current()
		}
		words = append(words, w)
	}
	return words
}

// Begin gives the part of a text that its words were read from: all of it, but
// for very long ones.
func Begin(text string, words []Word) string {
	if len(words) < maxWords {
		return text
	}
	return text[:words[len(words)-1].To]
}

// English says that a language is English, as one that is not named is.
func English(language string) bool {
	tag, _, _ := strings.Cut(language, "-")
	return tag == "" || strings.EqualFold(tag, "en")
}
