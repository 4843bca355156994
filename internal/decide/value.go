package decide

import (
	"fmt"
	"math"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// maxWorth bounds what an expression may say an action is worth.
const maxWorth = 1e6

// value is what an accepted action is worth, in one currency unit. Each part
// can be worked out of what is known of the person; the constant beside it
// then holds while the expression does not know, fails, or is no number.
type value struct {
	Margin      float64 `yaml:"margin"`
	CostShare   float64 `yaml:"cost_share"` // 0..1 of the margin
	Customer    float64 `yaml:"customer_benefit"`
	MarginOf    string  `yaml:"margin_of"` // CEL that gives a number
	CostShareOf string  `yaml:"cost_share_of"`
	CustomerOf  string  `yaml:"customer_benefit_of"`
}

// amounts are the compiled expressions of a value; nil is the constant.
type amounts struct{ margin, share, customer *policy }

// amounts compiles the expressions of an action's value.
func (b *builder) amounts(at complaints, a *action) error {
	for _, e := range []struct {
		field, text string
		into        **policy
	}{
		{"value.margin_of", a.Value.MarginOf, &a.amounts.margin},
		{"value.cost_share_of", a.Value.CostShareOf, &a.amounts.share},
		{"value.customer_benefit_of", a.Value.CustomerOf, &a.amounts.customer},
	} {
		if e.text == "" {
			continue
		}
		p, bad := b.rules.expression(e.text, "a number", cel.DoubleType, cel.IntType, cel.DynType)
		if bad != nil {
			return at.of(e.field, bad.reason, bad.hint)
		}
		*e.into = p
		a.mentions.add(mentions{reads: p.mentions.reads}) // it is no reason, but a change of it counts
	}
	return nil
}

// worth is V before gamma: what it brings us and, weighed by alpha, them.
func (m *moment) value(c *candidate, alpha float64) float64 {
	v := &c.Value
	margin := m.amount(c.amounts.margin, v.Margin, maxWorth)
	share := m.amount(c.amounts.share, v.CostShare, 1)
	return max(0, margin*(1-share)) + alpha*m.amount(c.amounts.customer, v.Customer, maxWorth)
}

// amount asks an expression, within 0 and most.
func (m *moment) amount(p *policy, constant, most float64) float64 {
	if p == nil {
		return constant
	}
	out, _, err := p.program.Eval(m.vars)
	if err != nil {
		return constant
	}
	x := math.NaN()
	switch n := out.(type) {
	case types.Double:
		x = float64(n)
	case types.Int:
		x = float64(n)
	}
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return constant
	}
	return min(most, max(0, x))
}

// oneOf says whether an expression gives one of some types.
func oneOf(got *cel.Type, want []*cel.Type, what string) *ruleError {
	if slices.ContainsFunc(want, got.IsExactType) {
		return nil
	}
	return &ruleError{reason: fmt.Sprintf("gives %s, not %s", got, what), hint: "compare it with something, or convert it"}
}
