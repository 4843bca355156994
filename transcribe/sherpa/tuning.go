package sherpa

import (
	"fmt"
	"slices"
	"time"
)

// modelRate is the sampling rate of the model, in Hz.
const modelRate = 16000

// Tuning is how the model is driven. The values of [DefaultTuning] are those
// that `make eval` measured best on telephone audio.
type Tuning struct {
	// Paths of the beam search, 1..16; 1 is greedy and a quarter cheaper.
	Paths int `json:"paths"`
	// Noise is the standard deviation of the noise added after resampling, as a
	// part of full scale.
	Noise float64 `json:"noise"`
	// Seed of the noise, so that the same audio gives the same text. Others are
	// for judging a change by more than one draw.
	Seed uint64 `json:"seed"`
	// Level is the peak that speech is brought to, as a part of full scale.
	Level float64 `json:"level"`
	// PreRoll is how much noise the model hears before a stream begins, so that
	// the first word is not lost, and Tail after it ends.
	PreRoll time.Duration `json:"pre_roll"`
	Tail    time.Duration `json:"tail"`
	// Endpoint is the silence that closes a stretch of speech, and Longest the
	// length at which one is cut even without silence.
	Endpoint time.Duration `json:"endpoint"`
	Longest  time.Duration `json:"longest"`
	// Hurry is the noise that the model hears at once when a party stops
	// speaking, so that its last word is not shown half a second late; 0 is none.
	Hurry time.Duration `json:"hurry"`
	// BlankPenalty is taken off the log-probability of "no token here".
	BlankPenalty float64 `json:"blank_penalty"`
	// Second says when finals get a second pass, which costs about four times
	// the first.
	Second Second `json:"second"`
	// Boost is added to the log-probability of each piece of a hinted phrase,
	// 0..10; it needs more than one path.
	Boost float64 `json:"boost"`
	// Spotting is the mean probability of a phrase's pieces from which it is
	// spotted, 0.05..1.
	Spotting float64 `json:"spotting"`
}

// DefaultTuning is for telephone audio and the small English model.
func DefaultTuning() Tuning {
	return Tuning{
		Paths: 8, Noise: 0.001, Seed: 1, Level: 0.5,
		PreRoll: 500 * time.Millisecond, Tail: 800 * time.Millisecond,
		Endpoint: 800 * time.Millisecond, Longest: 20 * time.Second,
		Hurry: 320 * time.Millisecond, Second: SecondIdle, Boost: 0.5, Spotting: 0.25,
	}
}

// validate refuses what would make the model deaf or the runtime abort.
func (t Tuning) validate() error {
	if !slices.Contains([]Second{SecondAlways, SecondIdle, SecondNever}, t.Second) {
		return fmt.Errorf("tuning: second pass %q is not always, idle or never", t.Second)
	}
	second := float64(time.Second)
	for _, v := range []struct {
		name              string
		value, least, top float64
	}{
		{"paths", float64(t.Paths), 1, 16},
		{"noise", t.Noise, 0, 0.1},
		{"level", t.Level, 1e-6, 1},
		{"pre-roll in seconds", float64(t.PreRoll) / second, 0, 5},
		{"tail in seconds", float64(t.Tail) / second, 0, 5},
		{"endpoint in seconds", float64(t.Endpoint) / second, 0.1, 5},
		{"longest in seconds", float64(t.Longest) / second, 2, 60},
		{"hurry in seconds", float64(t.Hurry) / second, 0, 2},
		{"blank penalty", float64(t.BlankPenalty), 0, 10},
		{"boost", t.Boost, 0, 10},
		{"spotting", t.Spotting, 0.05, 1},
	} {
		if !(v.value >= v.least && v.value <= v.top) {
			return fmt.Errorf("tuning: %s is %v, outside %v to %v", v.name, v.value, v.least, v.top)
		}
	}
	return nil
}
