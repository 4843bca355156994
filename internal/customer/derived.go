package customer

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

const (
	// quietAfter is how long somebody does nothing until that speaks for their leaving.
	quietAfter = 60 * day
	// repeatWithin is how soon a second call follows the first to be about the same.
	repeatWithin = 7 * day
	// shownProducts is how many products a person's buying intent is told for.
	shownProducts = 8
)

// evidence gives what moves a signal at a moment: what was folded, and what
// follows from the profile without having happened.
func (p *Profile) evidence(s *spec, at time.Time) []Evidence {
	list := p.Evidence[s.name]
	switch s.name {
	case ChurnRisk:
		if e, ok := p.quiet(s, at); ok {
			return append(slices.Clip(list), e)
		}
	case Mood:
		return append(slices.Clip(list), p.repeats(s, at)...)
	}
	return list
}

// quiet gives the evidence that nothing was heard of the person for long,
// unless another system said so already.
func (p *Profile) quiet(s *spec, at time.Time) (Evidence, bool) {
	m, since := s.find("inactive.60d"), p.ActiveAt.Add(quietAfter)
	said := func(e Evidence) bool { return e.Label == m.label && !e.At.Before(p.ActiveAt) }
	if p.ActiveAt.IsZero() || since.After(at) || slices.ContainsFunc(p.Evidence[s.name], said) {
		return Evidence{}, false
	}
	return Evidence{EventID: m.label, Label: m.label, Weight: m.weight, HalfLife: m.halfLife, Confidence: 1, At: since}, true
}

// repeats gives the evidence that the person had to call again.
func (p *Profile) repeats(s *spec, at time.Time) []Evidence {
	m := s.find("contact.repeat")
	var out []Evidence
	var last time.Time
	for i := range p.Facts {
		f := &p.Facts[i]
		if f.Name != "call.inbound" || f.At.After(at) {
			continue
		}
		if !last.IsZero() && f.At.Sub(last) <= repeatWithin {
			out = append(out, Evidence{EventID: f.EventID, Label: m.label, Weight: m.weight, HalfLife: m.halfLife, Confidence: 1, At: f.At})
		}
		last = f.At
	}
	return out
}

// Buying gives the buying intent for each product that the person showed
// interest in, the strongest first, at most eight. What names no product, such
// as a question about the price, counts for each.
func (p Profile) Buying(at time.Time) []Reading {
	s := lookup(BuyingIntent)
	list := p.Evidence[s.name]
	var out []Reading
	for i := range list {
		product := list[i].Product
		if product == "" || slices.ContainsFunc(out, func(r Reading) bool { return r.Product == product }) {
			continue
		}
		parts := slices.DeleteFunc(s.parts(list), func(x part) bool { return x.Label == foldedLabel || (x.Product != product && x.Product != "") })
		out = append(out, Reading{Name: s.name, Product: product, Value: s.value(parts, at), Evidence: shown(parts, at)})
	}
	slices.SortFunc(out, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), strings.Compare(a.Product, b.Product))
	})
	return out[:min(len(out), shownProducts)]
}
