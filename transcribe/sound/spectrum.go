package sound

import (
	"math"
	"time"
)

const (
	lineRate     = 8000 // Hz: nothing that is looked for lies above 4 kHz
	windowLength = 512  // 64 ms
	hopLength    = 256
	frameLength  = hopLength * time.Second / lineRate // 32 ms
	binWidth     = float64(lineRate) / windowLength   // 15.6 Hz

	// firstBin and lastBin bound the telephone band, without the hum below.
	firstBin, lastBin = 6, 224
	// quietest is the level, root mean square of 32768, under which nothing
	// is judged: -52 dBFS.
	quietest = 80.0
	// mostPeaks bounds the partials that are followed.
	mostPeaks = 12
	// near is how far from a peak its energy is looked for, in bins: wide
	// enough for 440 and 480 Hz, which beat, and for tones modulated at 25 Hz.
	near = 4
)

// peak is one partial of a spectrum.
type peak struct{ hz, power float64 }

// frame is what is known of one window.
type frame struct {
	loud  bool
	level float64 // root mean square
	power float64 // in the telephone band
	// first and second are the centres of the strongest parts of the
	// spectrum; pure and paired are the shares of the power that lie at the
	// first, and at both.
	first, second, spread float64 // Hz
	pure, paired          float64
	peaks                 [mostPeaks]peak
	n                     int
}

// spectrum turns windows into frames. Its zero value is ready.
type spectrum struct {
	transform transform
	power     [half + 1]float64
	f         frame // what analyse gives, until it is called again
}

func (s *spectrum) analyse(pcm []int16) *frame {
	f := &s.f
	*f = frame{}
	sum := 0.0
	for _, v := range pcm[(windowLength-hopLength)/2 : (windowLength+hopLength)/2] {
		sum += float64(v) * float64(v)
	}
	f.level = math.Sqrt(sum / hopLength)
	f.loud = f.level >= quietest
	if !f.loud {
		return f
	}
	s.transform.power(&s.power, pcm)
	s.shape(f)
	s.partials(f)
	return f
}

// shape finds the two strongest places of a spectrum.
func (s *spectrum) shape(f *frame) {
	for b := firstBin; b <= lastBin; b++ {
		f.power += s.power[b]
	}
	if f.power <= 0 {
		return
	}
	top := s.strongest(lastBin + 2*near)
	var e, e2 float64
	f.first, f.spread, e = s.centre(top)
	f.pure = e / f.power
	other := s.strongest(top)
	// The skirt of the first is no second.
	if (other == top-near-1 || other == top+near+1) && s.power[other] < s.power[top]/100 {
		f.paired = f.pure
		return
	}
	f.second, _, e2 = s.centre(other)
	f.paired = min(1, (e+e2)/f.power)
	if e2 < e/20 { // 13 dB below: no pair
		f.second = 0
	}
}

// strongest is the strongest bin that is not near another.
func (s *spectrum) strongest(not int) int {
	best := -1
	for b := firstBin; b <= lastBin; b++ {
		if (b < not-near || b > not+near) && (best < 0 || s.power[b] > s.power[best]) {
			best = b
		}
	}
	return best
}

// centre is the middle, the width and the power of what lies around a bin.
func (s *spectrum) centre(top int) (hz, spread, power float64) {
	var sum, square float64
	for b := max(firstBin-near, top-near); b <= min(lastBin+near, top+near); b++ {
		x := float64(b - top)
		power += s.power[b]
		sum += x * s.power[b]
		square += x * x * s.power[b]
	}
	if power <= 0 {
		return 0, 0, 0
	}
	mean := sum / power
	return (float64(top) + mean) * binWidth, math.Sqrt(max(0, square/power-mean*mean)) * binWidth, power
}

// partials finds the strongest peaks.
func (s *spectrum) partials(f *frame) {
	least := 0.0
	for b := firstBin; b <= lastBin; b++ {
		least = max(least, s.power[b])
	}
	least /= 1000 // 30 dB below the strongest
	for b := firstBin; b <= lastBin; b++ {
		p := s.power[b]
		if p < least || p < s.power[b-1] || p <= s.power[b+1] {
			continue
		}
		f.keep(peak{s.refine(b), s.power[b-1] + p + s.power[b+1]})
	}
}

// keep takes a peak among the strongest.
func (f *frame) keep(p peak) {
	if f.n < mostPeaks {
		f.peaks[f.n] = p
		f.n++
		return
	}
	weakest := 0
	for i := range f.peaks {
		if f.peaks[i].power < f.peaks[weakest].power {
			weakest = i
		}
	}
	if p.power > f.peaks[weakest].power {
		f.peaks[weakest] = p
	}
}

// refine is the frequency of a peak between bins: for a Hann window the ratio
// of its two highest bins gives it (Grandke's interpolation).
func (s *spectrum) refine(b int) float64 {
	here, side, sign := math.Sqrt(s.power[b]), s.power[b+1], 1.0
	if s.power[b-1] > side {
		side, sign = s.power[b-1], -1
	}
	if here <= 0 {
		return float64(b) * binWidth
	}
	a := math.Sqrt(side) / here
	return (float64(b) + sign*min(0.5, max(0, (2*a-1)/(a+1)))) * binWidth
}
