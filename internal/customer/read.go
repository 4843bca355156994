package customer

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	// shownEvidence is how many pieces a reading names, strongest first.
	shownEvidence = 8
	// faint is the contribution below which a piece is no longer named.
	faint = 0.02
)

// part is a piece of evidence with what it adds at its own moment.
type part struct {
	*Evidence
	amount float64 // weight x confidence x repeat factor, before fading
}

// Read gives a computed signal at a moment, with the evidence that matters
// most. An unknown name gives a reading of zero.
func (p Profile) Read(name string, at time.Time) Reading {
	s := lookup(name)
	if s == nil {
		return Reading{Name: name}
	}
	parts := s.parts(p.evidence(s, at))
	return Reading{Name: name, Value: s.value(parts, at), Evidence: shown(parts, at)}
}

// Readings gives every computed signal at a moment, in the order of [SignalNames].
func (p Profile) Readings(at time.Time) []Reading {
	out := make([]Reading, len(table))
	for i := range table {
		out[i] = p.Read(table[i].name, at)
	}
	return out
}

// Value gives a computed signal at a moment without its evidence.
func (p Profile) Value(name string, at time.Time) float64 {
	s := lookup(name)
	if s == nil {
		return 0
	}
	return s.value(s.parts(p.evidence(s, at)), at)
}

// High says whether a signal is in its high state at a moment: it entered at
// or above the upper threshold and has not been below the lower one since. It
// is worked out from the evidence, so every channel gives the same answer. A
// signal without thresholds is never high.
func (p Profile) High(name string, at time.Time) bool {
	s := lookup(name)
	if s == nil || s.enter == 0 {
		return false
	}
	parts := s.parts(p.evidence(s, at))
	slices.SortStableFunc(parts, func(a, b part) int { return a.At.Compare(b.At) })
	var sums [maxTerms]running
	n, high := 0, s.shape(s.bias) >= s.enter
	for _, x := range parts {
		if x.At.After(at) {
			break // not yet known at that moment
		}
		high = s.latch(high, sums[:n], x.At)
		n = accumulate(&sums, n, x)
		high = s.latch(high, sums[:n], x.At)
	}
	return s.latch(high, sums[:n], at)
}

// running is a fading sum of one half-life.
type running struct {
	at       time.Time
	halfLife time.Duration
	sum      float64
}

// accumulate adds a part to the running sum of its half-life. The parts come
// in order of time.
func accumulate(sums *[maxTerms]running, n int, x part) int {
	for i := range n {
		r := &sums[i]
		if r.halfLife == x.HalfLife {
			r.sum = r.sum*fade(r.at, x.At, r.halfLife) + x.amount
			r.at = x.At
			return n
		}
	}
	if n < maxTerms {
		sums[n] = running{at: x.At, halfLife: x.HalfLife, sum: x.amount}
		n++
	}
	return n
}

// latch gives the high state after looking at one moment.
func (s *spec) latch(high bool, sums []running, at time.Time) bool {
	total := s.bias
	for i := range sums {
		total += sums[i].sum * fade(sums[i].at, at, sums[i].halfLife)
	}
	v := s.shape(total)
	if high {
		return v >= s.leave
	}
	return v >= s.enter
}

func (s *spec) value(parts []part, at time.Time) float64 {
	total := s.bias
	for _, x := range parts {
		total += x.amount * fade(x.At, at, x.HalfLife)
	}
	return s.shape(total)
}

func (s *spec) shape(total float64) float64 {
	switch s.form {
	case tanhForm:
		return math.Tanh(total)
	case countForm:
		return total
	case sigmoidForm:
		return 1 / (1 + math.Exp(-total))
	default:
		return 0
	}
}

// parts works out what each piece is worth: within one call the same thing
// said again counts less each time.
func (s *spec) parts(list []Evidence) []part {
	parts := make([]part, len(list))
	for i := range list {
		parts[i] = part{&list[i], list[i].Weight * list[i].Confidence * s.repeat(list, i)}
	}
	return parts
}

// repeat gives the factor of the i-th piece among its kin of the same call:
// one for the strongest (or newest), then less and less.
func (s *spec) repeat(list []Evidence, i int) float64 {
	e := &list[i]
	if e.CallID == "" || e.Label == foldedLabel {
		return 1
	}
	m := s.find(e.Label)
	if m == nil {
		return 0 // the label left the table: the old evidence moves nothing
	}
	ahead := 0
	for j := range list {
		if j != i && list[j].CallID == e.CallID && s.akin(m, list[j].Label) && before(m, list, j, i) {
			ahead++
		}
	}
	if m.latest {
		return math.Pow(latestFactor, float64(ahead))
	}
	return math.Pow(repeatFactor, float64(ahead))
}

// akin says whether a label tells of the same thing as a move.
func (s *spec) akin(m *move, label string) bool {
	if label == m.label {
		return true
	}
	other := s.find(label)
	return other != nil && m.kin != "" && other.kin == m.kin
}

// before says whether piece j counts ahead of piece i. The list is in order of time.
func before(m *move, list []Evidence, j, i int) bool {
	if m.latest {
		return j > i
	}
	if a, b := strength(list[j]), strength(list[i]); a != b {
		return a > b
	}
	return j < i
}

// shown picks the pieces to name: those that still count, strongest first.
func shown(parts []part, at time.Time) []Evidence {
	type item struct {
		e    *Evidence
		size float64
	}
	items := make([]item, 0, len(parts))
	for _, x := range parts {
		size := math.Abs(x.amount * fade(x.At, at, x.HalfLife))
		if size >= faint && x.Label != foldedLabel {
			items = append(items, item{x.Evidence, size})
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(b.size, a.size) })
	if len(items) == 0 {
		return nil
	}
	items = items[:min(len(items), shownEvidence)]
	out := make([]Evidence, len(items))
	for i, it := range items {
		out[i] = *it.e
	}
	return out
}
