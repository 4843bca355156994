package decide

import (
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// The functions of the policy language. Each gives CEL's unknown where the
// answer is not known, never a guess.

var notKnown ref.Val = types.NewUnknown(0, nil)

func text(v ref.Val) string {
	s, ok := v.(types.String)
	if !ok {
		return ""
	}
	return string(s)
}

func (m *moment) signal(_ string, args ...ref.Val) ref.Val {
	if m.blind {
		return notKnown
	}
	return types.Double(m.reading(text(args[0])).Value)
}

func (m *moment) high(_ string, args ...ref.Val) ref.Val {
	if m.blind {
		return notKnown
	}
	return types.Bool(m.Profile.High(text(args[0]), m.At))
}

func (m *moment) count(_ string, args ...ref.Val) ref.Val {
	within, ok := args[1].(types.Duration)
	if m.blind || !ok {
		return notKnown
	}
	return types.Int(m.Profile.Count(text(args[0]), within.Duration, m.At))
}

func (m *moment) label(_ string, args ...ref.Val) ref.Val {
	return types.Bool(m.hears(text(args[0])) > 0)
}

func (m *moment) trait(_ string, args ...ref.Val) ref.Val {
	t, ok := m.Profile.Trait(text(args[0]), m.At)
	if m.blind || !ok {
		return notKnown
	}
	switch v := t.Value.(type) {
	case string:
		return types.String(v)
	case float64:
		return types.Double(v)
	case bool:
		return types.Bool(v)
	default:
		return notKnown
	}
}

func (m *moment) flag(_ string, args ...ref.Val) ref.Val {
	set, known := m.flagged(text(args[0]))
	if !known {
		return notKnown
	}
	return types.Bool(set)
}

// flagged reads a trait that is true or false.
func (m *moment) flagged(name string) (set, known bool) {
	t, ok := m.Profile.Trait(name, m.At)
	if m.blind || !ok {
		return false, false
	}
	set, known = t.Value.(bool)
	return set, known
}

// owns is true when a trait "product.NAME" or a purchase says so, false when
// other products are on record and this one is not, else not known.
func (m *moment) owns(_ string, args ...ref.Val) ref.Val {
	if m.blind {
		return notKnown
	}
	has, known := m.has(text(args[0]))
	if !known {
		return notKnown
	}
	return types.Bool(has)
}

// has says whether the person has a product, and whether that is known: of
// somebody of whom no product is on record it is not.
func (m *moment) has(product string) (has, known bool) {
	for i := range m.Profile.Traits {
		t := &m.Profile.Traits[i]
		if name, ok := strings.CutPrefix(t.Name, "product."); ok && !t.Expired(m.At) {
			known = true
			if set, _ := t.Value.(bool); set && name == product {
				return true, true
			}
		}
	}
	for i := range m.Profile.Facts {
		f := &m.Profile.Facts[i]
		if f.Name == "purchase" && !f.At.After(m.At) && f.About(product) {
			return true, true
		}
	}
	return false, known
}

func (m *moment) openIssue(string, ...ref.Val) ref.Val {
	if m.blind && !m.issue.open {
		return notKnown
	}
	return types.Bool(m.issue.open)
}

func (m *moment) inCall(string, ...ref.Val) ref.Val { return types.Bool(m.speaking()) }

func (m *moment) channel(string, ...ref.Val) ref.Val { return types.String(m.Channel) }
