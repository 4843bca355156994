// Package rule says when somebody is to be told of a number: when it reaches a
// bound, when it differs from its own past by more than chance, or when there is
// something where nothing was. What was told of is told again only after it has
// ended, and not before a rest.
//
// The package is pure: the caller counts calls, brings the moment and keeps how
// a rule stands. What it is asked about the past, which a person sees before
// they subscribe, it answers by the steps that it takes live.
package rule

import (
	"fmt"
	"slices"
	"time"
)

// Kind is what a rule waits for.
type Kind string

// The kinds of rule.
const (
	Threshold Kind = "threshold" // so many in a period
	Change    Kind = "change"    // more or fewer than the same period of past weeks
	New       Kind = "new"       // some after weeks without any
)

// The units of a count and the directions of a change.
const (
	Calls = "calls"
	Lines = "lines"

	Up     = "up"
	Down   = "down"
	Either = "either"
)

// Rule is what somebody wants to be told of.
type Rule struct {
	Kind Kind
	// Least of Unit in Period fire a threshold; Period is also that of a change.
	// It ends at the moment of looking.
	Least     int
	Unit      string
	Period    time.Duration
	Direction string        // of a change
	Weeks     int           // without any, before something is new
	Rest      time.Duration // after an alert there is no other for so long
}

// Periods are those that can be chosen, by their names.
var Periods = map[string]time.Duration{"hour": time.Hour, "day": day, "week": week}

const (
	day  = 24 * time.Hour
	week = 7 * day

	// most bounds a count that can be waited for.
	most = 1_000_000
	// mostWeeks bounds the silence before something new.
	mostWeeks = 26
	// fresh is how long a call is new.
	fresh = day
)

// Invalid says what is wrong with a field of a rule.
type Invalid struct{ Field, Want string }

func (e *Invalid) Error() string { return e.Field + ": " + e.Want }

// Check refuses what is no rule, with an *Invalid.
func (r Rule) Check() error {
	if r.Rest < 0 || r.Rest > 4*week {
		return &Invalid{"rest", "expected at most 28 days"}
	}
	switch r.Kind {
	case Threshold:
		return r.checkThreshold()
	case Change:
		return r.checkChange()
	case New:
		if r.Weeks < 1 || r.Weeks > mostWeeks {
			return &Invalid{"weeks", fmt.Sprintf("expected 1 to %d", mostWeeks)}
		}
		return nil
	}
	return &Invalid{"kind", "expected threshold, change or new"}
}

func (r Rule) checkChange() error {
	switch {
	case r.Period != day && r.Period != week:
		return &Invalid{"period", "expected day or week: hours of a day differ too much to compare them"}
	case !slices.Contains([]string{Up, Down, Either}, r.Direction):
		return &Invalid{"direction", "expected up, down or either"}
	}
	return nil
}

func (r Rule) checkThreshold() error {
	switch {
	case r.Least < 1 || r.Least > most:
		return &Invalid{"least", fmt.Sprintf("expected 1 to %d", most)}
	case r.Unit != Calls && r.Unit != Lines:
		return &Invalid{"unit", "expected calls or lines"}
	case r.Period != time.Hour && r.Period != day && r.Period != week:
		return &Invalid{"period", "expected hour, day or week"}
	}
	return nil
}

// Every is how often a rule is looked at: what waits for an hour's calls each
// minute, what is compared with the past each hour.
func (r Rule) Every() time.Duration {
	switch {
	case r.Kind == Threshold && r.Period == time.Hour:
		return time.Minute
	case r.Kind == Threshold:
		return 5 * time.Minute
	}
	return time.Hour
}

// Back is how much history before a moment a rule needs to be judged at it.
func (r Rule) Back() time.Duration {
	switch r.Kind {
	case Change:
		return r.Period + pastWeeks*week
	case New:
		return fresh + time.Duration(r.Weeks)*week
	case Threshold:
	}
	return r.Period
}

// Point is one call, or what is counted together: when, how many calls, and
// how many lines of them.
type Point struct {
	At    time.Time
	Calls int
	Lines int
}

// History is what was counted.
type History struct {
	// Points are what was found, in order of their times.
	Points []Point
	// Volume is all calls, found or not, in order.
	Volume []Point
	// From is the beginning of all records: before it nothing is known.
	From time.Time
	// More says that there is more than was counted.
	More bool
}

// span gives the points from a moment on and before another.
func span(points []Point, from, to time.Time) []Point {
	at := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(points, t, func(p Point, t time.Time) int { return p.At.Compare(t) })
		return i
	}
	lo, hi := at(from), at(to)
	return points[lo:max(lo, hi)]
}

// sum counts in a unit.
func sum(points []Point, unit string) (n int) {
	for _, p := range points {
		if unit == Lines {
			n += p.Lines
		} else {
			n += p.Calls
		}
	}
	return n
}
