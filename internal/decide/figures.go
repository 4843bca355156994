package decide

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"heed/internal/consent"
)

// PolicyFile is the file of a catalogue's folder that holds the numbers by
// which is decided. A folder without it decides by the defaults.
const PolicyFile = "policy.yaml"

// figures are the numbers that steer decisions, as they are written down. They
// come after consent and the law, which have no number here.
type figures struct {
	Value    valueFigures      `yaml:"value" json:"value"`
	Channels channelFigures    `yaml:"channels" json:"channels"`
	Patience patienceFigures   `yaml:"patience" json:"patience"`
	Limits   limitFigures      `yaml:"limits" json:"limits"`
	Exempt   []consent.Purpose `yaml:"exempt" json:"exempt"` // purposes that no limit counts
	Rests    restFigures       `yaml:"rests" json:"rests"`
	Contexts contextFigures    `yaml:"contexts" json:"contexts"`
	Memory   memoryFigures     `yaml:"memory" json:"memory"`
	Reach    reachFigures      `yaml:"reach" json:"reach"`
	Steady   float64           `yaml:"steady" json:"steady"` // times as good as what an agent looks at
	Explore  exploreFigures    `yaml:"explore" json:"explore"`
	Slots    []slotFigures     `yaml:"slots" json:"slots"` // who may ask; all of them
	Levers   leverFigures      `yaml:"levers" json:"levers"`
	// Attention is left out of the fingerprint where nobody uses it.
	Attention attentionFigures `yaml:"attention" json:"attention,omitzero"`
}

// How a value is kept from winning everywhere because it is great.
const (
	scalePower = "power"
	scaleGroup = "group"
)

type valueFigures struct {
	Scale string  `yaml:"scale" json:"scale"`
	Gamma float64 `yaml:"gamma" json:"gamma"` // of scale power
	Alpha float64 `yaml:"alpha" json:"alpha"` // of the customer's benefit
}

// channelFigure is what reaching a person by a channel costs their patience, in
// the unit of value, and the chance below which it is not worth it.
type channelFigure struct {
	Cost  float64 `yaml:"cost" json:"cost"`
	Floor float64 `yaml:"floor" json:"floor"`
}

type channelFigures struct {
	Agent channelFigure `yaml:"agent" json:"agent"`
	Web   channelFigure `yaml:"web" json:"web"`
	App   channelFigure `yaml:"app" json:"app"`
	Email channelFigure `yaml:"email" json:"email"`
	Push  channelFigure `yaml:"push" json:"push"`
	SMS   channelFigure `yaml:"sms" json:"sms"`
	Call  channelFigure `yaml:"call" json:"call"`
}

// patienceFigures make the cost of a channel what a contact costs now: cost x
// (1 + contacts)^exponent x (1 + what weighs on the mood).
type patienceFigures struct {
	Exponent   float64 `yaml:"exponent" json:"exponent"`
	Days       whole   `yaml:"days" json:"days"`       // in which contacts are counted
	Unhappy    float64 `yaml:"unhappy" json:"unhappy"` // times how far the mood is below 0
	Vulnerable float64 `yaml:"vulnerable" json:"vulnerable"`
	OpenIssue  float64 `yaml:"open_issue" json:"open_issue"`
}

// limitFigure is how often is written or called to sell, over all systems, in
// so many days: today at the person's place, and so many less one before.
type limitFigure struct {
	Most whole `yaml:"most" json:"most"`
	Days whole `yaml:"days" json:"days"`
}

type limitFigures struct {
	Email limitFigure `yaml:"email" json:"email"`
	SMS   limitFigure `yaml:"sms" json:"sms"`
	Call  limitFigure `yaml:"call" json:"call"`
	Push  limitFigure `yaml:"push" json:"push"`
	All   limitFigure `yaml:"all" json:"all"`
}

// restFigures are how long things rest after an outcome.
type restFigures struct {
	Rejected      lasting `yaml:"rejected" json:"rejected"`             // the action itself
	RejectedGroup lasting `yaml:"rejected_group" json:"rejected_group"` // what else is sold in its group
	RejectedTwice lasting `yaml:"rejected_twice" json:"rejected_twice"` // the group, once two were refused
	Accepted      lasting `yaml:"accepted" json:"accepted"`             // until the sale has come to its end
	Unanswered    lasting `yaml:"unanswered" json:"unanswered"`
	// Times without an answer, within so long, before that.
	UnansweredTimes  whole   `yaml:"unanswered_times" json:"unanswered_times"`
	UnansweredWithin lasting `yaml:"unanswered_within" json:"unanswered_within"`
}

