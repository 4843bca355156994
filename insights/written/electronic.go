package written

import "strings"

// electronic writes an e-mail address or the address of a page as it is typed.
func (s *scan) electronic(at int) bool {
	if !s.dots || s.has(at, filler|separator) || s.is(at, "dot") || s.is(at, "at") {
		return false
	}
	if text, n := s.mail(at); n > 0 {
		return s.emit(text, n)
	}
	if text, n := s.host(at, 1); n > 0 {
		path, m := s.path(at + n)
		return s.emit(text+path, n+m)
	}
	return false
}

// noAddress are words that are no part of an address.
const noAddress = subject | clause | auxiliary | finite | determiner | preposition | joiner | question | filler

// part reads a piece of an address: a word, or letters and digits in a row. Any
// word can be one where an address is certain.
func (s *scan) part(at int, any bool) (text string, n int) {
	r := run{end: at}
	for {
		m := s.item(r.end, &r)
		if m == 0 && s.has(r.end, single) {
			r.text = append(r.text, s.word(r.end).text...)
			r.items, r.letters, m = r.items+1, r.letters+1, 1
		}
		if m == 0 {
			break
		}
		r.end += m
	}
	if r.items > 0 {
		return string(r.text), r.end - at
	}
	w := s.word(at)
	if w.text == "" || !any && w.is&noAddress != 0 || !letters(w.text) || w.text == "dot" {
		return "", 0
	}
	switch w.text {
	case "us", "me", "him", "them", "website", "site", "page", "online", "look", "visit", "underscore", "web":
		return "", 0
	}
	return w.text, 1
}

func letters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// mail reads "jane dot doe at example dot com".
func (s *scan) mail(at int) (text string, n int) {
	loose := s.introduced(at)
	var local strings.Builder
	p, words := at, 0
	for {
		part, m := s.part(p, false)
		if m == 0 {
			return "", 0
		}
		local.WriteString(part)
		p, words = p+m, words+1
		if sep := s.joint(p); sep != "" {
			local.WriteString(sep)
			p++
			continue
		}
		if s.is(p, "at") {
			break
		}
		if _, m := s.part(p, false); !loose && letters(part) && m == 1 && s.word(p).scale == none && !s.has(p, single) || words > 4 {
			return "", 0 // two words in a row: where the address begins is not known
		}
	}
	host, m := s.host(p+1, 3)
	if m == 0 {
		return "", 0
	}
	return local.String() + "@" + host, p + 1 + m - at
}

// introduced tells whether an address begins at a place: "my e-mail is".
func (s *scan) introduced(at int) bool {
	if at == 0 || s.has(at-1, filler|opener) {
		return true
	}
	switch s.word(at - 1).text {
	case "is", "it's", "address", "email", "e-mail":
		return true
	}
	return false
}

// joint gives the sign that a word between parts of an address stands for.
func (s *scan) joint(at int) string {
	switch s.word(at).text {
	case "dot":
		return "."
	case "underscore":
		return "_"
	case "dash", "hyphen", "minus":
		return "-"
	case "plus":
		return "+"
	}
	return ""
}

// host reads "example dot com". The first label has at most so many parts.
func (s *scan) host(at, most int) (text string, n int) {
	var b strings.Builder
	p, parts := at, 0
	for {
		part, m := s.part(p, most > 1)
		if m == 0 || parts == most {
			return "", 0
		}
		b.WriteString(part)
		p, parts = p+m, parts+1
		if s.joint(p) == "-" {
			b.WriteByte('-')
			p, parts = p+1, parts-1
			continue
		}
		if !s.is(p, "dot") {
			continue
		}
		b.WriteByte('.')
		p, parts = p+1, 0
		if top, m := s.top(p); m > 0 && !s.is(p+m, "dot") {
			return b.String() + top, p + m - at
		}
	}
}

// top reads the last label: "com", "u k".
func (s *scan) top(at int) (text string, n int) {
	if s.has(at, topLevel) {
		return s.word(at).text, 1
	}
	if both := s.word(at).text + s.word(at+1).text; len(both) == 2 && lexicon[both].is&topLevel != 0 {
		return both, 2
	}
	return "", 0
}

// path reads "slash help".
func (s *scan) path(at int) (text string, n int) {
	p := at
	for s.is(p, "slash") {
		part, m := s.part(p+1, true)
		if m == 0 {
			break
		}
		text += "/" + part
		p += 1 + m
	}
	return text, p - at
}
