package decide

import (
	"fmt"
	"slices"

	"heed/internal/consent"
	"heed/internal/experiment"
)

// Shadow is what a challenger would have answered, logged and never shown.
type Shadow struct {
	Arm string `json:"arm"`
	// Action is what it would have put first; empty for silence.
	Action   string  `json:"action"`
	P        float64 `json:"p"`
	Priority float64 `json:"priority"`
}

// checkPlan refuses a plan whose challengers name a model that is not there.
func (o *Options) checkPlan() error {
	o.Experiments.Arms = slices.Clone(o.Experiments.Arms)
	if err := o.Experiments.Check(); err != nil {
		return fmt.Errorf("experiments: %w", err)
	}
	for i, a := range o.Experiments.Arms {
		if a.Model != "" && o.Models[a.Model] == nil {
			return fmt.Errorf("experiments: %w", &experiment.Invalid{
				Field: fmt.Sprintf("arms[%d].model", i), Reason: fmt.Sprintf("there is no model %q", a.Model), Hint: "such as counting",
			})
		}
	}
	return nil
}

// Plan gives the arms as they are now.
func (d *Decider) Plan() experiment.Plan { return *d.plan.Load() }

// EndArm ends an arm at once: its people are decided for as all others are.
// It says whether there was one that had not ended.
func (d *Decider) EndArm(name string) bool {
	for {
		now := d.plan.Load()
		next, ok := now.End(name)
		if !ok {
			return false
		}
		if d.plan.CompareAndSwap(now, &next) {
			d.tell()
			return true
		}
	}
}

// unit is what an arm is drawn for: all decisions of a call are one.
func (m *moment) unit(id string) experiment.Unit {
	if m.CallID != "" {
		id = m.CallID
	}
	return experiment.Unit{Subject: m.Profile.ID, Decision: id, At: m.At}
}

// under has the moment decided by an arm: with its model and its figures.
func (m *moment) under(a experiment.Arm) {
	v := &m.guide.Value
	m.way = way{a, m.now.d.o.Propensity, v.Scale, v.Gamma}
	if a.Model != "" {
		m.model = m.now.d.o.Models[a.Model]
	}
	if a.Gamma != 0 {
		m.scale, m.gamma = scalePower, a.Gamma
	}
}

// merit is what an arm ranks by.
func (m *moment) merit(c *candidate) float64 {
	switch m.arm.Kind {
	case experiment.PropensityOnly:
		return c.estimate.P
	case experiment.NoLevers:
		return c.estimate.P * c.c * c.v
	default:
		return c.priority
	}
}

// holdoutGate leaves those alone who are not engaged for comparison.
func holdoutGate(m *moment, c *candidate) (string, string, bool) {
	if m.arm.Kind == experiment.Holdout && c.Purpose == consent.Marketing {
		return "contact.holdout", "the customer is in the group that gets no marketing, to see what marketing is worth", false
	}
	return "", "", true
}

// shadows asks the challengers what they would have answered. The candidates
// are those that passed the rules, not yet weighed.
func (d *Decider) shadows(m *moment, passed []candidate, id string) []Shadow {
	decided := m.arm
	defer m.under(decided)
	var out []Shadow
	for _, a := range d.plan.Load().Shadows(m.unit(id)) {
		m.under(a)
		list := slices.Clone(passed)
		m.estimate(refer(list))
		s, best := Shadow{Arm: a.Name}, (*candidate)(nil)
		for i := range list {
			c := &list[i]
			d.score(m, c)
			c.annoyance = m.annoyance()
			if _, _, ok := m.worth(c, c.priority); ok && (best == nil || better(m, c, best) < 0) {
				best = c
			}
		}
		if best != nil {
			s.Action, s.P, s.Priority = best.ID, best.estimate.P, best.priority
		}
		out = append(out, s)
	}
	return out
}
