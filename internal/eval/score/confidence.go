package score

import (
	"math"
	"slices"
)

// Bins are the equal ranges of confidence that [ECE] compares, as in Guo et
// al. 2017, "On Calibration of Modern Neural Networks" (15 there too).
const Bins = 15

// ECE is the expected calibration error, 0 (perfect) to 1: the distance
// between the mean confidence and the share of right answers, over [Bins]
// ranges of equal width, weighted by their rows. A range holds its upper end
// and not its lower one, the first one both. Confidences outside 0..1 or not
// a number are taken as the nearest end.
func ECE(confidence []float64, right []bool) float64 {
	pair(len(confidence), len(right))
	var gap [Bins]float64
	for i, c := range confidence {
		if !(c > 0) {
			c = 0
		}
		c = min(c, 1)
		bin := max(int(math.Ceil(c*Bins))-1, 0)
		gap[bin] += c
		if right[i] {
			gap[bin]--
		}
	}
	sum := 0.0
	for _, g := range gap {
		sum += math.Abs(g)
	}
	return ratio(sum, float64(len(confidence)))
}

// AUROC is the probability that a positive row has the higher score than a
// negative one, a tie counting half: the area under the curve of true against
// false positives. It is 0.5 when all rows are of one side, which says
// nothing. Scores must be numbers.
func AUROC(scores []float64, positive []bool) float64 {
	pair(len(scores), len(positive))
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case scores[a] < scores[b]:
			return -1
		case scores[a] > scores[b]:
			return 1
		}
		return 0
	})
	won, below, positives := 0.0, 0, 0
	for from := 0; from < len(order); {
		to := from
		above := 0
		for to < len(order) && scores[order[to]] == scores[order[from]] {
			if positive[order[to]] {
				above++
			}
			to++
		}
		level := to - from - above
		won += float64(above) * (float64(below) + float64(level)/2)
		below += level
		positives += above
		from = max(to, from+1)
	}
	if positives == 0 || below == 0 {
		return 0.5
	}
	return won / (float64(positives) * float64(below))
}
