package train

import (
	"math/rand/v2"

	"heed/insights/embed"
)

// encoder is what is needed of embed.Encoder.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// FewShot is the share of a set's examples that lie nearest to the mean of
// their own class, where the mean is of shots examples only, which are not
// counted. It is the mean over three random draws, which are the same for each
// encoder. Of an example with several labels the first counts. It says what an
// encoder is worth on a set that it was not trained on.
func FewShot(e encoder, set *Set, shots int) float64 {
	vectors := make([][]float32, len(set.Examples))
	for i, x := range set.Examples {
		vectors[i] = make([]float32, e.Dim())
		e.Encode(vectors[i], x.Text)
	}
	const draws = 3
	sum := 0.0
	for draw := range draws {
		sum += oneDraw(set, vectors, shots, rand.New(rand.NewPCG(uint64(draw), 1)))
	}
	return sum / draws
}

func oneDraw(set *Set, vectors [][]float32, shots int, r *rand.Rand) float64 {
	means := make([][]float32, len(set.Classes))
	taken := make([]bool, len(vectors))
	for class, of := range members(set) {
		r.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
		for _, i := range of[:min(shots, len(of))] {
			if taken[i] = true; means[class] == nil {
				means[class] = make([]float32, len(vectors[i]))
			}
			for d, x := range vectors[i] {
				means[class][d] += x
			}
		}
		embed.Normalize(means[class])
	}
	right, all := 0, 0
	for i, v := range vectors {
		if taken[i] {
			continue
		}
		if all++; nearest(means, v) == set.Examples[i].Labels[0] {
			right++
		}
	}
	return float64(right) / float64(max(all, 1))
}

// nearest gives the class whose mean has the largest dot product with v.
func nearest(means [][]float32, v []float32) int {
	best, at := float32(-2), -1
	for class, m := range means {
		if m == nil {
			continue
		}
		if s := embed.Dot(m, v); s > best {
			best, at = s, class
		}
	}
	return at
}
