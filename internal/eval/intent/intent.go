// Package intent scores the intent classifier on labelled rows. It trains on
// one part and answers the other; it never looks at the test rows before.
package intent

import (
	"fmt"

	"heed/insights/intent"
	"heed/internal/eval/rows"
	"heed/internal/eval/score"
)

// Metrics is what is measured; shares are 0..1. An answer of "none" is wrong
// for a row in scope and right for a row out of scope.
type Metrics struct {
	Rows     int     `json:"rows"`
	Accuracy float64 `json:"accuracy"` // over all rows, those out of scope too
	MacroF1  float64 `json:"macro_f1"` // "none" is a label of its own
	ECE      float64 `json:"ece"`      // of the probability of the answer given
	// With rows out of scope only:
	InScopeAccuracy *float64 `json:"in_scope_accuracy,omitempty"`
	OOSRecall       *float64 `json:"oos_recall,omitempty"`
	OOSAUROC        *float64 `json:"oos_auroc,omitempty"` // of the probability, in scope against out
}

// Run trains on the one and scores on the other.
func Run(train, test []rows.Row) (Metrics, error) {
	set, err := learnable(train)
	if err != nil {
		return Metrics{}, err
	}
	model, err := intent.Train(set)
	if err != nil {
		return Metrics{}, fmt.Errorf("eval intent: %w", err)
	}
	var t tested
	for i := range test {
		gold, err := test[i].Gold()
		if err != nil {
			return Metrics{}, err
		}
		p := model.Classify(test[i].Text)
		answer := p.Name
		if answer == "" {
			answer = rows.OutOfScope
		}
		t.add(gold, answer, p.Probability)
	}
	return t.metrics(), nil
}

// learnable makes the examples; a sentence twice is learned once.
func learnable(train []rows.Row) (intent.Set, error) {
	var set intent.Set
	at, seen := map[string]int{}, map[string]bool{}
	for i := range train {
		row := &train[i]
		label, err := row.Gold()
		if err != nil {
			return set, err
		}
		if seen[row.Text] {
			continue
		}
		seen[row.Text] = true
		if row.OOS {
			set.OutOfScope = append(set.OutOfScope, row.Text)
			continue
		}
		k, known := at[label]
		if !known {
			k = len(set.Intents)
			at[label] = k
			set.Intents = append(set.Intents, intent.Examples{Name: label})
		}
		set.Intents[k].Sentences = append(set.Intents[k].Sentences, row.Text)
	}
	return set, nil
}

type tested struct {
	want, got   []string
	probability []float64
	right       []bool
	known       []bool // in scope
}

func (t *tested) add(want, got string, probability float64) {
	t.want, t.got = append(t.want, want), append(t.got, got)
	t.probability = append(t.probability, probability)
	t.right = append(t.right, want == got)
	t.known = append(t.known, want != rows.OutOfScope)
}

func (t *tested) metrics() Metrics {
	m := Metrics{
		Rows: len(t.want), Accuracy: score.Accuracy(t.want, t.got),
		MacroF1: score.Classes(t.want, t.got).Macro, ECE: score.ECE(t.probability, t.right),
	}
	in, out := t.share(true), t.share(false)
	if out < 0 {
		return m
	}
	auroc := score.AUROC(t.probability, t.known)
	m.OOSRecall, m.OOSAUROC = &out, &auroc
	if in >= 0 {
		m.InScopeAccuracy = &in
	}
	return m
}

// share of right answers in or out of scope; -1 without such rows.
func (t *tested) share(known bool) float64 {
	right, all := 0, 0
	for i := range t.right {
		if t.known[i] != known {
			continue
		}
		all++
		if t.right[i] {
			right++
		}
	}
	if all == 0 {
		return -1
	}
	return float64(right) / float64(all)
}
