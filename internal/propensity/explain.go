package propensity

import (
	"cmp"
	"math"
	"slices"

	"heed/internal/decide"
)

// mostNamed is how many weights of an action are kept by name.
const mostNamed = 20

// named is a weight whose name is known.
type named struct {
	Slot uint32 `json:"i"`
	Name string `json:"name"`
}

// remember keeps the names of an action's greatest weights: the table holds
// only hashes.
func (l *learner) remember(m *Model, t *term, c *decide.Case) {
	much := math.Abs(m.slots[t.slot].mean)
	if !t.own || t.what < 0 || (len(l.Top) == mostNamed && much <= l.Least) {
		return
	}
	if slices.ContainsFunc(l.Top, func(n named) bool { return n.Slot == t.slot }) {
		return
	}
	n := named{t.slot, label(&c.Features[t.what])}
	if len(l.Top) < mostNamed {
		l.Top = append(l.Top, n)
		return
	}
	weight := func(n named) float64 { return math.Abs(m.slots[n.Slot].mean) }
	least := slices.MinFunc(l.Top, func(a, b named) int { return cmp.Compare(weight(a), weight(b)) })
	if weight(least) < much {
		l.Top[slices.Index(l.Top, least)] = n
	}
	l.Least = min(much, weight(slices.MinFunc(l.Top, func(a, b named) int { return cmp.Compare(weight(a), weight(b)) })))
}

func label(f *decide.Feature) string { return f.Name + "=" + f.Value }

// Names of the contributions that are of no feature.
var termNames = map[int32]string{
	ofAll: "all actions", ofGroup: "group", ofAction: "action", ofTreatment: "treatment",
	ofChannel: "channel", ofActionChannel: "action on this channel",
}

// Explain takes an estimate apart: kappa mu x of each weight, those of one
// feature together, what the model starts from ("expected") and what the
// calibration adds. They add up to the log-odds of the estimate's P, to a
// millionth and but for log-odds beyond 30.
func (m *Model) Explain(c *decide.Case) []decide.Contribution {
	m.mu.RLock()
	defer m.mu.RUnlock()
	terms := m.terms(nil, c, tell(nil, c.Features))
	var u sum
	own := make(map[int32]float64, len(termNames))
	of := make([]float64, len(c.Features))
	for i := range terms {
		t := &terms[i]
		mean, variance := m.inherit(t.slot, t.like, t.q0)
		u.add(mean, variance, t.x)
		if t.what >= 0 {
			of[t.what] += mean * t.x
		} else {
			own[t.what] += mean * t.x
		}
	}
	z, kappa := m.logOdds(c, u)
	out := make([]decide.Contribution, 0, len(of)+len(own)+2)
	for i, sum := range of {
		if sum != 0 {
			out = append(out, decide.Contribution{Name: label(&c.Features[i]), LogOdds: kappa * sum, Feature: true})
		}
	}
	for what, sum := range own {
		if sum != 0 {
			out = append(out, decide.Contribution{Name: termNames[what], LogOdds: kappa * sum})
		}
	}
	start := kappa * m.o.Start
	if stated(c) {
		start = expected(c)
	}
	out = append(out, decide.Contribution{Name: "expected", LogOdds: start})
	if by := m.calibrated(cell{c.Group, c.Channel}, z) - z; by != 0 {
		out = append(out, decide.Contribution{Name: "calibration", LogOdds: by})
	}
	slices.SortFunc(out, func(a, b decide.Contribution) int {
		return cmp.Or(cmp.Compare(math.Abs(b.LogOdds), math.Abs(a.LogOdds)), cmp.Compare(a.Name, b.Name))
	})
	return out
}
