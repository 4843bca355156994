// Package sentiment measures how well moods are read: of sentences, and of
// customers over a call. It trains on the rows that it is given, or asks the
// models that ship, and never does both with the same rows.
package sentiment

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"heed/insights/sentiment"
	"heed/insights/sentiment/learn"
	"heed/insights/sentiment/reading"
	"heed/internal/eval/rows"
	"heed/internal/eval/score"
)

// Metrics are the figures of one set. Accuracy of rows with several labels is
// the share whose labels are all right and no other given.
type Metrics struct {
	Rows     int     `json:"rows"`
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
	// AUC and AveragePrecision are those of positive against negative, or of
	// annoyed against not; of more than two labels there are none.
	AUC              float64 `json:"auc,omitempty"`
	AveragePrecision float64 `json:"average_precision,omitempty"`
	ECE              float64 `json:"ece"`
}

// annoyed is the label of a customer's turns, one a line, that are those of
// somebody annoyed.
const annoyed = learn.Annoyed

// Evaluate scores test rows: with a model of the train rows, or with the one
// that ships when there are none. Train rows that are positive or negative are
// learned on top of what GoEmotions alone taught the one that ships. Labels are positive, negative, neutral and
// ambiguous (also 1, 0, pos, neg, true, false and none), one or several a row; or annoyed and
// anything else, where the text is what the customer said on a whole call, a
// turn a line.
func Evaluate(train, test []rows.Row) (Metrics, error) {
	if len(test) == 0 {
		return Metrics{}, errors.New("evaluate sentiment: there are no rows to test")
	}
	if slices.Contains(rows.Labels(test), annoyed) {
		return calls(train, test)
	}
	want, err := labelled(test)
	if err == nil {
		err = errors.Join(rows.Differ(test), rows.Differ(train))
	}
	if err != nil {
		return Metrics{}, err
	}
	var scorer *sentiment.Scorer
	if len(train) == 0 {
		a, err := sentiment.New(sentiment.Options{})
		if err != nil {
			return Metrics{}, fmt.Errorf("evaluate sentiment: %w", err)
		}
		scorer = a.Scorer()
	} else {
		taught, err := labelled(train)
		if err != nil {
			return Metrics{}, err
		}
		learn := taughtBy
		if taught[0].Polar {
			learn = adaptedTo
		}
		if scorer, err = learn(taught); err != nil {
			return Metrics{}, err
		}
	}
	return measure(scorer, want), nil
}

// taughtBy makes a scorer of rows.
func taughtBy(taught []learn.Row) (*sentiment.Scorer, error) {
	m, err := learn.Mood(reading.New(), taught)
	if err != nil {
		return nil, fmt.Errorf("evaluate sentiment: %w", err)
	}
	return sentiment.NewScorer(m), nil
}

// adaptedTo makes a scorer of positive and negative rows of one kind.
func adaptedTo(taught []learn.Row) (*sentiment.Scorer, error) {
	base, err := sentiment.MoodModel()
	if err != nil {
		return nil, fmt.Errorf("evaluate sentiment: %w", err)
	}
	m, err := learn.Adapt(reading.New(), base, taught)
	if err != nil {
		return nil, fmt.Errorf("evaluate sentiment: %w", err)
	}
	return sentiment.NewScorer(m), nil
}

// names are other words for the labels; never changed.
var names = map[string]string{
	"1": learn.Positive, "+1": learn.Positive, "pos": learn.Positive, "true": learn.Positive,
	"0": learn.Negative, "-1": learn.Negative, "neg": learn.Negative, "false": learn.Negative, "none": learn.Neutral,
}

// labelled gives rows their labels' own names. Rows that are all positive or
// negative teach the polarity only.
func labelled(all []rows.Row) ([]learn.Row, error) {
	out := make([]learn.Row, len(all))
	polar := true
	for i := range all {
		out[i].Text = all[i].Text
		for _, l := range all[i].Labels {
			l = strings.ToLower(l)
			out[i].Labels = append(out[i].Labels, cmp.Or(names[l], l))
		}
		if err := known(&all[i], out[i].Labels); err != nil {
			return nil, err
		}
		polar = polar && len(out[i].Labels) == 1 && (out[i].Labels[0] == learn.Positive || out[i].Labels[0] == learn.Negative)
	}
	for i := range out {
		out[i].Polar = polar
	}
	return out, nil
}

// known refuses labels that are none of the four, and a row without any.
func known(r *rows.Row, labels []string) error {
	for _, l := range labels {
		if !slices.Contains([]string{learn.Positive, learn.Negative, learn.Neutral, learn.Ambiguous}, l) {
			return r.Errorf("label %q, want positive, negative, neutral or ambiguous (or 1 and 0)", l)
		}
	}
	if len(labels) == 0 {
		return r.Errorf("no label, want positive, negative, neutral or ambiguous")
	}
	return nil
}

