package learn

import (
	"errors"
	"slices"

	"heed/insights/sentiment/linear"
	"heed/insights/sentiment/reading"
)

// Adapt trains the polarity of a kind of text on its positive and negative
// rows, from what base knows from other kinds: its [Emotion], which no review
// has taught. The model has the polarity only.
func Adapt(r *reading.Reader, base *linear.Model, rows []Row) (*linear.Model, error) {
	at := base.Find(Emotion)
	if at < 0 {
		return nil, errors.New("adapt a mood model: it lacks the output " + Emotion)
	}
	use := make([]example, len(rows))
	odds := make([]float64, len(base.Outputs))
	for i := range rows {
		t := r.Read(rows[i].Text)
		base.Score(odds, t.Features, t.Figures[:])
		use[i] = example{
			buckets: linear.Buckets(t.Features, base.Bits), dense: t.Figures[:], trust: polarTrust, offset: odds[at],
			yes: slices.Contains(rows[i].Labels, Positive),
		}
		use[i].weigh(base.Rarity)
	}
	if !both(use) {
		return nil, errors.New("adapt a mood model: there must be positive and negative rows")
	}
	w := fit(use, 1<<base.Bits, moodCost)
	known := &base.Outputs[at]
	for b := range w.buckets {
		w.buckets[b] += float64(known.Weights[b]) * float64(known.Scale)
	}
	for i := range w.dense {
		w.dense[i] += float64(known.Dense[i])
	}
	out := linear.Quantise(Polarity, w.buckets, w.dense, w.bias+float64(known.Bias), 0)
	return &linear.Model{Bits: base.Bits, Rarity: base.Rarity, Dense: base.Dense, Outputs: []linear.Output{out}}, nil
}
