package decide

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"heed/internal/consent"
)

// answers says what counts as an answer to an action on a channel.
type answers struct {
	Positive []string `yaml:"positive" json:"positive"` // outcomes
	Negative []string `yaml:"negative" json:"negative"`
	// Timeout is when silence counts as no response: after the call on the
	// agent's channel, after sending elsewhere. Zero is never, none as the slot
	// says.
	Timeout *time.Duration `yaml:"timeout" json:"-"`
}

// usualAnswers hold where an action says nothing of its own; they are those
// that the reference product documents.
var usualAnswers = map[string]answers{
	"web":   {[]string{Clicked, Converted}, []string{Dismissed}, new(30 * time.Minute)},
	"app":   {[]string{Clicked, Converted}, []string{Dismissed}, new(30 * time.Minute)},
	"agent": {[]string{Accepted, Converted}, []string{Rejected}, new(15 * time.Minute)},
	"email": {[]string{Clicked, Converted}, []string{OptedOut}, new(3 * day)},
	"sms":   {[]string{Clicked, Converted}, []string{OptedOut}, new(3 * day)},
	"push":  {[]string{Clicked, Converted}, []string{OptedOut}, new(3 * day)},
	"call":  {[]string{Accepted, Converted}, []string{Rejected}, new(time.Duration)},
}

// answerNames are the outcomes that can be an answer.
var answerNames = []string{Accepted, Clicked, Converted, Rejected, Dismissed, OptedOut}

// maxTimeout is how long an answer can be waited for.
const maxTimeout = 90 * day

// Answering says which outcomes of an action on a channel are a yes, which a
// no, and after what time silence is no response; 0 is never. The time is the
// action's own, or else the slot's, or else what is usual on the channel. On the
// agent's channel it runs from the end of the call. An action that is not in
// the catalogue is answered as is usual.
func (c *Catalogue) Answering(action, channel, slot string) (positive, negative []string, timeout time.Duration) {
	usual := usualAnswers[channel]
	own := answers{Positive: usual.Positive, Negative: usual.Negative}
	if a := c.find(action); a != nil {
		if special, ok := a.Answers[channel]; ok {
			own = special
		}
	}
	wait := cmp.Or(own.Timeout, usual.Timeout)
	if s := c.guide.slots[slot]; s != nil && s.Wait != nil && own.Timeout == nil {
		wait = (*time.Duration)(s.Wait)
	}
	if wait != nil {
		timeout = *wait
	}
	return slices.Clone(own.Positive), slices.Clone(own.Negative), timeout
}

// teaches says what an outcome on a channel teaches, if anything: by what the
// action declares, nil where it is as usual.
func (own *answers) teaches(outcome, channel string) (positive, teaches bool) {
	of := usualAnswers[channel]
	if own != nil {
		of = *own
	}
	switch {
	case outcome == NoResponse:
		return false, true
	case slices.Contains(of.Positive, outcome):
		return true, true
	case slices.Contains(of.Negative, outcome):
		return false, true
	case own != nil:
		return false, false
	}
	return Teaches(outcome) // somebody says more than the channel asks for
}

// checkAnswers fills in what an action leaves out.
func checkAnswers(at complaints, s *actionSpec) error {
	s.Answers = maps.Clone(s.Answers) // a change of the catalogue reads the live one's
	for channel, a := range s.Answers {
		usual, ok := usualAnswers[channel]
		field := "answers." + channel
		switch {
		case !ok:
			return at.of(field, fmt.Sprintf("%q is not a channel", channel), "")
		case a.Timeout != nil && (*a.Timeout < 0 || *a.Timeout > maxTimeout):
			return at.of(field+".timeout", "must be from 0 (never) to 2160h", "such as 30m or 72h")
		case len(a.Positive) > 0 && slices.ContainsFunc(a.Negative, func(n string) bool { return slices.Contains(a.Positive, n) }):
			return at.of(field, "counts one outcome as a yes and as a no", "")
		}
		for _, name := range slices.Concat(a.Positive, a.Negative) {
			if !slices.Contains(answerNames, name) {
				return at.of(field, fmt.Sprintf("%q is not an outcome", name), "accepted, clicked, converted, rejected, dismissed or opted_out")
			}
		}
		s.Answers[channel] = a.filled(usual)
	}
	return nil
}

