package entity

import "fmt"

// fromHour reads the hour that a stretch of time begins with, whose half of the
// day is said behind its end only: "between two and four pm", "from nine to
// eleven am". The end is read for itself.
func (s *scan) fromHour(at int) int {
	if !s.oneOf(at-1, "between from") {
		return 0
	}
	first, n := s.hour(at)
	if n == 0 || !s.oneOf(at+n, "and to until till") {
		return 0
	}
	last, k := s.hour(at + n + 1)
	if k == 0 {
		return 0
	}
	half, taken := s.half(at + n + 1 + k)
	if half == "" || taken == 0 {
		return 0
	}
	if (half == "pm") == (first <= last) { // ten to one pm begins in the morning
		first += 12
	}
	return s.add(at, n, found{name: Time, text: fmt.Sprintf("%02d:00", first), sure: 0.9})
}

// hour reads a whole hour, 0..11: twelve is 0.
func (s *scan) hour(at int) (hour, n int) {
	v, n := s.whole(at)
	if n != 1 || v < 1 || v > 12 {
		return 0, 0
	}
	return int(v) % 12, 1
}
