package decide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"heed/internal/consent"
)

// candidate is one action on its way through the steps.
type candidate struct {
	*action
	treatment *treatment
	allowed   Permission
	estimate  Estimate
	c, v, l   float64
	worth     float64 // before it was scaled to v
	priority  float64
	free      float64 // priority without levers
	annoyance float64
	pi        float64
	fits      []fit
}

// fit is a context weight that matched.
type fit struct {
	rule   *contextRule
	weight float64 // per cent, as much as it was said
}

// gate is one step that may remove a candidate. It gives the rule and the
// plain reason when it does.
type gate struct {
	step int
	rule string // of a pass
	ask  func(m *moment, c *candidate) (rule, why string, ok bool)
}

// legalStep is the step of the law.
const legalStep = 2

// gates are steps 1 to 7 in their order. Consent is first: whoever does not
// pass it is never scored.
var gates = []gate{
	{1, "consent", consentGate},
	{legalStep, "legal", legalGate},
	{3, "catalogue", catalogueGate},
	{3, "catalogue.budget", budgetGate},
	{3, "catalogue.reach", reachGate},
	{4, "eligibility", policyGate(4)},
	{5, "applicability.owned", ownedGate},
	{5, "applicability", policyGate(5)},
	{6, "suitability.vulnerable", vulnerableGate},
	{6, "suitability", policyGate(6)},
	{7, "contact.holdout", holdoutGate},
	{7, "contact.outcome", outcomeGate},
	{7, "contact.attention", attentionGate},
	{7, "contact.vain", vainGate},
	{7, "contact.outbound", outboundGate},
	{7, "contact.context", contextGate},
	{7, "contact.limit", limitGate},
	{7, "contact", policyGate(7)},
}

// consentGate needs a grant for whatever sells or studies. Serving one's own
// customer rests on the contract and needs only that nobody said no.
func consentGate(m *moment, c *candidate) (string, string, bool) {
	a := m.permit(c.Purpose, c.Topic)
	c.allowed = Permission{Purpose: c.Purpose, Basis: "consent", State: a.State}
	if a.Row != nil {
		c.allowed.Row, c.allowed.Since, c.allowed.Source = a.Row.ID, a.Row.At, a.Row.Source
	}
	if a.Row != nil && a.Row.Purpose == consent.Processing {
		return "consent.processing", "the customer's data is kept and not used since " + a.Row.At.Format("2 January 2006") + " (" + a.Row.Source + "): only plain service is left", false
	}
	if m.permit(consent.Profiling, "").Denies() && c.Purpose != consent.Service {
		return "consent.profiling", "the customer asked not to be profiled: only plain service is left", false
	}
	if a.State == consent.Granted {
		return "", "", true
	}
	if c.Purpose == consent.Service && !a.Denies() {
		c.allowed.Basis = "contract"
		return "", "", true
	}
	return "consent." + string(c.Purpose), refusal(c.Purpose, m.Channel, a), false
}

func refusal(p consent.Purpose, channel string, a consent.Answer) string {
	if a.Row == nil {
		return fmt.Sprintf("no word on %s by %s yet, and unknown is not granted", p, channel)
	}
	verb, end := string(a.State), ""
	switch a.State {
	case consent.Unknown:
		verb = "reset"
	case consent.Expired:
		verb, end = "allowed", " and that has expired"
	case consent.Granted, consent.Denied, consent.Withdrawn:
	}
	return fmt.Sprintf("%s by %s was %s on %s (%s)%s", p, channel, verb, a.Row.At.Format("2 January 2006"), a.Row.Source, end)
}

// catalogueGate leaves what is live and has words for this channel and language.
func catalogueGate(m *moment, c *candidate) (string, string, bool) {
	switch {
	case c.Retired:
		return "catalogue.retired", "the action is retired", false
	case m.At.Before(c.Valid.From):
		return "catalogue.valid", "the action starts on " + c.Valid.From.Format("2 January 2006"), false
	case !c.Valid.Until.IsZero() && !m.At.Before(c.Valid.Until):
		return "catalogue.valid", "the action ended on " + c.Valid.Until.Format("2 January 2006"), false
	}
	for i := range c.Treatments {
		t := &c.Treatments[i]
		if t.Channel == m.Channel && speaks(t.Language, m.Language) {
			c.treatment = t
			return "", "", true
		}
	}
	if slices.Contains(c.Channels, m.Channel) {
		return "", "", true
	}
	return "catalogue.treatment", "there are no words for the " + m.Channel + " channel in this language", false
}

// speaks says whether words in one language serve a person of another: "en"
// serves "en-GB", and an empty one is any.
func speaks(words, person string) bool {
	if words == "" || person == "" {
		return true
	}
	a, _, _ := strings.Cut(words, "-")
	b, _, _ := strings.Cut(person, "-")
	return strings.EqualFold(a, b)
}

// policyGate asks an action's own rules of one step.
func policyGate(step int) func(*moment, *candidate) (string, string, bool) {
	return func(m *moment, c *candidate) (string, string, bool) {
		for i := range c.policies {
			p := &c.policies[i]
			if p.step != step || m.open.own(p) {
				continue // one that is open leaves the others of the step as they are
			}
			m.note(p.mentions.reads)
			switch answer := m.ask(p); {
			case answer == no:
				return p.id, p.why + m.figures(p.mentions.signals), false
			case answer == unknown && !p.keepUnknown:
				return p.id, p.why + " (or it is not known)", false
			}
		}
		return "", "", true
	}
}

// figures adds what the signals of a rule were, such as " (churn risk 0.20)".
func (m *moment) figures(signals []string) string {
	if len(signals) == 0 || m.blind {
		return ""
	}
	parts := make([]string, len(signals))
	for i, name := range signals {
		parts[i] = strings.ReplaceAll(name, "_", " ") + " " + strconv.FormatFloat(m.reading(name).Value, 'f', 2, 64)
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// vulnerableGate leaves a vulnerable or bereaved customer only what is listed
// as right for them.
func vulnerableGate(m *moment, c *candidate) (string, string, bool) {
	if c.ForVulnerable {
		return "", "", true
	}
	for _, name := range [...]string{"vulnerable", "bereaved"} {
		if set, _ := m.flagged(name); set {
			return "suitability.vulnerable", "the customer is marked as " + name + ": only listed service actions", false
		}
	}
	return "", "", true
}
