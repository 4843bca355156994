package search

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/search"

	"heed/insights"
)

// kind is what values a field has.
type kind int

const (
	ofChoice kind = iota // one of two
	ofName               // a name as Heed gives them: lower case, words joined by _
	ofID                 // as it stands
	ofTongue             // a language, whatever the country
	ofDay                // days, in UTC
	ofNumber             // compared
	ofTime               // seconds, compared; 2m and 1h too
	ofEntity             // what an entity says; a sum of money is compared
	ofWords              // words, next to each other
	ofMoment             // days in UTC, or moments
)

// field is one that a query can name.
type field struct {
	name  string
	kind  kind
	whole bool      // it is of the whole call
	one   [2]string // of a choice
}

// fields in the order in which errors list them. Those of an entity are named
// with its type behind a dot.
var fields = []field{
	{name: "speaker", one: parties},
	{name: "intent", kind: ofName},
	{name: "theme", kind: ofName},
	{name: "moment", kind: ofName},
	{name: "sentiment", kind: ofNumber},
	{name: "entity", kind: ofEntity},
	{name: "call", kind: ofID},
	{name: "language", kind: ofTongue},
	{name: "date", kind: ofDay},
	{name: "at", kind: ofTime},
	{name: "first", one: parties},
	{name: "duration", kind: ofTime, whole: true},
	{name: "silence", kind: ofTime, whole: true},
	{name: "hold", kind: ofTime, whole: true},
	{name: "agent", kind: ofName, whole: true},
	{name: "direction", whole: true, one: [2]string{"inbound", "outbound"}},
	{name: "platform", kind: ofName, whole: true},
	{name: "customer", kind: ofID, whole: true},
	{name: "began", kind: ofMoment, whole: true},
	{name: "source", kind: ofName, whole: true},
	{name: "medium", kind: ofName, whole: true},
	{name: "campaign", kind: ofName, whole: true},
	{name: "keyword", kind: ofWords, whole: true},
	{name: "landing", kind: ofWords, whole: true},
	{name: "queue", kind: ofName, whole: true},
	{name: "outcome", kind: ofName, whole: true},
	{name: "action", kind: ofID, whole: true},
}

var parties = [2]string{string(insights.Customer), string(insights.Agent)}

// money is the entity whose value is a number.
const money = "money"

// names lists the fields as errors do.
func names() string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.name
	}
	return strings.Join(out, ", ")
}

// fieldOf finds a field, or the one that was perhaps meant.
func fieldOf(name string) (f field, nearest string, ok bool) {
	base, sub, dotted := strings.Cut(name, ".")
	best := 3
	for _, f := range fields {
		if f.name == base && dotted == (f.kind == ofEntity) && (!dotted || sub != "") {
			return f, "", true
		}
		if d := search.LevenshteinDistance(f.name, base); d < best && 2*d < len(base) {
			best, nearest = d, f.name
		}
	}
	return field{}, nearest, false
}

// key writes a name as the index has it.
func key(name string) string { return strings.Join(strings.Fields(strings.ToLower(name)), "_") }

// days reads a day, today, yesterday, or a range of them, in UTC.
func days(s string, now time.Time) (from, to time.Time, ok bool) {
	return between(s, now, oneDay)
}

// between reads what one gives, or a range of that. It gives where what is
// meant begins, and where it is over.
func between(s string, now time.Time, one func(string, time.Time) (time.Time, time.Time, bool)) (from, to time.Time, ok bool) {
	first, last, ranged := strings.Cut(s, "..")
	if !ranged {
		last = first
	}
	if first != "" {
		if from, _, ok = one(first, now); !ok {
			return from, to, false
		}
	}
	if last != "" {
		if _, to, ok = one(last, now); !ok {
			return from, to, false
		}
	}
	ok = (first != "" || last != "") && (from.IsZero() || to.IsZero() || from.Before(to))
	return from, to, ok
}

// oneDay reads a day in UTC: its beginning and the next one's.
func oneDay(s string, now time.Time) (from, to time.Time, ok bool) {
	today := now.UTC().Truncate(24 * time.Hour)
	switch s {
	case "today":
		from = today
	case "yesterday":
		from = today.AddDate(0, 0, -1)
	default:
		var err error
		if from, err = time.Parse(time.DateOnly, s); err != nil {
			return from, to, false
		}
	}
	return from, from.AddDate(0, 0, 1), true
}

