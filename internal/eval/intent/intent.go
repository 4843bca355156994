// Package intent scores the intent classifier on labelled rows. It trains on
// one part and answers the other, through the same code as a call does; it
// never looks at the test rows before.
package intent

import (
	"fmt"
	"slices"
	"time"

	"heed/insights/intent"
	"heed/internal/eval/rows"
	"heed/internal/eval/score"
)

// Metrics is what is measured; shares are 0..1.
//
// With rows out of scope in either part an answer of "none" is wrong for a row
// in scope and right for one that is not. Without any the likeliest intent is
// the answer, however unsure, as published figures have it.
type Metrics struct {
	Rows     int     `json:"rows"`       // of the test part
	Train    int     `json:"train_rows"` // those out of scope too
	Classes  int     `json:"classes"`
	Accuracy float64 `json:"accuracy"` // over all rows; with several labels a row all must be right
	MacroF1  float64 `json:"macro_f1"` // "none" is a label of its own
	ECE      float64 `json:"ece"`      // of the probability of the likeliest intent
	// With several labels a row only, in either part:
	MicroF1 *float64 `json:"micro_f1,omitempty"`
	// With rows out of scope in the test part only:
	InScopeAccuracy *float64 `json:"in_scope_accuracy,omitempty"`
	OOSRecall       *float64 `json:"oos_recall,omitempty"`
	OOSAUROC        *float64 `json:"oos_auroc,omitempty"` // of the probability, in scope against out

	TrainSeconds float64 `json:"train_seconds"`
	PredictP50   float64 `json:"predict_us_p50"` // microseconds a row
	PredictP99   float64 `json:"predict_us_p99"`
}

// Run trains on the one and scores on the other.
func Run(train, test []rows.Row, options ...intent.Option) (Metrics, error) {
	examples, several, open, err := learnable(train)
	if err != nil {
		return Metrics{}, err
	}
	start := time.Now()
	model, err := intent.Learn(examples, options...)
	if err != nil {
		return Metrics{}, fmt.Errorf("eval intent: %w", err)
	}
	m := Metrics{
		Rows: len(test), Train: len(train), Classes: len(model.Names()),
		TrainSeconds: time.Since(start).Round(time.Millisecond).Seconds(),
	}
	if several || slices.ContainsFunc(test, func(r rows.Row) bool { return len(r.Labels) > 1 }) {
		m.answerSeveral(model, test)
		return m, nil
	}
	return m, m.answer(model, test, open)
}

// learnable makes the examples, and says whether rows have several labels and
// whether any is out of scope.
func learnable(train []rows.Row) (examples []intent.Row, several, open bool, err error) {
	for i := range train {
		r := &train[i]
		if !r.OOS && len(r.Labels) == 0 {
			return nil, false, false, r.Errorf(`no label, want "label" or "oos": true`)
		}
		several = several || len(r.Labels) > 1
		open = open || r.OOS
		examples = append(examples, intent.Row{Text: r.Text, Intents: r.Labels})
	}
	return examples, several, open, nil
}

// answer scores a model of one intent a row.
func (m *Metrics) answer(model *intent.Model, test []rows.Row, open bool) error {
	open = open || slices.ContainsFunc(test, func(r rows.Row) bool { return r.OOS })
	var t tested
	for i := range test {
		gold, err := test[i].Gold()
		if err != nil {
			return err
		}
		start := time.Now()
		p := model.Classify(test[i].Text)
		t.took = append(t.took, time.Since(start))
		t.add(gold, p, open)
	}
	m.Accuracy, m.MacroF1 = score.Accuracy(t.want, t.got), score.Classes(t.want, t.got).Macro
	m.ECE = score.ECE(t.probability, t.likely)
	m.PredictP50, m.PredictP99 = t.quantile(0.5), t.quantile(0.99)
	in, out := t.share(true), t.share(false)
	if out < 0 {
		return nil
	}
	auroc := score.AUROC(t.probability, t.known)
	m.OOSRecall, m.OOSAUROC = &out, &auroc
	if in >= 0 {
		m.InScopeAccuracy = &in
	}
	return nil
}

// answerSeveral scores a model of any number of intents a row.
func (m *Metrics) answerSeveral(model *intent.Model, test []rows.Row) {
	var t tested
	var want, got [][]string
	all := 0
	for i := range test {
		start := time.Now()
		labels := model.Labels(test[i].Text)
		t.took = append(t.took, time.Since(start))
		var names []string
		for _, l := range labels {
			names = append(names, l.Name)
			t.probability = append(t.probability, l.Probability)
			t.likely = append(t.likely, slices.Contains(test[i].Labels, l.Name))
		}
		want, got = append(want, test[i].Labels), append(got, names)
		if len(names) == len(test[i].Labels) && !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(test[i].Labels, n) }) {
			all++
		}
	}
	f1 := score.MultiClasses(want, got)
	m.Accuracy, m.MacroF1, m.MicroF1 = float64(all)/float64(max(len(test), 1)), f1.Macro, &f1.Micro
	m.ECE = score.ECE(t.probability, t.likely)
	m.PredictP50, m.PredictP99 = t.quantile(0.5), t.quantile(0.99)
}

type tested struct {
	want, got   []string
	probability []float64
	likely      []bool // the likeliest intent is the right one
	right       []bool
	known       []bool // in scope
	took        []time.Duration
}

func (t *tested) add(want string, p intent.Prediction, open bool) {
	likeliest := p.Guess
	if open && p.Name != "" {
		likeliest = p.Name
	}
	got := likeliest
	if open && p.Name == "" || got == "" {
		got = rows.OutOfScope
	}
	t.want, t.got = append(t.want, want), append(t.got, got)
	t.probability = append(t.probability, p.Probability)
	t.likely = append(t.likely, want == likeliest)
	t.right = append(t.right, want == got)
	t.known = append(t.known, want != rows.OutOfScope)
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

// quantile is in microseconds.
func (t *tested) quantile(q float64) float64 {
	if len(t.took) == 0 {
		return 0
	}
	slices.Sort(t.took)
	return float64(t.took[int(q*float64(len(t.took)-1))].Nanoseconds()/10) / 100
}
