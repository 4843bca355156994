package customer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The kinds of trait, the most believed first.
const (
	Declared = "declared" // the person said so
	Verified = "verified" // a system that the company relies on says so
	Observed = "observed" // it was seen
	Inferred = "inferred" // it was concluded
)

// standing orders the kinds, the most believed first.
func (t *Trait) standing() int {
	if i := slices.Index([]string{Declared, Verified, Observed, Inferred}, t.Kind); i >= 0 {
		return i
	}
	return 2 // nobody said how it is known: observed
}

// Expired says whether a trait is no longer believed at a moment. The zero
// moment asks for none.
func (t *Trait) Expired(at time.Time) bool {
	return !at.IsZero() && !t.Expires.IsZero() && !t.Expires.After(at)
}

// SetTrait records what one source says of a property and says whether that
// changed anything. The same source replaces its own earlier word; what other
// sources say stays beside it, the most believed first (see [Profile.Trait]).
// An older word of the same source changes nothing. Beyond 256 words the
// oldest goes.
func (p *Profile) SetTrait(t Trait) bool {
	if t.Name == "" || !plain(t.Value) || t.At.IsZero() {
		return false
	}
	t.At, t.Confidence = stamp(t.At), clamp01(t.Confidence)
	if !t.Expires.IsZero() {
		t.Expires = stamp(t.Expires)
	}
	p.touch(t.At)
	list := make([]Trait, 0, len(p.Traits)+1)
	for _, known := range p.Traits {
		if known.Name != t.Name || known.Source != t.Source {
			list = append(list, known)
		} else if later := compareWords(known, t); later >= 0 {
			return false
		}
	}
	list = append(list, t)
	if len(list) > maxTraits {
		oldest := slices.MinFunc(list, compareAges)
		if compareAges(oldest, t) == 0 {
			return false
		}
		list = slices.DeleteFunc(list, func(k Trait) bool { return compareAges(k, oldest) == 0 })
	}
	slices.SortStableFunc(list, compareTraits)
	p.Traits = list
	return true
}

// compareWords orders two words of one source on one property, the later last.
func compareWords(a, b Trait) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.EventID, b.EventID), cmp.Compare(a.Confidence, b.Confidence),
		strings.Compare(fmt.Sprint(a.Value), fmt.Sprint(b.Value)))
}

func compareAges(a, b Trait) int {
	return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Name, b.Name), strings.Compare(a.Source, b.Source))
}

// compareTraits orders by name, then the most believed first: by kind, then by
// confidence, then the newer, then the source, so that the same set of traits
// is always in the same order.
func compareTraits(a, b Trait) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), a.standing()-b.standing(), cmp.Compare(b.Confidence, a.Confidence),
		b.At.Compare(a.At), strings.Compare(a.Source, b.Source))
}

// Trait gives the most believed value of a property at a moment: what the
// person declared before what a system verified, what was observed and what
// was concluded; then the highest confidence, then the newest. What has
// expired by then is passed over; the zero moment passes over nothing.
func (p Profile) Trait(name string, at time.Time) (Trait, bool) {
	for i := range p.Traits {
		if p.Traits[i].Name == name && !p.Traits[i].Expired(at) {
			return p.Traits[i], true
		}
	}
	return Trait{}, false
}
