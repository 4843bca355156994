package entity

import (
	"fmt"
	"strings"
	"time"
)

// relative reads a date that counts from the call's day: "tomorrow", "next
// friday", "three weeks ago", "last month", "the end of the month".
func (s *scan) relative(at int) int {
	for _, read := range [...]func(*scan, int) (string, int){(*scan).near, (*scan).weekday, (*scan).span, (*scan).afterNext, (*scan).ending, (*scan).distance} {
		text, n := read(s, at)
		if n == 0 {
			continue
		}
		sure := 0.9
		if s.today.IsZero() {
			sure, text = 0.8, s.words(at, n)
		}
		return s.add(at, n, found{name: Date, text: text, sure: sure})
	}
	return 0
}

// words gives tokens as they were said.
func (s *scan) words(at, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.low(at + i))
	}
	return b.String()
}

func (s *scan) shifted(days int) string {
	return s.midnight().AddDate(0, 0, days).Format(time.DateOnly)
}

// near reads "today", "the day after tomorrow" and the like.
func (s *scan) near(at int) (string, int) {
	the := 0
	if s.oneOf(at, "the") {
		the = 1
	}
	if s.oneOf(at+the, "day") {
		return s.beyond(at, the)
	}
	switch s.low(at) {
	case "today", "tonight":
		return s.shifted(0), 1
	case "tomorrow":
		return s.shifted(1), 1
	case "yesterday":
		return s.shifted(-1), 1
	}
	switch {
	case s.oneOf(at, "this") && s.oneOf(at+1, "morning afternoon evening"):
		return s.shifted(0), 2
	case s.oneOf(at, "last") && s.oneOf(at+1, "night"):
		return s.shifted(-1), 2
	}
	return "", 0
}

// beyond reads the day after tomorrow and the one before yesterday.
func (s *scan) beyond(at, the int) (string, int) {
	switch {
	case s.oneOf(at+the+1, "after") && s.oneOf(at+the+2, "tomorrow"):
		return s.shifted(2), the + 3
	case s.oneOf(at+the+1, "before") && s.oneOf(at+the+2, "yesterday"):
		return s.shifted(-2), the + 3
	}
	return "", 0
}

// weekdays by name; never changed.
var weekdays = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday,
}

// weekday reads "friday", "next friday", "last monday", "friday next week". The
// next friday is that of the next week, which begins on a monday; friday alone
// is the first after the call's day.
func (s *scan) weekday(at int) (string, int) {
	p, which := at, ""
	if s.oneOf(p, "next last this coming past") {
		which = s.low(p)
		p++
	}
	want, ok := weekdays[s.low(p)]
	if !ok || which == "" && s.oneOf(at-1, "a any each every") { // "on a monday" is any
		return "", 0
	}
	p++
	if which == "" && s.oneOf(p, "next last") && s.oneOf(p+1, "week") {
		which = s.low(p) + " week"
		p += 2
	}
	if which == "" && s.past(at) {
		which = "last"
	}
	return s.shifted(daysTo(s.midnight().Weekday(), want, which)), p - at
}

// daysTo counts the days from one weekday to another.
func daysTo(today, want time.Weekday, which string) int {
	ahead := (int(want) - int(today) + 7) % 7      // 0..6
	thisWeek := (int(want)+6)%7 - (int(today)+6)%7 // -6..6, from monday on
	switch which {
	case "next", "next week":
		return thisWeek + 7
	case "last week":
		return thisWeek - 7
	case "last", "past":
		return ahead - 7
	case "this":
		return ahead
	}
	if ahead == 0 {
		return 7
	}
	return ahead
}

// past tells whether what happened on a day is over, by the words before it.
func (s *scan) past(at int) bool {
	return s.any(at-5, at, "was were came arrived happened called ordered since broke stopped received paid went did had")
}

