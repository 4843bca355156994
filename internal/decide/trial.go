package decide

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"heed/internal/customer"
)

// Given is a made-up person and moment, on whom a rule is tried. What is left
// out is as it is for somebody of whom nothing is known.
type Given struct {
	Traits  map[string]any     `yaml:"traits" json:"traits,omitempty" maxProperties:"50" doc:"Text, number or true/false by name" example:"{\"plan\":\"basic\"}"`
	Signals map[string]float64 `yaml:"signals" json:"signals,omitempty" maxProperties:"20" doc:"What a computed signal reads" example:"{\"churn_risk\":0.7}"`
	Labels  []string           `yaml:"labels" json:"labels,omitempty" maxItems:"50" doc:"Heard in the call, such as intent.cancel"`
	Facts   []GivenFact        `yaml:"facts" json:"facts,omitempty" maxItems:"50"`
	Channel string             `yaml:"channel" json:"channel,omitempty" maxLength:"20" doc:"agent unless given"`
}

// GivenFact is something that happened to a made-up person.
type GivenFact struct {
	Name    string  `yaml:"name" json:"name" maxLength:"100" example:"purchase"`
	DaysAgo float64 `yaml:"days_ago" json:"days_ago,omitempty" minimum:"0" maximum:"4000"`
	Product string  `yaml:"product" json:"product,omitempty" maxLength:"100"`
}

// policyTest is a case that is saved beside a policy and run whenever the
// catalogue is read.
type policyTest struct {
	Given Given  `yaml:"given"`
	Want  string `yaml:"want"` // keep, remove or unknown
	// Waived says why the case need not hold; empty where it must.
	Waived string `yaml:"waived"`
}

// GivenCase is a case as it is tried, beside a rule that is being written.
type GivenCase struct {
	Given Given  `json:"given,omitzero"`
	Want  string `json:"want" enum:"keep,remove,unknown"`
}

// Tried is what a rule said of a case.
type Tried struct {
	Answer string `json:"answer,omitempty" enum:"keep,remove,unknown" doc:"Empty when the rule does not check or the person cannot be made up"`
	Holds  bool   `json:"holds"`
	Reason string `json:"reason,omitempty" doc:"Why the person cannot be made up"`
}

// trialTime is when made-up moments are. Rules know only how long ago a thing
// was, so that any time does.
var trialTime = time.Date(2026, time.March, 3, 12, 0, 0, 0, time.UTC)

// trial is a moment whose signals read what was given.
type trial struct {
	moment

	signals map[string]float64
}

// newTrial makes a moment of what was given, or says what is wrong with it.
func newTrial(g Given, declared *traits) (*trial, error) {
	p, err := g.person(declared, trialTime)
	if err != nil {
		return nil, err
	}
	r := Request{Channel: cmp.Or(g.Channel, agentChannel), At: trialTime, Profile: p, Labels: g.Labels}
	if !slices.Contains(channelNames, r.Channel) {
		return nil, fmt.Errorf("%q is not a channel", r.Channel)
	}
	for _, l := range g.Labels {
		r.CallID = "trial"
		if !labelShape.MatchString(l) {
			return nil, fmt.Errorf("%q is not a label", l)
		}
	}
	t, err := newTrialOf(r, standing)
	if err != nil {
		return nil, err
	}
	t.signals = g.Signals
	functions := t.functions()
	functions["signal"], functions["high"] = t.signal, t.high
	t.vars, err = cel.FunctionVars(map[string]any{}, functions)
	return t, err
}

// newTrialOf makes a moment of somebody as they are.
func newTrialOf(r Request, g *guide) (*trial, error) {
	t := &trial{}
	t.now, t.guide = &inForce{d: new(Decider), catalogue: new(Catalogue)}, g // no model is told of somebody made up
	t.read = make([]bool, len(alwaysRead))
	t.begin(&r)
	var err error
	t.vars, err = cel.FunctionVars(map[string]any{}, t.functions())
	return t, err
}

// person makes the profile as it is at a moment; its signals are not in it.
func (g Given) person(declared *traits, now time.Time) (customer.Profile, error) {
	p := customer.New("trial", now.AddDate(-1, 0, 0))
	if err := g.known(); err != nil {
		return p, err
	}
	for _, name := range slices.Sorted(maps.Keys(g.Traits)) {
		v := g.Traits[name]
		if n, ok := v.(int); ok {
			v = float64(n) // as YAML reads a whole number
		}
		if s := declared.find(name); s != nil {
			if why := s.wrong(v); why != "" {
				return p, fmt.Errorf("trait %q %s", name, why)
			}
		}
		if !p.SetTrait(customer.Trait{Name: name, Value: v, Source: "trial", At: now, Confidence: 1, EventID: "trait"}) {
			return p, fmt.Errorf("trait %q is not a text, a number or true or false", name)
		}
	}
	for i, f := range g.Facts {
		if !(f.DaysAgo >= 0 && f.DaysAgo <= 4000) || !factShape.MatchString(f.Name) {
			return p, fmt.Errorf("fact %q of %v days ago is not one", f.Name, f.DaysAgo)
		}
		at := now.Add(-time.Duration(f.DaysAgo * float64(day)))
		p.Observe(customer.Fact{EventID: fmt.Sprintf("fact-%d", i), Name: f.Name, At: at, Props: map[string]any{"product": f.Product}})
	}
	return p, nil
}

