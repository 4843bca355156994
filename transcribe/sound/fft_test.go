package sound

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"
)

// TestPowerIsTheTransforms holds the transform to that of a library.
func TestPowerIsTheTransforms(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	fft := fourier.NewFFT(windowLength)
	for name, sample := range map[string]func(i int) int16{
		"noise":   func(int) int16 { return int16(rng.IntN(65536) - 32768) },
		"tone":    func(i int) int16 { return int16(20000 * math.Sin(float64(i)*0.7)) },
		"impulse": func(i int) int16 { return map[int]int16{100: 32767}[i] },
		"full":    func(int) int16 { return -32768 },
		"silence": func(int) int16 { return 0 },
	} {
		t.Run(name, func(t *testing.T) {
			pcm, windowed := make([]int16, windowLength), make([]float64, windowLength)
			for i := range pcm {
				pcm[i] = sample(i)
				windowed[i] = float64(pcm[i]) * (0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/windowLength))
			}
			var got [half + 1]float64
			new(transform).power(&got, pcm)
			bins := fft.Coefficients(nil, windowed)
			total := 1.0
			for _, c := range bins {
				total += real(c)*real(c) + imag(c)*imag(c)
			}
			for k := firstBin - near; k <= lastBin+near; k++ {
				want := real(bins[k])*real(bins[k]) + imag(bins[k])*imag(bins[k])
				if math.Abs(got[k]-want) > 1e-9*total {
					t.Fatalf("bin %d: %g, want %g", k, got[k], want)
				}
			}
		})
	}
}
