package sound

import (
	"math"

	"heed/transcribe/audio"
)

// narrower brings a stream to 8 kHz.
type narrower interface {
	Process(dst, src []int16) []int16
	Flush(dst []int16) []int16
}

// newNarrower takes a short filter where the rate is a multiple of 8 kHz:
// audio.Resampler is made for engines' ears, and its 72 dB cost three times as
// much as everything else here. What 35 dB let through disturbs no detection.
func newNarrower(rate int) (narrower, error) {
	switch {
	case rate == lineRate || rate%lineRate != 0:
		return audio.NewResampler(rate, lineRate)
	case rate == 2*lineRate: // its light filter is a half-band one, which costs half of ours
		return audio.NewLightResampler(rate, lineRate)
	}
	return newDecimator(rate / lineRate), nil
}

// tapsPerSample is the filter's length in samples of the output.
const tapsPerSample = 8

// decimator keeps one of every few samples, after a low-pass filter.
type decimator struct {
	ratio int
	taps  []float32
	buf   []float32
}

func newDecimator(ratio int) *decimator {
	n := tapsPerSample * ratio
	d := &decimator{ratio: ratio, taps: make([]float32, n)}
	sum := 0.0
	for pass := range 2 {
		for i := range d.taps {
			x := (float64(i) + 0.5 - float64(n)/2) / float64(ratio) // in output samples
			v := math.Sin(math.Pi*0.9*x) / (math.Pi * x) * (0.54 + 0.46*math.Cos(2*math.Pi*x/tapsPerSample))
			if pass == 0 {
				sum += v
			} else {
				d.taps[i] = float32(v / sum)
			}
		}
	}
	d.buf = make([]float32, n/2)
	return d
}

// Process appends what src adds to the output to dst.
func (d *decimator) Process(dst, src []int16) []int16 {
	for _, v := range src {
		d.buf = append(d.buf, float32(v))
	}
	from := 0
	for ; from+len(d.taps) <= len(d.buf); from += d.ratio {
		var sum float32
		for i, h := range d.taps {
			sum += h * d.buf[from+i]
		}
		dst = append(dst, int16(max(math.MinInt16, min(math.MaxInt16, sum))))
	}
	d.buf = d.buf[:copy(d.buf, d.buf[from:])]
	return dst
}

// Flush appends what the filter still holds.
func (d *decimator) Flush(dst []int16) []int16 {
	for range len(d.taps) / 2 {
		d.buf = append(d.buf, 0)
	}
	return d.Process(dst, nil)
}
