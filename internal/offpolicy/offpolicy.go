// Package offpolicy judges one way of choosing by what another one tried: it
// estimates what a candidate policy would have earned on decisions that were
// made, and logged with their probabilities, by the policy in force.
//
// It is pure: the same log and seed give the same figures. It refuses to give
// a value where too few decisions speak for the candidate, and says so.
package offpolicy

import (
	"errors"
	"fmt"
	"math"
)

const (
	// Clip bounds the weight of one decision unless asked otherwise, so that a
	// single lucky one does not make the estimate.
	Clip = 200
	// LeastSize is the effective sample size below which nothing is told.
	LeastSize = 300
	// apart is how far the two estimates may differ before that is a warning.
	apart = 0.05
)

// Step is one logged decision as a candidate policy sees it.
type Step struct {
	// Subject is whose decision it was: those of one person are not independent
	// and are drawn together. Empty means that it stands alone.
	Subject string
	// Reward is what the logged choice brought, in one unit throughout.
	Reward float64
	// Pi is the probability with which the logging policy chose as it did,
	// above 0 and at most 1; Target the one with which the candidate would, 0..1.
	Pi, Target float64
	// Chosen is the reward that a model expects of what was chosen, and Expected
	// the one it expects of the candidate: its sum over all that the candidate
	// may choose, by their probability. Both 0 without a model.
	Chosen, Expected float64
}

// Options is how an estimate is made. The zero value has the usual figures.
type Options struct {
	Clip      float64 // of weights; 0 means 200
	LeastSize float64 // 0 means 300, below 0 refuses nothing
	Resamples int     // of the bootstrap; 0 means 1,000
	Seed      uint64  // of the bootstrap
}

// Estimate is a mean reward a decision, and an interval that holds it with
// 95 % by the bootstrap over subjects.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Holds says whether a value lies in the interval.
func (e Estimate) Holds(x float64) bool { return e.Low <= x && x <= e.High }

// Result is what the log says of a candidate. DR is the one to go by; SNIPS is
// the check beside it.
type Result struct {
	Decisions int `json:"decisions"`
	Subjects  int `json:"subjects"`
	// Size is the effective sample size, (sum of weights)^2 / sum of squares:
	// how many decisions of the candidate's own the log is worth (Kish 1965).
	Size float64 `json:"effective_sample_size"`
	// Clipped counts the weights that were cut.
	Clipped int `json:"clipped,omitempty"`
	// Logged is what the logging policy earned.
	Logged Estimate `json:"logged"`
	// DR is doubly robust: the model's expectation of the candidate, put right
	// by the weighted error it made on what was chosen (Dudik et al. 2011).
	DR Estimate `json:"dr"`
	// SNIPS is the self-normalised mean of the weighted rewards (Swaminathan
	// and Joachims 2015), IPS the plain one (Horvitz and Thompson 1952).
	SNIPS Estimate `json:"snips"`
	IPS   Estimate `json:"ips"`
	// Apart is how far DR and SNIPS differ, as a share of the larger.
	Apart float64 `json:"apart"`
	// Warning says in words what makes the estimates doubtful; empty for nothing.
	Warning string `json:"warning,omitempty"`
}

// ErrThin is the refusal of a log that says too little of a candidate.
var ErrThin = errors.New("too few logged decisions are like the candidate's")

// Evaluate estimates what a candidate earns a decision. A log whose effective
// sample size is too small is [ErrThin]; the result then tells the sizes only.
// Steps with figures out of range are an error that names the first.
func Evaluate(steps []Step, o Options) (Result, error) {
	if o.Clip == 0 {
		o.Clip = Clip
	}
	if o.LeastSize == 0 {
		o.LeastSize = LeastSize
	}
	if o.Resamples <= 0 {
		o.Resamples = 1000
	}
	for i := range steps {
		if err := steps[i].check(); err != nil {
			return Result{}, fmt.Errorf("decision %d: %w", i+1, err)
		}
	}
	groups, clipped := gather(steps, o.Clip)
	all := total(groups)
	r := Result{Decisions: len(steps), Subjects: len(groups), Clipped: clipped, Size: all.size()}
	if len(steps) == 0 || r.Size < o.LeastSize {
		return r, fmt.Errorf("%w: %d decisions are worth %.0f of its own, and %.0f are needed; "+
			"log more decisions, explore more, or try a smaller change", ErrThin, len(steps), r.Size, o.LeastSize)
	}
	r.Logged.Value, r.DR.Value, r.SNIPS.Value, r.IPS.Value = all.logged(), all.dr(), all.snips(), all.ips()
	bootstrap(groups, o, &r)
	r.compare()
	return r, nil
}

// compare warns when the two estimates do not agree.
func (r *Result) compare() {
	if most := max(math.Abs(r.DR.Value), math.Abs(r.SNIPS.Value)); most > 0 {
		r.Apart = math.Abs(r.DR.Value-r.SNIPS.Value) / most
	}
	if r.Apart > apart {
		r.Warning = fmt.Sprintf("DR and SNIPS differ by %.0f %%: the model's expectation or the weights are off; trust neither without the interval", 100*r.Apart)
	}
}

func (s *Step) check() error {
	for _, f := range []struct {
		name string
		x    float64
	}{{"reward", s.Reward}, {"expected reward of the choice", s.Chosen}, {"expected reward of the candidate", s.Expected}} {
		if math.IsNaN(f.x) || math.IsInf(f.x, 0) {
			return fmt.Errorf("the %s is %v, want a finite number", f.name, f.x)
		}
	}
	if !(s.Pi > 0 && s.Pi <= 1) {
		return fmt.Errorf("the logged probability is %v, want it above 0 and at most 1", s.Pi)
	}
	if !(s.Target >= 0 && s.Target <= 1) {
		return fmt.Errorf("the candidate's probability is %v, want 0 to 1", s.Target)
	}
	return nil
}
