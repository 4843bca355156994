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

// costs are what reaching a person by a channel costs their patience, in the
// unit of value, and floors the chance below which it is not worth it.
var channelCosts = []struct {
	channel     string
	cost, floor float64
}{
	{"agent", 0.05, 0},
	{"web", 0.05, 0},
	{"app", 0.05, 0},
	{"email", 0.3, 0.01},
	{"push", 0.4, 0.01},
	{"sms", 1.0, 0.02},
	{"call", 4.0, 0.05},
}

// fatigueExponent makes each further contact in a week cost more than the last.
const fatigueExponent = 1.2

func channelCost(channel string) (cost, floor float64) {
	for _, c := range channelCosts {
		if c.channel == channel {
			return c.cost, c.floor
		}
	}
	return channelCosts[0].cost, 0
}

// score is steps 8 and 9 for one survivor whose chance was estimated:
// P x C x V x L.
func (d *Decider) score(m *moment, c *candidate) {
	c.c = m.fit(c)
	c.v = math.Pow(m.value(c, d.o.Alpha), m.gamma)
	c.l = 1 + d.push(m, c)/100
	c.l = min(3, max(0.2, c.l))
	c.priority = c.estimate.P * c.c * c.v * c.l
}

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

// push is the sum of the levers and of what earlier outcomes left, in per cent.
func (d *Decider) push(m *moment, c *candidate) float64 {
	sum := 0.0
	for i := range m.now.catalogue.levers {
		if l := &m.now.catalogue.levers[i]; l.touches(c.action) && l.active(m.At) {
			sum += l.Percent
		}
	}
	if m.blind {
		return sum
	}
	for i := range m.Profile.Influence {
		if in := &m.Profile.Influence[i]; concerns(in, c.action) {
			sum += fading(in, m.At)
		}
	}
	return sum
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
// came this week and the worse the mood is.
func (m *moment) annoyance() float64 {
	cost, _ := channelCost(m.Channel)
	mood := 1 + 2*max(0, -m.mood)
	if set, _ := m.flagged("vulnerable"); set {
		mood++
	}
	if m.issue.open {
		mood += 2
	}
	return cost * math.Pow(float64(1+m.contacts), fatigueExponent) * mood
}

// worth is step 10: silence beats what costs more patience than it brings.
func (m *moment) worth(c *candidate) (rule, why string, ok bool) {
	_, floor := channelCost(m.Channel)
	switch {
	case m.arm.Kind == experiment.PolicyOnly:
		return "", "", true
	case c.priority-c.annoyance <= 0:
		return "worth.net", fmt.Sprintf("worth %.2f, but coming up with it now costs %.2f of the customer's patience", c.priority, c.annoyance), false
	case c.estimate.P < floor:
		return "worth.floor", fmt.Sprintf("a chance of %.1f %% is too small for the %s channel", 100*c.estimate.P, m.Channel), false
	}
	return "", "", true
}

// rank orders the survivors: by what the arm ranks by, then the lesser cost,
// then the id, so that the same question always has the same answer.
func (m *moment) rank(list []*candidate) {
	slices.SortFunc(list, func(a, b *candidate) int { return better(m, a, b) })
}

func better(m *moment, a, b *candidate) int {
	return cmp.Or(cmp.Compare(m.merit(b), m.merit(a)), cmp.Compare(a.annoyance, b.annoyance), cmp.Compare(a.ID, b.ID))
}
