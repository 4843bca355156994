package sherpa

import (
	"errors"
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
	// BlankPenalty is taken off the log-probability of "no token here".
	BlankPenalty float64 `json:"blank_penalty"`
}

// DefaultTuning is for telephone audio and the small English model.
func DefaultTuning() Tuning {
	return Tuning{
		Paths: 8, Noise: 0.001, Level: 0.5,
		PreRoll: 500 * time.Millisecond, Tail: 800 * time.Millisecond,
		Endpoint: 800 * time.Millisecond, Longest: 20 * time.Second,
	}
}

// validate refuses what would make the model deaf or the runtime abort.
func (t Tuning) validate() error {
	switch {
	case t.Paths < 1 || t.Paths > 16:
		return errors.New("tuning: paths outside 1..16")
	case t.Noise < 0 || t.Noise > 0.1:
		return errors.New("tuning: noise outside 0..0.1")
	case t.Level <= 0 || t.Level > 1:
		return errors.New("tuning: level outside 0..1")
	case t.PreRoll < 0 || t.PreRoll > 5*time.Second, t.Tail < 0 || t.Tail > 5*time.Second:
		return errors.New("tuning: pre-roll or tail outside 0..5 s")
	case t.Endpoint < 100*time.Millisecond || t.Endpoint > 5*time.Second:
		return errors.New("tuning: endpoint outside 0.1..5 s")
	case t.Longest < 2*time.Second || t.Longest > time.Minute:
		return errors.New("tuning: longest outside 2..60 s")
	case t.BlankPenalty < 0 || t.BlankPenalty > 10:
		return errors.New("tuning: blank penalty outside 0..10")
	}
	return nil
}
