package entity

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"heed/insights/written"
)

// day is a date as far as it was said: 0 is not said.
type day struct{ year, month, day int }

// date reads a day of the calendar: "May 4th, 2026", "the 4th of May", "May
// 2026", "in March", "on the 4th", "2026-05-04", "5/4/2026", "since 2019".
func (s *scan) date(at int) int {
	for _, read := range [...]func(*scan, int) (day, int){
		(*scan).numeric, (*scan).dayMonth, (*scan).monthDay, (*scan).dayAlone, (*scan).yearAlone, (*scan).feast,
	} {
		d, n := read(s, at)
		if n == 0 {
			continue
		}
		text := s.complete(d, s.forward(at))
		if text == "" {
			return 0
		}
		return s.add(at, n, found{name: Date, text: text, sure: 0.95})
	}
	return 0
}

// calendar reads a day in digits, in any language.
func (s *scan) calendar(at int) int {
	d, n := s.numeric(at)
	if n == 0 {
		return 0
	}
	return s.add(at, n, found{name: Date, text: s.complete(d, 0), sure: 0.95})
}

// forward tells whether a date with no year lies ahead, behind, or is simply
// the nearest: 1, -1 or 0.
func (s *scan) forward(at int) int {
	switch {
	case s.any(at-3, at, "until till by next starting expires before need"):
		return 1
	case s.any(at-3, at, "since last ago was") || s.past(at):
		return -1
	}
	return 0
}

// year reads a year behind a month.
func (s *scan) year(at int) (year, n int) {
	w := s.low(at)
	if len(w) != 4 {
		return 0, 0
	}
	v, err := strconv.Atoi(w)
	if err != nil || v < 1900 || v > 2099 {
		return 0, 0
	}
	return v, 1
}

// dayMonth reads "4th of May 2026", "the fourth of may", "4 May".
func (s *scan) dayMonth(at int) (day, int) {
	start := at
	if s.oneOf(at, "the") {
		at++
	}
	d, n := s.nth(at)
	if n == 0 {
		v, m := s.whole(at)
		if m == 0 || v < 1 || v > 31 {
			return day{}, 0
		}
		d, n = int(v), m
	}
	at += n
	of := s.oneOf(at, "of")
	if of {
		at++
	}
	month, sure := written.Month(s.low(at))
	if month == 0 || !sure && !of && !s.capital(at) || !possible(month, d) {
		return day{}, 0
	}
	at++
	year, n := s.year(at)
	return day{year, month, d}, at + n - start
}

// monthDay reads "May 4th, 2026", "may the 4th", "May 2026" and "in May".
func (s *scan) monthDay(at int) (day, int) {
	month, sure := written.Month(s.low(at))
	if month == 0 {
		return day{}, 0
	}
	if d, n := s.dayBehind(at, sure); n > 0 && possible(month, d) {
		year, y := s.year(at + 1 + n)
		return day{year, month, d}, 1 + n + y
	}
	if year, y := s.year(at + 1); y > 0 {
		return day{year: year, month: month}, 1 + y
	}
	in := s.oneOf(at-1, "in since until till by last next during before after early late mid this of from")
	if sure || in && !s.oneOf(at+1, "i you we") {
		return day{month: month}, 1
	}
	return day{}, 0
}

// dayBehind reads the day behind a month, of which the name may be something
// else as well.
func (s *scan) dayBehind(month int, sure bool) (d, n int) {
	the := 0
	if s.oneOf(month+1, "the") {
		the = 1
	}
	if d, n = s.nth(month + 1 + the); n > 0 {
		return d, the + n
	}
	v, n := s.whole(month + 1)
	if n == 0 || v < 1 || v > 31 || !sure && !s.capital(month) || s.unit(month+1+n) {
		return 0, 0
	}
	return int(v), n
}

// capital tells whether a word that can be something else was written as a
// month.
func (s *scan) capital(at int) bool {
	t := s.text(at)
	return at > 0 && t != "" && t[0] >= 'A' && t[0] <= 'Z'
}

// unit tells whether what a number counts stands at a place.
func (s *scan) unit(at int) bool {
	return s.oneOf(at, "dollars euros pounds percent hours hour minutes days times people gigs gigabytes weeks months")
}

// dayAlone reads "on the 4th", "by the third", "from the 4th to the 7th".
func (s *scan) dayAlone(at int) (day, int) {
	if !s.oneOf(at, "the") {
		return day{}, 0
	}
	d, n := s.nth(at + 1)
	if n == 0 || !s.leads(at, d) {
		return day{}, 0
	}
	// "on the third floor" is no day.
	next := s.low(at + 2)
	if next != "" && !written.Ordinary(next) && !s.tokens[at+1].ends || within(next, "one time floor line number call attempt day week month") {
		return day{}, 0
	}
	return day{day: d}, 2
}

// leads tells whether what stands around the number of a day makes it one.
func (s *scan) leads(at, d int) bool {
	switch {
	case s.oneOf(at-1, "on by until till before since from for after between"):
		return true
	case s.oneOf(at-1, "to and or") && len(s.found) > 0 && s.found[len(s.found)-1].name == Date:
		return true
	}
	return d >= 10 && at == 0 && s.oneOf(at+2, "at to until and or please")
}

