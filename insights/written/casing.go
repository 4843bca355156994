package written

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// capital gives a word with a large first letter.
func capital(w string) string {
	r, n := utf8.DecodeRuneInString(w)
	up := unicode.ToUpper(r)
	if up == r || n == 0 {
		return w
	}
	if n == 1 && up < utf8.RuneSelf {
		return string(byte(up)) + w[1:]
	}
	return string(up) + w[n:]
}

// named writes a name of several words, or one that the operator gave, as it
// is written. The longest wins.
func (s *scan) named(at int) bool {
	text := s.word(at).text
	var best name
	for _, n := range s.names[text] {
		if len(n.words) > len(best.words) && s.said(at, n.words) {
			best = n
		}
	}
	for _, n := range phrases[text] {
		if len(n.words) > len(best.words) && s.said(at, n.words) {
			best = n
		}
	}
	for _, as := range best.as {
		s.emit(as, 1)
	}
	return best.as != nil
}

func (s *scan) said(at int, words []string) bool {
	for i, w := range words {
		if !s.is(at+i, w) {
			return false
		}
	}
	return true
}

// plain writes one word with the capitals that it has anywhere.
func (s *scan) plain(at int) {
	w := s.word(at)
	t := token{text: w.text, from: at, n: 1, plain: true}
	switch {
	case w.text == "i" || strings.HasPrefix(w.text, "i'"):
		t.text = capital(w.text)
	case w.is&single != 0 && (w.text != "a" || s.is(at+1, "as") && s.is(at+2, "in")):
		t.text = strings.ToUpper(w.text)
	case w.is&title != 0:
		t.text = s.titled(at)
	case s.person(at):
		t.text = properOf(w.text)
		if t.text == w.text {
			t.text = capital(w.text)
		}
	default:
		t.text = properOf(w.text)
		t.plain = t.text == w.text // "iPhone" begins a sentence as it is
	}
	s.tokens = append(s.tokens, t)
}

// titled writes "Mr." before a name, without the stop in Britain.
func (s *scan) titled(at int) string {
	w := s.word(at).text
	switch {
	case !s.person(at + 1):
		return w
	case s.british || w == "mister":
		return capital(w)
	}
	return capital(w) + "."
}

// properOf gives a proper name as it is written, also with "'s" behind it, and
// any other word as it is.
func properOf(w string) string {
	if as, ok := proper[w]; ok {
		return as
	}
	if stem, ok := strings.CutSuffix(w, "'s"); ok {
		if as, ok := proper[stem]; ok {
			return as + "'s"
		}
	}
	return w
}

// person tells whether the word at a place is the name of a person by what
// stands before it: "my name is", "mrs", a first name that was introduced.
func (s *scan) person(at int) bool {
	w := s.word(at)
	if w.text == "" || w.is&nameStop != 0 || w.scale != none || w.is&single != 0 || w.text[0] == '[' {
		return false
	}
	if s.has(at-1, title) || s.is(at-2, "name") && s.is(at-1, "is") || s.is(at-1, "name's") {
		return true
	}
	return w.is == 0 && s.surname(at)
}

// surname tells whether a word stands behind a first name that was introduced.
func (s *scan) surname(at int) bool {
	if s.is(at-3, "name") && s.is(at-2, "is") && s.person(at-1) {
		return true
	}
	if !firstNames[s.word(at-1).text] {
		return false
	}
	return at == 1 || at == len(s.words)-1 || s.oneOf(at-2, "is i'm am it's with to for name yes sure mr mrs ms dr")
}