// oneMoment reads a day in UTC, or a moment: a range goes from it, or ends
// before it.
func oneMoment(s string, now time.Time) (from, to time.Time, ok bool) {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(form, s); err == nil {
			return at, at, true
		}
	}
	return oneDay(s, now)
}

// numbers reads <3, <=3, >3, >=3, 1..3, 1.., ..3 or 3 into the bounds of a
// clause; read gives one number.
func (c *clause) numbers(s string, read func(string) (float64, bool)) bool {
	for _, o := range []string{"<=", ">=", "<", ">"} {
		if v, found := strings.CutPrefix(s, o); found {
			at, ok := read(v)
			b := &bound{at, strings.HasSuffix(o, "=")}
			if o[0] == '<' {
				c.high = b
			} else {
				c.low = b
			}
			return ok
		}
	}
	first, last, ranged := strings.Cut(s, "..")
	if !ranged {
		last = first
	}
	for _, end := range []struct {
		s  string
		to **bound
	}{{first, &c.low}, {last, &c.high}} {
		if end.s == "" {
			continue
		}
		at, ok := read(end.s)
		if !ok {
			return false
		}
		*end.to = &bound{at, true}
	}
	return (c.low != nil || c.high != nil) && (c.low == nil || c.high == nil || c.low.at <= c.high.at)
}

func number(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// seconds reads 90, 90s, 1.5m or 1h30m.
func seconds(s string) (float64, bool) {
	if v, ok := number(s); ok {
		return v, v >= 0
	}
	d, err := time.ParseDuration(s)
	return d.Seconds(), err == nil && d >= 0
}

// read puts a value into a clause of the field; want is what is expected when
// it does not parse.
func (f field) read(c *clause, text string, now time.Time) (want string) {
	value, ok := f.starred(c, text), true
	switch f.kind {
	case ofChoice:
		value = strings.ToLower(value)
		ok, want = slices.Contains(f.one[:], value), strings.Join(f.one[:], " or ")
	case ofName:
		value = key(value)
	case ofTongue:
		value = tongue(value)
	case ofWords:
		ok, want = c.how == begins || strings.ContainsFunc(value, isLetter), "a word, a \"phrase\" or a beginning*"
	case ofEntity:
		if c.field != "entity."+money {
			value = strings.ToLower(value)
			break
		}
		ok, want = c.numbers(value, number), "a sum as >100 or 20..50"
	case ofDay, ofMoment, ofNumber, ofTime:
		ok, want = f.bounds(c, value, now)
	case ofID:
	}
	if !ok {
		return want
	}
	c.text = value
	return ""
}

// starred takes the star off the beginning of a name.
func (f field) starred(c *clause, value string) string {
	before, begun := strings.CutSuffix(value, "*")
	if !begun || f.kind != ofName && f.kind != ofWords {
		return value
	}
	c.how = begins
	return before
}

// bounds reads what is compared.
func (f field) bounds(c *clause, value string, now time.Time) (ok bool, want string) {
	switch f.kind { //nolint:exhaustive // the others are not compared
	case ofDay:
		c.from, c.to, ok = days(value, now)
		return ok, "a day as 2026-11-01, today or yesterday, or two as 2026-11-01..2026-11-15, the first not after the second"
	case ofMoment:
		c.from, c.to, ok = between(value, now, oneMoment)
		return ok, "a day as 2026-11-01, today or yesterday, or two of them or moments as 2026-11-01T09:00Z..2026-11-01T10:00Z, the first before the second"
	case ofNumber:
		return c.numbers(value, number), "a number as -0.3, or a range as <-0.3, >=0.5 or -1..-0.5"
	}
	return c.numbers(value, seconds), "a time in the call as <60s, >2m or 30s..90s"
}

func isLetter(r rune) bool { return !noLetter(r) }

// unknown says what a field that is none could have been.
func unknown(name, nearest string) string {
	want := fmt.Sprintf("one of the fields %s, got %q", names(), name)
	switch {
	case strings.HasPrefix(name, "entity"):
		return "entity. with a type behind it, such as entity.money or entity.order_number"
	case nearest != "":
		return want + "; perhaps " + nearest
	}
	return want
}
