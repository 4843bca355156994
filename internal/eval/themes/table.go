package themes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"heed/internal/eval/rows"
)

// Line is one line of the table of known sets.
type Line struct {
	Set     string
	Metrics Metrics
	// Published are the figures of the task's organisers (all-mpnet-base-v2
	// sentences, k-means, k by silhouette), when there are any.
	Published *Figures
}

// Table scores the sets of a data folder: the banking turns of DSTC11 track 2
// (Gung et al. 2023), alone and among the unlabelled turns of the same calls.
// An empty table means that the folder has no such set.
func Table(folder string) ([]Line, error) {
	dir := filepath.Join(folder, "dstc11-intent-induction")
	if _, err := os.Stat(dir); err != nil {
		return nil, nil //nolint:nilerr // a set that is not there is not scored
	}
	test, err := rows.ReadFile(filepath.Join(dir, "banking-turns.jsonl"), rows.Text|rows.Label)
	if err != nil {
		return nil, fmt.Errorf("eval themes: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "banking-task2-inputs.txt"))
	if err != nil {
		return nil, fmt.Errorf("eval themes: %w", err)
	}
	var extra []rows.Row
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			extra = append(extra, rows.Row{Text: line})
		}
	}
	published := &Figures{ACC: 0.597, NMI: 0.603, ARI: 0.461}
	alone, err := Run(test, nil)
	if err != nil {
		return nil, err
	}
	among, err := Run(test, extra)
	if err != nil {
		return nil, err
	}
	return []Line{
		{"DSTC11 banking turns", alone, published},
		{"DSTC11 banking turns, among unlabelled ones", among, published},
	}, nil
}
