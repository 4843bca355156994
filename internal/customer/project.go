package customer

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"heed/insights"
)

// Input is one thing that a profile is folded from. One of its parts is set.
type Input struct {
	EventID string
	At      time.Time // when it happened

	Signal    *insights.Signal
	Fact      *Fact
	Trait     *Trait
	Seen      *Identifier
	Influence *Influence
	Revision  *Revision
}

// Take folds an input into the profile and says whether that changed anything.
func (p *Profile) Take(in Input) bool {
	switch {
	case in.Signal != nil:
		return p.Hear(*in.Signal, in.EventID, in.At)
	case in.Fact != nil:
		return p.Observe(*in.Fact)
	case in.Trait != nil:
		return p.SetTrait(*in.Trait)
	case in.Seen != nil:
		return p.Seen(*in.Seen)
	case in.Influence != nil:
		return p.Remember(*in.Influence)
	case in.Revision != nil:
		return p.Revise(*in.Revision)
	}
	return false
}

// Project gives the profile that a person's inputs make of a base, which is
// [New] but for one that an older version left. It is the same for every order
// in which they are given, and however often each is given.
func Project(base Profile, inputs []Input) Profile {
	p := base.Clone()
	inputs = slices.Clone(inputs)
	slices.SortStableFunc(inputs, func(a, b Input) int {
		return cmp.Or(stamp(a.At).Compare(stamp(b.At)), strings.Compare(a.EventID, b.EventID))
	})
	for _, in := range inputs {
		p.Take(in)
	}
	p.Stale = false
	return p
}

// Mark is how far a computed signal has come.
type Mark struct {
	// Folded is the latest piece of evidence that was folded into an older term.
	Folded Place `json:"folded,omitzero"`
	// Last is the latest piece that was looked at.
	Last Place `json:"last,omitzero"`
	// Capped says that a call said something more often than is kept.
	Capped bool `json:"capped,omitempty"`
}

func (m Mark) folded() bool { return m.Folded.EventID != "" }

// with joins the marks of two people.
func (m Mark) with(other Mark) Mark {
	if other.Folded.compare(m.Folded) > 0 {
		m.Folded = other.Folded
	}
	if other.Last.compare(m.Last) > 0 {
		m.Last = other.Last
	}
	m.Capped = m.Capped || other.Capped
	return m
}

// Place is where something stands in the order of what happened.
type Place struct {
	At      time.Time `json:"at,omitzero"`
	EventID string    `json:"event_id,omitempty"`
	Label   string    `json:"label,omitempty"`
}

func placeOf(e Evidence) Place { return Place{e.At, e.EventID, e.Label} }

func (p Place) compare(o Place) int {
	return cmp.Or(p.At.Compare(o.At), strings.Compare(p.EventID, o.EventID), strings.Compare(p.Label, o.Label))
}
