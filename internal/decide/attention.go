package decide

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// mostShown bounds what is remembered of a call: more often the first
// suggestion does not change.
const mostShown = 64

// Attention is what an agent has had in front of them on the call that is
// decided for: it keeps suggestions from becoming noise.
type Attention struct {
	Agent string `json:"agent,omitempty" doc:"Who takes the call"`
	// Shown are the suggestions that came first, in order, each time that one
	// took the place of another.
	Shown []Showing `json:"shown,omitempty"`
	// Said are the phrases by which actions are not wanted any more, by action.
	Said map[string]string `json:"said,omitempty"`
}

// Showing is a suggestion that came first on an agent's screen from a moment on.
type Showing struct {
	Action string    `json:"action"`
	From   time.Time `json:"from"`
}

// Show adds what a decision puts first. It shares nothing with what it was
// given.
func (a Attention) Show(d *Decision) Attention {
	first := ""
	if len(d.Actions) > 0 {
		first = d.Actions[0].Action
	}
	if n := len(a.Shown); n > 0 && a.Shown[n-1].Action == first || n == 0 && first == "" {
		return a
	}
	a.Shown = append(slices.Clone(a.Shown[max(0, len(a.Shown)-mostShown+1):]), Showing{first, d.At})
	return a
}

// attentionFigures are the budget of an agent's attention on one call; zero is
// no limit.
type attentionFigures struct {
	PerCall  whole         `yaml:"per_call" json:"per_call"` // different suggestions that come first
	CoolDown lasting       `yaml:"cool_down" json:"cool_down"`
	Agents   []agentBudget `yaml:"agents" json:"agents,omitempty"` // who has a budget of their own
}

// agentBudget takes the place of the common one for an agent.
type agentBudget struct {
	Agent    string  `yaml:"agent" json:"agent"`
	PerCall  whole   `yaml:"per_call" json:"per_call"`
	CoolDown lasting `yaml:"cool_down" json:"cool_down"`
}

// ownAttention is an action's own budget.
type ownAttention struct {
	// PerCall is how often it may come first on one call.
	PerCall int `yaml:"per_call"`
	// CoolDown is how long it rests once another has taken its place.
	CoolDown time.Duration `yaml:"cool_down"`
	// Unless are phrases after which it is not wanted on the call any more,
	// whoever says them.
	Unless []string `yaml:"unless_said"`
}

func (o *ownAttention) any() bool { return o.PerCall > 0 || o.CoolDown > 0 || len(o.Unless) > 0 }

// Bounds of a budget.
const (
	mostPerCall = 100
	mostCool    = 4 * time.Hour
	mostUnless  = 50
)

// budgetOf gives what holds for an agent.
func (f *attentionFigures) budgetOf(agent string) (perCall int, coolDown time.Duration) {
	for i := range f.Agents {
		if a := &f.Agents[i]; strings.EqualFold(a.Agent, agent) && agent != "" {
			return int(a.PerCall), time.Duration(a.CoolDown)
		}
	}
	return int(f.PerCall), time.Duration(f.CoolDown)
}

func checkAttention(at complaints, f *figures) error {
	budgets := []struct {
		field    string
		perCall  whole
		coolDown lasting
	}{{"attention", f.Attention.PerCall, f.Attention.CoolDown}}
	for i, a := range f.Attention.Agents {
		if strings.TrimSpace(a.Agent) == "" {
			return at.of(fmt.Sprintf("attention.agents[%d].agent", i), "is missing", "the name of an agent, as calls have it")
		}
		budgets = append(budgets, struct {
			field    string
			perCall  whole
			coolDown lasting
		}{fmt.Sprintf("attention.agents[%d]", i), a.PerCall, a.CoolDown})
	}
	for _, b := range budgets {
		if b.perCall < 0 || b.perCall > mostPerCall {
			return at.of(b.field+".per_call", fmt.Sprintf("is %d, and must be between 0 and %d", b.perCall, mostPerCall), "0 is no limit")
		}
		if d := time.Duration(b.coolDown); d < 0 || d > mostCool {
			return at.of(b.field+".cool_down", "must be between 0s and 4h", "such as 30s")
		}
	}
	return nil
}