// yearAlone reads "in 2019".
func (s *scan) yearAlone(at int) (day, int) {
	if !s.oneOf(at-1, "in since until till year of before from") || s.unit(at+1) {
		return day{}, 0
	}
	year, n := s.year(at)
	return day{year: year}, n
}

// numeric reads what engines and people write in digits alone.
func (s *scan) numeric(at int) (day, int) {
	w := s.low(at)
	sign := strings.IndexAny(w, "-/.")
	if !startsDigit(w) || len(w) > 10 || sign < 0 {
		return day{}, 0
	}
	parts := strings.Split(w, w[sign:sign+1])
	if len(parts) != 3 {
		return day{}, 0
	}
	var v [3]int
	for i, p := range parts {
		var err error
		if v[i], err = strconv.Atoi(p); err != nil {
			return day{}, 0
		}
	}
	if len(parts[2]) == 2 && len(parts[0]) != 4 {
		v[2] += 2000
	}
	d := s.ordered(v, w[sign], len(parts[0]) == 4)
	if d.year < 1900 || d.year > 2099 || !possible(d.month, d.day) {
		return day{}, 0
	}
	return d, 1
}

// ordered says which of three numbers is the year, the month and the day.
func (s *scan) ordered(v [3]int, sign byte, yearFirst bool) day {
	switch {
	case yearFirst:
		return day{v[0], v[1], v[2]}
	case sign == '/' && s.region == "US" && v[0] <= 12:
		return day{v[2], v[0], v[1]}
	}
	return day{v[2], v[1], v[0]}
}

// feasts are days that have a name; never changed.
var feasts = map[string]day{
	"christmas": {0, 12, 25}, "halloween": {0, 10, 31}, "christmas eve": {0, 12, 24}, "new year's eve": {0, 12, 31}, "new years eve": {0, 12, 31},
	"new year's day": {0, 1, 1}, "boxing day": {0, 12, 26}, "valentine's day": {0, 2, 14}, "christmas day": {0, 12, 25},
}

func (s *scan) feast(at int) (day, int) {
	if !s.oneOf(at, "christmas halloween new boxing valentine's") {
		return day{}, 0
	}
	for n := min(3, len(s.tokens)-at); n > 0; n-- {
		if d, ok := feasts[s.words(at, n)]; ok {
			return d, n
		}
	}
	return day{}, 0
}

// possible tells a day that its month has.
func possible(month, d int) bool {
	return month >= 1 && month <= 12 && d >= 1 && d <= time.Date(2024, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// complete writes a date. What was not said is taken from the call's day: the
// nearest such date, or the next or the last one. It is empty for a day that
// the month does not have.
func (s *scan) complete(d day, forward int) string {
	if s.today.IsZero() && d.year == 0 {
		return d.partly()
	}
	if d.month == 0 && d.day > 0 {
		return s.nearest(d.day, forward)
	}
	if d.year == 0 {
		d.year = s.nearestYear(d, forward)
	}
	switch {
	case d.month == 0:
		return strconv.Itoa(d.year)
	case d.day == 0:
		return fmt.Sprintf("%04d-%02d", d.year, d.month)
	}
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	if t.Day() != d.day {
		return ""
	}
	return t.Format(time.DateOnly)
}

// partly writes a date of which the year is not known.
func (d day) partly() string {
	switch {
	case d.month == 0:
		return fmt.Sprintf("---%02d", d.day)
	case d.day == 0:
		return fmt.Sprintf("--%02d", d.month)
	}
	return fmt.Sprintf("--%02d-%02d", d.month, d.day)
}

// midnight is the call's day.
func (s *scan) midnight() time.Time {
	y, m, d := s.today.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// nearest finds the month for a day of which only the number was said.
func (s *scan) nearest(number, forward int) string {
	now := s.midnight()
	var best time.Time
	for shift := -1; shift <= 2; shift++ {
		t := time.Date(now.Year(), now.Month()+time.Month(shift), number, 0, 0, 0, 0, time.UTC)
		if t.Day() != number || forward > 0 && t.Before(now) || forward < 0 && t.After(now) {
			continue
		}
		if best.IsZero() || t.Sub(now).Abs() < best.Sub(now).Abs() {
			best = t
		}
	}
	if best.IsZero() {
		return ""
	}
	return best.Format(time.DateOnly)
}

func (s *scan) nearestYear(d day, forward int) int {
	now := s.midnight()
	best := now.Year()
	gap := time.Duration(1<<63 - 1)
	for _, year := range [...]int{best, best - 1, best + 1} {
		t := time.Date(year, time.Month(d.month), max(d.day, 1), 0, 0, 0, 0, time.UTC)
		end := t
		if d.day == 0 {
			end = t.AddDate(0, 1, -1)
		}
		if forward > 0 && end.Before(now) || forward < 0 && t.After(now) {
			continue
		}
		if g := t.Sub(now).Abs(); g < gap {
			best, gap = year, g
		}
	}
	return best
}
