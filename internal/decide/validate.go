package decide

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/strict"
)

const (
	// priorWeight is how many outcomes a prior is worth unless it says.
	priorWeight = 20
	maxText     = 600 // bytes of a title, a sentence to say or a reason
)

var (
	idShape    = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)
	labelShape = regexp.MustCompile(`^(intent|theme|moment|mood)\.[a-z0-9_]+$`)
	factShape  = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?$`)
)

// actionPurposes are the purposes that an action can have.
var actionPurposes = []consent.Purpose{consent.Service, consent.Marketing, consent.Research}

// Channels that a decision can be for.
var channelNames = []string{"agent", "web", "app", "email", "sms", "push", "call"}

// complaints makes refusals about one item of a file.
type complaints struct {
	doc  *strict.Document
	path string
}

func (c complaints) of(field, reason, hint string) error {
	return c.doc.Problem(strings.TrimPrefix(c.path+"."+field, "."), reason, hint)
}

// action checks and compiles one action.
func (b *builder) action(at complaints, spec actionSpec) (*action, error) {
	checks := []func(complaints, *actionSpec) error{checkNames, checkWords, checkChannels, checkValue, checkPrior, checkValid, checkAnswers, checkBudget, checkOwnAttention}
	for _, check := range checks {
		if err := check(at, &spec); err != nil {
			return nil, err
		}
	}
	a := &action{actionSpec: spec}
	for _, phrase := range spec.Attention.Unless {
		a.unless = append(a.unless, spokenWords(phrase))
	}
	for _, compile := range []func(complaints, *action) error{b.amounts, b.policies, b.contexts} {
		if err := compile(at, a); err != nil {
			return nil, err
		}
	}
	if spec.Like != "" {
		b.checks = append(b.checks, func() error { return b.like(at, spec) })
	}
	return a, nil
}

// like checks that there is an action to begin like.
func (b *builder) like(at complaints, spec actionSpec) error {
	if spec.Like != spec.ID && slices.ContainsFunc(b.actions, func(a *action) bool { return a.ID == spec.Like }) {
		return nil
	}
	return at.of("prior_like", fmt.Sprintf("no other action is called %q", spec.Like), "")
}

func checkNames(at complaints, s *actionSpec) error {
	for _, f := range []struct{ field, text string }{{"id", s.ID}, {"issue", s.Issue}, {"group", s.Group}} {
		if !idShape.MatchString(f.text) {
			return at.of(f.field, fmt.Sprintf("%q is not a name", f.text), `small letters, digits, ".", "_", "-"`)
		}
	}
	if !slices.Contains(actionPurposes, s.Purpose) {
		return at.of("purpose", fmt.Sprintf("%q is not a purpose", s.Purpose), "service, marketing or research: what the customer's consent is asked for")
	}
	if !slices.Contains([]string{"", "legal", "similar"}, s.Effect) {
		return at.of("effect", fmt.Sprintf("%q is not an effect", s.Effect), "legal, similar, or left out")
	}
	return nil
}

func checkWords(at complaints, s *actionSpec) error {
	for _, f := range []struct {
		field, text string
		must        bool
	}{{"title", s.Title, true}, {"say", s.Say, true}, {"avoid", s.Avoid, false}} {
		if f.must && strings.TrimSpace(f.text) == "" {
			return at.of(f.field, "is missing", "what the agent does and says")
		}
		if len(f.text) > maxText {
			return at.of(f.field, fmt.Sprintf("is longer than %d bytes", maxText), "an agent has seconds to read it")
		}
	}
	return nil
}

func checkChannels(at complaints, s *actionSpec) error {
	if len(s.Channels) == 0 && len(s.Treatments) == 0 {
		return at.of("channels", "names no channel", strings.Join(channelNames, ", "))
	}
	for i, ch := range s.Channels {
		if !slices.Contains(channelNames, ch) {
			return at.of(fmt.Sprintf("channels[%d]", i), fmt.Sprintf("%q is not a channel", ch), strings.Join(channelNames, ", "))
		}
	}
	for i := range s.Treatments {
		t := &s.Treatments[i]
		field := fmt.Sprintf("treatments[%d].", i)
		if !slices.Contains(channelNames, t.Channel) {
			return at.of(field+"channel", fmt.Sprintf("%q is not a channel", t.Channel), strings.Join(channelNames, ", "))
		}
		if !idShape.MatchString(t.ID) {
			return at.of(field+"id", fmt.Sprintf("%q is not a name", t.ID), `such as "email.v1"`)
		}
		if strings.TrimSpace(t.Say) == "" || len(t.Say) > 4*maxText {
			return at.of(field+"say", "is missing or too long", "the words of this channel")
		}
	}
	return nil
}

func checkValue(at complaints, s *actionSpec) error {
	v := s.Value
	for _, f := range []struct {
		field string
		x     float64
	}{{"value.margin", v.Margin}, {"value.cost_share", v.CostShare}, {"value.customer_benefit", v.Customer}} {
		if math.IsNaN(f.x) || math.IsInf(f.x, 0) {
			return at.of(f.field, "is not a finite number", "")
		}
	}
	if v.CostShare < 0 || v.CostShare > 1 {
		return at.of("value.cost_share", "must be between 0 and 1", "the share of the margin that the action costs")
	}
	if v.Customer < 0 {
		return at.of("value.customer_benefit", "must not be below 0", "an action that harms the customer is not in the catalogue")
	}
	if v.Margin*(1-v.CostShare) <= 0 && v.Customer == 0 {
		return at.of("value", "is worth nothing", "service and apology have a value too: say what a kept customer is worth in margin, or what it does for them in customer_benefit")
	}
	return nil
}

func checkPrior(at complaints, s *actionSpec) error {
	if !(s.Prior.P > 0 && s.Prior.P < 1) {
		return at.of("prior.p", "must be above 0 and below 1", "the share of customers who would accept it, as you expect")
	}
	if s.Prior.Weight == 0 {
		s.Prior.Weight = priorWeight
	}
	if !(s.Prior.Weight > 0 && s.Prior.Weight <= 1e6) {
		return at.of("prior.weight", "must be above 0", "how many outcomes the expectation is worth; 20 unless given")
	}
	return nil
}

func checkValid(at complaints, s *actionSpec) error {
	if !s.Valid.Until.IsZero() && !s.Valid.Until.After(s.Valid.From) {
		return at.of("valid.until", "is not after valid.from", "")
	}
	return nil
}

// policies compiles the rules of an action.
func (b *builder) policies(at complaints, a *action) error {
	seen := make(map[string]bool, len(a.Policy))
	for i := range a.Policy {
		spec := &a.Policy[i]
		here := complaints{at.doc, fmt.Sprintf("%s.policies[%d]", at.path, i)}
		step, ok := policySteps[spec.Kind]
		switch {
		case !idShape.MatchString(spec.ID) || seen[spec.ID]:
			return here.of("id", fmt.Sprintf("%q is not a new name", spec.ID), "each policy of an action has its own")
		case !ok:
			return here.of("kind", fmt.Sprintf("%q is not a kind of policy", spec.Kind), "eligibility, applicability, suitability or contact")
		case strings.TrimSpace(spec.Why) == "" || len(spec.Why) > maxText:
			return here.of("why", "is missing or too long", "the plain sentence people read when the rule removes the action")
		case spec.Unknown != "" && spec.Unknown != "exclude" && spec.Unknown != "keep":
			return here.of("unknown", fmt.Sprintf("%q is neither exclude nor keep", spec.Unknown), "what happens when a fact that the rule needs is not known; exclude unless given")
		}
		seen[spec.ID] = true
		p, err := b.rules.compile(spec.When)
		if err != nil {
			return here.of("when", err.Error(), err.hint)
		}
		p.id, p.step, p.keepUnknown, p.why = spec.ID, step, spec.Unknown == "keep", spec.Why
		if err := p.tests(here, spec.Tests, b.rules.traits); err != nil {
			return err
		}
		a.policies = append(a.policies, *p)
		a.mentions.add(p.mentions)
	}
	slices.SortStableFunc(a.policies, func(x, y policy) int { return x.step - y.step })
	return nil
}

// contexts compiles the context weights of an action.
func (b *builder) contexts(at complaints, a *action) error {
	for i, spec := range a.Context {
		here := complaints{at.doc, fmt.Sprintf("%s.context[%d]", at.path, i)}
		if (spec.Label == "") == (spec.When == "") {
			return here.of("label", "needs either a label or a when", "a label is heard in the call; when is an expression")
		}
		if !(spec.Weight >= -100 && spec.Weight <= 400) || spec.Weight == 0 {
			return here.of("weight", "must be between -100 and 400, and not 0", "per cent added to the fit")
		}
		c := contextRule{label: spec.Label, why: spec.Why, weight: spec.Weight}
		if spec.Label != "" {
			if !labelShape.MatchString(spec.Label) {
				return here.of("label", fmt.Sprintf("%q is not a label", spec.Label), "such as intent.cancel, theme.price or moment.thanks")
			}
			a.mentions.add(mentions{labels: []string{spec.Label}, reads: []int{b.rules.intern("label:" + spec.Label)}})
		} else {
			p, err := b.rules.compile(spec.When)
			if err != nil {
				return here.of("when", err.Error(), err.hint)
			}
			if strings.TrimSpace(spec.Why) == "" {
				return here.of("why", "is missing", `the phrase that goes into the reason, such as "looked at the cancel page"`)
			}
			c.rule = p
			a.mentions.add(p.mentions)
		}
		a.context = append(a.context, c)
	}
	return nil
}

// lever checks one lever of the business.
func (b *builder) lever(at complaints, l lever) error {
	switch {
	case l.Scope != "issue" && l.Scope != "group" && l.Scope != "action":
		return at.of("scope", fmt.Sprintf("%q is not a scope", l.Scope), "issue, group or action")
	case !(l.Percent >= -80 && l.Percent <= 200) || l.Percent == 0:
		return at.of("percent", "must be between -80 and 200, and not 0", "20 makes it count one fifth more")
	case strings.TrimSpace(l.Owner) == "":
		return at.of("owner", "is missing", "a lever has somebody who answers for it")
	case strings.TrimSpace(l.Reason) == "":
		return at.of("reason", "is missing", "why the business pushes here")
	case l.From.IsZero():
		return at.of("from", "is missing", "the day it starts, such as 2026-01-01")
	case !l.Until.After(l.From) || l.Until.Sub(l.From) > time.Duration(b.guide.Levers.Longest):
		return at.of("until", fmt.Sprintf("must be after from and at most %.0f days later", time.Duration(b.guide.Levers.Longest).Hours()/24), "levers end by themselves; renew with a reason")
	}
	b.levers = append(b.levers, l)
	b.checks = append(b.checks, func() error {
		if slices.ContainsFunc(b.actions, l.touches) {
			return nil
		}
		return at.of("name", fmt.Sprintf("no %s is called %q", l.Scope, l.Name), "")
	})
	return nil
}

// touches says whether a lever is about an action.
func (l *lever) touches(a *action) bool {
	switch l.Scope {
	case "issue":
		return l.Name == a.Issue
	case "group":
		return l.Name == a.Group
	default:
		return l.Name == a.ID
	}
}
