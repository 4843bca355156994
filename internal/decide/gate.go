package decide

import (
	"errors"

	"heed/internal/consent"
)

// ErrUnknownAction is returned for an action that the catalogue does not hold.
var ErrUnknownAction = errors.New("the catalogue holds no such action")

// Sending is a message that is about to go to a person: one of an action of
// the catalogue, or of a purpose and a topic alone.
type Sending struct {
	Action  string
	Purpose consent.Purpose // the action's own where one is named
	Topic   string
}

// Verdict says whether a message may go now.
type Verdict struct {
	Allowed bool   `json:"allowed"`
	Step    int    `json:"step" doc:"Which of the steps 0 to 7 refused; 0 with allowed means none"`
	Rule    string `json:"rule,omitempty"`
	Why     string `json:"why" doc:"One sentence for people"`
	// AllowedBy is the ground on which the consent step let it pass.
	AllowedBy *Permission `json:"allowed_by,omitempty"`
}

// Gate asks the very rules of steps 1, 2 and 7 that [Decider.Decide] asks,
// once more at the moment of sending: minutes may lie between. The request
// names the channel and, where it is not the person's first, the address.
// [ErrUnknownAction] when the message is of an action that is not there.
func (d *Decider) Gate(r Request, s Sending) (Verdict, error) {
	now := d.force.Load()
	c := candidate{action: &action{}}
	c.Purpose, c.Topic = s.Purpose, s.Topic
	if s.Action != "" {
		if c.action = now.catalogue.find(s.Action); c.action == nil {
			return Verdict{}, ErrUnknownAction
		}
	}
	if why := unanswerable(&r); why != "" {
		return Verdict{Rule: "subject", Why: why}, nil
	}
	m := now.moment()
	m.begin(&r)
	m.under(d.plan.Load().Assign(m.unit(r.Profile.ID)))
	defer func() {
		m.end()
		now.moments.Put(m)
	}()
	for i := range gates {
		g := &gates[i]
		if g.step > 2 && g.step < 7 {
			continue
		}
		if rule, why, ok := g.ask(m, &c); !ok {
			return Verdict{Step: g.step, Rule: rule, Why: why}, nil
		}
	}
	return Verdict{Allowed: true, Why: "it may go now", AllowedBy: &c.allowed}, nil
}
