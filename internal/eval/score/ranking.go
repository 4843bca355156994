package score

import "math"

// NDCG is the discounted gain of the first k answers over the best that could
// be reached, 0..1, with gain 1 for a relevant answer and 0 for another and a
// discount of log2(rank+1) (Järvelin and Kekäläinen 2002). hits says of each
// answer, best first, whether it is relevant; relevant is how many there are
// in all, found or not.
func NDCG(hits []bool, relevant, k int) float64 {
	got, best := 0.0, 0.0
	for i := range k {
		gain := 1 / math.Log2(float64(i)+2)
		if i < len(hits) && hits[i] {
			got += gain
		}
		if i < relevant {
			best += gain
		}
	}
	return ratio(got, best)
}

// AveragePrecision is the mean, over the relevant answers, of the precision at
// their rank; one that was not found counts 0. Its mean over queries is MAP.
func AveragePrecision(hits []bool, relevant int) float64 {
	sum, found := 0.0, 0
	for i, hit := range hits {
		if hit {
			found++
			sum += float64(found) / float64(i+1)
		}
	}
	return ratio(sum, float64(relevant))
}

// PrecisionAt is the share of relevant answers among the first k; answers that
// are not there are not relevant.
func PrecisionAt(hits []bool, k int) float64 {
	found := 0
	for _, hit := range hits[:min(k, len(hits))] {
		if hit {
			found++
		}
	}
	return ratio(float64(found), float64(k))
}

// Mean is the arithmetic mean.
func Mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return ratio(sum, float64(len(values)))
}
