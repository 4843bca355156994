package entity

import (
	"strconv"
	"strings"
	"time"

	"heed/insights"
	"heed/insights/written"
)

// scan is one sentence while it is read.
type scan struct {
	tokens   []token
	region   string
	today    time.Time // zero when the call's day is not known
	asked    question
	products *Catalogue
	digits   bool // what is spoken is not read: the language is another one

	found []found
}

// readers are tried in this order at each place; each gives how many tokens it
// took.
var readers = [...]func(*scan, int) int{ // never changed
	(*scan).email, (*scan).product, (*scan).phone, (*scan).code, (*scan).fromHour, (*scan).clock, (*scan).date, (*scan).relative, (*scan).money, (*scan).duration,
	(*scan).person, (*scan).address, (*scan).place,
}

// inDigits are the readers of what is the same in every language.
var inDigits = [...]func(*scan, int) int{(*scan).email, (*scan).product, (*scan).phone, (*scan).sign, (*scan).calendar} // never changed

func (s *scan) read() {
	use := readers[:]
	if s.digits {
		use = inDigits[:]
	}
	for at := 0; at < len(s.tokens); {
		n := 0
		for _, r := range use {
			if n = r(s, at); n > 0 {
				break
			}
		}
		at += max(n, 1)
	}
}

// add notes an entity of n tokens and gives n.
func (s *scan) add(at, n int, f found) int {
	f.span = insights.Span{From: s.tokens[at].span.From, To: s.tokens[at].span.To}
	for _, t := range s.tokens[at : at+n] {
		f.span.From, f.span.To = min(f.span.From, t.span.From), max(f.span.To, t.span.To)
	}
	s.found = append(s.found, f)
	return n
}

// low gives a token in lower case; past either end it is empty.
func (s *scan) low(at int) string {
	if at < 0 || at >= len(s.tokens) {
		return ""
	}
	return s.tokens[at].low
}

func (s *scan) text(at int) string {
	if at < 0 || at >= len(s.tokens) {
		return ""
	}
	return s.tokens[at].text
}

// oneOf tells whether a token is among words, which have a space between.
func (s *scan) oneOf(at int, words string) bool {
	w := s.low(at)
	return w != "" && within(w, words)
}

// within tells whether a word is among words, which have a space between.
func within(w, words string) bool {
	for i := 0; i+len(w) <= len(words); {
		if words[i:i+len(w)] == w && (i+len(w) == len(words) || words[i+len(w)] == ' ') {
			return true
		}
		next := strings.IndexByte(words[i:], ' ')
		if next < 0 {
			return false
		}
		i += next + 1
	}
	return false
}

// startsDigit tells whether a word begins with a digit.
func startsDigit(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

// madeOf tells whether a word has nothing but these characters.
func madeOf(w, characters string) bool { return w != "" && strings.Trim(w, characters) == "" }

// any tells whether one of the tokens from, to exclusive, is among words.
func (s *scan) any(from, to int, words string) bool {
	for i := max(0, from); i < to; i++ {
		if s.oneOf(i, words) {
			return true
		}
	}
	return false
}

// whole reads a whole number: "54", "1,250", "nine", "twenty five".
func (s *scan) whole(at int) (v int64, n int) {
	w := s.low(at)
	if startsDigit(w) {
		v, err := strconv.ParseInt(strings.ReplaceAll(w, ",", ""), 10, 64)
		if err != nil {
			return 0, 0
		}
		return v, 1
	}
	v, ordinal, ok := written.Number(w)
	if !ok || ordinal {
		return 0, 0
	}
	if v >= 20 {
		if more, ordinal, ok := written.Number(s.low(at + 1)); ok && !ordinal && more > 0 && more < 10 {
			return v + more, 2
		}
	}
	return v, 1
}

// decimal reads a number that may have a fraction.
func (s *scan) decimal(at int) (v float64, n int) {
	w := strings.ReplaceAll(s.low(at), ",", "")
	if startsDigit(w) && madeOf(w, "0123456789.") {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return 0, 0
		}
		return v, 1
	}
	i, n := s.whole(at)
	return float64(i), n
}

// nth reads a day of the month: "4th", "fourth", 4.
func (s *scan) nth(at int) (day, n int) {
	w := s.low(at)
	if v, ordinal, ok := written.Number(w); ok && ordinal && v <= 31 {
		return int(v), 1
	}
	if len(w) < 3 || !within(w[len(w)-2:], "st nd rd th") {
		return 0, 0
	}
	v, err := strconv.Atoi(w[:len(w)-2])
	if err != nil || v < 1 || v > 31 {
		return 0, 0
	}
	return v, 1
}
