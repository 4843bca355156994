package audio

import (
	"fmt"
	"math"
)

// The rates that a Resampler and the WAV reader accept, in Hz.
const (
	MinRate = 2000
	MaxRate = 384000
)

const (
	// stopBand is the attenuation the filter is designed for, in dB, and
	// lightStopBand that of a light one.
	stopBand, lightStopBand = 72.0, 46.0
	// passBand is where the transition starts, as a part of the lower
	// Nyquist frequency: 3.6 kHz for telephone audio, whose band ends at 3.4.
	// The transition ends at that Nyquist frequency, so nothing folds back; that
	// of a light filter lies around it.
	passBand, lightPassBand = 0.9, 0.85
	// maxPhases bounds the filter table. Ratios with more phases (odd rates
	// of odd files) use the nearest phase, which costs about 10 dB of purity.
	maxPhases = 1024
	// maxTable bounds the table's numbers (4 MB), for rates that a hostile
	// file makes up.
	maxTable = 1 << 20
	// block is how many input samples are filtered at a time.
	block = 2048
)

// Resampler changes the sampling rate of one stream with a polyphase
// windowed-sinc low-pass filter. It does not delay the stream: sample k of
// the output lies at time k/to of the input, and n samples in give exactly
// ceil(n*to/from) out once flushed. It looks ahead by half the filter (5 ms
// from 8 kHz), so that much comes out only with the next chunk or Flush.
type Resampler struct {
	up, down int       // reduced ratio: up samples out for each down in
	taps     int       // filter length in input samples
	rows     int       // phases in the table
	table    []float32 // rows of taps
	half     *halfBand // where it is one
	window   []float32 // input not yet used up, from the filter's left edge on
	next     int       // position of the next output's left edge in window
	phase    int       // and its fraction, in 1/up of an input sample
	in, out  int64     // samples since the start
}

// NewResampler makes a converter between two rates in Hz.
func NewResampler(from, to int) (*Resampler, error) {
	return newResampler(from, to, filter{passBand, 1, stopBand})
}

// NewLightResampler makes one that takes a fifth of the time, for what is kept
// as G.711. The band of that ends at 3.4 kHz of the 4 that there are, so what
// lies up to 4.6 may fold back; the rest is below the noise of G.711.
func NewLightResampler(from, to int) (*Resampler, error) {
	return newResampler(from, to, filter{lightPassBand, 2 - lightPassBand, lightStopBand})
}

// filter says where the transition of a filter begins and ends, as parts of the
// lower Nyquist frequency, and its attenuation in dB.
type filter struct{ pass, end, stop float64 }

func newResampler(from, to int, f filter) (*Resampler, error) {
	for _, rate := range [2]int{from, to} {
		if rate < MinRate || rate > MaxRate {
			return nil, fmt.Errorf("resample %d Hz to %d Hz: rate outside %d..%d Hz", from, to, MinRate, MaxRate)
		}
	}
	g := gcd(from, to)
	r := &Resampler{up: to / g, down: from / g}
	if from == to {
		return r, nil
	}
	r.design(from, to, f)
	r.restart()
	return r, nil
}

// design computes the filter table: one row of taps for each phase, each
// with a gain of exactly one at 0 Hz, so that no phase hums.
func (r *Resampler) design(from, to int, f filter) {
	nyquist := float64(min(from, to)) / 2 / float64(from) // in cycles per input sample
	width := (f.end - f.pass) * nyquist
	half := int(math.Ceil((f.stop - 7.95) / (2.285 * 2 * math.Pi * width) / 2))
	r.taps = 2 * half
	r.rows = min(r.up, maxPhases, max(1, maxTable/r.taps))
	r.table = make([]float32, r.rows*r.taps)
	beta := kaiserBeta(f.stop)
	cutoff := (f.end + f.pass) / 2 * nyquist
	row := make([]float64, r.taps)
	for p := range r.rows {
		sum := 0.0
		for j := range row {
			x := float64(j-half+1) - float64(p)/float64(r.rows)
			row[j] = sinc(2*cutoff*x) * kaiser(x/float64(half), beta)
			sum += row[j]
		}
		for j, h := range row {
			r.table[p*r.taps+j] = float32(h / sum)
		}
	}
	r.window = make([]float32, 0, r.taps+block)
	if f.pass+f.end == 2 && r.up == 1 && r.down == 2 && r.taps == halfTaps {
		r.halve()
	}
}

// halve keeps of a filter whose transition lies around a quarter of the rate
// what is not zero or said twice. A quarter of the multiplications is left.
func (r *Resampler) halve() {
	const middle = halfTaps/2 - 1
	r.half = &halfBand{r.table[middle]}
	for i := range r.half[1:] {
		r.half[1+i] = r.table[middle+1+2*i]
	}
}

