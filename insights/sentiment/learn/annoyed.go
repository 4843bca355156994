package learn

import (
	"cmp"
	"errors"
	"slices"

	"heed/insights/sentiment/linear"
	"heed/insights/sentiment/reading"
)

// Annoyed is the output of an annoyance model.
const Annoyed = "annoyed"

// Dialogue is what the customer said on one call, in order.
type Dialogue struct {
	Turns   []string
	Annoyed bool
}

const (
	callBits = 15
	callCost = 3.0
	// annoyedTrust is how much an annoyed customer counts against one who is
	// not: there are 25 times as few.
	annoyedTrust = 3
	folds        = 5
	// leastPrecision of those that are called annoyed.
	leastPrecision = 0.6
)

// Annoyance trains an annoyance model. Mood gives the mood of a turn, -1..1,
// and must not have been trained on these dialogues. Of those that the model
// calls annoyed six in ten shall be.
func Annoyance(dialogues []Dialogue, mood func(string) float64) (*linear.Model, error) {
	rows, rarity := readCalls(dialogues, mood)
	if !both(rows) {
		return nil, errors.New("train annoyance: there must be annoyed customers and others")
	}
	w := fit(rows, 1<<callBits, callCost)
	out := linear.Quantise(Annoyed, w.buckets, w.dense, w.bias, precise(outOfFold(rows), leastPrecision))
	return &linear.Model{Bits: callBits, Dense: reading.CallFigures, Rarity: rarity, Outputs: []linear.Output{out}}, nil
}

// readCalls reads dialogues as [reading.Call] does while they go on.
func readCalls(dialogues []Dialogue, mood func(string) float64) ([]example, []uint8) {
	rows := make([]example, len(dialogues))
	counts := make([]int, 1<<callBits)
	for i, d := range dialogues {
		turns := make([]reading.Turn, len(d.Turns))
		for k, text := range d.Turns {
			turns[k] = reading.Turn{Text: text, Mood: mood(text)}
		}
		features, figures := reading.Call(turns)
		rows[i] = example{buckets: linear.Buckets(features, callBits), dense: figures[:], yes: d.Annoyed, trust: 1}
		if d.Annoyed {
			rows[i].trust = annoyedTrust
		}
		for _, b := range rows[i].buckets {
			counts[b]++
		}
	}
	rarity := linear.Rarities(counts, len(dialogues))
	for i := range rows {
		rows[i].weigh(rarity)
	}
	return rows, rarity
}

// outOfFold scores each row by a model that did not see it.
func outOfFold(rows []example) []scored {
	scores := make([]scored, len(rows))
	for fold := range folds {
		var seen []example
		for i := range rows {
			if i%folds != fold {
				seen = append(seen, rows[i])
			}
		}
		w := fit(seen, 1<<callBits, callCost)
		for i := fold; i < len(rows); i += folds {
			scores[i] = scored{w.score(&rows[i]), rows[i].yes}
		}
	}
	return scores
}

// CrossValidate gives for each dialogue the log-odds that a model of the
// others gives it, in five folds. How rare a word is, is counted in all of
// them, labels unseen.
func CrossValidate(dialogues []Dialogue, mood func(string) float64) []float64 {
	rows, _ := readCalls(dialogues, mood)
	out := make([]float64, len(rows))
	for i, s := range outOfFold(rows) {
		out[i] = s.score
	}
	return out
}

// precise gives the lowest score above which at least a share of the rows are
// so; the highest of all where none is.
func precise(rows []scored, share float64) float64 {
	sorted := slices.SortedFunc(slices.Values(rows), func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	at, hits := sorted[0].score, 0
	for i, r := range sorted {
		if r.yes {
			hits++
		}
		if float64(hits) >= share*float64(i+1) {
			at = r.score
		}
	}
	return at
}
