package customer

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// supposed marks what is not known but assumed, for a question.
const supposed = "supposed"

// Suppose has a computed signal read as a value at a moment, whatever its
// evidence says. A name that does not exist and a value that the signal cannot
// have are errors. It is for questions: such a profile is never kept.
func (p *Profile) Suppose(name string, value float64, at time.Time) error {
	s := lookup(name)
	if s == nil {
		return fmt.Errorf("no signal %q: there are %s", name, strings.Join(SignalNames(), ", "))
	}
	total, ok := s.total(value)
	if !ok {
		return fmt.Errorf("%s cannot be %v: risks and intents are 0 to 1, mood is -1 to 1, fatigue 0 or more", name, value)
	}
	p.setEvidence(name, nil, Mark{})
	rest := s.bias // what is worked out from elsewhere, such as long silence
	for _, x := range s.parts(p.evidence(s, at)) {
		rest += x.amount * fade(x.At, at, x.HalfLife)
	}
	p.setEvidence(name, []Evidence{{EventID: supposed, Label: supposed, Weight: total - rest, HalfLife: day, Confidence: 1, At: at}}, Mark{})
	return nil
}

// total is the sum that gives a value; ok is false where none does.
func (s *spec) total(value float64) (total float64, ok bool) {
	const edge = 1e-9 // the ends of a range are never quite reached
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return 0, false
	case s.form == countForm:
		return value, value >= 0
	case s.form == tanhForm:
		return math.Atanh(max(edge-1, min(1-edge, value))), value >= -1 && value <= 1
	default:
		v := max(edge, min(1-edge, value))
		return math.Log(v / (1 - v)), value >= 0 && value <= 1
	}
}

// SupposeTrait has a property read as a value at a moment, whatever sources
// say; nil has it unknown. As [Profile.Suppose] it is for questions.
func (p *Profile) SupposeTrait(name string, value any, at time.Time) error {
	if value != nil && (name == "" || !plain(value)) {
		return fmt.Errorf("trait %q cannot be %v: want a text, a number, true or false", name, value)
	}
	p.Traits = slices.DeleteFunc(slices.Clone(p.Traits), func(t Trait) bool { return t.Name == name })
	if value != nil {
		p.SetTrait(Trait{Name: name, Value: value, Source: supposed, Kind: Declared, At: at, Confidence: 1})
	}
	return nil
}
