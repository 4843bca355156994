// Package correct makes use of what people say was really said: it prepares a
// correction for storing, and turns stored corrections into words that an
// engine should listen for and into recordings with known text to measure
// engines on.
//
// It stores nothing of a call itself and changes no recording.
package correct

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"heed/insights"
	"heed/insights/redact"
)

// MaxText bounds a correction, in bytes: half a minute of fast speech takes a
// fifth of it.
const MaxText = 4000

// The reasons to refuse a correction, in words for the person who wrote it.
var (
	ErrNoWords = errors.New("there are no words in it")
	ErrTooLong = errors.New("the text is too long")
	ErrSecret  = errors.New("together with what was said next this reads as a card number; leave the digits out")
)

// Wording prepares a person's text of the utterance said[at] for storing: as
// written, and as an engine would write it. Said is a whole call in order of
// speech. The text goes through the redactor, under its default policy, with
// all that was said before, so that nobody writes back a number that was
// removed.
func Wording(said []insights.Utterance, at int, text string) (written, plain string, err error) {
	return WordingUnder(redact.Default())(said, at, text)
}

// WordingUnder is [Wording] under another policy.
func WordingUnder(p redact.Policy) func(said []insights.Utterance, at int, text string) (written, plain string, err error) {
	return func(said []insights.Utterance, at int, text string) (written, plain string, err error) {
		return wording(p, said, at, text)
	}
}

func wording(p redact.Policy, said []insights.Utterance, at int, text string) (written, plain string, err error) {
	text = tidy(text)
	switch {
	case text == "":
		return "", "", ErrNoWords
	case len(text) > MaxText:
		return "", "", fmt.Errorf("%w: over %d bytes", ErrTooLong, MaxText)
	}
	before := redacted(p, said)
	changed := append([]insights.Utterance{}, said...)
	changed[at].Text, changed[at].Words = text, nil
	after := redacted(p, changed)
	// The redactor reads a number on into the next utterance, which is stored
	// already: digits here must not complete it.
	if numeric(after[at]) {
		for i := at + 1; i < len(after); i++ {
			if after[i] != before[i] {
				return "", "", ErrSecret
			}
		}
	}
	if plain = Plain(after[at]); plain == "" {
		return "", "", ErrNoWords
	}
	return after[at], plain, nil
}

// redacted reads a whole call through the redactor.
func redacted(p redact.Policy, said []insights.Utterance) []string {
	r := redact.New(p)
	texts := make([]string, len(said))
	for i, u := range said {
		clean, _, _ := r.Final(u)
		texts[i] = clean.Text
	}
	return texts
}

// tidy makes one line of valid text without control characters.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}

var (
	// removed is what the redactor leaves.
	removed = regexp.MustCompile(`\[[a-z -]+(?: ending [a-z0-9]{2,4})?\]`)
	// digits are figures of any script, and how English says them.
	digits = regexp.MustCompile(`(?i)\p{Nd}|\b(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b`)
)

// figures are digits of any script.
var figures = regexp.MustCompile(`\p{Nd}`)

func hasFigures(text string) bool { return figures.MatchString(text) }

// numeric says that there are figures or number words beside what was removed.
func numeric(text string) bool { return digits.MatchString(removed.ReplaceAllString(text, " ")) }

// Plain gives text as engines write it: lower-case words without punctuation.
// What the redactor left stays, and so does an apostrophe inside a word.
func Plain(text string) string {
	text = strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	var b strings.Builder
	last := 0
	for _, at := range removed.FindAllStringIndex(text, -1) {
		b.WriteString(stripped(text[last:at[0]]) + " " + text[at[0]:at[1]] + " ")
		last = at[1]
	}
	b.WriteString(stripped(text[last:]))
	return strings.Join(strings.Fields(b.String()), " ")
}

func stripped(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '\'' {
			return r
		}
		return ' '
	}, text)
	var words []string
	for w := range strings.FieldsSeq(text) {
		if w = strings.Trim(w, "'"); w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}
