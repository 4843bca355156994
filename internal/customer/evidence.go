package customer

import (
	"math"
	"slices"
	"strings"
	"time"
)

const (
	// maxEvidence bounds what a signal keeps: so many one by one, and one
	// folded term for each half-life (a signal has at most maxTerms of them).
	maxEvidence = 64
	maxTerms    = 8
	maxKept     = maxEvidence - maxTerms
	// maxPerCall bounds what one call adds to one signal under one label. The
	// rest would count for less than half a per cent of the strongest.
	maxPerCall = 8
	// repeatFactor is what each further mention within one call is worth next
	// to the one before it; however often it is said, the sum stays below
	// twice the strongest.
	repeatFactor = 0.5
	// latestFactor is the same for mood, where the newest words count most: a
	// caller who was angry and is now content is content.
	latestFactor = 0.7
	// foldedCallFactor stands for the repeats of a call once its evidence is
	// folded and the call can no longer be told apart.
	foldedCallFactor = 0.5
	// foldedLabel marks a folded term in a profile.
	foldedLabel = "older"
)

// move adds a piece of evidence to every signal that its label moves.
func (p *Profile) move(e Evidence, value float64) bool {
	if e.EventID == "" || e.At.IsZero() || math.IsNaN(value) || math.IsInf(value, 0) || math.IsNaN(e.Confidence) {
		return false
	}
	e.At = stamp(e.At)
	e.Confidence = clamp01(e.Confidence)
	moved := false
	for i := range table {
		s := &table[i]
		if m := s.find(e.Label); m != nil && m.weigh(&e, value) {
			p.touch(e.At)
			moved = p.add(s, e) || moved
		}
	}
	return moved
}

// weigh gives a piece the weight and half-life of its move. It says false for
// one that is not believed or weighs nothing.
func (m *move) weigh(e *Evidence, value float64) bool {
	e.Weight, e.HalfLife = m.weight, m.halfLife
	if m.scaled {
		e.Weight *= max(-1, min(1, value))
	}
	return e.Confidence >= m.least && e.Confidence > 0 && e.Weight != 0
}

// add puts one piece in its place, keeps the list bounded, and says whether
// anything changed. The result is that of all pieces in the order of time,
// whatever the order in which they came. A late piece for which that can no
// longer be had here, because what it would have met was folded, leaves the
// profile as it is and marks it stale.
func (p *Profile) add(s *spec, e Evidence) bool {
	old, was := p.Evidence[s.name], p.Marks[s.name]
	if slices.ContainsFunc(old, func(k Evidence) bool { return k.EventID == e.EventID && k.Label == e.Label }) {
		return false
	}
	place, mark := placeOf(e), was
	late := place.compare(was.Last) <= 0
	if late && was.missed(e) {
		p.Stale = true
		return false
	}
	at, _ := slices.BinarySearchFunc(old, e, compareEvidence)
	list := slices.Insert(slices.Clip(old), at, e)
	drop := overCalled(s, list, e)
	if drop >= 0 {
		mark.Capped = true
		list = slices.Delete(list, drop, drop+1)
	}
	if late && mark.Capped && alone(list) > maxKept {
		p.Stale = true
		return false
	}
	if !late {
		mark.Last = place
	}
	list = bound(list, &mark)
	p.setEvidence(s.name, list, mark)
	return drop != at || mark != was
}

// missed says whether a late piece may have met something that was folded: it
// is older than that, or it is of a call, and how often calls said the same
// cannot be told any more.
func (m Mark) missed(e Evidence) bool {
	return m.folded() && (m.Capped || e.CallID != "" || placeOf(e).compare(m.Folded) <= 0)
}

func (p *Profile) setEvidence(signal string, list []Evidence, mark Mark) {
	if p.Evidence == nil {
		p.Evidence = make(map[string][]Evidence, len(table))
	}
	if p.Marks == nil {
		p.Marks = make(map[string]Mark, len(table))
	}
	p.Marks[signal] = mark
	if p.Evidence[signal] = list; len(list) == 0 {
		delete(p.Evidence, signal)
	}
}

// overCalled gives the piece to drop when the call of e has said the same too
// often, or -1: the weakest, or for mood the oldest.
func overCalled(s *spec, list []Evidence, e Evidence) int {
	if e.CallID == "" {
		return -1
	}
	m, count, drop := s.find(e.Label), 0, -1
	for i := range list {
		if list[i].CallID != e.CallID || list[i].Label != e.Label {
			continue
		}
		count++
		if drop < 0 || (!m.latest && strength(list[i]) < strength(list[drop])) {
			drop = i
		}
	}
	if count <= maxPerCall {
		return -1
	}
	return drop
}

// terms counts the folded terms, which come first.
func terms(list []Evidence) int {
	n := 0
	for n < len(list) && list[n].Label == foldedLabel {
		n++
	}
	return n
}

// alone counts the pieces that stand for themselves.
func alone(list []Evidence) int { return len(list) - terms(list) }

// bound folds the oldest pieces until at most maxKept stand alone.
func bound(list []Evidence, mark *Mark) []Evidence {
	n := terms(list)
	for len(list)-n > maxKept {
		oldest := list[n]
		list = slices.Delete(list, n, n+1)
		mark.Folded = placeOf(oldest)
		list, n = fold(list, n, oldest)
	}
	return list
}

// fold adds a piece to the term of its half-life at the head of the list. A
// fading sum of one half-life fades as one piece does, so nothing is lost but
// the names.
func fold(list []Evidence, terms int, e Evidence) ([]Evidence, int) {
	amount := e.Weight * e.Confidence
	if e.CallID != "" {
		amount *= foldedCallFactor
	}
	for i := range terms {
		t := &list[i]
		if t.HalfLife != e.HalfLife {
			continue
		}
		newest := later(t.At, e.At)
		t.Weight = t.Weight*fade(t.At, newest, t.HalfLife) + amount*fade(e.At, newest, e.HalfLife)
		t.At = newest
		return list, terms
	}
	term := Evidence{EventID: foldedLabel, Label: foldedLabel, Weight: amount, HalfLife: e.HalfLife, Confidence: 1, At: e.At}
	at := 0
	for at < terms && list[at].HalfLife < e.HalfLife {
		at++
	}
	return slices.Insert(list, at, term), terms + 1
}

// compareEvidence keeps folded terms first, by half-life, then the rest by
// time; the event id and label break ties so that the order is total.
func compareEvidence(a, b Evidence) int {
	if fa, fb := a.Label == foldedLabel, b.Label == foldedLabel; fa != fb {
		if fa {
			return -1
		}
		return 1
	}
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	if c := strings.Compare(a.EventID, b.EventID); c != 0 {
		return c
	}
	return strings.Compare(a.Label, b.Label)
}

func strength(e Evidence) float64 { return math.Abs(e.Weight * e.Confidence) }

// fade is what is left at a later moment of something worth 1. A moment
// before it counts as the moment itself: clocks jump, evidence does not grow.
func fade(from, at time.Time, halfLife time.Duration) float64 {
	age := at.Sub(from)
	if age <= 0 || halfLife <= 0 {
		return 1
	}
	return math.Exp2(-float64(age) / float64(halfLife))
}
