// Package stream measures models of propensity on data sets in the order in
// which their rows came: each is answered first and learnt from afterwards, so
// that every figure is of rows that the model had not seen.
//
// The settings are those of the model as it ships but for what the functions
// say, and were chosen on these very streams: they show what the model can do
// in a stream, not what it will do in another.
package stream

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"

	"heed/internal/eval/board"
	"heed/internal/eval/score"
)

// Part is the part of the table.
func Part() board.Part {
	return board.Part{Name: "stream", Measure: func(folder string) ([]board.Line, error) { return Table(os.DirFS(folder)) }}
}

// Table measures both sets in seconds; fs.ErrNotExist says that one is not there.
func Table(data fs.FS) ([]board.Line, error) {
	choices, err := choices(data)
	if err != nil {
		return nil, fmt.Errorf("eval stream: %w", err)
	}
	calls, err := calls(data)
	if err != nil {
		return nil, fmt.Errorf("eval stream: %w", err)
	}
	return append(choices, calls...), nil
}

func readJSON(data fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(data, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// fifth is where the last fifth of a stream begins.
func fifth(n int) int { return n * 4 / 5 }

// guess is a chance that was given and what came.
type guess struct {
	p   float64
	yes bool
}

func auc(list []guess) float64 {
	p, yes := make([]float64, len(list)), make([]bool, len(list))
	for i, g := range list {
		p[i], yes[i] = g.p, g.yes
	}
	return score.AUROC(p, yes)
}

// logLoss is in nats a row.
func logLoss(list []guess) float64 {
	sum := 0.0
	for _, g := range list {
		p := g.p
		if !g.yes {
			p = 1 - p
		}
		sum -= math.Log(max(1e-12, p))
	}
	return sum / float64(len(list))
}