func checkOwnAttention(at complaints, s *actionSpec) error {
	o := &s.Attention
	switch {
	case o.PerCall < 0 || o.PerCall > mostPerCall:
		return at.of("attention.per_call", fmt.Sprintf("must be between 0 and %d", mostPerCall), "0 is no limit")
	case o.CoolDown < 0 || o.CoolDown > mostCool:
		return at.of("attention.cool_down", "must be between 0s and 4h", "such as 2m")
	case len(o.Unless) > mostUnless:
		return at.of("attention.unless_said", fmt.Sprintf("has %d phrases, at most %d", len(o.Unless), mostUnless), "")
	}
	for _, phrase := range o.Unless {
		if len(spokenWords(phrase)) == 0 || len(phrase) > maxText {
			return at.of("attention.unless_said", fmt.Sprintf("%q is no phrase", phrase), "words as they are said")
		}
	}
	return nil
}

// Hears adds the phrases of an utterance by which actions are not wanted any
// more. It shares nothing with what it was given.
func (c *Catalogue) Hears(a Attention, text string) Attention {
	var said []string
	for _, act := range c.actions {
		if len(act.Attention.Unless) == 0 || a.Said[act.ID] != "" {
			continue
		}
		if said == nil {
			said = spokenWords(text)
		}
		for i, phrase := range act.unless {
			if holds(said, phrase) {
				next := map[string]string{act.ID: act.Attention.Unless[i]}
				maps.Copy(next, a.Said)
				a.Said = next
				break
			}
		}
	}
	return a
}

// spokenWords gives the words of a text without letter case and marks.
func spokenWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && !unicode.IsMark(r)
	})
}

func holds(said, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(said); i++ {
		if slices.Equal(said[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// attentive says whether anything in the catalogue asks for attention to be
// kept count of.
func (c *Catalogue) attentive() bool {
	f := &c.guide.Attention
	return f.PerCall > 0 || f.CoolDown > 0 || len(f.Agents) > 0 || slices.ContainsFunc(c.actions, func(a *action) bool { return a.Attention.any() })
}

// attentionGate spends no more of an agent's attention than there is. What
// comes first now may stay: a suggestion that leaves while it is read is worse
// than one too many.
func attentionGate(m *moment, c *candidate) (string, string, bool) {
	a := m.Attention
	if a == nil {
		return "", "", true
	}
	if phrase := a.Said[c.ID]; phrase != "" {
		return "contact.unless_said", fmt.Sprintf("%q was said on this call", phrase), false
	}
	spent := &m.spent
	if spent.now == c.ID {
		return "", "", true
	}
	had, coolDown := spent.by[c.ID], max(spent.coolDown, c.Attention.CoolDown)
	switch {
	case c.Attention.PerCall > 0 && had.times >= c.Attention.PerCall:
		return "contact.per_call", fmt.Sprintf("it came first %d times on this call", had.times), false
	case had.times > 0 && m.At.Sub(had.left) < coolDown:
		return "contact.cool_down", "it was shown " + ago(m.At, had.left) + " and rests for " + coolDown.String(), false
	case spent.perCall > 0 && had.times == 0 && len(spent.by) >= spent.perCall:
		return "contact.attention", fmt.Sprintf("%d suggestions came on this call, and the agent is not to have more", len(spent.by)), false
	}
	return "", "", true
}

// spent is an agent's budget on a call and what went of it, the same for all
// candidates of a decision.
type spent struct {
	perCall  int
	coolDown time.Duration
	now      string           // the action that comes first now
	by       map[string]shown // the actions that came first
}

// shown is how often an action came first, and when another took its place last.
type shown struct {
	times int
	left  time.Time
}

// spentOf counts what went of an agent's attention; without any, nothing did.
func spentOf(f *attentionFigures, a *Attention) spent {
	if a == nil {
		return spent{}
	}
	s := spent{by: make(map[string]shown, len(a.Shown))}
	s.perCall, s.coolDown = f.budgetOf(a.Agent)
	for i, show := range a.Shown {
		s.now = show.Action
		if show.Action == "" {
			continue
		}
		had := s.by[show.Action]
		had.times++
		if i+1 < len(a.Shown) {
			had.left = a.Shown[i+1].From
		}
		s.by[show.Action] = had
	}
	return s
}
