// Package topics measures what is said on calls: intents, the themes that are
// found, and the search for a theme.
package topics

import (
	"fmt"
	"os"
	"strings"

	"heed/internal/eval/board"
	"heed/internal/eval/intent"
	"heed/internal/eval/themes"
	"heed/internal/eval/themesearch"
	"heed/internal/eval/unseen"
)

// encoder is the text encoder that ships, see insights/embed.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Parts gives the parts of the table, in its order.
func Parts(enc encoder) []board.Part {
	return []board.Part{
		{Name: "intent", Measure: intents},
		{Name: "themes", Measure: discovery},
		{Name: "search", Measure: func(folder string) ([]board.Line, error) { return themeSearch(folder, enc) }},
	}
}

// kept is where the encoders that are trained to measure with stay.
const kept = "build/encoders"

// intents measures the classifier as it is used, beside an encoder; not the
// one that ships, which has read what is answered here.
func intents(folder string) ([]board.Line, error) {
	data := os.DirFS(folder)
	held, err := intent.HeldOut(data)
	if err != nil {
		return nil, err
	}
	encoders, err := unseen.New(folder, kept, held)
	if err != nil {
		return nil, err
	}
	found, err := intent.Tables(data, encoders.Without)
	if err != nil {
		return nil, err
	}
	lines := make([]board.Line, 0, len(found))
	for _, l := range found {
		line := board.Line{Task: l.Task, Measure: l.Measure, Value: l.Value, Published: l.Published, Encoder: l.Encoder}
		if l.Bar > 0 {
			line = line.At(l.Bar)
		}
		lines = append(lines, line)
		if l.Metrics.Rows == 0 {
			continue // a mean of several runs
		}
		run := ""
		if strings.HasSuffix(l.Task, " a label") {
			run = ", last draw"
		}
		lines = append(lines, board.Line{Task: l.Task, Measure: "macro-F1" + run, Value: l.Metrics.MacroF1},
			board.Line{Task: l.Task, Measure: "calibration error" + run, Value: l.Metrics.ECE, Lower: true})
	}
	return once(lines), nil
}

// once leaves out a figure that stands above already: several lines of one run
// have the same macro-F1.
func once(lines []board.Line) []board.Line {
	seen := map[[2]string]bool{}
	out := lines[:0]
	for _, l := range lines {
		if key := [2]string{l.Task, l.Measure}; !seen[key] {
			seen[key] = true
			out = append(out, l)
		}
	}
	return out
}

// published writes the figure of the task's organisers.
func published(share float64) string {
	return fmt.Sprintf("organisers, large sentence encoder: %.3f", share)
}

// discovery measures the themes that are found, mean over other seeds.
func discovery(folder string) ([]board.Line, error) {
	found, err := themes.Table(folder)
	if err != nil {
		return nil, err
	}
	var lines []board.Line
	for i, l := range found {
		acc := board.Line{Task: l.Set, Measure: "ACC, mean of seeds", Value: l.Metrics.Mean.ACC}
		nmi := board.Line{Task: l.Set, Measure: "NMI, mean of seeds", Value: l.Metrics.Mean.NMI}
		if l.Published != nil {
			acc.Published, nmi.Published = published(l.Published.ACC), published(l.Published.NMI)
		}
		if i == 0 {
			acc, nmi = acc.At(0.62), nmi.At(0.64)
		}
		lines = append(lines, acc, nmi,
			board.Line{Task: l.Set, Measure: "ARI, mean of seeds", Value: l.Metrics.Mean.ARI},
			board.Line{Task: l.Set, Measure: "ACC of the product's seed", Value: l.Metrics.ACC})
	}
	return lines, nil
}

// themeSearch asks for the turns of each intent by its name, by words and with
// the encoder that ships, which has not seen the labels of these turns.
func themeSearch(folder string, enc encoder) ([]board.Line, error) {
	m, err := themesearch.Table(folder, enc)
	if err != nil {
		return nil, err
	}
	const task = "theme search, DSTC11 banking turns"
	return []board.Line{
		board.Line{Task: task, Measure: "nDCG@10", Value: m.Fused.NDCG10}.At(0.72),
		board.Line{Task: task, Measure: "MAP", Value: m.Fused.MAP}.At(0.58),
		{Task: task, Measure: "nDCG@10 by words alone", Value: m.Words.NDCG10},
		{Task: task, Measure: "MAP by words alone", Value: m.Words.MAP},
	}, nil
}
