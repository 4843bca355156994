package intent

import "math"

// outcome is what the scores of one held-out sentence led to.
type outcome struct {
	features [3]float64
	right    bool
}

// evidenceOf turns a best score and its lead over the next into features.
func evidenceOf(best, lead float64, words int) [3]float64 {
	return [3]float64{best, lead, math.Log(float64(words))}
}

// calibrator turns scores into the probability of being right.
type calibrator struct {
	weights [3]float64
	bias    float64
}

func (c calibrator) probability(f [3]float64) float64 {
	z := c.bias
	for i, w := range c.weights {
		z += w * f[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// calibrate fits a logistic curve by gradient descent with a light penalty.
func calibrate(seen []outcome) calibrator {
	var c calibrator
	n := float64(len(seen))
	for range 4000 {
		var slope [3]float64
		var push float64
		for _, o := range seen {
			want := 0.0
			if o.right {
				want = 1
			}
			miss := c.probability(o.features) - want
			for i := range slope {
				slope[i] += miss * o.features[i]
			}
			push += miss
		}
		for i := range slope {
			c.weights[i] -= 1.0 * (slope[i]/n + 1e-4*c.weights[i])
		}
		c.bias -= 1.0 * push / n
	}
	return c
}

// threshold is the probability that best keeps the right answers and drops
// the wrong ones, each side counting half, but never under a half nor over
// three in four: a wrong intent moves the customer's profile, a missed one is
// often said again.
func threshold(c calibrator, seen []outcome) float64 {
	best, at := -1.0, 0.5
	for p := 0.5; p <= 0.76; p += 0.02 {
		if score := balance(c, seen, p); score > best+1e-9 {
			best, at = score, p
		}
	}
	return at
}

// balance is the share of right answers kept at a limit and the share of
// wrong ones dropped, added.
func balance(c calibrator, seen []outcome, limit float64) float64 {
	var kept, right, dropped, wrong float64
	for _, o := range seen {
		pass := 0.0
		if c.probability(o.features) >= limit {
			pass = 1
		}
		if o.right {
			right++
			kept += pass
		} else {
			wrong++
			dropped += 1 - pass
		}
	}
	return kept/max(right, 1) + dropped/max(wrong, 1)
}
