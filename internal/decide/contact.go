package decide

import (
	"fmt"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/law"
)

const (
	day = 24 * time.Hour

	// restAfterIssue is how long nothing is sold after an issue was resolved,
	// and restMood the mood below which it goes on.
	restAfterIssue = 48 * time.Hour
	restMood       = -0.1
	// restAfterCart is how long nothing is sold that was taken out of the cart.
	restAfterCart = day
	// angryMood is the mood below which nothing is sold.
	angryMood = -0.35

	pauseRejected      = 30 * day // the action itself
	pauseRejectedGroup = 7 * day  // what else is sold in its group
	pauseTwiceRejected = 60 * day
	pauseAccepted      = 7 * day // until the sale has come to its end

	// vainly is how often in vainlyWithin an action is shown without an answer
	// before it rests for pauseVain.
	vainly       = 5
	vainlyWithin = 30 * day
	pauseVain    = 7 * day
)

// limits are how often we may write or call to sell, by channel, counted over
// all systems; the last is for all channels together.
var limits = []struct {
	channel string
	fact    string
	most    int
	days    int // today at the person's place, and so many less one before
	unit    string
}{
	{"email", "contact.email", 1, 7, "week"},
	{"sms", "contact.sms", 2, 30, "month"},
	{"call", "contact.call", 1, 30, "month"},
	{"push", "contact.push", 2, 7, "week"},
	{"", "contact.*", 4, 7, "week"},
}

// outcomeGate does not repeat what was answered: in the same call never, and
// what was refused, or shown in vain, rests for a while.
func outcomeGate(m *moment, c *candidate) (string, string, bool) {
	refusals := 0
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
		if age < pauseRejectedGroup || (refusals > 1 && age < pauseTwiceRejected) {
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
	case o.Outcome == Rejected && age < pauseRejected:
		return "contact.rejected", "the customer refused it " + ago(m.At, o.At)
	case o.Outcome == Accepted && age < pauseAccepted && c.Purpose == consent.Marketing:
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
	case shown >= vainly && m.At.Sub(last) < pauseVain:
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
		case o.Action != c.ID || o.At.After(m.At) || m.At.Sub(o.At) > vainlyWithin:
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
	if c.Purpose != consent.Marketing || !Outbound(m.Channel) {
		return "", "", true
	}
	for _, l := range limits {
		if l.channel != "" && l.channel != m.Channel {
			continue
		}
		within := m.At.Sub(m.today().AddDate(0, 0, 1-l.days))
		if n := m.Profile.Count(l.fact, within, m.At); n >= l.most {
			what := strings.TrimSuffix(strings.TrimPrefix(l.fact, "contact."), "*")
			if what == "" {
				what = "contact"
			}
			return "cp." + what + "." + l.unit, fmt.Sprintf("%s already sent in the last %s", counted(n, what), l.unit), false
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
