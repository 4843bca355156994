// Package board shows what was measured beside what is to be reached and what
// others published. It measures nothing.
package board

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
)

// Part is one part of the table.
type Part struct {
	Name string
	// Measure takes a data folder, seconds or minutes of one core. Sets that are
	// not there give no lines, or an error that is fs.ErrNotExist.
	Measure func(folder string) ([]Line, error)
}

// Line is one figure.
type Line struct {
	Task    string  `json:"task"`    // the data set, and how it is used
	Measure string  `json:"measure"` // such as "accuracy"
	Value   float64 `json:"value"`   // 0..1
	// Bar is what is to be reached, 0..1; without HasBar there is none.
	Bar    float64 `json:"bar,omitempty"`
	HasBar bool    `json:"-"`
	// Lower says that less is better: leaks, errors.
	Lower bool `json:"lower_is_better,omitempty"`
	// Published is what others reached, as people write it.
	Published string `json:"published,omitempty"`
	// Encoder says what the text encoder had read, where one was used.
	Encoder string `json:"encoder,omitempty"`
}

// At gives the line with a bar.
func (l Line) At(bar float64) Line {
	l.Bar, l.HasBar = bar, true
	return l
}

// Short says that the bar was missed.
func (l Line) Short() bool {
	switch {
	case !l.HasBar:
		return false
	case l.Lower:
		return !(l.Value <= l.Bar) // so written, it finds NaN short
	}
	return !(l.Value >= l.Bar)
}

func (l Line) verdict() string {
	switch {
	case !l.HasBar:
		return ""
	case l.Short():
		return "short"
	}
	return "PASS"
}

// Write prints the lines as a table for people. Figures are shown with four
// places, one more than bars have, and judged with all.
func Write(w io.Writer, lines []Line) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "task\tmeasure\tmeasured\tbar\t\tpublished\tencoder")
	for _, l := range lines {
		bar := ""
		if l.HasBar {
			bar = fmt.Sprintf("%.3f", l.Bar)
			if l.Lower {
				bar = "at most " + bar
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%.4f\t%s\t%s\t%s\t%s\n", l.Task, l.Measure, l.Value, bar, l.verdict(), l.Published, l.Encoder)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// Check gives an error that names every line whose bar was missed.
func Check(lines []Line) error {
	var failed []error
	for _, l := range lines {
		if l.Short() {
			failed = append(failed, fmt.Errorf("%s: %s is %.4f, the bar is %.3f", l.Task, l.Measure, l.Value, l.Bar))
		}
	}
	return errors.Join(failed...)
}
