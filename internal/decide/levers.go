package decide

import (
	"slices"
	"time"

	"heed/internal/experiment"
)

// Flip says that levers of the business changed what came first.
type Flip struct {
	// Without is what would have come first without levers; empty is silence.
	Without string `json:"without,omitempty"`
	// GivenUp is what the model thinks that cost, in the unit of priority and
	// never below 0: the net of what would have come first less that of what did,
	// both without levers. Silence has a net of 0.
	GivenUp float64 `json:"given_up"`
	// By are the levers that lifted the one or lowered the other.
	By []Push `json:"by"`
}

// Push is a lever that was at work.
type Push struct {
	Scope   string    `json:"scope"` // issue, group or action
	Name    string    `json:"name"`
	Owner   string    `json:"owner"`
	Percent float64   `json:"percent"`
	From    time.Time `json:"from"`
}

// Lever is a lever of the catalogue, with whoever answers for it.
type Lever struct {
	Push
	Reason string    `json:"reason"`
	Until  time.Time `json:"until"`
}

// Levers lists the levers of the catalogue in their order, those that have
// ended or have not begun too.
func (c *Catalogue) Levers() []Lever {
	out := make([]Lever, len(c.levers))
	for i := range c.levers {
		l := &c.levers[i]
		out[i] = Lever{Push: l.push(), Reason: l.Reason, Until: l.Until}
	}
	return out
}

func (l *lever) push() Push {
	return Push{Scope: l.Scope, Name: l.Name, Owner: l.Owner, Percent: l.Percent, From: l.From}
}

// leverage is what levers do in one decision.
type leverage struct {
	active []*lever   // at the moment
	free   *candidate // the best without them so far; nil is silence
}

// gather finds the levers that are at work.
func (v *leverage) gather(m *moment) {
	v.free, v.active = nil, v.active[:0]
	levers := m.now.catalogue.levers
	for i := range levers {
		if levers[i].active(m.At) {
			v.active = append(v.active, &levers[i])
		}
	}
}

// weighFree takes a candidate with its priority without levers into account.
func (v *leverage) weighFree(m *moment, c *candidate) {
	if len(v.active) == 0 {
		return
	}
	if m.pays(c, c.free) && (v.free == nil || ahead(c.free, v.free.free, c, v.free) < 0) {
		v.free = c
	}
}

// flip compares the best with that without levers; nil where they are one, or
// where levers are not what the arm ranks by. The list is what is left.
func (v *leverage) flip(m *moment, left []*candidate) *Flip {
	if len(v.active) == 0 || (m.arm.Kind != experiment.NBA && m.arm.Kind != experiment.Challenger) {
		return nil
	}
	var best *candidate
	if len(left) > 0 {
		best = slices.MinFunc(left, func(a, b *candidate) int { return better(m, a, b) })
	}
	if best == v.free {
		return nil
	}
	f := &Flip{GivenUp: max(0, v.free.net()-best.net()), By: []Push{}}
	if v.free != nil {
		f.Without = v.free.ID
	}
	for _, l := range v.active {
		of := best
		if l.Percent < 0 {
			of = v.free
		}
		if of != nil && l.touches(of.action) {
			f.By = append(f.By, l.push())
		}
	}
	return f
}

// net is what a candidate is worth without levers beyond the patience it
// costs; of none it is 0.
func (c *candidate) net() float64 {
	if c == nil {
		return 0
	}
	return c.free - c.annoyance
}