// contextFigures are how long nothing is sold because of what happened, and
// the moods below which nothing is.
type contextFigures struct {
	AfterIssue   lasting `yaml:"after_issue" json:"after_issue"`
	AfterCart    lasting `yaml:"after_cart" json:"after_cart"` // of what was taken out of the cart
	AfterBadCall lasting `yaml:"after_bad_call" json:"after_bad_call"`
	// Angry sells nothing, Sore nothing after an issue; Bad is the mean of what
	// was said in a call (-0.8..0.8) from which on it was a bad one.
	Angry float64 `yaml:"angry" json:"angry"`
	Sore  float64 `yaml:"sore" json:"sore"`
	Bad   float64 `yaml:"bad" json:"bad"`
}

// memoryFigure lifts or lowers an action or a group, fading in a straight line.
type memoryFigure struct {
	Percent float64 `yaml:"percent" json:"percent"`
	For     lasting `yaml:"for" json:"for"`
}

type memoryFigures struct {
	Later     memoryFigure `yaml:"later" json:"later"`         // the action
	Rejected  memoryFigure `yaml:"rejected" json:"rejected"`   // its group
	Dismissed memoryFigure `yaml:"dismissed" json:"dismissed"` // the action
}

// reachFigures try a new action that reaches out on few people first: on a
// share of least, on all once so many have said yes.
type reachFigures struct {
	Least float64 `yaml:"least" json:"least"`
	Full  whole   `yaml:"full" json:"full"`
}

// exploreFigures are shares of [Explore]; what is not given is the tenant's.
type exploreFigures struct {
	Thompson *float64     `yaml:"thompson" json:"thompson,omitempty"`
	Uniform  *float64     `yaml:"uniform" json:"uniform,omitempty"`
	Careful  *float64     `yaml:"careful" json:"careful,omitempty"`
	Slots    []slotFigure `yaml:"slots" json:"slots,omitempty"`
}

type slotFigure struct {
	Slot     string  `yaml:"slot" json:"slot"`
	Thompson float64 `yaml:"thompson" json:"thompson"`
	Uniform  float64 `yaml:"uniform" json:"uniform"`
}

type leverFigures struct {
	Longest lasting `yaml:"longest" json:"longest"`
	Alarm   float64 `yaml:"alarm" json:"alarm"` // share of decisions whose winner levers change
}

// defaultFigures hold where a policy says nothing.
func defaultFigures() figures {
	return figures{
		Value: valueFigures{Scale: scalePower, Gamma: 0.7, Alpha: 1},
		Channels: channelFigures{
			Agent: channelFigure{Cost: 0.05}, Web: channelFigure{Cost: 0.05}, App: channelFigure{Cost: 0.05},
			Email: channelFigure{0.3, 0.01}, Push: channelFigure{0.4, 0.01}, SMS: channelFigure{1, 0.02}, Call: channelFigure{4, 0.05},
		},
		Patience: patienceFigures{Exponent: 1.2, Days: 7, Unhappy: 2, Vulnerable: 1, OpenIssue: 2},
		Limits:   limitFigures{Email: limitFigure{1, 7}, SMS: limitFigure{2, 30}, Call: limitFigure{1, 30}, Push: limitFigure{2, 7}, All: limitFigure{4, 7}},
		Exempt:   []consent.Purpose{consent.Service, consent.Research},
		Rests: restFigures{
			Rejected: lasting(30 * day), RejectedGroup: lasting(7 * day), RejectedTwice: lasting(60 * day), Accepted: lasting(7 * day),
			Unanswered: lasting(7 * day), UnansweredTimes: 5, UnansweredWithin: lasting(30 * day),
		},
		Contexts: contextFigures{AfterIssue: lasting(2 * day), AfterCart: lasting(day), AfterBadCall: lasting(day), Angry: -0.35, Sore: -0.1, Bad: -0.3},
		Memory: memoryFigures{
			Later: memoryFigure{30, lasting(7 * day)}, Rejected: memoryFigure{-40, lasting(14 * day)}, Dismissed: memoryFigure{-20, lasting(time.Hour)},
		},
		Reach:  reachFigures{Least: 0.02, Full: 200},
		Steady: 1.15,
		Slots:  defaultSlots(),
		Levers: leverFigures{Longest: lasting(90 * day), Alarm: 0.2},
	}
}

// clone shares nothing with the figures that it copies.
func (f figures) clone() figures {
	f.Attention.Agents = slices.Clone(f.Attention.Agents)
	f.Exempt, f.Explore.Slots, f.Slots = slices.Clone(f.Exempt), slices.Clone(f.Explore.Slots), cloneSlots(f.Slots)
	for _, share := range []**float64{&f.Explore.Thompson, &f.Explore.Uniform, &f.Explore.Careful} {
		if *share != nil {
			*share = new(**share)
		}
	}
	return f
}

// lasting is a length of time as people write it: "48h", "7d", "15m".
type lasting time.Duration