// known says which signal is none.
func (g Given) known() error {
	for name, v := range g.Signals {
		if _, _, ok := customer.Thresholds(name); !ok || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("signal %q is not one, or not a number: %s", name, nearest(name, customer.SignalNames()))
		}
	}
	return nil
}

func (t *trial) signal(_ string, args ...ref.Val) ref.Val {
	if v, ok := t.signals[text(args[0])]; ok {
		return types.Double(v)
	}
	return t.moment.signal("", args...)
}

func (t *trial) high(_ string, args ...ref.Val) ref.Val {
	name := text(args[0])
	if v, ok := t.signals[name]; ok {
		enter, _, _ := customer.Thresholds(name)
		return types.Bool(v >= enter)
	}
	return t.moment.high("", args...)
}

// verdicts are the answers of a rule in the words of the files.
var verdicts = map[verdict]string{yes: "keep", no: "remove", unknown: "unknown"}

// tests runs the cases beside a policy.
func (p *policy) tests(at complaints, cases []policyTest, declared *traits) error {
	for i := range cases {
		c := &cases[i]
		field := fmt.Sprintf("tests[%d].", i)
		if !slices.Contains([]string{"keep", "remove", "unknown"}, c.Want) {
			return at.of(field+"want", fmt.Sprintf("%q is not an answer", c.Want), "keep, remove or unknown")
		}
		t, err := newTrial(c.Given, declared)
		if err != nil {
			return at.of(field+"given", err.Error(), "")
		}
		if got := verdicts[p.ask(t.vars)]; got != c.Want && c.Waived == "" {
			return at.of(field+"want", "the rule says "+got+" and not "+c.Want, "mend the rule or the case, or give the case waived with the reason; a policy is saved only when all others hold")
		}
	}
	return nil
}

// Expression is what is known of a rule before it is used.
type Expression struct {
	Type  string   `json:"type" doc:"What it gives; a policy gives bool"`
	Cost  uint64   `json:"cost" doc:"At the worst; 500 is the most"`
	Reads []string `json:"reads" doc:"What the person is asked for; a change of it has open slots decided again"`
	// Answer is empty when the rule does not check.
	Answer string `json:"answer,omitempty" enum:"keep,remove,unknown" doc:"For the sample"`
	Reason string `json:"reason,omitempty" doc:"Why it is refused"`
	Hint   string `json:"hint,omitempty"`
	// Place is where; nil where the whole is at fault.
	Place *Place `json:"place,omitempty"`
	// Cases are what the rule said of cases, in their order.
	Cases []Tried `json:"cases,omitempty"`
}

// TryPolicy checks a rule by what this catalogue declares and asks it about a
// made-up person. A rule that is refused has a Reason; the error is about the
// person.
func (c *Catalogue) TryPolicy(when string, g Given) (Expression, error) {
	return try(when, c.traits, func() (*trial, error) { return newTrial(g, c.traits) })
}

// TryPolicy is [Catalogue.TryPolicy] about somebody as they are, by what is in
// force.
func (d *Decider) TryPolicy(when string, r Request) (Expression, error) {
	r.Channel = cmp.Or(r.Channel, agentChannel)
	c := d.Catalogue()
	return try(when, c.traits, func() (*trial, error) { return newTrialOf(r, c.guide) })
}

func try(when string, declared *traits, whom func() (*trial, error)) (Expression, error) {
	out := Expression{Reads: []string{}}
	c, err := newCompiler(declared)
	if err != nil {
		return out, err
	}
	p, bad := c.compile(when)
	if bad != nil {
		out.Reason, out.Hint, out.Place = bad.reason, bad.hint, bad.at
		return out, err
	}
	out.Type, out.Cost = cel.BoolType.String(), p.cost
	for _, i := range p.mentions.reads {
		out.Reads = append(out.Reads, c.names[i])
	}
	t, err := whom()
	if err != nil {
		return out, err
	}
	out.Answer = verdicts[p.ask(t.vars)]
	return out, nil
}
