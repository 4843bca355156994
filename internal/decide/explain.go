package decide

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/customer"
)

// maxPhrases is how much an agent takes in at a glance.
const maxPhrases = 3

// because writes the one line of a choice from the evidence that spoke for
// it: what was said in this call first, then what is on record, and where that
// is nothing, what the model has learnt of people like this one.
func (m *moment) because(c *candidate, chance []Contribution) string {
	parts := m.spoken(c)
	if len(parts) < maxPhrases {
		parts = append(parts, m.onRecord(c, parts)...)
	}
	for _, f := range c.fits {
		if f.rule.rule != nil && len(parts) == 0 {
			parts = append(parts, f.rule.why)
		}
	}
	if len(parts) == 0 {
		return m.alike(chance)
	}
	return sentence(parts[:min(len(parts), maxPhrases)])
}

// spoken gives what the call raised that this action is about. The first of
// them tells when.
func (m *moment) spoken(c *candidate) []string {
	var parts []string
	for _, label := range m.about(c) {
		p := phrase(label, "")
		if slices.ContainsFunc(parts, func(have string) bool { return strings.HasPrefix(have, p) }) {
			continue
		}
		if len(parts) == 0 {
			if e, ok := m.when(label); ok {
				p += " " + clock(e.CallSecond) + " into this call"
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// about gives the labels of this call that the action's context or policies
// look for, the heaviest context first.
func (m *moment) about(c *candidate) []string {
	fits := slices.Clone(c.fits)
	slices.SortStableFunc(fits, func(a, b fit) int {
		return cmp.Compare(b.rule.weight, a.rule.weight)
	})
	var labels []string
	for _, f := range fits {
		if f.rule.label != "" && f.rule.weight > 0 {
			labels = append(labels, f.rule.label)
		}
	}
	for _, label := range c.mentions.labels {
		if m.hears(label) > 0 && !slices.Contains(labels, label) && !opposes(c, label) {
			labels = append(labels, label)
		}
	}
	return labels
}

// opposes says whether a label speaks against the action.
func opposes(c *candidate, label string) bool {
	return slices.ContainsFunc(c.context, func(r contextRule) bool { return r.label == label && r.weight < 0 })
}

// when finds where in this call a label was first said.
func (m *moment) when(label string) (customer.Evidence, bool) {
	for i := range m.Heard {
		if s := &m.Heard[i]; s.Label == label && s.Speaker == insights.Customer && s.Confidence >= leastHeard {
			return customer.Evidence{Label: label, Confidence: s.Confidence, At: m.At, CallID: m.CallID, CallSecond: float64(s.At), Quote: s.Quote}, true
		}
	}
	if m.CallID == "" {
		return customer.Evidence{}, false
	}
	for _, name := range customer.MovedBy(label) {
		for _, e := range m.Profile.Evidence[name] {
			if e.Label == label && e.CallID == m.CallID {
				return e, true
			}
		}
	}
	return customer.Evidence{}, false
}

// onRecord gives what happened outside this call: the evidence of the signals
// and the facts that the action's policies ask for.
func (m *moment) onRecord(c *candidate, already []string) []string {
	if m.blind {
		return nil
	}
	var parts []string
	add := func(p string) {
		known := func(have string) bool { return strings.HasPrefix(have, p) || strings.HasPrefix(p, have) }
		if p != "" && !slices.ContainsFunc(already, known) && !slices.ContainsFunc(parts, known) {
			parts = append(parts, p)
		}
	}
	for _, fact := range c.mentions.facts {
		add(m.factPhrase(fact))
	}
	for _, name := range c.mentions.signals {
		for _, p := range m.signalPhrases(name) {
			add(p)
		}
	}
	return parts
}

// factPhrase tells of the latest fact of a name, and how often it happened
// of late.
func (m *moment) factPhrase(name string) string {
	if strings.HasPrefix(name, "contact.") {
		return "" // how often we wrote is no reason to write again
	}
	var newest, oldest *customer.Fact
	n := 0
	for i := range m.Profile.Facts {
		f := &m.Profile.Facts[i]
		if f.Name == name && !f.At.After(m.At) && m.At.Sub(f.At) <= 30*day {
			if oldest == nil {
				oldest = f
			}
			newest = f
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return phrase(name, newest.Text("product")) + " " + ago(m.At, newest.At)
	default:
		return phrase(name, newest.Text("product")) + " " + times(n) + " " + within(m.At, oldest.At)
	}
}

// signalPhrases tell what raised a signal outside this call, one a label.
func (m *moment) signalPhrases(name string) []string {
	var parts, done []string
	evidence := m.reading(name).Evidence
	for i := range evidence {
		e := &evidence[i]
		if !positive(e) || e.Label == "sentiment" || m.here(e) || slices.Contains(done, e.Label) {
			continue
		}
		done = append(done, e.Label)
		n, first := m.repeats(evidence, e.Label)
		p := phrase(e.Label, "") + " " + ago(m.At, e.At)
		if n > 1 {
			p = phrase(e.Label, "") + " " + times(n) + " " + within(m.At, first)
		}
		parts = append(parts, p)
	}
	return parts
}

// here says whether a piece of evidence comes from the present call.
func (m *moment) here(e *customer.Evidence) bool { return e.CallID != "" && e.CallID == m.CallID }

// repeats counts a label's evidence from outside this call, and gives the
// moment of the first.
func (m *moment) repeats(evidence []customer.Evidence, label string) (n int, first time.Time) {
	for i := range evidence {
		e := &evidence[i]
		if e.Label != label || m.here(e) {
			continue
		}
		n++
		if first.IsZero() || e.At.Before(first) {
			first = e.At
		}
	}
	return n, first
}

// reasons lists everything that moved the figures of a choice, with its
// evidence, for whoever wants more than the one line.
func (m *moment) reasons(c *candidate) []Reason {
	out := make([]Reason, 0, len(c.fits)+len(c.mentions.signals)+2)
	for _, f := range c.fits {
		r := Reason{Kind: "context", Name: f.rule.label, Value: f.weight, Effect: effect(f.weight)}
		if f.rule.rule != nil {
			r.Name = f.rule.why
		} else if e, ok := m.when(f.rule.label); ok {
			r.Evidence = []customer.Evidence{e}
		}
		out = append(out, r)
	}
	for _, name := range c.mentions.signals {
		if m.blind {
			break
		}
		read := m.reading(name)
		out = append(out, Reason{Kind: "signal", Name: name, Value: read.Value, Effect: "+", Evidence: read.Evidence})
	}
	out = m.policyReasons(c, out)
	return m.pushReasons(c, out)
}

// policyReasons adds the facts that the policies counted.
func (m *moment) policyReasons(c *candidate, out []Reason) []Reason {
	if m.blind {
		return out
	}
	for _, fact := range c.mentions.facts {
		n := m.Profile.Count(fact, 30*day, m.At)
		if n == 0 {
			continue
		}
		r := Reason{Kind: "policy", Name: fact, Value: float64(n), Effect: "+"}
		for i := len(m.Profile.Facts) - 1; i >= 0 && len(r.Evidence) < maxPhrases; i-- {
			if f := &m.Profile.Facts[i]; f.Name == fact && !f.At.After(m.At) {
				r.Evidence = append(r.Evidence, customer.Evidence{EventID: f.EventID, Label: f.Name, At: f.At, Confidence: 1})
			}
		}
		out = append(out, r)
	}
	return out
}

// pushReasons adds the levers and influences that were at work.
func (m *moment) pushReasons(c *candidate, out []Reason) []Reason {
	for _, l := range m.active {
		if l.touches(c.action) {
			out = append(out, Reason{Kind: "lever", Name: l.Reason + " (" + l.Owner + ")", Value: l.Percent, Effect: effect(l.Percent)})
		}
	}
	if m.blind {
		return out
	}
	for i := range m.Profile.Influence {
		in := &m.Profile.Influence[i]
		if left := fading(in, m.At); concerns(in, c.action) && left != 0 {
			out = append(out, Reason{Kind: "influence", Name: in.Scope + " " + in.Name, Value: left, Effect: effect(left)})
		}
	}
	return out
}

func effect(x float64) string {
	if x < 0 {
		return "-"
	}
	return "+"
}

// silence writes why there is nothing to suggest.
func (m *moment) silence(out []Exclusion) string {
	var parts []string
	if m.mood < m.guide.Contexts.Angry {
		parts = append(parts, "the customer is upset")
	}
	if m.contacts >= 3 {
		span := "this week"
		if days := m.guide.Patience.Days; days != 7 {
			span = "in the last " + unitOf(days)
		}
		parts = append(parts, "we have been in touch "+times(m.contacts)+" "+span)
	}
	if m.issue.open {
		parts = append(parts, m.issue.why)
	}
	held := func(e Exclusion) bool {
		return strings.HasPrefix(e.Rule, "context.") || strings.HasPrefix(e.Rule, "worth.")
	}
	if len(parts) > 0 && slices.ContainsFunc(out, held) {
		return "Nothing to suggest: " + list(parts) + "."
	}
	switch step := furthest(out); {
	case step <= 1:
		return "Nothing to suggest: the customer has not allowed any of it on this channel."
	case step == 10:
		return "Nothing to suggest: nothing is worth the interruption now."
	case step >= 6:
		return "Nothing to suggest: what would fit was already answered or is resting."
	case len(m.labels) == 0:
		return "Nothing to suggest: nothing was said yet that calls for it."
	default:
		return "Nothing to suggest: nothing said so far calls for it."
	}
}

// furthest gives the last step that any candidate reached.
func furthest(out []Exclusion) int {
	step := 0
	for i := range out {
		step = max(step, out[i].Step)
	}
	return step
}
