package adapt

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"heed/insights/embed"
)

// Two groups that noise has blurred lie closer to their own middle than before.
func TestSmoothMakesGroupsClearer(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var vectors [][]float32
	for i := range 60 {
		v := make([]float32, 20)
		for d := range v {
			v[d] = float32(r.NormFloat64()) * 0.2
		}
		v[i%2]++
		embed.Normalize(v)
		vectors = append(vectors, v)
	}
	before := slices.Clone(vectors[0])
	smoothed := Smooth(vectors)
	if !slices.Equal(vectors[0], before) {
		t.Error("what was given was changed")
	}
	contrast := func(v [][]float32) (within, between float32) {
		for i := range v {
			within += embed.Dot(v[i], v[(i+2)%len(v)]) / float32(len(v))
			between += embed.Dot(v[i], v[(i+1)%len(v)]) / float32(len(v))
		}
		return within, between
	}
	w0, b0 := contrast(vectors)
	w1, b1 := contrast(smoothed)
	if w1-b1 < w0-b0+0.1 {
		t.Errorf("within %.2f, between %.2f; smoothed %.2f and %.2f", w0, b0, w1, b1)
	}
	for i, v := range smoothed {
		if l := embed.Dot(v, v); math.Abs(float64(l)-1) > 1e-4 {
			t.Errorf("row %d has length %g", i, l)
		}
	}
}

func TestSmoothWithstandsLittle(t *testing.T) {
	if Smooth(nil) != nil {
		t.Error("something of nothing")
	}
	if got := Smooth([][]float32{{0, 0}, {1, 0}}); got[0][0] != 0 || got[1][0] != 1 {
		t.Errorf("%v: a vector of zeros has no neighbours", got)
	}
}