// span reads a week, a month or a year by its place: "next week".
func (s *scan) span(at int) (string, int) {
	shift := 0
	switch s.low(at) {
	case "next", "coming":
		shift = 1
	case "last", "past", "previous":
		shift = -1
	case "this":
	default:
		return "", 0
	}
	now := s.midnight()
	switch s.low(at + 1) {
	case "week":
		year, week := now.AddDate(0, 0, 7*shift).ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week), 2
	case "weekend":
		saturday := (6 - int(now.Weekday()) + 7) % 7
		return s.shifted(saturday + 7*shift), 2
	case "month":
		return time.Date(now.Year(), now.Month()+time.Month(shift), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"), 2
	case "year":
		return fmt.Sprintf("%04d", now.Year()+shift), 2
	}
	return "", 0
}

// afterNext reads "the week after next".
func (s *scan) afterNext(at int) (string, int) {
	p := at
	if s.oneOf(p, "the") {
		p++
	}
	if !s.oneOf(p+1, "after") || !s.oneOf(p+2, "next") || s.oneOf(p+3, "week weekend month year") {
		return "", 0
	}
	now := s.midnight()
	switch s.low(p) {
	case "week":
		year, week := now.AddDate(0, 0, 14).ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week), p + 3 - at
	case "month":
		return time.Date(now.Year(), now.Month()+2, 1, 0, 0, 0, 0, time.UTC).Format("2006-01"), p + 3 - at
	}
	return "", 0
}

// ending reads the last day of a month or a year, and the week or the day of
// which the end is meant: "the end of next month", "the end of the week".
func (s *scan) ending(at int) (string, int) {
	p := at
	if s.oneOf(p, "the") {
		p++
	}
	if !s.oneOf(p, "end") || !s.oneOf(p+1, "of") || !s.oneOf(p+2, "the this next business") {
		return "", 0
	}
	p += 2
	shift := 0
	if s.oneOf(p, "next") {
		shift = 1
	}
	if s.oneOf(p, "the this next") {
		p++
	}
	if s.oneOf(p, "business working") {
		p++
	}
	now := s.midnight()
	text := ""
	switch s.low(p) {
	case "day":
		text = s.shifted(shift)
	case "week":
		year, week := now.AddDate(0, 0, 7*shift).ISOWeek()
		text = fmt.Sprintf("%04d-W%02d", year, week)
	case "month":
		text = time.Date(now.Year(), now.Month()+time.Month(shift)+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case "year":
		text = fmt.Sprintf("%04d-12-31", now.Year()+shift)
	default:
		return "", 0
	}
	return text, p + 1 - at
}

// distance reads "three weeks ago", "in two days", "a month from now".
func (s *scan) distance(at int) (string, int) {
	p, ahead := at, false
	if s.oneOf(p, "in") {
		p, ahead = p+1, true
	}
	v, n := s.some(p)
	if n == 0 {
		return "", 0
	}
	unit := s.low(p + n)
	days := dayUnit(unit)
	if days == 0 {
		return "", 0
	}
	p += n + 1
	sign := 1
	switch {
	case s.oneOf(p, "ago"):
		sign, p = -1, p+1
	case s.oneOf(p, "from") && s.oneOf(p+1, "now today"):
		p += 2
	case ahead && !s.oneOf(p, "of"):
	default:
		return "", 0
	}
	v *= sign
	now := s.midnight()
	switch days {
	case 30:
		return now.AddDate(0, v, 0).Format("2006-01"), p - at
	case 365:
		return fmt.Sprintf("%04d", now.Year()+v), p - at
	}
	return s.shifted(days * v), p - at
}

// some reads how many: "three", "a", "a couple of".
func (s *scan) some(at int) (v, n int) {
	if w, n := s.whole(at); n > 0 && w > 0 && w <= 1000 {
		return int(w), n
	}
	if !s.oneOf(at, "a an") {
		return 0, 0
	}
	if s.oneOf(at+1, "couple") {
		if s.oneOf(at+2, "of") {
			return 2, 3
		}
		return 2, 2
	}
	return 1, 1
}

// dayUnit gives how many days a unit of the calendar has, roughly.
func dayUnit(w string) int {
	switch w {
	case "day", "days":
		return 1
	case "week", "weeks":
		return 7
	case "month", "months":
		return 30
	case "year", "years":
		return 365
	}
	return 0
}
