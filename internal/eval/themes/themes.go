// Package themes scores the discovery of themes: rows are grouped without
// their labels, and the labels then say how well.
package themes

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"heed/insights/embed"
	"heed/insights/theme/discover"
	"heed/internal/eval/rows"
	"heed/internal/eval/score"
)

// Metrics is what is measured; shares are 0..1.
type Metrics struct {
	score.Clusters // of the product's own seed, which makes it repeatable

	Rows    int     `json:"rows"`
	Labels  int     `json:"labels"`
	Seconds float64 `json:"seconds"` // of one discovery
	// Mean and Spread (standard deviation) are over other seeds.
	Mean   Figures `json:"mean"`
	Spread Figures `json:"spread"`
	Seeds  int     `json:"seeds"`
}

// Figures are the shares that seeds move.
type Figures struct {
	ACC float64 `json:"acc"`
	NMI float64 `json:"nmi"`
	ARI float64 `json:"ari"`
}

// seeds is how many other seeds are tried.
const seeds = 5

// encoder is what turns a text into a vector, see insights/embed.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Run finds the themes of the rows of test, and of extra, which may be empty,
// and scores those of test. Each row is a call of its own. Labels are only
// looked at to score.
func Run(test, extra []rows.Row) (Metrics, error) {
	enc, err := embed.Default()
	if err != nil {
		return Metrics{}, fmt.Errorf("eval themes: %w", err)
	}
	return run(test, extra, enc)
}

func run(test, extra []rows.Row, enc encoder) (Metrics, error) {
	if err := rows.Differ(test); err != nil {
		return Metrics{}, err
	}
	labels := make([]string, len(test))
	for i := range test {
		var err error
		if labels[i], err = test[i].Gold(); err != nil {
			return Metrics{}, err
		}
	}
	turns := turnsOf(append(slices.Clip(test), extra...))
	m := Metrics{Rows: len(test), Labels: len(rows.Labels(test)), Seeds: seeds}
	var tried []score.Clusters
	for seed := range uint64(seeds + 1) {
		began := time.Now()
		model, err := discover.Discover(context.Background(), turns, discover.Options{Encoder: enc, Seed: seed, All: true, MinThemes: 5})
		if err != nil {
			return Metrics{}, fmt.Errorf("eval themes: %s: %w", test[0].File, err)
		}
		c := score.Groups(labels, grouped(model, test))
		if seed > 0 {
			tried = append(tried, c)
			continue
		}
		m.Clusters, m.Seconds = c, math.Round(time.Since(began).Seconds()*100)/100
	}
	m.Mean, m.Spread = summary(tried)
	return m, nil
}

func turnsOf(all []rows.Row) []discover.Turn {
	out := make([]discover.Turn, len(all))
	for i := range all {
		id := strconv.Itoa(i)
		out[i] = discover.Turn{ID: id, CallID: id, Text: all[i].Text}
	}
	return out
}

// grouped gives the theme of each row, "" where nothing of it is known.
func grouped(m *discover.Model, test []rows.Row) []string {
	out := make([]string, len(test))
	for i := range test {
		match, _ := m.Nearest(test[i].Text, "")
		out[i] = match.Theme
	}
	return out
}

// summary gives mean and standard deviation.
func summary(tried []score.Clusters) (mean, spread Figures) {
	each := func(of func(score.Clusters) float64) (float64, float64) {
		var sum, squares float64
		for _, c := range tried {
			sum += of(c)
		}
		m := sum / float64(len(tried))
		for _, c := range tried {
			squares += (of(c) - m) * (of(c) - m)
		}
		return m, math.Sqrt(squares / float64(len(tried)-1))
	}
	mean.ACC, spread.ACC = each(func(c score.Clusters) float64 { return c.ACC })
	mean.NMI, spread.NMI = each(func(c score.Clusters) float64 { return c.NMI })
	mean.ARI, spread.ARI = each(func(c score.Clusters) float64 { return c.ARI })
	return mean, spread
}