// String gives whole days as days.
func (l lasting) String() string {
	d := time.Duration(l)
	switch {
	case d >= 3*day && d%day == 0:
		return strconv.Itoa(int(d/day)) + "d"
	case d >= time.Hour && d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	default:
		return d.String()
	}
}

// MarshalText writes it as [lasting.String] does.
func (l lasting) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalYAML reads it.
func (l *lasting) UnmarshalYAML(n *yaml.Node) error {
	d, err := time.ParseDuration(n.Value)
	if days, whole := strings.CutSuffix(n.Value, "d"); whole {
		var count int
		count, err = strconv.Atoi(days)
		if d = time.Duration(count) * day; count > maxDays || count < -maxDays {
			d = maxDays * day // out of every range, and no overflow
		}
	}
	if err != nil || n.Kind != yaml.ScalarNode {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: `%s` is not a length of time, such as 48h or 7d", n.Line, n.Value)}}
	}
	*l = lasting(d)
	return nil
}

// whole is a number without a fraction, which YAML would cut off.
type whole int

// UnmarshalYAML reads it.
func (w *whole) UnmarshalYAML(n *yaml.Node) error {
	x, err := strconv.ParseInt(n.Value, 10, 32)
	if err != nil || n.Kind != yaml.ScalarNode {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: `%s` is not a whole number", n.Line, n.Value)}}
	}
	*w = whole(x)
	return nil
}

// maxDays bounds what is read before its range is looked at.
const maxDays = 10_000

// guide is a policy ready to be decided by. It never changes.
type guide struct {
	figures
	limits  []limit
	slots   map[string]*slotFigures // by name
	version string
}

// limit is a limit of one channel, or of all with an empty one.
type limit struct {
	limitFigure
	channel, fact, rule, what, unit string
}

func newGuide(f figures) *guide {
	g := &guide{figures: f, slots: make(map[string]*slotFigures, len(f.Slots))}
	for i := range f.Slots {
		g.slots[f.Slots[i].Slot] = &f.Slots[i]
	}
	l := &f.Limits
	for _, of := range []struct {
		channel, what string
		limit         limitFigure
	}{{"email", "email", l.Email}, {"sms", "sms", l.SMS}, {"call", "call", l.Call}, {"push", "push", l.Push}, {"", "contact", l.All}} {
		unit, of1 := unitOf(of.limit.Days), of.channel
		fact := "contact." + of1
		if of1 == "" {
			fact = "contact.*"
		}
		g.limits = append(g.limits, limit{of.limit, of.channel, fact, "cp." + of.what + "." + strings.ReplaceAll(unit, " ", "_"), of.what, unit})
	}
	raw, _ := json.Marshal(f) // numbers and texts, which checked
	sum := sha256.Sum256(raw)
	g.version = hex.EncodeToString(sum[:6])
	return g
}

func unitOf(days whole) string {
	switch days {
	case 1:
		return "day"
	case 7:
		return "week"
	case 30:
		return "month"
	default:
		return strconv.Itoa(int(days)) + " days"
	}
}

// standing is the policy of the defaults.
var standing = newGuide(defaultFigures())

// channel gives the figures of a channel; one that is not known is as the agent's.
func (g *guide) channel(name string) channelFigure {
	c := &g.Channels
	switch name {
	case "web":
		return c.Web
	case "app":
		return c.App
	case "email":
		return c.Email
	case "push":
		return c.Push
	case "sms":
		return c.SMS
	case "call":
		return c.Call
	default:
		return c.Agent
	}
}

// shares gives how often another than the best is tried in a slot: what the
// policy says of it, then of all, then the tenant's setting.
func (g *guide) shares(slot string, x Explore) Explore {
	for i := range g.Explore.Slots {
		if s := &g.Explore.Slots[i]; s.Slot == slot {
			x.Thompson, x.Uniform = s.Thompson, s.Uniform
			return x
		}
	}
	for _, of := range []struct{ given, into *float64 }{
		{g.Explore.Thompson, &x.Thompson}, {g.Explore.Uniform, &x.Uniform}, {g.Explore.Careful, &x.Careful},
	} {
		if of.given != nil {
			*of.into = *of.given
		}
	}
	if strings.HasPrefix(slot, agentChannel) {
		x.Thompson, x.Uniform = x.Careful, 0
	}
	return x
}

// PolicyVersion names the policy in force, as [Decision].Versions does: it is
// the same wherever the same numbers hold.
func (c *Catalogue) PolicyVersion() string { return c.guide.version }

// Gamma is the exponent that values are raised to, 0.3..1; see [Survivor.Worth].
func (c *Catalogue) Gamma() float64 { return c.guide.Value.Gamma }

// LeverAlarm is the share of decisions, 0..1, whose winner levers may change
// before somebody has to look.
func (c *Catalogue) LeverAlarm() float64 { return c.guide.Levers.Alarm }
