package intent

import (
	"math"
	"slices"

	"heed/insights"
)

const (
	// leastAlso is how sure a second intent must be. It is often a condition or
	// an aside: "i will cancel if this does not work" is no technical problem.
	leastAlso = 0.8
	// longestWhole is up to how many words a text is read as a whole; beyond,
	// sums of many small words say nothing.
	longestWhole = 40
	// evidenceShare of what the strongest word adds makes a word evidence.
	evidenceShare = 0.3
	evidenceWords = 8
	never         = 2 // as a limit of probability
)

func (m *Model) real(c int) bool { return !m.set[c].Act }

func (m *Model) asks(c int32) bool { return m.real(int(c)) }

func (m *Model) any(int) bool { return true }

// decide weighs the whole text against its windows. A window can only bring
// a real intent, and beats an act; else the surer reading wins.
func (m *Model) decide(s *scores) Prediction {
	best := m.answerWhole(s)
	part, also := m.bestParts(s)
	p := m.answerPart(s, part, m.PartLimit)
	if p.Name != "" && (best.Name == "" || best.Act || p.Probability > best.Probability) {
		p.Guess = best.Guess
		best = p
	}
	if best.Name == "" || best.Act {
		return best
	}
	for _, other := range []stretch{part, also} {
		p := m.answerPart(s, other, max(m.PartLimit, leastAlso))
		if p.Name != "" && p.Name != best.Name && p.Probability <= best.Probability {
			best.Also = &p
			break
		}
	}
	return best
}

// answerWhole reads the whole text; of a long one it is a guess only.
func (m *Model) answerWhole(s *scores) Prediction {
	n := len(s.words)
	all := rank(0, n, s.all(), m.any)
	p := m.Whole.probability(evidenceOf(all.best, all.lead, n))
	if n > longestWhole {
		return m.answer(s, all, p, never)
	}
	return m.answer(s, all, p, m.WholeLimit)
}

// answerPart reads a window, which must be as sure as a limit.
func (m *Model) answerPart(s *scores, st stretch, limit float64) Prediction {
	if st.intent < 0 {
		return Prediction{}
	}
	p := m.Part.probability(evidenceOf(st.best, st.lead, len(s.words)))
	return m.answer(s, st, p, limit)
}

// bestParts gives the window surest of a real intent, and the surest one of
// another intent in other words. A text as short as the examples has none.
func (m *Model) bestParts(s *scores) (best, also stretch) {
	if len(s.words) <= max(m.Usual, windows[0]) {
		return nowhere, nowhere
	}
	top := make([]stretch, m.machine.classes) // by intent
	for i := range top {
		top[i] = nowhere
	}
	s.parts(m.real, func(st stretch) {
		if st.intent >= 0 && m.surer(st, top[st.intent]) {
			top[st.intent] = st
		}
	})
	best, also = nowhere, nowhere
	for _, st := range top {
		if m.surer(st, best) {
			best = st
		}
	}
	for _, st := range top {
		if apart := st.to <= best.from || st.from >= best.to; apart && m.surer(st, also) {
			also = st
		}
	}
	best, also = s.settle(best, m.real), s.settle(also, m.real)
	if m.surer(also, best) {
		return also, best
	}
	return best, also
}

// surer says whether a window is surer of its intent than another of its own.
func (m *Model) surer(a, b stretch) bool {
	if a.intent < 0 || b.intent < 0 {
		return a.intent >= 0
	}
	const anyLength = 1 // windows of one text are compared
	right := m.Part.Right
	return right.logit(evidenceOf(a.best, a.lead, anyLength)) > right.logit(evidenceOf(b.best, b.lead, anyLength))
}

// answer makes a prediction of a stretch, "none" below the limit.
func (m *Model) answer(s *scores, st stretch, probability, limit float64) Prediction {
	p := Prediction{Probability: math.Round(probability*1000) / 1000, Guess: m.set[st.intent].Name}
	if limit < never && slices.Contains(s.before, p.Guess) {
		limit *= again
	}
	if probability < limit {
		return p
	}
	p.Name, p.Act = m.set[st.intent].Name, m.set[st.intent].Act
	p.Evidence = s.evidence(st)
	return p
}

// evidence gives the places of the words that added most.
func (s *scores) evidence(st stretch) []insights.Span {
	k, c := s.m.machine.classes, st.intent
	adds := make([]float32, st.to-st.from)
	for i := range adds {
		w := st.from + i
		adds[i] = s.sums[(w+1)*k+c] - s.sums[w*k+c]
		if i > 0 { // a pair belongs half to each of its words
			half := (s.pairs[(w+1)*k+c] - s.pairs[w*k+c]) / 2
			adds[i] += half
			adds[i-1] += half
		}
	}
	var strongest float32
	for _, x := range adds {
		strongest = max(strongest, x)
	}
	var out []insights.Span
	last, count := -2, 0
	for i, x := range adds {
		if x <= 0 || x < strongest*evidenceShare || count == evidenceWords {
			continue
		}
		w := s.words[st.from+i]
		if last >= i-2 && last >= 0 { // one weak word between belongs to it
			out[len(out)-1].To = max(out[len(out)-1].To, w.To)
		} else if n := len(out); n == 0 || w.From >= out[n-1].To {
			out = append(out, insights.Span{From: w.From, To: w.To})
		}
		last = i
		count++
	}
	return out
}
