package decide

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"heed/internal/customer"
	"heed/internal/experiment"
)

// score is steps 8 and 9 for one survivor whose chance was estimated:
// P x C x V x L.
func (d *Decider) score(m *moment, c *candidate) {
	c.c = m.fit(c)
	c.worth = m.value(c, m.guide.Value.Alpha)
	c.v = m.scaled(c.worth, c)
	levers, memory := m.push(c)
	c.l = leverOf(levers + memory)
	c.priority = c.estimate.P * c.c * c.v * c.l
	if c.free = c.priority; levers != 0 {
		c.free = c.estimate.P * c.c * c.v * leverOf(memory)
	}
}

// leverOf is L of a sum in per cent, within 0.2 and 3.
func leverOf(percent float64) float64 { return min(3, max(0.2, 1+percent/100)) }

// estimate asks the model about all survivors at once, unless the person asked
// not to be profiled: then the catalogue's own expectation stands and no model
// is called.
func (m *moment) estimate(list []*candidate) {
	if m.list != nil && m.features == nil && len(list) > 0 {
		m.features = m.list.encode(m)
	}
	cases := make([]Case, len(list))
	out := make([]Estimate, len(list))
	for i, c := range list {
		cases[i] = m.caseOf(c)
	}
	model := m.model
	if m.blind {
		model = Fixed{}
	}
	estimateAll(model, cases, out)
	for i, c := range list {
		c.estimate = out[i]
		if !(out[i].P > 0 && out[i].P < 1) {
			c.estimate = Fixed{}.Estimate(&cases[i]) // a model that lost its numbers does not decide
		}
	}
}

// caseOf is what a model is asked about a candidate.
func (m *moment) caseOf(c *candidate) Case {
	return Case{
		Action: c.ID, Group: c.Group, Issue: c.Issue, Treatment: c.form(m), Channel: m.Channel,
		Prior: c.Prior.P, Weight: c.Prior.Weight, Like: c.Like, Features: m.features,
	}
}

func estimateAll(model Propensity, cases []Case, out []Estimate) {
	if t, ok := model.(Together); ok {
		t.EstimateAll(cases, out)
		return
	}
	for i := range cases {
		out[i] = model.Estimate(&cases[i])
	}
}

// form names the treatment.
func (c *candidate) form(m *moment) string {
	if c.treatment != nil {
		return c.treatment.ID
	}
	return m.plain
}

// fit is C: one plus the context weights that match, within 0.2 and 5. A
// label counts by how sure it is and how often it was said.
func (m *moment) fit(c *candidate) float64 {
	sum := 0.0
	for i := range c.context {
		rule := &c.context[i]
		much := 0.0
		if rule.rule == nil {
			much = m.hears(rule.label)
		} else if m.ask(rule.rule) == yes {
			much = 1
		}
		if much > 0 {
			sum += rule.weight * much
			c.fits = append(c.fits, fit{rule, rule.weight * much})
		}
	}
	m.note(c.mentions.reads)
	return min(5, max(0.2, 1+sum/100))
}

// push is the sum of the levers and that of what earlier outcomes left, in per
// cent.
func (m *moment) push(c *candidate) (levers, memory float64) {
	for _, l := range m.active {
		if l.touches(c.action) {
			levers += l.Percent
		}
	}
	if m.blind {
		return levers, 0
	}
	for i := range m.Profile.Influence {
		if in := &m.Profile.Influence[i]; concerns(in, c.action) {
			memory += fading(in, m.At)
		}
	}
	return levers, memory
}

func (l *lever) active(at time.Time) bool { return !at.Before(l.From) && at.Before(l.Until) }

func concerns(in *customer.Influence, a *action) bool {
	return (in.Scope == "action" && in.Name == a.ID) || (in.Scope == "group" && in.Name == a.Group)
}

// fading is what is left of an influence: all of it at its start, nothing at
// its end, in a straight line.
func fading(in *customer.Influence, at time.Time) float64 {
	if at.Before(in.From) || !at.Before(in.Until) {
		return 0
	}
	left := float64(in.Until.Sub(at)) / float64(in.Until.Sub(in.From))
	return in.Percent * left
}

// annoyance is what a contact costs this person now: more the more often we
// came of late and the worse the mood is.
func (m *moment) annoyance() float64 {
	p := &m.guide.Patience
	mood := 1 + p.Unhappy*max(0, -m.mood)
	if set, _ := m.flagged("vulnerable"); set {
		mood += p.Vulnerable
	}
	if m.issue.open {
		mood += p.OpenIssue
	}
	return m.guide.channel(m.Channel).Cost * math.Pow(float64(1+m.contacts), p.Exponent) * mood
}

// worth is step 10: silence beats what costs more patience than it brings by a
// priority.
func (m *moment) worth(c *candidate, priority float64) (rule, why string, ok bool) {
	switch {
	case m.pays(c, priority):
		return "", "", true
	case priority-c.annoyance <= 0:
		return "worth.net", fmt.Sprintf("worth %.2f, but coming up with it now costs %.2f of the customer's patience", priority, c.annoyance), false
	default:
		return "worth.floor", fmt.Sprintf("a chance of %.1f %% is too small for the %s channel", 100*c.estimate.P, m.Channel), false
	}
}

// pays says whether a candidate is worth it by a priority.
func (m *moment) pays(c *candidate, priority float64) bool {
	return m.arm.Kind == experiment.PolicyOnly || (priority-c.annoyance > 0 && c.estimate.P >= m.guide.channel(m.Channel).Floor)
}

// rank orders the survivors: by what the arm ranks by, then the lesser cost,
// then the id, so that the same question always has the same answer.
func (m *moment) rank(list []*candidate) {
	slices.SortFunc(list, func(a, b *candidate) int { return better(m, a, b) })
}

func better(m *moment, a, b *candidate) int {
	return ahead(m.merit(a), m.merit(b), a, b)
}

// ahead orders two candidates by figures of them.
func ahead(of, than float64, a, b *candidate) int {
	return cmp.Or(cmp.Compare(than, of), cmp.Compare(a.annoyance, b.annoyance), cmp.Compare(a.ID, b.ID))
}
