// Package spoken cuts an utterance into the words that carry meaning:
// lower case, contractions written out ("don't" is "do not"), hesitations
// left out, each with its place in the text. It does not translate, stem or
// correct, and keeps words of every script.
package spoken

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"heed/insights"
)

// Word is one normalised word. Two words of one contraction share a place.
type Word struct {
	Text     string
	From, To int // bytes of the text that it came from
}

// hesitations carry nothing; never changed.
var hesitations = map[string]bool{
	"uh": true, "um": true, "uhm": true, "umm": true, "er": true, "erm": true, "ah": true, "eh": true,
	"hm": true, "hmm": true, "mm": true, "mhm": true, "huh": true, "oh": true,
}

// whole gives contractions that no ending explains; never changed.
var whole = map[string][]string{
	"won't": {"will", "not"}, "wont": {"will", "not"}, "can't": {"can", "not"}, "cant": {"can", "not"},
	"cannot": {"can", "not"}, "shan't": {"shall", "not"}, "ain't": {"is", "not"}, "aint": {"is", "not"},
	"dont": {"do", "not"}, "doesnt": {"does", "not"}, "didnt": {"did", "not"}, "isnt": {"is", "not"},
	"wasnt": {"was", "not"}, "havent": {"have", "not"}, "hasnt": {"has", "not"}, "wouldnt": {"would", "not"},
	"couldnt": {"could", "not"}, "im": {"i", "am"}, "ive": {"i", "have"}, "wanna": {"want", "to"},
	"gonna": {"going", "to"}, "gotta": {"got", "to"}, "gimme": {"give", "me"}, "lemme": {"let", "me"},
	"it's": {"it", "is"}, "that's": {"that", "is"}, "there's": {"there", "is"}, "what's": {"what", "is"},
	"where's": {"where", "is"}, "who's": {"who", "is"}, "how's": {"how", "is"}, "he's": {"he", "is"},
	"she's": {"she", "is"}, "let's": {"let", "us"}, "here's": {"here", "is"}, "nothing's": {"nothing", "is"},
	"thats": {"that", "is"}, "whats": {"what", "is"}, "wheres": {"where", "is"},
}

// Words cuts a text. The order is that of the text. Invalid UTF-8 ends a word.
func Words(text string) []Word {
	words := make([]Word, 0, len(text)/5+1)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			i += n
			continue
		}
		end := i + n
		for end < len(text) {
			r, n = utf8.DecodeRuneInString(text[end:])
			if !inWord(r) && (!apostrophe(r) || !letterAt(text, end+n)) {
				break
			}
			end += n
		}
		words = appendWord(words, text, i, end)
		i = end
	}
	return words
}

func appendWord(words []Word, text string, from, to int) []Word {
	s := strings.ToLower(text[from:to])
	if strings.ContainsRune(s, '’') {
		s = strings.ReplaceAll(s, "’", "'")
	}
	if hesitations[s] {
		return words
	}
	if parts, ok := whole[s]; ok {
		for _, p := range parts {
			words = append(words, Word{p, from, to})
		}
		return words
	}
	at := strings.IndexByte(s, '\'')
	if at < 0 {
		return append(words, Word{s, from, to})
	}
	stem, more := s[:at], s[at+1:]
	switch {
	case more == "s": // of somebody
		return append(words, Word{stem, from, to})
	case endings[more] == "":
		return append(words, Word{strings.ReplaceAll(s, "'", ""), from, to})
	case more == "t":
		stem = strings.TrimSuffix(stem, "n")
	}
	if stem == "" {
		return append(words, Word{endings[more], from, to})
	}
	return append(words, Word{stem, from, to}, Word{endings[more], from, to})
}

// endings of contractions, behind the apostrophe; never changed.
var endings = map[string]string{"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "t": "not"}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' }

func letterAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r)
}

// Times gives when a stretch of an utterance's text was said: from its words
// when they are the text's, else by its place in the text.
func Times(u *insights.Utterance, at insights.Span) (start, end insights.Seconds) {
	if start, end, ok := wordTimes(u, at); ok {
		return start, end
	}
	if len(u.Text) == 0 || u.End <= u.Start {
		return u.Start, u.End
	}
	each := (u.End - u.Start) / insights.Seconds(len(u.Text))
	return milli(u.Start + each*insights.Seconds(at.From)), milli(u.Start + each*insights.Seconds(at.To))
}

func milli(s insights.Seconds) insights.Seconds { return insights.SecondsOf(s.Duration()) }

func wordTimes(u *insights.Utterance, at insights.Span) (start, end insights.Seconds, ok bool) {
	place := 0
	for _, w := range u.Words {
		from := strings.Index(u.Text[place:], w.Text)
		if from < 0 {
			return 0, 0, false
		}
		from += place
		place = from + len(w.Text)
		if place <= at.From || from >= at.To {
			continue
		}
		if !ok {
			start, ok = w.Start, true
		}
		end = w.End
	}
	return start, end, ok && end > start
}
