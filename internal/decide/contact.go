package decide

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/law"
)

const day = 24 * time.Hour

// outcomeGate does not repeat what was answered: in the same call never, and
// what was refused, or shown in vain, rests for a while.
func outcomeGate(m *moment, c *candidate) (string, string, bool) {
	refusals, rests := 0, &m.guide.Rests
	for i := range m.Outcomes {
		o := &m.Outcomes[i]
		age := m.At.Sub(o.At)
		if o.Action == c.ID {
			if rule, why := c.answered(m, o, age); rule != "" {
				return rule, why, false
			}
		}
		if o.Outcome != Rejected || c.Purpose != consent.Marketing || age < 0 {
			continue
		}
		if other := m.now.catalogue.find(o.Action); other == nil || other.Group != c.Group {
			continue
		}
		refusals++
		if age < time.Duration(rests.RejectedGroup) || (refusals > 1 && age < time.Duration(rests.RejectedTwice)) {
			return "contact.rejected_group", "something of the same kind was refused " + ago(m.At, o.At), false
		}
	}
	return "", "", true
}

// answered says whether an outcome of this very action rests it.
func (c *candidate) answered(m *moment, o *Outcome, age time.Duration) (rule, why string) {
	if m.CallID != "" && o.CallID == m.CallID && Answered(o.Outcome) {
		verb := o.Outcome
		if verb == Later {
			verb = "put off"
		}
		return "contact.answered", "already " + verb + " in this call"
	}
	switch {
	case age < 0:
		return "", ""
	case o.Outcome == Rejected && age < time.Duration(m.guide.Rests.Rejected):
		return "contact.rejected", "the customer refused it " + ago(m.At, o.At)
	case o.Outcome == Accepted && age < time.Duration(m.guide.Rests.Accepted) && c.Purpose == consent.Marketing:
		return "contact.accepted", "the customer accepted it " + ago(m.At, o.At)
	}
	return "", ""
}

// vainGate rests what was shown again and again on a channel and never
// answered, and a message of service that went out already: it is sent again
// only when something of what it is about has happened since.
func vainGate(m *moment, c *candidate) (string, string, bool) {
	shown, last := m.unanswered(c)
	switch {
	case shown == 0:
		return "", "", true
	case shown >= int(m.guide.Rests.UnansweredTimes) && m.At.Sub(last) < time.Duration(m.guide.Rests.Unanswered):
		return "contact.unanswered", fmt.Sprintf("it was shown %d times without an answer, the last time %s", shown, ago(m.At, last)), false
	case c.Purpose == consent.Service && Outbound(m.Channel) && len(c.mentions.facts) > 0 && !m.happened(c.mentions.facts, last):
		return "contact.told", "the customer was told " + ago(m.At, last) + ", and nothing has changed since", false
	}
	return "", "", true
}

// unanswered counts how often an action was shown on the channel since it was
// last answered on any, and when last.
func (m *moment) unanswered(c *candidate) (shown int, last time.Time) {
	for i := range m.Outcomes {
		o := &m.Outcomes[i]
		switch {
		case o.Action != c.ID || o.At.After(m.At) || m.At.Sub(o.At) > time.Duration(m.guide.Rests.UnansweredWithin):
		case Answered(o.Outcome):
			shown = 0
		case o.Outcome == Impression && o.Channel == m.Channel:
			shown++
			last = o.At
		}
	}
	return shown, last
}

// happened says whether one of some facts came after a moment.
func (m *moment) happened(names []string, since time.Time) bool {
	for i := len(m.Profile.Facts) - 1; i >= 0; i-- {
		f := &m.Profile.Facts[i]
		if !f.At.After(since) {
			return false
		}
		if f.At.After(m.At) {
			continue
		}
		for _, name := range names {
			if family, wild := strings.CutSuffix(name, "*"); f.Name == name || (wild && strings.HasPrefix(f.Name, family)) {
				return true
			}
		}
	}
	return false
}

// Outbound says whether a channel reaches out to a person who did not ask.
func Outbound(channel string) bool {
	switch channel {
	case "email", "sms", "push", "call":
		return true
	default:
		return false
	}
}

// limitGate counts what was sent to sell. Service is exempt by its purpose.
func limitGate(m *moment, c *candidate) (string, string, bool) {
	if slices.Contains(m.guide.Exempt, c.Purpose) || !Outbound(m.Channel) {
		return "", "", true
	}
	for i := range m.guide.limits {
		l := &m.guide.limits[i]
		if l.channel != "" && l.channel != m.Channel {
			continue
		}
		within := m.At.Sub(m.today().AddDate(0, 0, 1-int(l.Days)))
		if n := m.Profile.Count(l.fact, within, m.At); n >= int(l.Most) {
			return l.rule, fmt.Sprintf("%s already sent in the last %s", counted(n, l.what), l.unit), false
		}
	}
	return "", "", true
}

// today is the start of the day at the person's place.
func (m *moment) today() time.Time {
	if m.midnight.IsZero() {
		m.midnight = m.now.d.o.Law.Midnight(law.Case{
			At: m.At, Where: Whereabouts(&m.Profile, m.At), Number: address(&m.Profile, "call"),
		})
	}
	return m.midnight
}
