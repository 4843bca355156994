package adapt

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// maxWords bounds the work for one text, as embed.MaxWords does.
const maxWords = 256

// terms gives the stems of a text and the pairs of neighbouring stems. Marks
// stay in their word, so that Arabic and Indic scripts keep whole words; the
// stemmer changes English words only.
func terms(text string) []string {
	var out []string
	before := ""
	n := 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), between) {
		if n++; n > maxWords {
			break
		}
		w = strings.Trim(strings.ReplaceAll(w, "\u2019", "'"), "'")
		if w == "" {
			continue
		}
		env := snowballstem.NewEnv(w)
		english.Stem(env)
		stem := env.Current()
		if hasDigit(stem) {
			stem = "0" // numbers are personal
		}
		out = append(out, stem)
		if before != "" {
			out = append(out, before+" "+stem)
		}
		before = stem
	}
	return out
}

func between(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '\u2019' || r == unicode.ReplacementChar
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }
