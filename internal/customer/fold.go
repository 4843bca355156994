package customer

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"heed/insights"
)

const (
	// maxTraits and maxInfluence keep a profile small whatever comes in.
	maxTraits    = 256
	maxInfluence = 64
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
	c.Marks = maps.Clone(p.Marks)
	if p.Evidence != nil {
		c.Evidence = make(map[string][]Evidence, len(p.Evidence))
		for name, list := range p.Evidence {
			c.Evidence[name] = slices.Clone(list)
		}
	}
	return c
}

// Seen records an identifier and says whether that changed anything: a new one
// is added, a known one gets its span of sightings widened and may become
// verified or shared, never less. An identifier without type or value is not
// taken. How many a person may have is for the door to say; see [Limit].
func (p *Profile) Seen(id Identifier) bool {
	id.Type, id.Value = strings.TrimSpace(id.Type), strings.TrimSpace(id.Value)
	if id.Type == "" || id.Value == "" {
		return false
	}
	id.FirstSeen, id.LastSeen = stamp(id.FirstSeen), stamp(id.LastSeen)
	p.touch(id.LastSeen)
	list := slices.Clone(p.Identifiers)
	at := slices.IndexFunc(list, func(k Identifier) bool { return k.Type == id.Type && k.Value == id.Value })
	if at < 0 {
		list = append(list, id)
	} else if now := list[at].with(id); now != list[at] {
		list[at] = now
	} else {
		return false
	}
	slices.SortFunc(list, func(a, b Identifier) int {
		return cmp.Or(rank(a.Type)-rank(b.Type), a.FirstSeen.Compare(b.FirstSeen), CompareIdentifiers(a, b))
	})
	p.Identifiers = list
	return true
}

// with joins two sightings of the same identifier.
func (id Identifier) with(other Identifier) Identifier {
	surer := cmp.Compare(other.Confidence, id.Confidence)
	if surer > 0 || (surer == 0 && other.By != "" && (id.By == "" || other.By < id.By)) {
		id.By, id.Confidence = other.By, other.Confidence
	}
	id.Verified = id.Verified || other.Verified
	id.Shared = id.Shared || other.Shared
	id.FirstSeen = earlier(id.FirstSeen, other.FirstSeen)
	id.LastSeen = later(id.LastSeen, other.LastSeen)
	return id
}

// Name gives what to call the person, or "" when nobody said.
func (p Profile) Name() string {
	if t, ok := p.Trait("name", time.Time{}); ok {
		if s, ok := t.Value.(string); ok {
			return s
		}
	}
	return ""
}

// Remember keeps the memory of an outcome. The same is
// kept once; the memory is bounded at 64, the one that ends first goes first. It
// says whether that changed anything.
func (p *Profile) Remember(in Influence) bool {
	if in.Name == "" || !in.Until.After(in.From) || math.IsNaN(in.Percent) || math.IsInf(in.Percent, 0) {
		return false
	}
	in.From, in.Until = stamp(in.From), stamp(in.Until)
	for _, known := range p.Influence {
		if compareInfluence(known, in) == 0 {
			return false
		}
	}
	p.touch(in.From)
	list := append(slices.Clip(p.Influence), in)
	slices.SortStableFunc(list, compareInfluence)
	if len(list) > maxInfluence {
		list = slices.Clip(list[len(list)-maxInfluence:])
	}
	p.Influence = list
	return true
}

func compareInfluence(a, b Influence) int {
	return cmp.Or(a.Until.Compare(b.Until), a.From.Compare(b.From), strings.Compare(a.Scope, b.Scope),
		strings.Compare(a.Name, b.Name), cmp.Compare(a.Percent, b.Percent))
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

// act remembers that the person did something and says whether that is news.
func (p *Profile) act(at time.Time) bool {
	was := p.ActiveAt
	p.ActiveAt = later(was, stamp(at))
	p.touch(p.ActiveAt)
	return !p.ActiveAt.Equal(was)
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
