package written

import "strings"

// run is a row of digits and letters that are said one by one or in pairs.
type run struct {
	text    []byte
	end     int // the word behind it
	items   int
	digits  int
	letters int
	pairs   int  // items such as "forty one"
	scaled  bool // "eight hundred" is in it
	certain bool // something is in it that only digits said in a row have
	one     bool // the item before is a single digit
}

// subjectOf is what digits belong to, by the words before them.
type subjectOf uint8

const (
	unknown subjectOf = iota
	numbered
	code
	telephone
)

// about looks back for what digits belong to.
func (s *scan) about(at int) subjectOf {
	found := unknown
	for p := at - 1; p >= 0 && p >= at-7; p-- {
		switch {
		case s.has(p, phoneNoun):
			return telephone
		case !s.has(p, codeNoun):
		case s.is(p, "number") || s.is(p, "digits"):
			found = numbered
		default:
			return code
		}
	}
	return found
}

// digits writes a run that begins with a digit.
func (s *scan) digits(at int) bool {
	if s.is(at, "a") {
		return false
	}
	of := s.about(at)
	r := s.run(at, of)
	if _, n := s.cardinal(at); n >= r.end-at && !r.certain {
		return false
	}
	if !s.inRow(at, &r, of) {
		return false
	}
	text := string(r.text)
	if r.letters == 0 && len(text) == r.digits && of != code {
		text = s.dialled(text, of)
	}
	return s.emit(strings.ToUpper(text), r.end-at)
}

// run reads as far as digits and, when they can belong to it, letters go.
func (s *scan) run(at int, of subjectOf) run {
	r := run{end: at}
	for {
		n := s.item(r.end, &r)
		if n == 0 && (of == code || of == numbered || s.betweenDigits(r.end)) {
			n = s.letter(r.end, &r)
		}
		if n == 0 {
			n = s.separated(r.end, &r)
		}
		if n == 0 {
			return r
		}
		r.end += n
	}
}

// betweenDigits tells a letter inside of a code: "four b seven".
func (s *scan) betweenDigits(at int) bool {
	return s.has(at, single) && s.word(at-1).scale == digit && s.word(at+1).scale == digit
}

// item takes the next digits into a run and gives how many words they were.
func (s *scan) item(at int, r *run) int {
	w := s.word(at)
	switch w.scale {
	case digit:
		return r.add(digitOf(w.value), 1)
	case teen, tens:
		v, n := s.belowHundred(at)
		r.pairs++
		r.add(two(v), n)
		r.one = false
		return n
	case zero:
		return s.oh(at, r)
	case factor:
		return s.repeated(at, r)
	case hundred, big:
		return s.round(at, r)
	case soft:
		if r.plain() && s.moreDigits(at+1, 2) {
			return r.add(digitOf(w.value), 1)
		}
	default: // no digit
	}
	return 0
}

// oh takes a zero that is no exclamation.
func (s *scan) oh(at int, r *run) int {
	if r.digits == 0 && (r.letters > 0 || !s.zeroBegins(at)) {
		return 0
	}
	r.certain = r.certain || r.items > 0
	return r.add("0", 1)
}

// plain tells a run of three digits and more in which a misheard one can be.
func (r *run) plain() bool { return r.digits >= 3 && r.pairs == 0 && r.letters == 0 }

func digitOf(v int64) string { return "0123456789"[v : v+1] }

// repeated takes "double four".
func (s *scan) repeated(at int, r *run) int {
	next := s.word(at + 1)
	if next.scale != digit && next.scale != zero {
		return 0
	}
	r.add(strings.Repeat(digitOf(next.value), int(s.word(at).value)), 2)
	r.certain, r.one = true, false
	return 2
}

// round takes the "hundred" of "eight hundred five five five".
func (s *scan) round(at int, r *run) int {
	zeros := "00"
	switch s.word(at).value {
	case 100:
	case 1000:
		zeros = "000"
	default:
		return 0
	}
	if !r.one || !s.moreDigits(at+1, 2) {
		return 0
	}
	r.text = append(r.text, zeros...)
	r.digits += len(zeros)
	r.scaled, r.one = true, false
	return 1
}

// add takes digits that n words stand for.
func (r *run) add(digits string, n int) int {
	r.text = append(r.text, digits...)
	r.items++
	r.digits += len(digits)
	r.one = true
	return n
}

// zeroBegins tells an "oh" that begins a number from the exclamation.
func (s *scan) zeroBegins(at int) bool {
	return s.moreDigits(at+1, 2) || s.about(at) != unknown && s.moreDigits(at+1, 1) ||
		s.moreDigits(at+1, 1) && (s.has(at+2, separator) && s.moreDigits(at+3, 1) ||
			s.word(at+2).scale == hundred && s.moreDigits(at+3, 2)) // "oh eight hundred"
}

// moreDigits tells whether so many digits are said one by one from a place on.
func (s *scan) moreDigits(at, n int) bool {
	for i := range n {
		switch s.word(at + i).scale {
		case digit, zero, factor:
		case teen, tens:
			return i > 0 || n == 1
		default:
			return false
		}
	}
	return true
}

// separated takes a dash or a stroke between two items.
func (s *scan) separated(at int, r *run) int {
	if r.items == 0 || !s.has(at, separator) {
		return 0
	}
	next := s.word(at + 1)
	if next.scale != digit && next.scale != zero && next.scale != factor && next.scale != teen && next.scale != tens && next.is&single == 0 {
		return 0
	}
	mark := byte('-')
	if s.is(at, "slash") {
		mark = '/'
	}
	r.text = append(r.text, mark)
	r.certain, r.one = true, false
	return 1
}

// inRow tells whether a run is one, and not numbers beside each other.
func (s *scan) inRow(at int, r *run, of subjectOf) bool {
	switch {
	case r.letters > 0:
		return r.items >= 3
	case r.scaled:
		return r.digits >= 7
	case r.certain:
		return r.items > 1 || s.word(at).scale == factor
	case r.items < 2:
		return false
	case of != unknown:
		return true
	case r.items >= 3:
		return r.pairs < r.items
	}
	if _, n := s.yearAt(at); n == r.end-at {
		return !s.numeric(at - 1)
	}
	return r.pairs == 1 && !r.one && s.word(at).scale == digit // "one fifty"
}

// dialled groups the digits of a telephone number as its country does.
func (s *scan) dialled(d string, of subjectOf) string {
	switch {
	case s.british && len(d) == 11 && d[0] == '0':
		return dialledBritish(d)
	case s.region != "US" && s.region != "CA":
		return d
	case len(d) == 10 && d[0] > '1':
		return d[:3] + "-" + d[3:6] + "-" + d[6:]
	case len(d) == 11 && d[0] == '1':
		return "1-" + d[1:4] + "-" + d[4:7] + "-" + d[7:]
	case len(d) == 7 && of == telephone:
		return d[:3] + "-" + d[3:]
	}
	return d
}

func dialledBritish(d string) string {
	switch d[1] {
	case '2':
		return d[:3] + " " + d[3:7] + " " + d[7:]
	case '3', '8':
		return d[:4] + " " + d[4:7] + " " + d[7:]
	}
	return d[:5] + " " + d[5:]
}

// international writes "plus four four ..." before a long run of digits.
func (s *scan) international(at int) bool {
	if !s.is(at, "plus") {
		return false
	}
	r := s.run(at+1, telephone)
	if r.digits < 8 || r.letters > 0 || len(r.text) != r.digits {
		return false
	}
	return s.emit("+"+string(r.text), r.end-at)
}
