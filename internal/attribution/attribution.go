// Package attribution shares what a customer bought out among the contacts that
// came before it, by the usual models, and makes orders of what shops tell of
// them. It is pure: no clock, no storage. Amounts are whole numbers of a
// currency's smallest unit, and what is shared out adds up to what was bought to
// the last unit, in whatever order things are told.
//
// It does not say which model is right: none knows why somebody bought.
package attribution

import (
	"cmp"
	"math/bits"
	"slices"
	"time"
)

// Model says how much each contact of a journey counts.
type Model string

// The models. The first or the last contact has all; all have the same; or the
// first and the last have two fifths each and those between share the rest (of
// two contacts each has half).
const (
	First    Model = "first"
	Last     Model = "last"
	Linear   Model = "linear"
	Position Model = "position"
)

// Models are all of them, in the order in which people read them.
func Models() []Model { return []Model{First, Last, Linear, Position} }

// Touch is a contact that came from somewhere.
type Touch struct {
	ID string // tells it from others
	At time.Time
}

// Journey gives the contacts that were no later than a purchase and not longer
// before it than look-back, in order. Of two at the same time the id decides.
func Journey(touches []Touch, bought time.Time, lookBack time.Duration) []Touch {
	var out []Touch
	for _, t := range touches {
		if !t.At.After(bought) && bought.Sub(t.At) <= lookBack {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, byTime)
	return slices.CompactFunc(out, func(a, b Touch) bool { return a.ID == b.ID })
}

func byTime(a, b Touch) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }

// weights are how much each of n contacts counts.
func (m Model) weights(n int) []uint64 {
	w := make([]uint64, n)
	switch {
	case m == First:
		w[0] = 1
	case m == Last:
		w[n-1] = 1
	case m == Position && n > 2:
		for i := range w {
			w[i] = 1 // of 5(n-2) in all
		}
		w[0], w[n-1] = uint64(2*(n-2)), uint64(2*(n-2))
	default: // linear, and the position of one or two
		for i := range w {
			w[i] = 1
		}
	}
	return w
}

// Share shares an amount, which is not negative, out among the n contacts of a
// journey in order. The parts add up to the amount; what does not divide goes a
// unit each to the parts that lost most by rounding, the later first. Nothing is
// shared out among nobody.
func (m Model) Share(amount int64, n int) []int64 {
	if n == 0 || amount < 0 {
		return nil
	}
	weights := m.weights(n)
	all := uint64(0)
	for _, w := range weights {
		all += w
	}
	type part struct {
		at   int
		lost uint64
	}
	parts, lost, left := make([]int64, n), make([]part, n), amount
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(amount), w)
		whole, rest := bits.Div64(hi, lo, all)
		parts[i], lost[i] = int64(whole), part{i, rest}
		left -= int64(whole)
	}
	slices.SortFunc(lost, func(a, b part) int { return cmp.Or(cmp.Compare(b.lost, a.lost), cmp.Compare(b.at, a.at)) })
	for _, p := range lost[:left] { // less than there are parts
		parts[p.at]++
	}
	return parts
}
