package written

import "strconv"

// number writes what begins at a place with a word of a number: a time, a sum,
// a quantity, an ordinal, a run of digits or a plain number.
func (s *scan) number(at int) bool {
	switch s.word(at).scale {
	case none:
		return s.is(at, "a") && (s.money(at) || s.quantity(at) || s.count(at))
	case zero, factor:
		return s.digits(at)
	case ordUnit, ordTeen, ordTens:
		return s.ordered(at)
	case soft, big, hundred:
		return false
	case digit, teen, tens:
	}
	if s.alternative(at) {
		return false
	}
	for _, try := range [...]func(*scan, int) bool{
		(*scan).idiom, (*scan).clock, (*scan).ranged, (*scan).ordered, (*scan).money, (*scan).quantity, (*scan).year,
		(*scan).price, (*scan).digits, (*scan).count,
	} {
		if try(s, at) {
			return true
		}
	}
	return false
}

// amount is a number with what may stand behind its point.
type amount struct {
	whole    int64
	fraction string // digits behind the point
	n        int    // words
}

func (a amount) text() string {
	if a.fraction == "" {
		return grouped(a.whole)
	}
	return commas(a.whole) + "." + a.fraction
}

// amount reads "five", "three point five" and "one point two million".
func (s *scan) amount(at int) (amount, bool) {
	value, n := s.cardinal(at)
	if n == 0 {
		return amount{}, false
	}
	a := amount{whole: value, n: n}
	if !s.is(at+n, "point") {
		return a, true
	}
	p := at + n + 1
	for {
		w := s.word(p)
		if w.scale == digit || w.scale == zero {
			a.fraction += strconv.FormatInt(w.value, 10)
			p++
			continue
		}
		if v, m := s.belowHundred(p); m > 0 && a.fraction == "" {
			a.fraction, p = strconv.FormatInt(v, 10), p+m
		}
		break
	}
	if a.fraction != "" {
		a.n = p - at
	}
	return a, true
}

// million gives the word that multiplies an amount with a fraction.
func (s *scan) million(at int, a amount) string {
	if a.fraction != "" && s.word(at).scale == big {
		return s.word(at).text
	}
	return ""
}

// ordered writes an ordinal: from the tenth on, and any where it is a day.
func (s *scan) ordered(at int) bool {
	v, n := s.ordinal(at)
	if n == 0 {
		return false
	}
	day := s.dayOf(at, v, n)
	if v < 10 && !day {
		return false
	}
	// "thirty second" is a length of time unless something says that it is not.
	if s.is(at+n-1, "second") && n > 1 && !day && !s.is(at-1, "the") && !s.is(at+n, "of") {
		return false
	}
	return s.emit(nth(v), n)
}

// count writes a number that stands for itself: from ten on in digits.
func (s *scan) count(at int) bool {
	a, ok := s.amount(at)
	switch {
	case !ok:
		return false
	case a.fraction != "":
		text := a.text()
		if m := s.million(at+a.n, a); m != "" {
			return s.emit(text+" "+m, a.n+1)
		}
		return s.emit(text, a.n)
	case s.is(at, "a") && a.n == 2: // "a hundred times"
		return false
	case s.past(at, a.n):
		return false
	case a.whole >= 10:
		return s.emit(a.text(), a.n)
	}
	return false
}

// alternative tells "one or two hundred", where the second number says what the
// first one counts: the words are clearer than "one or 200".
func (s *scan) alternative(at int) bool {
	follows := s.word(at + 1).scale
	return (s.is(at-1, "or") || s.is(at-1, "to")) && s.word(at-2).scale == digit && (follows == hundred || follows == big)
}

// past tells "twenty past seven", which people write in words.
func (s *scan) past(at, n int) bool {
	_, hour := s.belowHundred(at + n + 1)
	return s.is(at+n, "past") && hour > 0
}

// ranged writes the first number of "five to six dollars" as the second will
// be written.
func (s *scan) ranged(at int) bool {
	a, ok := s.amount(at)
	if !ok {
		return false
	}
	switch s.word(at + a.n).text {
	case "to", "or":
	case "and":
		if !s.is(at-1, "between") {
			return false
		}
	default:
		return false
	}
	b, ok := s.amount(at + a.n + 1)
	end := at + a.n + 1 + b.n
	if !ok || s.word(at+a.n+1).text == "a" || s.alternative(at+a.n+1) {
		return false
	}
	if sign := s.sign(end); sign != "" {
		return s.emit(sign+a.money(), a.n)
	}
	return s.has(end, unitWord) && (!s.is(end, "per") || s.is(end+1, "cent")) && s.emit(a.text(), a.n)
}

// decades are the tens of years; never changed.
var decades = map[string]string{
	"twenties": "20s", "thirties": "30s", "forties": "40s", "fifties": "50s", "sixties": "60s", "seventies": "70s",
	"eighties": "80s", "nineties": "90s",
}

