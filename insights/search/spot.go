package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spot is what the grammar expects at a byte of a query: the word that stands
// there, and up to where it was typed.
type spot struct {
	from, to int
	field    string // whose value stands there; empty: a word, a field or a joint
	begun    string // what was typed of it, without the field and quotes
	joins    bool   // something stands before that AND, OR and then may join
	fixed    bool   // nothing is expected: it is within a phrase, or just before a word
}

// placeAt finds the place of a byte. It reads what does not parse yet, which is
// what a query is while it is typed.
func placeAt(text string, at int) spot {
	joins := false
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		bracket := r == '(' || r == ')'
		switch {
		case at <= i:
			return spot{from: at, to: at, joins: joins, fixed: !bracket && !unicode.IsSpace(r)}
		case unicode.IsSpace(r):
			i += n
		case bracket:
			joins = r == ')'
			i += n
		default:
			end := wordEnd(text, i)
			if at == end && over(text[i:end]) {
				return spot{from: at, to: at, fixed: true}
			}
			if at <= end {
				return within(text, i, end, at, joins)
			}
			joins = operand(text[i:end])
			i = end
		}
	}
	return spot{from: at, to: at, joins: joins}
}

// wordEnd is where a word ends that begins at a byte, with the quotes that
// belong to it.
func wordEnd(text string, from int) int {
	inside := false
	for i := from; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '"' && inside:
			inside = false
		case r == '"' && (i == from || text[i-1] == ':' || i == from+1 && text[from] == '-'):
			inside = true
		case !inside && (unicode.IsSpace(r) || strings.ContainsRune(`"()`, r)):
			return i
		}
		i += n
	}
	return len(text)
}

// over says that a word ends with its closing quote: behind it is no place of it.
func over(word string) bool {
	return len(word) > 1 && strings.HasSuffix(word, `"`) && strings.Count(word, `"`) == 2
}

// operand says that a word is no joint.
func operand(word string) bool {
	return word != "AND" && word != "OR" && word != "NOT" && word != "-" && word != "then" && !strings.HasPrefix(word, "then<")
}

// within is a place in the word from one byte to another.
func within(text string, from, to, at int, joins bool) spot {
	if text[from] == '-' { // it stays
		from++
		joins = false
	}
	p := spot{from: min(from, at), to: to, joins: joins}
	typed := text[p.from:at]
	if strings.HasPrefix(typed, `"`) || strings.HasPrefix(text[p.from:to], `"`) {
		p.fixed = true
		return p
	}
	name, value, ok := strings.Cut(typed, ":")
	if ok && isField(name) {
		p.field, p.begun = strings.ToLower(name), strings.TrimPrefix(value, `"`)
		return p
	}
	p.begun = typed
	p.fixed = ok || strings.ContainsAny(typed, `"~*`)
	return p
}
