// Package score turns what was expected and what was said into figures:
// accuracy, F1, calibration, ranking and clustering. It knows no data set and
// no analyzer.
//
// All functions are pure and give the same figure for the same input, bit for
// bit. Two slices that belong together must have one length: another length
// is a mistake of the caller and panics. An empty input scores 0.
package score

import "fmt"

// pair panics when two slices that belong together have different lengths.
func pair(a, b int) {
	if a != b {
		panic(fmt.Sprintf("score: %d and %d values, want as many of both", a, b))
	}
}

func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}
