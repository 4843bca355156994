package texts

import (
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/number"
)

const monthCount = 12

// N gives a counted text in the form that its language has for n, with {n}
// written in its digits.
func (l *Language) N(key string, n int, places ...string) string {
	forms, ok := l.plurals[key]
	if !ok {
		return key
	}
	form := plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)
	text := forms[formNames()[form]]
	return fill(text, append([]string{"n", l.Number(float64(n), 0)}, places...))
}

func formNames() map[plural.Form]string {
	return map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two",
		plural.Few: "few", plural.Many: "many", plural.Other: "other",
	}
}

// sampleCounts reaches every form that the whole numbers of any language have.
const sampleCounts = 200

// forms gives the plural forms that whole numbers take in the language.
func (l *Language) forms() []string {
	var out []string
	seen := map[plural.Form]bool{}
	for n := range sampleCounts {
		form := plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)
		if !seen[form] {
			seen[form] = true
			out = append(out, formNames()[form])
		}
	}
	return out
}

// Number writes a number with at most so many digits after the point.
func (l *Language) Number(x float64, digits int) string {
	return l.printer.Sprint(number.Decimal(x, number.MaxFractionDigits(digits)))
}

// plain writes a number without a separator, at least width digits wide.
func (l *Language) plain(n, width int) string {
	return l.printer.Sprint(number.Decimal(n, number.NoSeparator(), number.MinIntegerDigits(width)))
}

// Day writes a date, such as "3 May 2026"; a zero time is "".
func (l *Language) Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.T("date.day", "day", l.plain(t.Day(), 1), "month", l.months[t.Month()-1], "year", l.plain(t.Year(), 1))
}

// Moment writes a date with the time of day; a zero time is "".
func (l *Language) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.T("date.moment", "day", l.Day(t), "time", l.plain(t.Hour(), 2)+":"+l.plain(t.Minute(), 2))
}

// Clock writes a place in a call, in minutes and seconds.
func (l *Language) Clock(seconds float64) string {
	s := max(0, int(seconds))
	return l.plain(s/60, 1) + ":" + l.plain(s%60, 2)
}

// Value writes a property of a person: a text as it is, a number and yes or no
// in the language.
func (l *Language) Value(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case bool:
		if x {
			return l.T("yes")
		}
		return l.T("no")
	case float64:
		return l.Number(x, 4)
	default:
		return ""
	}
}

// Named gives the text of a key that is made of a kind and a name, such as a
// trait's, or the name itself in plain words when there is none.
func (l *Language) Named(kind, name string) string {
	if key := kind + "." + name; l.texts[key] != "" {
		return l.texts[key]
	}
	return strings.NewReplacer("_", " ", ".", " ").Replace(name)
}
