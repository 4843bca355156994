package written

import "strconv"

// cardinal reads a number that is said as one, such as "two hundred and five",
// and gives how many words it has: 0 when there is none.
func (s *scan) cardinal(at int) (value int64, n int) {
	start, last := at, int64(0)
	for {
		group, m := s.belowThousand(at)
		if m == 0 || group == 0 && last != 0 {
			break
		}
		next := s.word(at + m)
		if next.scale != big {
			value, at = value+group, at+m
			break
		}
		if last != 0 && next.value >= last || group == 0 {
			break // another number begins here
		}
		value, last, at = value+group*next.value, next.value, at+m+1
		if s.is(at, "and") && s.smallAfter(at+1) {
			at++
		}
	}
	return value, at - start
}

// belowThousand reads up to "nine hundred and ninety nine", and such as
// "eighteen hundred".
func (s *scan) belowThousand(at int) (value int64, n int) {
	value, n = s.belowHundred(at)
	if n == 0 || value == 0 || s.word(at+n).scale != hundred || value >= 10 && value%10 == 0 {
		return value, n
	}
	n++
	if s.is(at-1, "between") { // "between one hundred and two hundred"
		return value * 100, n
	}
	small, m := s.tail(at + n)
	return value*100 + small, n + m
}

// tail reads what follows a hundred: "and five", "five".
func (s *scan) tail(at int) (value int64, n int) {
	if s.is(at, "and") {
		value, n = s.belowHundred(at + 1)
		if value == 0 || s.is(at+1, "a") || s.word(at+1+n).scale == hundred {
			return 0, 0
		}
		return value, n + 1
	}
	value, n = s.belowHundred(at)
	if value == 0 || s.is(at, "a") || s.word(at+n).scale == hundred {
		return 0, 0
	}
	return value, n
}

// smallAfter tells whether a number below a hundred stands there that is not
// the beginning of a larger one.
func (s *scan) smallAfter(at int) bool {
	value, n := s.belowHundred(at)
	follows := s.word(at + n).scale
	return n > 0 && value > 0 && follows != hundred && follows != big
}

func (s *scan) belowHundred(at int) (value int64, n int) {
	w := s.word(at)
	switch w.scale {
	case digit, teen:
		return w.value, 1
	case tens:
		if d := s.word(at + 1); d.scale == digit && d.value > 0 {
			return w.value + d.value, 2
		}
		return w.value, 1
	default: // no number by itself
	}
	if next := s.word(at + 1).scale; w.text == "a" && (next == hundred || next == big) {
		return 1, 1
	}
	return 0, 0
}

// ordinal reads "first", "twenty first" and "one hundred and first".
func (s *scan) ordinal(at int) (value int64, n int) {
	w := s.word(at)
	switch w.scale {
	case ordUnit, ordTeen, ordTens:
		return w.value, 1
	case tens:
		if o := s.word(at + 1); o.scale == ordUnit {
			return w.value + o.value, 2
		}
	case digit:
		if s.word(at+1).text == "hundredth" {
			return w.value * 100, 2
		}
		if s.word(at+1).scale != hundred {
			return 0, 0
		}
		skip := 2
		if s.is(at+2, "and") {
			skip = 3
		}
		if s.word(at+skip).scale == digit {
			return 0, 0
		}
		if o, m := s.ordinal(at + skip); m > 0 && o < 100 {
			return w.value*100 + o, skip + m
		}
	default: // no ordinal
	}
	return 0, 0
}

// nth writes an ordinal.
func nth(v int64) string {
	end := "th"
	if v%100 < 11 || v%100 > 13 {
		switch v % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.FormatInt(v, 10) + end
}

// grouped writes a number with its thousands apart, and round millions in
// words: "1,250", "5 million".
func grouped(v int64) string {
	for _, unit := range [...]struct {
		value int64
		name  string
	}{{1e9, " billion"}, {1e6, " million"}} {
		if v >= unit.value && v%unit.value == 0 && v/unit.value < 1000 {
			return strconv.FormatInt(v/unit.value, 10) + unit.name
		}
	}
	return commas(v)
}

func commas(v int64) string {
	raw := strconv.FormatInt(v, 10)
	if len(raw) < 4 {
		return raw
	}
	out := make([]byte, 0, len(raw)+len(raw)/3)
	for i := range len(raw) {
		if i > 0 && (len(raw)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, raw[i])
	}
	return string(out)
}
