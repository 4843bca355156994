// Package words scores what was heard against what was said, row by row.
package words

import (
	"context"
	"fmt"
	"path/filepath"

	"heed/internal/eval/rows"
	"heed/internal/wer"
)

// Metrics is what is measured.
type Metrics struct {
	Rows          int     `json:"rows"`
	Words         int     `json:"words"` // that were said
	WER           float64 `json:"wer"`   // edits for each word said; may be above 1
	Substitutions int     `json:"substitutions"`
	Deletions     int     `json:"deletions"`
	Insertions    int     `json:"insertions"`
	// Exact is the share of the rows without an error.
	Exact float64 `json:"exact"`
	// Heard is how many rows were heard now, from their recordings.
	Heard int `json:"heard,omitempty"`
}

// Hear gives the words of a recording.
type Hear func(ctx context.Context, path string) (string, error)

// Run scores rows. A row with a hypothesis is scored as it is; one without is
// heard first, its recording sought beside the file of the row. Progress, when
// not nil, is told of each row.
func Run(ctx context.Context, test []rows.Row, hear Hear, progress func(done, total int)) (Metrics, error) {
	var m Metrics
	var sum wer.Errors
	exact := 0
	for i := range test {
		heard, err := heardOf(ctx, &test[i], hear, &m)
		if err != nil {
			return m, err
		}
		e := wer.Compare(test[i].Reference, heard)
		if e.Sum() == 0 {
			exact++
		}
		sum = sum.Add(e)
		if progress != nil {
			progress(i+1, len(test))
		}
	}
	m.Rows, m.Words, m.WER = len(test), sum.Words, sum.Rate()
	m.Substitutions, m.Deletions, m.Insertions = sum.Substitutions, sum.Deletions, sum.Insertions
	m.Exact = float64(exact) / float64(max(len(test), 1))
	return m, nil
}

func heardOf(ctx context.Context, r *rows.Row, hear Hear, m *Metrics) (string, error) {
	if r.Heard || r.Audio == "" {
		return r.Hypothesis, nil
	}
	path := r.Audio
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(r.File), path)
	}
	text, err := hear(ctx, path)
	if err != nil {
		return "", fmt.Errorf("%s:%d: %w", r.File, r.Line, err)
	}
	m.Heard++
	return text, nil
}

// NeedEars says whether a row must be heard first.
func NeedEars(test []rows.Row) bool {
	for i := range test {
		if !test[i].Heard && test[i].Audio != "" {
			return true
		}
	}
	return false
}
