package customer

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"heed/insights"
)

const (
	// maxIdentifiers and maxTraits keep a profile small whatever comes in.
	maxIdentifiers = 64
	maxTraits      = 256
	maxInfluence   = 64
)

// New makes the profile of somebody met for the first time, with nothing known.
func New(id string, now time.Time) Profile {
	now = stamp(now)
	return Profile{ID: id, CreatedAt: now, UpdatedAt: now, Identifiers: []Identifier{}}
}

// Clone gives a copy that shares no slice or map with p, so that folding into
// one never shows in the other. The values inside Props are shared: they are
// never written to.
func (p Profile) Clone() Profile {
	c := p
	c.Identifiers = slices.Clone(p.Identifiers)
	c.Traits = slices.Clone(p.Traits)
	c.Facts = slices.Clone(p.Facts)
	for i := range c.Facts {
		c.Facts[i].Props = maps.Clone(c.Facts[i].Props)
	}
	c.Influence = slices.Clone(p.Influence)
	c.Folded = slices.Clone(p.Folded)
	if p.Evidence != nil {
		c.Evidence = make(map[string][]Evidence, len(p.Evidence))
		for name, list := range p.Evidence {
			c.Evidence[name] = slices.Clone(list)
		}
	}
	return c
}

// Seen records an identifier: a new one is added, a known one gets its span of
// sightings widened and may become verified, never unverified. An identifier
// without type or value, or beyond 64, is not taken.
func (p *Profile) Seen(id Identifier) {
	id.Type, id.Value = strings.TrimSpace(id.Type), strings.TrimSpace(id.Value)
	if id.Type == "" || id.Value == "" {
		return
	}
	id.FirstSeen, id.LastSeen = stamp(id.FirstSeen), stamp(id.LastSeen)
	for i := range p.Identifiers {
		known := &p.Identifiers[i]
		if known.Type != id.Type || known.Value != id.Value {
			continue
		}
		list := slices.Clone(p.Identifiers)
		list[i].Verified = known.Verified || id.Verified
		list[i].FirstSeen = earlier(known.FirstSeen, id.FirstSeen)
		list[i].LastSeen = later(known.LastSeen, id.LastSeen)
		p.Identifiers = list
		p.touch(id.LastSeen)
		return
	}
	if len(p.Identifiers) >= maxIdentifiers {
		return
	}
	p.Identifiers = append(slices.Clip(p.Identifiers), id)
	p.touch(id.LastSeen)
}

// SetTrait records what one source says of a property. The same source
// replaces its own earlier word; what other sources say stays beside it, the
// most credible first (see [Profile.Trait]). An older word of the same source
// changes nothing.
func (p *Profile) SetTrait(t Trait) {
	if t.Name == "" || !plain(t.Value) {
		return
	}
	t.At = stamp(t.At)
	t.Confidence = clamp01(t.Confidence)
	list := make([]Trait, 0, len(p.Traits)+1)
	for _, known := range p.Traits {
		if known.Name == t.Name && known.Source == t.Source {
			if known.At.After(t.At) {
				return
			}
			continue
		}
		list = append(list, known)
	}
	if len(list) >= maxTraits {
		return
	}
	list = append(list, t)
	slices.SortStableFunc(list, compareTraits)
	p.Traits = list
	p.touch(t.At)
}

// compareTraits orders by name, then by confidence, then the newer, then the
// source, so that the same set of traits is always in the same order.
func compareTraits(a, b Trait) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	if a.Confidence != b.Confidence {
		if a.Confidence > b.Confidence {
			return -1
		}
		return 1
	}
	if c := b.At.Compare(a.At); c != 0 {
		return c
	}
	return strings.Compare(a.Source, b.Source)
}

// Trait gives the most credible value of a property: the highest confidence,
// then the newest.
func (p Profile) Trait(name string) (Trait, bool) {
	for i := range p.Traits {
		if p.Traits[i].Name == name {
			return p.Traits[i], true
		}
	}
	return Trait{}, false
}

// Name gives what to call the person, or "" when nobody said.
func (p Profile) Name() string {
	if t, ok := p.Trait("name"); ok {
		if s, ok := t.Value.(string); ok {
			return s
		}
	}
	return ""
}

// Remember keeps the memory of an outcome. The same scope, name and moment is
// kept once; the memory is bounded at 64, the one that ends first goes first.
func (p *Profile) Remember(in Influence) {
	if in.Name == "" || !in.Until.After(in.From) || math.IsNaN(in.Percent) || math.IsInf(in.Percent, 0) {
		return
	}
	in.From, in.Until = stamp(in.From), stamp(in.Until)
	for _, known := range p.Influence {
		if known.Scope == in.Scope && known.Name == in.Name && known.From.Equal(in.From) && known.Percent == in.Percent {
			return
		}
	}
	list := append(slices.Clip(p.Influence), in)
	slices.SortStableFunc(list, compareInfluence)
	if len(list) > maxInfluence {
		list = slices.Clip(list[len(list)-maxInfluence:])
	}
	p.Influence = list
	p.touch(in.From)
}

func compareInfluence(a, b Influence) int {
	if c := a.Until.Compare(b.Until); c != 0 {
		return c
	}
	if c := a.From.Compare(b.From); c != 0 {
		return c
	}
	if c := strings.Compare(a.Scope, b.Scope); c != 0 {
		return c
	}
	return strings.Compare(a.Name, b.Name)
}

// Hear folds a signal of a call into the profile and says whether it moved
// anything. Only the customer's own words move it; a label below its least
// confidence, one that no signal knows, one already folded under this event
// id, and one without an event id or a time change nothing.
func (p *Profile) Hear(s insights.Signal, eventID string, at time.Time) bool {
	if s.Speaker != insights.Customer {
		return false
	}
	return p.move(Evidence{
		EventID: eventID, Label: s.Label, Confidence: s.Confidence, At: at,
		CallID: s.CallID, CallSecond: float64(s.At), Quote: s.Quote,
	}, s.Value)
}

// touch moves UpdatedAt forward, never back: late events keep it.
func (p *Profile) touch(at time.Time) { p.UpdatedAt = later(p.UpdatedAt, at) }

// plain says whether a trait's value is one of the kinds that policies read.
func plain(v any) bool {
	switch x := v.(type) {
	case string, bool:
		return true
	case float64:
		return !math.IsNaN(x) && !math.IsInf(x, 0)
	default:
		return false
	}
}

// stamp brings a time to the precision that the store keeps.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func earlier(a, b time.Time) time.Time {
	if b.IsZero() || (!a.IsZero() && a.Before(b)) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func clamp01(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(1, max(0, x))
}
