package sentiment

import (
	"strings"
	"testing"

	"heed/internal/eval/rows"
)

func TestRun(t *testing.T) {
	for name, c := range map[string]struct {
		lines string
		want  Metrics
		fails string
	}{
		"all sides": {`{"text": "this is wonderful and great", "label": 1}
{"text": "this is horrible and terrible", "label": "negative"}
{"text": "i hate it awful awful", "label": "positive"}
{"text": "a table", "label": "neutral"}`, Metrics{Rows: 3, Accuracy: 2.0 / 3, Neutral: 1}, ""},
		"no mood":    {`{"text": "a", "label": "purple"}`, Metrics{}, `rows.jsonl:1: label "purple", want positive`},
		"two labels": {`{"text": "a", "label": ["1", "0"]}`, Metrics{}, "2 labels"},
	} {
		test, err := rows.Read(strings.NewReader(c.lines), "rows.jsonl", rows.Text|rows.Label)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Run(nil, test)
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: %v, want %q", name, err, c.fails)
			}
			continue
		}
		if err != nil || got.Rows != c.want.Rows || got.Accuracy != c.want.Accuracy || got.Neutral != c.want.Neutral {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if got.AUC != 0.5 { // the second positive is below the negative, or above
			t.Errorf("%s: AUC %v", name, got.AUC)
		}
	}
}
