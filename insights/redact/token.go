package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word or group of digits of a text, with its place in bytes.
type token struct {
	lexeme
	from, to int
	word     string // lower case
	currency bool   // a currency sign stands right before it
	own      bool   // inside square brackets: written by a redactor before
	guessed  bool   // a soft word taken for a digit
}

// tokenize cuts a text at whatever is neither letter nor digit. A word that
// mixes letters and digits counts as a number, so that "card4111" hides nothing.
// Foreign words, which may be nil, come before the English ones.
func tokenize(text string, foreign map[string]lexeme) []token {
	tokens := make([]token, 0, len(text)/5+1)
	var last rune
	bracket := false
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			if r == '[' || r == ']' {
				bracket = r == '['
			}
			if !unicode.IsSpace(r) || last == 0 {
				last = r
			}
			i += n
			continue
		}
		end := i + n
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !wordRune(r) && (r != '\'' || !letterAt(text, end+1)) {
				break
			}
			end += n
		}
		t := classify(text[i:end], foreign)
		t.from, t.to, t.own = i, end, bracket
		t.currency = unicode.Is(unicode.Sc, last)
		tokens = append(tokens, t)
		last, i = 0, end
	}
	return tokens
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func letterAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r)
}

// classify looks a word up, or reads its digits.
func classify(s string, foreign map[string]lexeme) token {
	t := token{word: strings.ToLower(s)}
	if l, known := foreign[t.word]; known {
		t.lexeme = l
		return t
	}
	if l, known := lexicon[t.word]; known {
		t.lexeme = l
		return t
	}
	if left, right, ok := strings.Cut(t.word, "'"); ok { // "o'one"
		l, r := lexicon[left], lexicon[right]
		if (l.class == number || l.class == soft) && r.class == number {
			t.lexeme = lexeme{class: number, scale: literal, digits: l.digits + r.digits}
			return t
		}
	}
	digits, letters := digitsIn(s, t.word)
	if len(digits) == 0 {
		return t
	}
	t.lexeme = lexeme{class: number, scale: literal, digits: string(digits)}
	if letters > 0 && len(digits) <= 2 && suffixed(t.word) {
		t.class = unit
	}
	return t
}

// digitsIn reads the digits of a word, and of number words glued to them
// ("44one"); without a digit it reads none.
func digitsIn(s, lower string) (digits []byte, letters int) {
	digits = make([]byte, 0, 20)
	for _, r := range s {
		if d, ok := digitOf(r); ok {
			digits = append(digits, d)
		} else {
			letters++
		}
	}
	if len(digits) == 0 || letters == 0 {
		return digits, letters
	}
	for _, w := range strings.FieldsFunc(lower, unicode.IsDigit) {
		if l := lexicon[w]; l.class == number {
			digits = append(digits, l.digits...)
		}
	}
	return digits, letters
}

// suffixed tells "3rd", "25gb" and "7pm" from digits of a longer number.
func suffixed(word string) bool {
	tail := strings.TrimLeft(word, "0123456789")
	l, known := lexicon[tail]
	return known && l.class == unit
}

// digitOf reads a decimal digit of any script. Unicode keeps each script's
// digits in rows of ten that begin with zero.
func digitOf(r rune) (byte, bool) {
	if r < utf8.RuneSelf {
		return byte(r), r >= '0' && r <= '9'
	}
	if !unicode.IsDigit(r) {
		return 0, false
	}
	for _, r16 := range unicode.Nd.R16 {
		if r >= rune(r16.Lo) && r <= rune(r16.Hi) {
			return byte('0' + (r-rune(r16.Lo))%10), true
		}
	}
	for _, r32 := range unicode.Nd.R32 {
		if r >= rune(r32.Lo) && r <= rune(r32.Hi) {
			return byte('0' + (r-rune(r32.Lo))%10), true
		}
	}
	return 0, false
}
