// Package persons measures what is told of people, and by them: moods,
// personal data that is removed, what they name.
package persons

import (
	"io"
	"os"
	"strings"

	"heed/internal/eval/board"
	"heed/internal/eval/entity"
	"heed/internal/eval/redact"
	"heed/internal/eval/sentiment"
)

// Parts gives the parts of the table, in its order.
func Parts() []board.Part {
	return []board.Part{
		{Name: "sentiment", Measure: moods},
		{Name: "redact", Measure: removal},
		{Name: "entities", Measure: entities},
	}
}

// moods measures sentiment: no model has seen what it is measured on.
func moods(folder string) ([]board.Line, error) {
	found, err := sentiment.Table(os.DirFS(folder))
	if err != nil {
		return nil, err
	}
	lines := make([]board.Line, 0, len(found))
	for _, l := range found {
		line := board.Line{Task: l.Set, Measure: "accuracy", Value: l.Accuracy}
		switch l.Of {
		case "macro_f1":
			line.Measure, line.Value = "macro-F1", l.MacroF1
		case "auc":
			line.Measure, line.Value = "AUC", l.AUC
		}
		if l.Bar > 0 {
			line = line.At(l.Bar)
		}
		lines = append(lines, line)
		if l.Of == "auc" {
			lines = append(lines, board.Line{Task: l.Set, Measure: "average precision", Value: l.AveragePrecision})
		}
	}
	return lines, nil
}

// removal measures what is removed as personal data; the domain that is tested
// was not learned from.
func removal(folder string) ([]board.Line, error) {
	found, err := redact.Table(io.Discard, os.DirFS(folder))
	if err != nil {
		return nil, err
	}
	var lines []board.Line
	before := ""
	for _, l := range found {
		task := "personal data, " + strings.Replace(l.Set, "the same", before, 1)
		switch {
		case strings.HasPrefix(l.Set, "  "): // one type of the set before
			lines = append(lines, board.Line{Task: "personal data, " + before, Measure: strings.TrimSpace(l.Set), Value: l.SpanRecall})
			continue
		case l.Spans == 0: // texts without any
			lines = append(lines, board.Line{Task: task, Measure: "needless removals a row", Value: l.Needless / 1000, Lower: true})
			continue
		}
		before = l.Set
		leaks := board.Line{Task: task, Measure: "turns leaking", Value: l.Leaks, Lower: true}
		precision := board.Line{Task: task, Measure: "precision", Value: l.Precision}
		if l.Set == meanUnknown {
			leaks, precision = leaks.At(0.025), precision.At(0.70)
		}
		lines = append(lines, leaks, precision)
	}
	return lines, nil
}

// meanUnknown is the line of the mean over domains that were not learned from.
const meanUnknown = "mean of domains not learned"

// entities measures what is named in sentences that the rules were written
// without.
func entities(folder string) ([]board.Line, error) {
	found, err := entity.Table(os.DirFS(folder))
	if err != nil {
		return nil, err
	}
	lines := make([]board.Line, 0, 2*len(found))
	for _, l := range found {
		task := l.Set + ", " + l.Type
		lines = append(lines, board.Line{Task: task, Measure: "precision", Value: l.Precision}, board.Line{Task: task, Measure: "recall", Value: l.Recall})
	}
	return lines, nil
}