// idiom writes "twenty four seven", "five g" and "nineteen eighties".
func (s *scan) idiom(at int) bool {
	if years := decades[s.word(at+1).text]; years != "" && (s.is(at, "nineteen") || s.is(at, "eighteen")) {
		return s.emit(strconv.FormatInt(s.word(at).value, 10)+years, 2)
	}
	if s.word(at).scale == digit && s.is(at+1, "g") && s.word(at).value > 1 {
		return s.emit(strconv.FormatInt(s.word(at).value, 10)+"G", 2)
	}
	return s.is(at, "twenty") && s.is(at+1, "four") && s.is(at+2, "seven") && s.word(at+3).scale == none && s.about(at) == unknown &&
		s.emit("24/7", 3)
}

// year writes "twenty twenty six" and "two thousand and twelve" where a year
// can stand. Pairs of digits read as a year anyway.
func (s *scan) year(at int) bool {
	v, n := s.yearAt(at)
	if n == 0 || s.has(at+n, unitWord) {
		return false
	}
	if !s.has(at-1, yearCue) && !s.has(at-1, month|monthMaybe) {
		return false
	}
	return s.emit(strconv.FormatInt(v, 10), n)
}

// yearAt reads a year from 1900 to 2099.
func (s *scan) yearAt(at int) (v int64, n int) {
	w := s.word(at)
	if w.text == "nineteen" || w.text == "twenty" {
		century := int64(19)
		if w.value == 20 {
			century = 20
		}
		if rest := s.word(at + 1); rest.scale == zero && s.word(at+2).scale == digit {
			return century*100 + s.word(at+2).value, 3
		}
		if s.word(at+1).scale == teen || s.word(at+1).scale == tens {
			rest, m := s.belowHundred(at + 1)
			return century*100 + rest, 1 + m
		}
		return 0, 0
	}
	if w.text == "two" && s.is(at+1, "thousand") {
		if v, n := s.cardinal(at); v >= 2000 && v < 2100 {
			return v, n
		}
	}
	return 0, 0
}

// price writes "forty nine ninety nine" where something costs that.
func (s *scan) price(at int) bool {
	whole, n := s.belowHundred(at)
	cents, m := s.belowHundred(at + n)
	end := at + n + m
	if n == 0 || m == 0 || cents < 10 || s.numeric(end) {
		return false
	}
	if !s.oneOf(end, "per each every") && (!s.is(end, "a") || !s.oneOf(end+1, "month year week day")) &&
		!s.oneOf(at-1, "costs cost pay paid paying charged price") {
		return false
	}
	return s.emit(commas(whole)+"."+strconv.FormatInt(cents, 10), n+m)
}

// numeric tells whether a number goes on at a place.
func (s *scan) numeric(at int) bool {
	scale := s.word(at).scale
	return scale != none && scale != soft
}

// short are units that people write short behind a number; never changed.
var short = map[string]string{
	"gigabyte": "GB", "gigabytes": "GB", "megabyte": "MB", "megabytes": "MB", "terabyte": "TB", "terabytes": "TB",
	"kilobyte": "KB", "kilobytes": "KB", "kilometers": "km", "kilometres": "km", "kilometer": "km", "kilometre": "km",
	"kilograms": "kg", "kilogram": "kg", "milligrams": "mg", "milligram": "mg", "centimeters": "cm", "centimetres": "cm",
	"millimeters": "mm", "millimetres": "mm", "megahertz": "MHz", "gigahertz": "GHz",
}

// measured are units behind which small numbers are in digits too.
const measured = `gigs gig megs meg miles mile meters metres meter metre inches inch feet foot degrees pounds pound kilos
	kilo grams gram liters litres liter litre ounces ounce watts volts bucks quid cents pence`

// quantity writes a number with its unit.
func (s *scan) quantity(at int) bool {
	a, ok := s.amount(at)
	end := at + a.n
	if !ok || !s.has(end, unitWord) {
		return false
	}
	text, unit := a.text(), s.word(end).text
	switch {
	case unit == "percent":
		return s.emit(text+"%", a.n+1)
	case unit == "per":
		return s.is(end+1, "cent") && s.emit(text+"%", a.n+2)
	case s.is(end+1, "per") && s.is(end+2, "second") && speed(unit) != "":
		return s.emit(text+" "+speed(unit), a.n+3)
	case short[unit] != "":
		return s.emit(text+" "+short[unit], a.n+1)
	}
	return !s.is(at, "a") && s.emit(text, a.n)
}

// speed gives what so much a second is called.
func speed(unit string) string {
	switch unit {
	case "megabit", "megabits":
		return "Mbps"
	case "gigabit", "gigabits":
		return "Gbps"
	case "megabyte", "megabytes":
		return "MB/s"
	case "gigabyte", "gigabytes":
		return "GB/s"
	}
	return ""
}
