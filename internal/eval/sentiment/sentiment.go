// Package sentiment scores the mood of labelled sentences.
package sentiment

import (
	"strings"

	"heed/insights/sentiment"
	"heed/internal/eval/rows"
	"heed/internal/eval/score"
)

// Metrics is what is measured over the rows that are positive or negative;
// shares are 0..1.
type Metrics struct {
	Rows     int     `json:"rows"`
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
	ECE      float64 `json:"ece"` // of half of one plus the strength of the score
	AUC      float64 `json:"auc"` // of the score, positive against negative
	Neutral  int     `json:"neutral,omitempty"`
}

// Run scores the analyzer that ships; it has nothing to learn, so that train
// is not read.
func Run(_, test []rows.Row) (Metrics, error) {
	analyzer := sentiment.New()
	var m Metrics
	var want, got []bool
	var scores, sure []float64
	var right []bool
	for i := range test {
		positive, neutral, err := side(&test[i])
		if err != nil {
			return m, err
		}
		if neutral {
			m.Neutral++
			continue
		}
		s, _ := analyzer.Score(test[i].Text)
		want, got, scores = append(want, positive), append(got, s > 0), append(scores, s)
		sure, right = append(sure, 0.5+max(s, -s)/2), append(right, positive == (s > 0))
	}
	m.Rows, m.Accuracy, m.MacroF1 = len(want), score.Accuracy(want, got), score.Classes(want, got).Macro
	m.ECE, m.AUC = score.ECE(sure, right), score.AUROC(scores, want)
	return m, nil
}

// side reads the label of a row.
func side(r *rows.Row) (positive, neutral bool, err error) {
	label, err := r.Label()
	if err != nil {
		return false, false, err
	}
	switch strings.ToLower(label) {
	case "positive", "pos", "1", "+1", "true":
		return true, false, nil
	case "negative", "neg", "0", "-1", "false":
		return false, false, nil
	case "neutral", "none":
		return false, true, nil
	}
	return false, false, r.Errorf("label %q, want positive, negative, neutral, 1 or 0", label)
}
