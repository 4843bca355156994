package written

import "strconv"

// money writes a sum with its sign: "$54", "$4.50", "€1.5 million".
func (s *scan) money(at int) bool {
	a, ok := s.amount(at)
	if !ok {
		return false
	}
	end := at + a.n
	if s.is(at, "a") && a.n == 1 {
		return false
	}
	if sign := s.sign(end); sign != "" {
		if cents, n := s.cents(end+1, sign); n > 0 && a.fraction == "" {
			return s.emit(sign+commas(a.whole)+"."+two(cents), a.n+1+n)
		}
		return s.emit(sign+a.money(), a.n+1)
	}
	if m := s.million(end, a); m != "" {
		if sign := s.sign(end + 1); sign != "" {
			return s.emit(sign+a.text()+" "+m, a.n+2)
		}
	}
	return s.priced(at)
}

// money writes an amount behind a sign.
func (a amount) money() string {
	if len(a.fraction) == 1 {
		a.fraction += "0"
	}
	return a.text()
}

// priced writes "forty nine ninety nine dollars" and "one fifty dollars".
func (s *scan) priced(at int) bool {
	whole, n := s.belowHundred(at)
	rest, m := s.belowHundred(at + n)
	if n == 0 || m == 0 || rest < 10 {
		return false
	}
	sign := s.sign(at + n + m)
	if sign == "" || s.is(at+n+m, "pound") {
		return false
	}
	if whole < 10 {
		return s.emit(sign+strconv.FormatInt(whole*100+rest, 10), n+m+1)
	}
	return s.emit(sign+strconv.FormatInt(whole, 10)+"."+two(rest), n+m+1)
}

// sign gives the sign of the currency that stands at a place.
func (s *scan) sign(at int) string {
	switch s.word(at).text {
	case "dollar", "dollars":
		return "$"
	case "euro", "euros":
		return "€"
	case "pound", "pounds":
		if s.british || s.is(at+1, "sterling") {
			return "£"
		}
	}
	return ""
}

// cents reads what follows "dollars": "and fifty cents", "fifty cents",
// "fifty". It gives no words when that is something else.
func (s *scan) cents(at int, sign string) (value int64, n int) {
	skip := 0
	if s.is(at, "and") {
		skip = 1
	}
	value, m := s.belowHundred(at + skip)
	if m == 0 || s.is(at+skip, "a") {
		return 0, 0
	}
	after := s.word(at + skip + m)
	switch after.text {
	case "cents", "cent":
		return value, skip + m + 1
	case "pence", "p":
		if sign == "£" {
			return value, skip + m + 1
		}
	}
	// "twenty dollars fifty", but not "twenty dollars two times".
	if skip == 0 && value >= 10 && (after.text == "" || after.is&(joiner|preposition|subject|filler) != 0) {
		return value, m
	}
	return 0, 0
}

func two(v int64) string {
	if v < 10 {
		return "0" + strconv.FormatInt(v, 10)
	}
	return strconv.FormatInt(v, 10)
}
