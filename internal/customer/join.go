package customer

import (
	"maps"
	"slices"
)

// Join gives the one profile of people who are one: what their inputs together
// would make, up to rounding in what was folded long ago. The first gives the
// id. The order of the others does not matter when it is always the same, and
// nothing of it shows in the profiles that were joined.
func Join(people ...Profile) Profile {
	if len(people) == 0 {
		return Profile{}
	}
	p := people[0].Clone()
	for _, other := range people[1:] {
		p.absorb(other)
	}
	return p
}

func (p *Profile) absorb(other Profile) {
	p.Version += other.Version
	p.CreatedAt = earlier(p.CreatedAt, other.CreatedAt)
	p.ActiveAt = later(p.ActiveAt, other.ActiveAt)
	for _, id := range other.Identifiers {
		p.Seen(id)
	}
	for _, t := range other.Traits {
		p.SetTrait(t)
	}
	for i := range other.Facts {
		if f := other.Facts[i]; !p.knows(f) {
			f.Props = maps.Clone(f.Props)
			p.keep(f)
		}
	}
	for _, in := range other.Influence {
		p.Remember(in)
	}
	for i := range table {
		name := table[i].name
		if list := other.Evidence[name]; len(list) > 0 {
			mark := p.Marks[name].with(other.Marks[name])
			list = bound(interleave(p.Evidence[name], list), &mark)
			p.setEvidence(name, list, mark)
		}
	}
	p.UpdatedAt = later(p.UpdatedAt, other.UpdatedAt)
}

// interleave puts the evidence of two people in one order: folded terms of the
// same half-life become one, and what both know under one event counts once.
func interleave(a, b []Evidence) []Evidence {
	list, n := slices.Clone(a), terms(a)
	for _, e := range b {
		if e.Label == foldedLabel {
			list, n = fold(list, n, e)
			continue
		}
		if slices.ContainsFunc(list, func(k Evidence) bool { return k.EventID == e.EventID && k.Label == e.Label }) {
			continue
		}
		at, _ := slices.BinarySearchFunc(list, e, compareEvidence)
		list = slices.Insert(list, at, e)
	}
	return list
}
