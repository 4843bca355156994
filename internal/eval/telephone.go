package eval

import (
	"math"

	"heed/transcribe/audio"
)

const (
	lineRate = 8000
	// The pass band of a telephone line, in Hz.
	lineLow, lineHigh = 200.0, 3500.0
	lineTaps          = 255
)

// telephone sends a recording down a telephone line: 8 kHz, 200 to 3500 Hz,
// G.711 mu-law and back.
func telephone(pcm []int16, rate int) ([]int16, error) {
	r, err := audio.NewResampler(rate, lineRate)
	if err != nil {
		return nil, err
	}
	pcm = r.Flush(r.Process(nil, pcm))
	return audio.DecodeMulaw(nil, audio.EncodeMulaw(nil, bandPass(pcm))), nil
}

// bandPass filters without delay: the difference of two windowed sincs.
func bandPass(pcm []int16) []int16 {
	h := make([]float64, lineTaps)
	for i := range h {
		x := float64(i - lineTaps/2)
		window := 0.54 + 0.46*math.Cos(2*math.Pi*x/(lineTaps-1))
		h[i] = window * (lowPass(x, lineHigh) - lowPass(x, lineLow))
	}
	out := make([]int16, len(pcm))
	for n := range out {
		sum := 0.0
		for i, c := range h {
			if k := n + i - lineTaps/2; k >= 0 && k < len(pcm) {
				sum += c * float64(pcm[k])
			}
		}
		out[n] = int16(math.Round(min(max(sum, math.MinInt16), math.MaxInt16)))
	}
	return out
}

// lowPass is the impulse response of an ideal low pass at x samples.
func lowPass(x, cutoff float64) float64 {
	w := 2 * cutoff / lineRate
	if x == 0 {
		return w
	}
	return math.Sin(math.Pi*w*x) / (math.Pi * x)
}
