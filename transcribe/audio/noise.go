package audio

import (
	"math"
	"math/rand/v2"
)

// Noise adds white Gaussian noise, the same for the same seed. Engines
// trained on wide-band audio need it in the empty upper half of upsampled
// telephone audio, so it is added after resampling.
type Noise struct {
	random *rand.Rand
	sigma  float64
}

// NewNoise makes a source whose standard deviation is sigma parts of full
// scale; 0.001 is -60 dBFS.
func NewNoise(seed uint64, sigma float64) *Noise {
	return &Noise{random: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)), sigma: sigma * math.MaxInt16}
}

// Add adds noise to the samples in place.
func (n *Noise) Add(pcm []int16) {
	for i, s := range pcm {
		pcm[i] = clip(float32(s) + float32(n.random.NormFloat64()*n.sigma))
	}
}

// ToFloat appends samples to dst as parts of full scale, -1 to 1.
func ToFloat(dst []float32, src []int16) []float32 {
	for _, s := range src {
		dst = append(dst, float32(s)/32768)
	}
	return dst
}