// filled takes what is usual where an action says nothing.
func (own answers) filled(usual answers) answers {
	if len(own.Positive) == 0 {
		own.Positive = usual.Positive
	}
	if len(own.Negative) == 0 {
		own.Negative = slices.DeleteFunc(slices.Clone(usual.Negative), func(n string) bool { return slices.Contains(own.Positive, n) })
	}
	return own
}

// budget is how much of an action there is; zero is as much as wanted.
type budget struct {
	PerDay int     `yaml:"per_day"` // how many may take it up in a day
	Total  int     `yaml:"total"`   // and altogether
	Money  float64 `yaml:"money"`   // what it may cost altogether
	Each   float64 `yaml:"each"`    // what one costs of that
}

func (b budget) bounded() bool { return b.PerDay > 0 || b.Total > 0 || b.Money > 0 }

func checkBudget(at complaints, s *actionSpec) error {
	b := s.Budget
	switch {
	case b.PerDay < 0 || b.Total < 0:
		return at.of("budget", "must not be below 0", "0, or left out, is without a bound")
	case !(b.Money >= 0 && b.Each >= 0) || math.IsInf(b.Money+b.Each, 0):
		return at.of("budget.money", "is not an amount", "")
	case (b.Money > 0) != (b.Each > 0):
		return at.of("budget.each", "goes with budget.money", "money is all that may be spent, each what one that is taken up costs")
	case s.Reach && s.Purpose == consent.Service:
		return at.of("reach", "holds back a service", "only offers are tried on few people first")
	}
	return nil
}

// Taken is how many decisions ended in an action's being taken up.
type Taken struct {
	Today, Ever int // accepted or bought
	Yes         int // ever, those that only clicked too
}

// Counted lists the actions of which there is only so much, or which are tried
// on few people first, in order of id: those that [Request].Taken is about.
func (c *Catalogue) Counted() []string {
	var out []string
	for _, a := range c.actions {
		if (a.Budget.bounded() || a.Reach) && !a.Retired {
			out = append(out, a.ID)
		}
	}
	return out
}

// spent says what an action has no more of.
func (b budget) spent(t Taken) string {
	switch {
	case b.PerDay > 0 && t.Today >= b.PerDay:
		return fmt.Sprintf("%d a day may have it, and today they have", b.PerDay)
	case b.Total > 0 && t.Ever >= b.Total:
		return fmt.Sprintf("%d may have it, and they have", b.Total)
	case b.Money > 0 && float64(t.Ever+1)*b.Each > b.Money:
		return "its money is spent"
	}
	return ""
}

// budgetGate leaves what there is still some of. Counts that nobody gave are
// zero: whoever asks for a catalogue with budgets counts, see [Catalogue.Counted].
func budgetGate(m *moment, c *candidate) (rule, why string, ok bool) {
	if why := c.Budget.spent(m.Taken[c.ID]); why != "" {
		return "catalogue.budget", why, false
	}
	return "", "", true
}

// reachGate keeps a new outbound action to the share of people that is worth
// the risk. Who is in the share is fixed by person and action, so that it only
// grows.
func reachGate(m *moment, c *candidate) (rule, why string, ok bool) {
	if !c.Reach || m.Taken == nil || !Outbound(m.Channel) {
		return "", "", true
	}
	reach := &m.guide.Reach
	share := reach.Least + (1-reach.Least)*min(1, float64(m.Taken[c.ID].Yes)/float64(reach.Full))
	if lot(m.Profile.ID, c.ID) < share {
		return "", "", true
	}
	return "catalogue.reach", fmt.Sprintf("the action is new: %.0f %% of the people are asked so far", 100*share), false
}

// lot draws 0..1 for a person and an action, the same each time.
func lot(person, action string) float64 {
	sum := sha256.Sum256([]byte(person + "\x00" + action))
	return float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53)
}
