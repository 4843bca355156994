package audio

import "math"

// LevelOptions tune a [Leveler]. Zero values mean the defaults.
type LevelOptions struct {
	// Target is the peak that speech is brought to, as a part of full scale.
	// Default 0.5, which is -6 dBFS.
	Target float64
	// MaxGain bounds amplification, as a factor. Default 30 (about +30 dB).
	MaxGain float64
}

// Leveler brings one party's speech to a steady peak level. It lowers the
// gain at once, so it never clips, raises it slowly, and only while somebody
// speaks: what lies near the noise floor keeps the gain of the speech around
// it and is never pumped up. A stream starts with a gain of one and reaches
// its level within a second of speech.
type Leveler struct {
	target, maxGain float64
	gain            float64
	envelope        float64 // fast peak follower, about 100 ms
	floor           float64 // slowly rising minimum of the envelope
	learn, settled  int     // samples until the floor is trusted; from settled on it is measured
	peak            float64 // of the speech heard lately; 0 before any

	envelopeDecay, floorRise, peakDecay, gainRise float64 // factors per sample
}

const (
	// quietest is the least peak taken for speech: -48 dBFS.
	quietest = 130.0
	// aboveFloor is how far speech stands out of the noise: 9 dB.
	aboveFloor = 2.8
	// learning is how long a new stream is only measured, in seconds, and
	// settling how long of it the envelope takes to fill.
	learning, settling = 0.3, 0.1
)

// NewLeveler makes a level control for a stream of the given rate in Hz.
func NewLeveler(rate int, o LevelOptions) *Leveler {
	if o.Target <= 0 || o.Target > 1 {
		o.Target = 0.5
	}
	if o.MaxGain < 1 {
		o.MaxGain = 30
	}
	perSample := func(dBPerSecond float64) float64 {
		return math.Pow(10, dBPerSecond/20/float64(max(rate, MinRate)))
	}
	return &Leveler{
		target: o.Target * math.MaxInt16, maxGain: o.MaxGain, gain: 1, floor: math.MaxInt16,
		learn: int(learning * float64(rate)), settled: int((learning - settling) * float64(rate)),
		envelopeDecay: perSample(-87), floorRise: perSample(20), peakDecay: perSample(-3), gainRise: perSample(40),
	}
}

// Process changes the samples in place.
func (l *Leveler) Process(pcm []int16) {
	for i, s := range pcm {
		level := math.Abs(float64(s))
		speech := l.follow(level)
		if l.peak > 0 {
			l.steer(speech)
		}
		pcm[i] = clip(float32(float64(s) * l.gain))
	}
}

// Gain is the factor in force, for logs and tests.
func (l *Leveler) Gain() float64 { return l.gain }

// follow updates what is known of the noise and the speech, and tells
// whether this sample belongs to speech.
func (l *Leveler) follow(level float64) bool {
	l.envelope = max(level, l.envelope*l.envelopeDecay)
	if l.learn > 0 {
		l.learn--
	}
	if l.learn <= l.settled {
		l.floor = max(min(l.envelope, l.floor*l.floorRise), quietest/aboveFloor)
	}
	if l.learn > 0 || l.envelope < l.floor*aboveFloor {
		// Not speech; only what would clip still counts.
		if l.peak > 0 && level*l.gain > l.target {
			l.peak = max(l.peak, level)
		}
		return false
	}
	l.peak = max(level, l.peak*l.peakDecay)
	return true
}

// steer moves the gain towards the one that brings the peak to the target,
// upwards only in speech.
func (l *Leveler) steer(speech bool) {
	want := min(l.target/l.peak, l.maxGain)
	if want < l.gain {
		l.gain = want
		return
	}
	if speech {
		l.gain = min(want, l.gain*l.gainRise)
	}
}
