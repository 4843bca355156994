package decide

import (
	"fmt"
	"math"
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"heed/insights"
	"heed/internal/customer"
)

// threshold is where a rule's answer about a computed signal turns.
type threshold struct {
	signal string
	at     float64
	// upper says that the bound itself belongs to the values above it, as with
	// "<" and ">=".
	upper bool
	// leave is where a high state ends that begins at the bound; zero of a plain
	// comparison.
	leave float64
}

// comparisons are the operators with which a rule compares: whether the bound
// belongs to what is above it, with the signal on the left and on the right.
var comparisons = map[string][2]bool{"_<_": {true, false}, "_>=_": {true, false}, "_<=_": {false, true}, "_>_": {false, true}}

// compared finds the bound in a comparison of a signal with a number.
func compared(call ast.CallExpr) (threshold, bool) {
	upper, is := comparisons[call.FunctionName()]
	if !is || len(call.Args()) != 2 {
		return threshold{}, false
	}
	for i, e := range call.Args() {
		other := call.Args()[1-i]
		if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != "signal" || other.Kind() != ast.LiteralKind {
			continue
		}
		x, isNumber := other.AsLiteral().(types.Double)
		name, isName := e.AsCall().Args()[0].AsLiteral().(types.String)
		if isNumber && isName {
			return threshold{signal: string(name), at: float64(x), upper: upper[i]}, true
		}
	}
	return threshold{}, false
}

// of gives the thresholds of one signal.
func (m *mentions) of(signal string) []threshold {
	return slices.DeleteFunc(slices.Clone(m.thresholds), func(t threshold) bool { return t.signal != signal })
}

// asked gives the thresholds of a signal in the rules that took something out.
func (c *Catalogue) asked(signal string, out []Exclusion) []threshold {
	var found []threshold
	for i := range out {
		e := &out[i]
		if e.Rule == "context.angry" && signal == customer.Mood {
			found = append(found, threshold{signal: signal, at: c.guide.Contexts.Angry, upper: true})
		}
		a := c.find(e.Action)
		if a == nil {
			continue
		}
		for j := range a.policies {
			if p := &a.policies[j]; p.step == e.Step && p.id == e.Rule {
				found = union(found, p.mentions.of(signal))
			}
		}
	}
	return found
}

// thresholds gives those of a signal in all live rules.
func (c *Catalogue) thresholds(signal string) []threshold {
	var out []threshold
	for _, a := range c.actions {
		if !a.Retired {
			out = union(out, a.mentions.of(signal))
		}
	}
	return out
}

// nearestAcross gives the value on the other side of the nearest of some
// thresholds, and the change in words; "" where there is none.
func nearestAcross(list []threshold, x float64, high bool) (to float64, change string) {
	nearest := math.Inf(1)
	for _, t := range list {
		value, text := t.across(x, high)
		if by := math.Abs(value - x); by < nearest {
			nearest, to, change = by, value, text
		}
	}
	return to, change
}

// across gives the nearest value for which the rule answers otherwise.
func (t threshold) across(x float64, high bool) (value float64, text string) {
	bound, above := t.at, x > t.at || (t.upper && x == t.at)
	if t.leave != 0 {
		if above = high; above {
			bound = t.leave
		}
	}
	sign := map[[2]bool]string{{true, true}: "<", {true, false}: "<=", {false, true}: ">=", {false, false}: ">"}[[2]bool{above, t.upper}]
	value = bound + across
	if above {
		value = bound - across
	}
	return value, fmt.Sprintf("%s %s %.2f", t.signal, sign, bound)
}

// unhear takes a label of the call out of a request, and what it moved. The
// profile must be the request's own.
func unhear(r *Request, label string) {
	r.Labels = slices.DeleteFunc(slices.Clone(r.Labels), func(l string) bool { return l == label })
	r.Heard = slices.DeleteFunc(slices.Clone(r.Heard), func(s insights.Signal) bool { return s.Label == label })
	for name, list := range r.Profile.Evidence {
		r.Profile.Evidence[name] = slices.DeleteFunc(slices.Clone(list), func(e customer.Evidence) bool {
			return e.Label == label && e.CallID != "" && e.CallID == r.CallID
		})
	}
}
