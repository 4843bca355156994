package remote

import (
	"strings"
	"time"
	"unicode"

	"heed/transcribe"
)

// plain gives the lower-case words of what a service wrote, without its
// punctuation. Apostrophes inside words stay, and so do points, at signs and
// ampersands between letters or digits (3.5, a@b.com, r&d); thousands commas
// go, and hyphens part words.
func plain(text string) []string {
	runes := []rune(strings.ToLower(text))
	var b strings.Builder
	for i, r := range runes {
		switch {
		case inWord(r):
			b.WriteRune(r)
		case r == '\'' || r == '’':
			if between(runes, i, unicode.IsLetter) {
				b.WriteByte('\'')
			}
		case strings.ContainsRune(".@&:", r) && between(runes, i, inWord):
			b.WriteRune(r)
		case r == ',' && between(runes, i, unicode.IsDigit):
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// inWord tells whether words are made of r.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// between tells whether both neighbours of runes[i] are of a kind.
func between(runes []rune, i int, kind func(rune) bool) bool {
	return i > 0 && i+1 < len(runes) && kind(runes[i-1]) && kind(runes[i+1])
}

// spread gives words the time from start to end, each by its length.
func spread(words []string, start, end time.Duration, confidence float64) []transcribe.Word {
	all := letters(words)
	out := make([]transcribe.Word, 0, len(words))
	sofar, at := 0, start
	for _, w := range words {
		sofar += len(w) + 1
		next := start + time.Duration(float64(end-start)*float64(sofar)/float64(all))
		out = append(out, transcribe.Word{Text: w, Start: at, End: next, Confidence: confidence})
		at = next
	}
	return out
}

// letters counts the bytes of words, and one for the space after each.
func letters(words []string) int {
	n := 0
	for _, w := range words {
		n += len(w) + 1
	}
	return n
}
