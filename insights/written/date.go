package written

import (
	"strconv"
	"strings"
)

// date writes a month and, behind it, the day and the year: "May 4th, 2026".
func (s *scan) date(at int) bool {
	if !s.has(at, month|monthMaybe) {
		return false
	}
	day, d, the := s.dayAfter(at + 1)
	year, y := s.yearAt(at + 1)
	if d > 0 {
		if later, n := s.yearAt(at + 1 + the + d); n > 0 {
			year, y = later, n
		} else if y > d {
			d = 0
		} else {
			y = 0
		}
	}
	if d == 0 && y == 0 && !s.monthHere(at) {
		return false
	}
	s.emit(capital(s.word(at).text), 1)
	if d > 0 {
		if the > 0 {
			s.emit("the", 1)
		}
		if y > 0 {
			day += ","
		}
		s.emit(day, d)
	}
	if y > 0 {
		s.emit(strconv.FormatInt(year, 10), y)
	}
	return true
}

// dayAfter reads the day behind a month, and whether "the" stands before it.
func (s *scan) dayAfter(at int) (text string, n, the int) {
	if s.is(at, "the") {
		the = 1
	}
	if v, n := s.ordinal(at + the); n > 0 && v <= 31 {
		return nth(v), n, the
	}
	v, n := s.cardinal(at)
	if n == 0 || v < 1 || v > 31 || s.is(at, "a") || s.has(at+n, unitWord) || s.sign(at+n) != "" {
		return "", 0, 0
	}
	return strconv.FormatInt(v, 10), n, 0
}

// monthHere tells a month from the verb.
func (s *scan) monthHere(at int) bool {
	if s.has(at, month) {
		return true
	}
	return s.oneOf(at-1, "in of since until till by last next during before after early late mid from through")
}

// dayOf tells whether an ordinal is a day of the month: "the fourth of may",
// "fourth may", "on the second".
func (s *scan) dayOf(at int, v int64, n int) bool {
	if v > 31 {
		return false
	}
	end := at + n
	if s.is(end, "of") && s.has(end+1, month|monthMaybe) {
		return true
	}
	return s.has(end, month) || s.is(at-1, "the") && s.is(at-2, "on") && s.finishes(end)
}

// finishes tells whether nothing stands at a place that the word before it
// could belong to.
func (s *scan) finishes(at int) bool {
	return at >= len(s.words) || s.has(at, joiner|subject|clause|preposition|filler|auxiliary)
}

// clock writes a time of day: "3:30 PM", "3 o'clock", "at 2:30".
func (s *scan) clock(at int) bool {
	h, n := s.belowHundred(at)
	if h < 1 || h > 23 {
		return false
	}
	minute, m := s.minutes(at + n)
	end := at + n + m
	text := strconv.FormatInt(h, 10)
	if m > 0 {
		text += ":" + two(minute)
	}
	if half, k := s.half(end); k > 0 && h <= 12 {
		return s.emit(text+" "+half, n+m+k)
	}
	if m == 0 && s.is(end, "o'clock") || m > 0 && (h < 19 || h > 20) && s.atThatTime(at, end) {
		return s.emit(text, n+m)
	}
	return false
}

// atThatTime tells whether two numbers are an hour and its minutes, by what
// stands around them.
func (s *scan) atThatTime(at, end int) bool {
	return (s.has(at-1, timeCue) || s.partOfDay(end)) && !s.has(end, unitWord) && s.sign(end) == "" && !s.numeric(end)
}

// minutes reads "thirty" and "oh five".
func (s *scan) minutes(at int) (value int64, n int) {
	if w := s.word(at); w.scale == zero && s.word(at+1).scale == digit {
		return s.word(at + 1).value, 2
	}
	value, n = s.belowHundred(at)
	if value < 10 || value > 59 {
		return 0, 0
	}
	return value, n
}

// half reads "p m" as the country writes it.
func (s *scan) half(at int) (text string, n int) {
	switch s.word(at).text {
	case "am", "pm":
		if s.is(at, "am") && s.is(at-1, "i") {
			return "", 0
		}
		text, n = s.word(at).text, 1
	case "a", "p":
		if !s.is(at+1, "m") {
			return "", 0
		}
		text, n = s.word(at).text+"m", 2
	case "a.m", "p.m":
		text, n = strings.ReplaceAll(s.word(at).text, ".", ""), 1
	default:
		return "", 0
	}
	if !s.british {
		text = strings.ToUpper(text)
	}
	return text, n
}

// partOfDay reads "in the morning".
func (s *scan) partOfDay(at int) bool {
	if !s.is(at, "in") || !s.is(at+1, "the") {
		return false
	}
	switch s.word(at + 2).text {
	case "morning", "afternoon", "evening":
		return true
	}
	return false
}
