// Package logged is the log of decisions as lines of JSON, as the server
// exports it and any other system may write it, and the candidate policies that
// can be judged on such a log.
//
// One line is one decision:
//
//	subject    whose decision it was, as any name that is the same for the same
//	           person; left out, the decision stands alone
//	at         when, RFC 3339; may be left out
//	slot, channel
//	           where; may be left out
//	survivors  all that might have been chosen, each with
//	             action    its name
//	             pi        the probability with which it was to be chosen, 0..1;
//	                       they add up to 1
//	             p, c, v, l
//	                       chance, fit, value and lever: the expected reward is
//	                       p x v; left out, c and l are 1 and p and v are 0
//	             priority  what it was ranked by; left out, p x c x v x l
//	chosen     the action that was shown, one of the survivors
//	reward     what it brought, in the unit of v; or in its place
//	outcome    "accepted", "clicked" and "converted" bring the v of what was
//	           chosen, "rejected" nothing; what is no answer, such as
//	           "impression", and a line with neither are not judged
//
// Other keys are passed over. It knows nothing of people and stores nothing.
package logged

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"heed/internal/decide"
)

// Line is one decision of a log.
type Line struct {
	Subject   string            `json:"subject,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	Slot      string            `json:"slot,omitempty"`
	Channel   string            `json:"channel,omitempty"`
	Arm       string            `json:"arm,omitempty"`
	Chosen    string            `json:"chosen"`
	Outcome   string            `json:"outcome,omitempty"`
	Reward    *float64          `json:"reward,omitempty"`
	Survivors []decide.Survivor `json:"survivors"`

	// Chose is the place of what was chosen among the survivors.
	Chose int `json:"-"`
}

// Of gives the line of a decision that chose something, under a name for its
// subject, with the outcome that counts: "" for none. ok is false for silence
// and for a decision that was stored without its survivors.
func Of(d *decide.Decision, subject, outcome string) (l Line, ok bool) {
	if len(d.Actions) == 0 || len(d.Survivors) == 0 {
		return l, false
	}
	return Line{
		Subject: subject, At: d.At, Slot: d.Slot, Channel: d.Channel, Arm: d.Arm,
		Chosen: d.Actions[0].Action, Outcome: outcome, Survivors: d.Survivors,
	}, true
}

// Answered gives the outcome that counts of those of a decision's first
// action, in the order in which they were reported: the last that is an answer,
// else the last. "" for none.
func Answered(d *decide.Decision, outcomes []decide.Outcome) string {
	var truth decide.Truth
	for i := range outcomes {
		if o := &outcomes[i]; o.DecisionID == d.ID && len(d.Actions) > 0 && o.Action == d.Actions[0].Action {
			truth.Take(*o)
		}
	}
	return truth.Outcome().Outcome
}

// Gained is the reward of the line; judged is false when nobody answered.
func (l *Line) Gained() (reward float64, judged bool) {
	if l.Reward != nil {
		return *l.Reward, true
	}
	positive, judged := decide.Teaches(l.Outcome)
	if positive {
		reward = l.Survivors[l.Chose].V
	}
	return reward, judged
}

// Check fills in what may be left out and refuses what cannot be judged.
func (l *Line) Check() error {
	if len(l.Survivors) == 0 {
		return fmt.Errorf(`no survivors, want "survivors": [{"action": "...", "pi": 1}]`)
	}
	sum := 0.0
	for i := range l.Survivors {
		s := &l.Survivors[i]
		if err := checkSurvivor(s); err != nil {
			return fmt.Errorf("survivors[%d]: %w", i, err)
		}
		if slices.ContainsFunc(l.Survivors[:i], func(k decide.Survivor) bool { return k.Action == s.Action }) {
			return fmt.Errorf("survivors[%d]: %q is there twice, want each action once", i, s.Action)
		}
		sum += s.Pi
	}
	if math.Abs(sum-1) > 1e-6 {
		return fmt.Errorf("the survivors' pi add up to %v, want 1", sum)
	}
	l.Chose = slices.IndexFunc(l.Survivors, func(s decide.Survivor) bool { return s.Action == l.Chosen })
	switch {
	case l.Chose < 0:
		return fmt.Errorf(`chosen is %q, want "chosen": one of the survivors' actions`, l.Chosen)
	case l.Survivors[l.Chose].Pi == 0:
		return fmt.Errorf("%q was chosen with a pi of 0, want the probability that it had", l.Chosen)
	case l.Reward != nil && !finite(*l.Reward):
		return fmt.Errorf("reward is %v, want a finite number", *l.Reward)
	}
	return nil
}

func checkSurvivor(s *decide.Survivor) error {
	if s.Action == "" {
		return fmt.Errorf(`no action, want "action": its name`)
	}
	if !(s.Pi >= 0 && s.Pi <= 1) {
		return fmt.Errorf("pi is %v, want 0 to 1", s.Pi)
	}
	if !(s.P >= 0 && s.P <= 1) {
		return fmt.Errorf("p is %v, want 0 to 1", s.P)
	}
	s.C, s.L = cmp.Or(s.C, 1), cmp.Or(s.L, 1)
	for _, f := range []struct {
		name string
		x    float64
	}{{"c", s.C}, {"v", s.V}, {"l", s.L}, {"priority", s.Priority}} {
		if !(f.x >= 0) || !finite(f.x) {
			return fmt.Errorf("%s is %v, want a finite number of 0 or more", f.name, f.x)
		}
	}
	s.Priority = cmp.Or(s.Priority, s.P*s.C*s.V*s.L)
	if !finite(s.Priority) || !finite(s.P*s.V) {
		return fmt.Errorf("p x c x v x l is too large, want a finite number")
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
