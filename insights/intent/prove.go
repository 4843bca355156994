package intent

import (
	"math/rand/v2"
	"slices"

	"heed/insights/spoken"
)

// folds is in how many parts the sentences are cut: each is answered by a
// machine that learned from the others.
const folds = 5

// prove answers held-out sentences, alone and buried in small talk, and fits
// the calibrators and limits to what came out.
func (m *Model) prove(samples []sample) {
	var alone, buried []outcome
	held := make([][]sample, folds)
	count := make(map[int]int)
	for _, s := range samples { // every intent in every fold
		held[count[s.intent]%folds] = append(held[count[s.intent]%folds], s)
		count[s.intent]++
	}
	m.part = calibrator{weights: [3]float64{1, 1, 0}} // an order to pick windows by
	for f := range folds {
		var rest []sample
		for g := range folds {
			if g != f {
				rest = append(rest, held[g]...)
			}
		}
		m.machine = fit(spread(rest), len(m.set))
		alone = append(alone, m.answersAlone(held[f])...)
		buried = append(buried, m.answersBuried(held[f], rest)...)
	}
	m.whole, m.part = calibrate(alone), calibrate(buried)
	m.wholeLimit, m.partLimit = threshold(m.whole, alone), threshold(m.part, buried)
}

func (m *Model) answersAlone(held []sample) []outcome {
	var out []outcome
	for _, s := range held {
		st := m.machine.read(s.words, nil).rank(0, len(s.words), m.any)
		out = append(out, outcome{evidenceOf(st.best, st.lead, len(s.words)), st.intent == s.intent})
	}
	return out
}

// answersBuried puts each held-out sentence between sentences of small talk
// that the machine knows, and small talk alone beside it.
func (m *Model) answersBuried(held, rest []sample) []outcome {
	idle := slices.DeleteFunc(slices.Clone(rest), func(s sample) bool { return s.intent >= 0 && m.real(s.intent) })
	if len(idle) == 0 {
		idle = []sample{{words: spoken.Words("well you know how it is"), intent: -1}}
	}
	random := rand.New(rand.NewPCG(7, uint64(len(held))))
	pick := func() []spoken.Word { return idle[random.IntN(len(idle))].words }
	var out []outcome
	for _, s := range held {
		words := slices.Concat(pick(), s.words, pick())
		want := s.intent
		if want >= 0 && !m.real(want) {
			want = -1
		}
		st, _ := m.bestParts(m.machine.read(words, nil))
		if st.intent >= 0 {
			out = append(out, outcome{evidenceOf(st.best, st.lead, len(words)), st.intent == want})
		}
	}
	return out
}