// measure scores rows as their labels ask for.
func measure(s *sentiment.Scorer, test []learn.Row) Metrics {
	several, ambiguous := false, false
	for i := range test {
		several = several || len(test[i].Labels) > 1
		ambiguous = ambiguous || slices.Contains(test[i].Labels, learn.Ambiguous)
	}
	switch {
	case len(test) > 0 && test[0].Polar:
		return polar(s, test)
	case several || ambiguous:
		return grouped(s, test)
	}
	return single(s, test)
}

// polar scores positive against negative.
func polar(s *sentiment.Scorer, test []learn.Row) Metrics {
	odds, yes := make([]float64, len(test)), make([]bool, len(test))
	for i := range test {
		odds[i], yes[i] = s.Odds(test[i].Text), test[i].Labels[0] == learn.Positive
	}
	return binary(odds, yes, 0)
}

// binary scores log-odds, of which those from least on say yes.
func binary(odds []float64, yes []bool, least float64) Metrics {
	got, right, sure := make([]bool, len(odds)), make([]bool, len(odds)), make([]float64, len(odds))
	for i, o := range odds {
		got[i] = o > least
		right[i] = got[i] == yes[i]
		if sure[i] = chance(o); !got[i] {
			sure[i] = 1 - sure[i]
		}
	}
	return Metrics{
		Rows: len(odds), Accuracy: score.Accuracy(yes, got), MacroF1: score.Classes(yes, got).Macro,
		AUC: score.AUROC(odds, yes), AveragePrecision: averagePrecision(odds, yes), ECE: score.ECE(sure, right),
	}
}

func chance(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

func averagePrecision(odds []float64, yes []bool) float64 {
	order, relevant := make([]int, len(odds)), 0
	for i := range order {
		order[i] = i
		if yes[i] {
			relevant++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(odds[b], odds[a]) })
	hits := make([]bool, len(order))
	for rank, i := range order {
		hits[rank] = yes[i]
	}
	return score.AveragePrecision(hits, relevant)
}

// grouped scores any number of labels a row.
func grouped(s *sentiment.Scorer, test []learn.Row) Metrics {
	want, got := make([][]string, len(test)), make([][]string, len(test))
	right, sure := make([]bool, len(test)), make([]float64, len(test))
	all := 0
	for i := range test {
		want[i], got[i] = test[i].Labels, s.Labels(test[i].Text)
		right[i], sure[i] = slices.Contains(want[i], got[i][0]), s.Chance(got[i][0], test[i].Text)
		if same(want[i], got[i]) {
			all++
		}
	}
	return Metrics{
		Rows: len(test), Accuracy: float64(all) / float64(len(test)), MacroF1: score.MultiClasses(want, got).Macro,
		ECE: score.ECE(sure, right),
	}
}

func same(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, l := range a {
		if !slices.Contains(b, l) {
			return false
		}
	}
	return true
}

// single scores one label a row, with neutral among them.
func single(s *sentiment.Scorer, test []learn.Row) Metrics {
	want, got := make([]string, len(test)), make([]string, len(test))
	right, sure := make([]bool, len(test)), make([]float64, len(test))
	for i := range test {
		want[i] = test[i].Labels[0]
		sum := 0.0
		for _, l := range [...]string{learn.Positive, learn.Negative, learn.Neutral} {
			c := s.Chance(l, test[i].Text)
			if sum += c; c > sure[i] {
				got[i], sure[i] = l, c
			}
		}
		right[i] = got[i] == want[i]
		sure[i] /= math.Max(sum, 1e-9)
	}
	return Metrics{
		Rows: len(test), Accuracy: score.Accuracy(want, got), MacroF1: score.Classes(want, got).Macro, ECE: score.ECE(sure, right),
	}
}

// calls scores whole calls.
func calls(train, test []rows.Row) (Metrics, error) {
	if err := rows.Differ(test); err != nil {
		return Metrics{}, err
	}
	if len(train) > 0 {
		return Metrics{}, errors.New("evaluate sentiment: annoyance is measured with the model that ships; leave the train rows out")
	}
	a, err := sentiment.New(sentiment.Options{})
	if err != nil {
		return Metrics{}, fmt.Errorf("evaluate sentiment: %w", err)
	}
	odds, yes := make([]float64, len(test)), make([]bool, len(test))
	for i := range test {
		p := a.Annoyed(strings.Split(test[i].Text, "\n"))
		odds[i], yes[i] = math.Log(p/(1-p)), slices.Contains(test[i].Labels, annoyed)
	}
	return binary(odds, yes, 0), nil
}
