package written

import "strings"

// acronyms of two letters, which two letters in a row may be; never changed.
const acronyms = " tv us uk id pc ip it hd ai ac hr po dc ok cd vp la ny qr ev "

// letter takes the next letter into a run: "b", "double t", "b as in bravo".
func (s *scan) letter(at int, r *run) int {
	times, skip := 1, 0
	if s.word(at).scale == factor {
		times, skip = int(s.word(at).value), 1
	}
	w := s.word(at + skip)
	if w.is&single == 0 {
		return 0
	}
	if skip == 0 && (w.text == "a" || w.text == "i") && !s.spelledOn(at+1) {
		return 0
	}
	n := skip + 1
	r.text = append(r.text, strings.Repeat(w.text, times)...)
	r.items++
	r.letters++
	r.one = false
	return n + s.asIn(at+skip)
}

// asIn counts the words that only explain a letter: "as in bravo". A word that
// begins otherwise explains nothing: one of the two was misheard.
func (s *scan) asIn(at int) int {
	skip := 0
	switch {
	case s.is(at+1, "as") && s.is(at+2, "in"):
		skip = 2
	case s.is(at+1, "for") || s.is(at+1, "like"):
		skip = 1
	default:
		return 0
	}
	w := s.word(at + skip + 1)
	if len(w.text) < 3 || w.text[0] != s.word(at).text[0] {
		return 0
	}
	return skip + 1
}

// spelledOn tells whether letters or digits go on at a place.
func (s *scan) spelledOn(at int) bool {
	w := s.word(at)
	if w.scale == factor {
		return s.has(at+1, single) || s.word(at+1).scale == digit
	}
	return w.is&single != 0 && w.text != "a" && w.text != "i" || w.scale == digit || w.scale == zero
}

// letters writes a run that begins with a letter: an abbreviation, a name that
// is spelled, a code.
func (s *scan) letters(at int) bool {
	if !s.has(at, single) && s.word(at).scale != factor || s.is(at+1, "m") && s.word(at-1).scale == digit {
		return false
	}
	of := s.about(at)
	r := run{end: at}
	for {
		n := s.letter(r.end, &r)
		if n == 0 && r.items > 0 {
			n = s.item(r.end, &r)
		}
		if n == 0 {
			n = s.separated(r.end, &r)
		}
		if n == 0 {
			break
		}
		r.end += n
	}
	if !s.spelled(at, &r, of) {
		return false
	}
	return s.emit(strings.ToUpper(string(r.text)), r.end-at)
}

// spelled tells whether letters in a row are one thing.
func (s *scan) spelled(at int, r *run, of subjectOf) bool {
	numbered := of == code || of == numbered
	switch {
	case r.letters == 0 || r.items < 2 || r.scaled:
		return false
	case r.digits > 0:
		return numbered || r.digits >= 2 && r.items >= 4 && (r.letters > 1 || !s.oneOf(at, "a i"))
	case r.items >= 3, r.end-at > r.items: // "b as in bravo" has more words than letters
		return true
	}
	return of == code || strings.Contains(acronyms, " "+string(r.text)+" ")
}