// kaiserBeta is the window's shape for an attenuation in dB (Kaiser's formula).
func kaiserBeta(stop float64) float64 {
	if stop > 50 {
		return 0.1102 * (stop - 8.7)
	}
	return 0.5842*math.Pow(stop-21, 0.4) + 0.07886*(stop-21)
}

// restart puts the stream's first sample under the middle of the filter.
func (r *Resampler) restart() {
	r.window = append(r.window[:0], make([]float32, r.taps/2-1)...)
	r.next, r.phase, r.in, r.out = 0, 0, 0, 0
}

// Process appends what src adds to the output to dst and returns it. The
// sum of all outputs does not depend on how the input is cut.
func (r *Resampler) Process(dst, src []int16) []int16 {
	if r.taps == 0 {
		return append(dst, src...)
	}
	r.in += int64(len(src))
	for len(src) > 0 {
		n := min(len(src), cap(r.window)-len(r.window))
		at := len(r.window)
		r.window = r.window[:at+n]
		for i, s := range src[:n] {
			r.window[at+i] = float32(s)
		}
		src = src[n:]
		dst = r.drain(dst, math.MaxInt64)
	}
	return dst
}

// Flush appends the rest of the stream to dst and returns it. The Resampler
// then stands at the start of a new stream.
func (r *Resampler) Flush(dst []int16) []int16 {
	if r.taps == 0 {
		return dst
	}
	want := (r.in*int64(r.up) + int64(r.down) - 1) / int64(r.down)
	for r.out < want {
		for len(r.window) < cap(r.window) {
			r.window = append(r.window, 0)
		}
		dst = r.drain(dst, want)
	}
	r.restart()
	return dst
}

// drain computes every output whose whole filter lies in the window, up to a
// total of limit, and forgets the input that no later output needs.
func (r *Resampler) drain(dst []int16, limit int64) []int16 {
	for r.next+r.taps <= len(r.window) && r.out < limit {
		row := r.phase
		if r.rows != r.up {
			row = r.phase * r.rows / r.up
		}
		if r.half != nil {
			dst = append(dst, clip(r.half.fold((*[halfTaps]float32)(r.window[r.next:]))))
		} else {
			dst = append(dst, clip(dot(r.table[row*r.taps:][:r.taps], r.window[r.next:])))
		}
		r.out++
		r.phase += r.down
		r.next += r.phase / r.up
		r.phase %= r.up
	}
	used := min(r.next, len(r.window))
	r.window = r.window[:copy(r.window, r.window[used:])]
	r.next -= used
	return dst
}

// dot multiplies a filter row with the samples under it. Four sums keep the
// processor's adders busy; rows have an even number of taps.
func dot(h, x []float32) float32 {
	x = x[:len(h)]
	var a, b, c, d float32
	for len(h) >= 4 && len(x) >= 4 {
		a += h[0] * x[0]
		b += h[1] * x[1]
		c += h[2] * x[2]
		d += h[3] * x[3]
		h, x = h[4:], x[4:]
	}
	for i := range h {
		a += h[i] * x[i]
	}
	return a + b + c + d
}

// halfTaps is the length of a light filter from one rate to half of it.
const halfTaps = 36

// halfBand is one side of it: the middle, and every other tap from there.
type halfBand [halfTaps/4 + 1]float32

// fold multiplies it with the samples on both sides of their middle.
func (h *halfBand) fold(x *[halfTaps]float32) float32 {
	a := h[0]*x[17] + h[1]*(x[16]+x[18])
	b := h[2]*(x[14]+x[20]) + h[3]*(x[12]+x[22])
	c := h[4]*(x[10]+x[24]) + h[5]*(x[8]+x[26])
	d := h[6]*(x[6]+x[28]) + h[7]*(x[4]+x[30])
	return a + b + c + d + h[8]*(x[2]+x[32]) + h[9]*(x[0]+x[34])
}

// clip rounds to the nearest sample and saturates.
func clip(v float32) int16 {
	switch {
	case v >= math.MaxInt16:
		return math.MaxInt16
	case v <= math.MinInt16:
		return math.MinInt16
	case v < 0:
		return int16(v - 0.5)
	}
	return int16(v + 0.5)
}

// sinc is sin(pi x)/(pi x).
func sinc(x float64) float64 {
	if math.Abs(x) < 1e-9 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the Kaiser window over -1..1.
func kaiser(x, beta float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel(beta*math.Sqrt(1-x*x)) / bessel(beta)
}

// bessel is the modified Bessel function of the first kind, order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x / 2 / k * (x / 2 / k)
		sum += term
	}
	return sum
}

// gcd is the greatest common divisor of two positive numbers.
func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
