package intent

import (
	"math"
	"math/rand/v2"
	"slices"

	"heed/insights/spoken"
)

// folds is in how many parts the sentences are cut: each is answered by a
// machine that learned from the others. Of a large set one part is enough to
// calibrate by.
const (
	folds     = 5
	manyFolds = 1
)

// proof is what came out for sentences that were held out.
type proof struct {
	alone, buried []outcome
	labelled      []labelled // only where sentences have several intents
}

// prove answers held-out sentences, alone and buried in small talk, and fits
// the calibrators and limits to what came out.
func (m *Model) prove(samples []sample) {
	held := deal(samples)
	answered := folds
	if len(samples) > manySamples {
		answered = manyFolds
	}
	m.Usual = usualLength(samples)
	m.Part = judge{Right: curve{Weights: evidence{1, 1, 0}}, Closed: true} // an order to pick windows by
	open := slices.ContainsFunc(samples, func(s sample) bool { return len(s.intents) == 0 })
	var p proof
	for f := range answered {
		var rest []sample
		for g := range folds {
			if g != f {
				rest = append(rest, held[g]...)
			}
		}
		m.machine = m.fit(rest, m.several)
		p.alone = append(p.alone, m.answersAlone(held[f], open)...)
		p.buried = append(p.buried, m.answersBuried(held[f], rest)...)
		if m.several {
			p.labelled = append(p.labelled, m.answersLabelled(held[f])...)
		}
	}
	m.Whole, m.Part = judgeBy(p.alone), judgeBy(p.buried)
	m.WholeLimit, m.PartLimit = m.caution.limit(m.Whole, p.alone), careful.limit(m.Part, p.buried)
	if m.several {
		m.labels, m.label = limitsFor(p.labelled), labelCurve(p.labelled)
	}
}

// usualLength is the length, in words, that nine of ten examples keep to. A
// text within it is read as a whole: it is a request like the examples.
func usualLength(samples []sample) int {
	lengths := make([]int, 0, len(samples))
	for _, s := range samples {
		lengths = append(lengths, len(s.words))
	}
	slices.Sort(lengths)
	return lengths[len(lengths)*9/10]
}

// deal cuts the samples into parts, every intent in every part.
func deal(samples []sample) [folds][]sample {
	var held [folds][]sample
	count := make(map[int32]int)
	for _, s := range samples {
		first := int32(-1)
		if len(s.intents) > 0 {
			first = s.intents[0]
		}
		held[count[first]%folds] = append(held[count[first]%folds], s)
		count[first]++
	}
	return held
}

// answersAlone answers held-out sentences as they are. Where nothing is out of
// scope, each is answered once more as if its own intents were not known: that
// is the nearest thing to a stranger that such a set has.
func (m *Model) answersAlone(held []sample, open bool) []outcome {
	var out []outcome
	for _, s := range held {
		n := len(s.words)
		scored := m.read(s.words, nil).all()
		st := rank(0, n, scored, m.any)
		out = append(out, outcome{evidence: evidenceOf(st.best, st.lead, n), right: s.means(st.intent), stranger: len(s.intents) == 0})
		if open || m.several {
			continue
		}
		for _, c := range s.intents {
			scored[c] = float32(math.Inf(-1))
		}
		st = rank(0, n, scored, m.any)
		out = append(out, outcome{evidence: evidenceOf(st.best, st.lead, n), stranger: true, supposed: true})
	}
	return out
}

// answersBuried puts each held-out sentence between sentences of small talk
// that the machine knows, and small talk alone beside it.
func (m *Model) answersBuried(held, rest []sample) []outcome {
	idle := slices.DeleteFunc(slices.Clone(rest), func(s sample) bool { return slices.ContainsFunc(s.intents, m.asks) })
	if len(idle) == 0 {
		idle = []sample{{words: spoken.Words("well you know how it is")}}
	}
	random := rand.New(rand.NewPCG(7, uint64(len(held))))
	pick := func() []spoken.Word { return idle[random.IntN(len(idle))].words }
	var out []outcome
	for _, s := range held {
		words := slices.Concat(pick(), s.words, pick())
		st, _ := m.bestParts(m.read(words, nil))
		if st.intent >= 0 {
			out = append(out, outcome{
				evidence: evidenceOf(st.best, st.lead, len(words)), right: s.means(st.intent),
				stranger: !slices.ContainsFunc(s.intents, m.asks),
			})
		}
	}
	return out
}
