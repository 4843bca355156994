package law

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// public in a window's holidays stands for the public holidays of its place.
const public = "public"

// holidays are the public holidays of a place.
type holidays struct {
	scoped `yaml:",inline"`

	Days []string `yaml:"days"`

	days []holiday
}

// holiday is a day of each year, or of one year.
type holiday struct {
	year  int // 0: of each
	month time.Month
	day   int
	// weekday is the nth of the month where nth is not 0; -1 is the last.
	weekday time.Weekday
	nth     int
	// easter is days after Easter Sunday, where after is set.
	easter int
	after  bool
}

// readHoliday reads "12-25", "2026-12-25", "easter-2" or "monday last 05".
func readHoliday(text string) (holiday, bool) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return holiday{year: t.Year(), month: t.Month(), day: t.Day()}, true
	}
	if t, err := time.Parse(time.DateOnly, "2024-"+text); err == nil { // a leap year: 02-29 is a day
		return holiday{month: t.Month(), day: t.Day()}, true
	}
	if rest, ok := strings.CutPrefix(text, "easter"); ok {
		n, err := strconv.Atoi(rest)
		return holiday{easter: n, after: true}, rest == "" || (err == nil && n > -100 && n < 100)
	}
	return readNth(strings.Fields(text))
}

// readNth reads the words of "monday 3 01".
func readNth(words []string) (holiday, bool) {
	if len(words) != 3 {
		return holiday{}, false
	}
	day := slices.IndexFunc(weekdays, func(w time.Weekday) bool { return strings.EqualFold(w.String(), words[0]) })
	nth := 1 + slices.Index([]string{"1", "2", "3", "4"}, words[1])
	if words[1] == "last" {
		nth = -1
	}
	month, err := strconv.Atoi(words[2])
	return holiday{month: time.Month(month), weekday: time.Weekday(day), nth: nth}, day >= 0 && nth != 0 && err == nil && month >= 1 && month <= 12
}

var weekdays = []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}

// is says whether a local time lies on the day.
func (h holiday) is(local time.Time) bool {
	year, month, day := local.Date()
	if h.after {
		return easter(year).AddDate(0, 0, h.easter).Equal(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
	}
	if month != h.month || (h.year != 0 && year != h.year) {
		return false
	}
	switch {
	case h.nth == 0:
		return day == h.day
	case local.Weekday() != h.weekday:
		return false
	case h.nth < 0:
		return local.AddDate(0, 0, 7).Month() != month
	default:
		return (day+6)/7 == h.nth
	}
}

// easter gives Easter Sunday of the Gregorian calendar, by the algorithm of
// Meeus, Jones and Butcher (J. Meeus, Astronomical Algorithms, chapter 8).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	n := h + l - 7*((a+11*h+22*l)/451) + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}

// closed gives how to say that a window is closed all of a local day because
// it is a holiday there, or nothing.
func (r *Rules) closed(w *window, at spot, local time.Time) string {
	if slices.ContainsFunc(w.off, func(h holiday) bool { return h.is(local) }) {
		return ", a holiday of the rules"
	}
	if slices.Contains(w.Holidays, public) && r.publicHoliday(at, local) {
		return ", a public holiday"
	}
	return ""
}

// publicHoliday asks what is listed for a place, its country and its group.
func (r *Rules) publicHoliday(at spot, local time.Time) bool {
	return slices.ContainsFunc(r.holidays, func(l holidays) bool {
		return r.holds(l.scoped, at) && slices.ContainsFunc(l.days, func(h holiday) bool { return h.is(local) })
	})
}

// holidays checks the holidays of a place.
func (c *checker) holidays(field string, l *holidays) {
	c.scoped(field, l.scoped)
	l.days = c.days(field+".days", l.Days)
	if len(l.Days) == 0 {
		c.refuse(field+".days", "is missing", `such as ["01-01", "easter+1"]`)
	}
}

// days reads holidays, but for the word that stands for those of a place.
func (c *checker) days(field string, texts []string) []holiday {
	var out []holiday
	for _, text := range texts {
		h, ok := readHoliday(text)
		switch {
		case ok:
			out = append(out, h)
		case text != public:
			c.refuse(field, fmt.Sprintf("%q is no day", text), `such as "12-25", 2026-12-25, "easter+1" or "monday last 05"`)
		}
	}
	return out
}
