package intent

import (
	"cmp"
	"slices"

	"heed/insights/spoken"
)

// limits are the scores from which intents are answered where a text may have
// several: the best one from first, further ones from more.
type limits struct{ first, more float64 }

// labelled is a held-out sentence: its likeliest intents, best first, and how
// many intents it really has.
type labelled struct {
	scores []float64
	right  []bool
	all    int
}

// labelledDepth is how many of the likeliest intents of a sentence are looked
// at: beyond, none is near a limit.
const labelledDepth = 12

func (m *Model) answersLabelled(held []sample) []labelled {
	out := make([]labelled, 0, len(held))
	for _, s := range held {
		l := labelled{all: len(s.intents)}
		for _, c := range byScore(m.read(s.words, nil).all()) {
			l.scores = append(l.scores, c.score)
			l.right = append(l.right, s.means(c.intent))
		}
		out = append(out, l)
	}
	return out
}

type candidate struct {
	intent int
	score  float64
}

// byScore gives the likeliest intents, best first.
func byScore(scored []float32) []candidate {
	all := make([]candidate, len(scored))
	for c, x := range scored {
		all[c] = candidate{c, float64(x)}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return all[:min(len(all), labelledDepth)]
}

// limitsFor gives the limits of the best micro-F1, of several the highest. It is two numbers for all
// intents, not one for each: limits by intent fit the examples and not what
// comes after.
func limitsFor(seen []labelled) limits {
	best, out := -1.0, limits{}
	for first := -1.2; first <= 0.41; first += 0.1 {
		for more := first; more <= 1.21; more += 0.1 {
			l := limits{first * margins, more * margins}
			if f1 := l.microF1(seen); f1 >= best-1e-9 {
				best, out = max(best, f1), l
			}
		}
	}
	return out
}

func (l limits) microF1(seen []labelled) float64 {
	var right, given, all float64
	for _, s := range seen {
		all += float64(s.all)
		for i, x := range s.scores {
			if !l.pass(i, x) {
				break
			}
			given++
			if s.right[i] {
				right++
			}
		}
	}
	return 2 * right / max(given+all, 1)
}

// pass says whether the intent at a place of [byScore] is answered.
func (l limits) pass(place int, score float64) bool {
	if place == 0 {
		return score >= l.first
	}
	return score >= l.more
}

// labelCurve fits the probability of an intent to its score. The intents
// far below all others are left out: they would only teach what is clear.
func labelCurve(seen []labelled) curve {
	var all []example
	for _, s := range seen {
		for i, x := range s.scores[:min(len(s.scores), 5)] {
			all = append(all, example{evidence{x}, s.right[i], 1})
		}
	}
	return fitCurve(all)
}

// Labels gives all intents of a text, likeliest first, acts too. Only a model
// that learned from examples of several intents answers more than one; any
// other gives what [Model.Classify] does.
func (m *Model) Labels(text string) []Prediction {
	if !m.several {
		if p := m.Classify(text); p.Name != "" {
			return []Prediction{p}
		}
		return nil
	}
	words := spoken.Words(text)
	if len(words) == 0 {
		return nil
	}
	s := m.read(words, m.known)
	var out []Prediction
	for i, c := range byScore(s.all()) {
		if !m.labels.pass(i, c.score) {
			break
		}
		p := m.label.at(evidence{c.score})
		out = append(out, m.answer(s, stretch{to: len(words), intent: c.intent}, p, 0))
	}
	return out
}
