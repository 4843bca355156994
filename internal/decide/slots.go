package decide

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// slotFigures is a place that asks for decisions, as it is written down.
type slotFigures struct {
	Slot    string `yaml:"slot" json:"slot"`
	Channel string `yaml:"channel" json:"channel,omitempty"` // empty: the question says
	Answers whole  `yaml:"answers" json:"answers,omitempty"` // where the question does not say
	// Wait is when silence is no response, unless the action says; without one
	// it is as is usual on the channel.
	Wait *lasting `yaml:"wait" json:"wait,omitempty"`
	Live bool     `yaml:"live" json:"live,omitempty"`
}

// usualAnswersAsked is how many actions a place shows that does not say.
const usualAnswersAsked = 3

// callSlot is the place on the agent's screen that calls are answered in.
const callSlot = "agent.call"

// defaultSlots are the places that a policy has which names none.
func defaultSlots() []slotFigures {
	wait := func(channel string) *lasting { return new(lasting(*usualAnswers[channel].Timeout)) }
	slot := func(name, channel string, live bool) slotFigures {
		return slotFigures{Slot: name, Channel: channel, Answers: usualAnswersAsked, Wait: wait(channel), Live: live}
	}
	return []slotFigures{
		slot(callSlot, "agent", true), slot("agent.desk", "agent", true), slot("app.inbox", "push", false), slot("ivr.prompt", "call", true),
		{Slot: "outbound", Answers: usualAnswersAsked},
		slot("outbound.call", "call", false), slot("outbound.email", "email", false), slot("outbound.push", "push", false),
		slot("outbound.sms", "sms", false), slot("web.account", "web", true), slot("web.banner", "web", true), slot("web.cancel", "web", true),
	}
}

func cloneSlots(list []slotFigures) []slotFigures {
	list = slices.Clone(list)
	for i := range list {
		if list[i].Wait != nil {
			list[i].Wait = new(*list[i].Wait)
		}
	}
	return list
}

// mostSlots bounds the places of a policy.
const mostSlots = 500

// checkSlots refuses places that cannot be asked from.
func checkSlots(at complaints, f *figures) error {
	if len(f.Slots) > mostSlots {
		return at.of("slots", fmt.Sprintf("has more than %d places", mostSlots), "")
	}
	for i := range f.Slots {
		if err := checkSlot(at, f.Slots[:i], &f.Slots[i], fmt.Sprintf("slots[%d].", i)); err != nil {
			return err
		}
	}
	ofCalls := func(s slotFigures) bool { return s.Slot == callSlot && s.Channel == agentChannel }
	if !slices.ContainsFunc(f.Slots, ofCalls) {
		return at.of("slots", "has no "+callSlot+" on the channel agent", "calls are answered in it; the list takes the place of the default one as a whole")
	}
	return nil
}

func checkSlot(at complaints, before []slotFigures, s *slotFigures, field string) error {
	named := func(o slotFigures) bool { return o.Slot == s.Slot }
	switch {
	case !idShape.MatchString(s.Slot) || len(s.Slot) > 80 || slices.ContainsFunc(before, named):
		return at.of(field+"slot", fmt.Sprintf("%q is not a new slot", s.Slot), "such as web.retention, each once")
	case s.Channel != "" && !slices.Contains(channelNames, s.Channel):
		return at.of(field+"channel", fmt.Sprintf("%q is not a channel", s.Channel), "agent, web, app, email, sms, push or call; left out, the question says")
	case s.Answers < 0 || s.Answers > 20:
		return at.of(field+"answers", fmt.Sprintf("is %d, and must be between 1 and 20", s.Answers), "how many are shown where the question does not say; 3 unless given")
	case s.Wait != nil && (*s.Wait < 0 || time.Duration(*s.Wait) > maxTimeout):
		return at.of(field+"wait", fmt.Sprintf("is %v, and must be between 0s and %v", *s.Wait, lasting(maxTimeout)), "such as 30m or 3d; 0s waits for ever")
	}
	if s.Answers == 0 {
		s.Answers = usualAnswersAsked
	}
	return nil
}

// Slot is a place that asks for decisions.
type Slot struct {
	Name string
	// Channel is the only one of the slot; empty means that the question says.
	Channel string
	// Answers is how many actions it shows where the question does not say, 1..20.
	Answers int
	// Live says that somebody looks at it: what changes is to be shown at once.
	Live bool
}

func (s *slotFigures) slot() Slot { return Slot{s.Slot, s.Channel, int(s.Answers), s.Live} }

// Slots gives the places that may ask, in order of name.
func (c *Catalogue) Slots() []Slot {
	out := make([]Slot, 0, len(c.guide.slots))
	for i := range c.guide.Slots {
		out = append(out, c.guide.Slots[i].slot())
	}
	slices.SortFunc(out, func(a, b Slot) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Slot gives a place by its name.
func (c *Catalogue) Slot(name string) (Slot, bool) {
	s := c.guide.slots[name]
	if s == nil {
		return Slot{}, false
	}
	return s.slot(), true
}

// asks is how many actions a question is for that does not say.
func (g *guide) asks(slot string) int {
	if s := g.slots[slot]; s != nil {
		return int(s.Answers)
	}
	return usualAnswersAsked
}
