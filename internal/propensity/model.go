package propensity

import (
	"cmp"
	"fmt"
	"math"
	"sync"
	"time"

	"heed/internal/decide"
)

// Options are the constants of a [Model]. The zero value is usable.
type Options struct {
	// Bits gives 2^Bits slots of 32 bytes for weights, 8..26; 0 means 20.
	// Keys that meet in a slot share its weight and are counted.
	Bits int
	// Start is b0, the log-odds of an action of which the catalogue expects
	// nothing; 0 means -3.5, three acceptances in a hundred.
	Start float64
	// Crossed is the prior variance of the weights of a feature with an action
	// or a group, above 0 and at most 1; 0 means 0.06. Wider ones learn faster
	// and are calibrated worse.
	Crossed float64
	// Outcomes and Days are the half-lives of confidence, in outcomes of all
	// actions and in days; 0 means 20,000 and 90.
	Outcomes, Days float64
	// Corrections is how many lessons can be corrected by a later truth, the
	// newest for 60 days; 0 means 32,768. One takes 16 bytes a weight.
	Corrections int
}

// The prior precision of a bias, and the greatest that any weight comes to:
// the inverse of the least variance, 1e-4.
const (
	biasPrecision = 1
	mostPrecision = 1e4
)

// mostLogit bounds log-odds: what is beyond it is a certainty of 1e-13.
const mostLogit = 30

// Model is hierarchical Bayesian logistic regression, learnt online with a
// diagonal covariance:
//
//	z = b0 + w[1] + w[G] + w[A] + w[T] + w[CH] + w[A,CH] + sum over f of (w[G,f] + w[A,f]) x_f
//	m = sum mu_i x_i,  s = sum sigma_i^2 x_i^2,  kappa = 1/sqrt(1 + pi s/8),  P = sigmoid(kappa (b0 + m))
//
// (MacKay, The evidence framework applied to classification networks, 1992,
// for kappa.) An outcome y moves, with h = P(1-P) and d = 1 + h s,
//
//	mu_i += sigma_i^2 x_i (y-P)/d,   1/sigma_i^2 += x_i^2 h / (d - sigma_i^2 x_i^2 h)
//
// the second being sigma_i^2 (1 - sigma_i^2 x_i^2 h/d) written as a precision.
//
// Where the catalogue states a chance for an action, its log-odds take the
// place of b0 and stay outside kappa: kappa shrinks what was learnt towards
// what is expected, and an action without any outcome has exactly the
// catalogue's chance. The prior's weight in outcomes narrows the variance of
// w[A], as that many outcomes would have.
//
// It is safe for concurrent use; estimates wait only for a lesson under way.
type Model struct {
	o       Options
	crossed float64 // the prior precision of crossed weights
	shift   int

	mu      sync.RWMutex
	slots   []slot
	quick   []quick
	time    timekeeper
	groups  map[cell]*calibration
	actions map[string]*learner
	cells   map[cell]*record
	kept    corrections
	counts  counts
}

// slot is one weight. Unused it is the prior: mean 0 and nothing more than
// the prior's precision.
type slot struct {
	mean float64
	more float64 // precision above the prior's, in the timekeeper's scale
	tag  uint32  // of the key that came first; 0 is unused
	met  bool    // another key uses it too
}

// quick is what an estimate needs of a slot, in a third of the room: scoring
// hundreds of candidates waits for memory and little else (14 ns a weight
// became 6). Lessons read and write slots, which lose nothing.
type quick struct{ mean, more float32 }

// put sets a weight.
func (m *Model) put(i uint32, mean, more float64) {
	s := &m.slots[i]
	s.mean, s.more = mean, more
	m.quick[i] = quick{float32(mean), float32(more)}
}

// counts are figures of the whole model.
type counts struct {
	Lessons   int64 `json:"lessons"`
	Corrected int64 `json:"corrected"`
	Refused   int64 `json:"refused"`
	Used      int   `json:"used"`
	Shared    int   `json:"shared"`
}

// cell names an action or a group on a channel.
type cell struct{ of, channel string }

var (
	_ decide.Propensity = (*Model)(nil)
	_ decide.Explainer  = (*Model)(nil)
)

// New makes a model that has seen nothing. It fails on options out of range.
func New(o Options) (*Model, error) {
	o.Bits, o.Start, o.Crossed = cmp.Or(o.Bits, 20), cmp.Or(o.Start, -3.5), cmp.Or(o.Crossed, 0.06)
	o.Outcomes, o.Days, o.Corrections = cmp.Or(o.Outcomes, 20_000), cmp.Or(o.Days, 90), cmp.Or(o.Corrections, 32_768)
	switch {
	case o.Bits < 8 || o.Bits > 26:
		return nil, fmt.Errorf("propensity: 2^%d slots: 8 to 26", o.Bits)
	case !(math.Abs(o.Start) <= mostLogit):
		return nil, fmt.Errorf("propensity: a start of %v in log-odds: -30 to 30", o.Start)
	case !(o.Crossed > 1/mostPrecision && o.Crossed <= 1):
		return nil, fmt.Errorf("propensity: a prior variance of %v: above 0.0001, at most 1", o.Crossed)
	case !(o.Outcomes >= 1 && o.Days >= 1) || math.IsInf(o.Outcomes+o.Days, 0):
		return nil, fmt.Errorf("propensity: half-lives of %v outcomes and %v days: at least 1 each", o.Outcomes, o.Days)
	case o.Corrections < 1 || o.Corrections > 1<<22:
		return nil, fmt.Errorf("propensity: %d corrections: 1 to 4,194,304", o.Corrections)
	}
	m := &Model{o: o, crossed: 1 / o.Crossed, shift: 64 - o.Bits}
	m.reset()
	return m, nil
}

// reset forgets everything.
func (m *Model) reset() {
	m.slots, m.quick = make([]slot, 1<<m.o.Bits), make([]quick, 1<<m.o.Bits)
	m.time = timekeeper{keep: 1}
	m.groups, m.actions, m.cells = make(map[cell]*calibration), make(map[string]*learner), make(map[cell]*record)
	m.kept, m.counts = corrections{by: make(map[string]*lesson)}, counts{}
}

// Name tells how many outcomes it has learnt from, and how many of them were
// corrected since.
func (m *Model) Name() string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return fmt.Sprintf("hierarchical@%d+%d", m.counts.Lessons, m.counts.Corrected)
}

// Estimate is [Model.EstimateAll] for one case.
func (m *Model) Estimate(c *decide.Case) decide.Estimate {
	var out [1]decide.Estimate
	m.EstimateAll([]decide.Case{*c}, out[:])
	return out[0]
}

// EstimateAll estimates the candidates of one decision: their features are
// those of the first. It is much cheaper than one by one, because a feature is
// hashed once and what a group's weights add up to is found once. out has room
// for all of them.
func (m *Model) EstimateAll(cases []decide.Case, out []decide.Estimate) {
	if len(cases) == 0 {
		return
	}
	w := scratches.Get().(*scratch)
	defer scratches.Put(w)
	w.told, w.groups = tell(w.told[:0], cases[0].Features), w.groups[:0]
	m.mu.RLock()
	defer m.mu.RUnlock()
	for i := range cases {
		c := &cases[i]
		u := m.ofGroup(w, c)
		u.plus(m.ofAction(w.told, c))
		out[i] = m.estimate(c, u)
	}
	for i := range w.groups {
		w.groups[i].group = "" // the pool keeps no names
	}
}

// sum is what weights add up to: the mean and the variance in log-odds.
type sum struct{ m, s float64 }

func (u *sum) add(mean, variance, x float64) {
	u.m += mean * x
	u.s += variance * x * x
}

func (u *sum) plus(v sum) { u.m, u.s = u.m+v.m, u.s+v.s }

func (m *Model) slot(key uint64) uint32 { return uint32(key >> m.shift) }

// look gives a weight as it stands now.
func (m *Model) look(i uint32, q0 float64) (mean, variance float64) {
	s := &m.slots[i]
	return s.mean, 1 / (q0 + s.more*m.time.keep)
}

// inherit looks at a weight that starts as another action's does: until it has
// one of its own, it is the other's with four times the variance.
func (m *Model) inherit(i, like uint32, q0 float64) (mean, variance float64) {
	if like == none || m.slots[i].tag != 0 {
		return m.look(i, q0)
	}
	mean, variance = m.look(like, q0)
	return mean, min(4*variance, 1/q0)
}

// ofGroup sums what the cases of a group share; the features' part is found
// once a group.
func (m *Model) ofGroup(w *scratch, c *decide.Case) sum {
	var u sum
	one := func(kind byte, name string) {
		mean, variance := m.look(m.slot(cross(hash(kind, name, ""), 0)), biasPrecision)
		u.add(mean, variance, 1)
	}
	one(kindGlobal, "")
	if c.Treatment != "" {
		one(kindTreatment, c.Treatment)
	}
	if c.Channel != "" {
		one(kindChannel, c.Channel)
	}
	if c.Group == "" {
		return u
	}
	for i := range w.groups {
		if w.groups[i].group == c.Group {
			u.plus(w.groups[i].sum)
			return u
		}
	}
	group := hash(kindGroup, c.Group, "")
	var g sum
	mean, variance := m.look(m.slot(cross(group, 0)), biasPrecision)
	g.add(mean, variance, 1)
	g.plus(m.crossedSum(group, w.told))
	w.groups = append(w.groups, groupSum{c.Group, g})
	u.plus(g)
	return u
}

// ofAction sums the action's own weights.
func (m *Model) ofAction(features []told, c *decide.Case) sum {
	var u sum
	action := hash(kindAction, c.Action, "")
	like := uint64(0)
	if c.Like != "" {
		like = hash(kindAction, c.Like, "")
	}
	own := func(with uint64, x, q0 float64) {
		other := uint32(none)
		if like != 0 {
			other = m.slot(cross(like, with))
		}
		mean, variance := m.inherit(m.slot(cross(action, with)), other, q0)
		u.add(mean, variance, x)
	}
	own(0, 1, actionPrecision(c))
	if c.Channel != "" {
		own(hash(kindChannel, c.Channel, ""), 1, m.crossed)
	}
	if like != 0 {
		for i := range features {
			own(features[i].key, features[i].x, m.crossed)
		}
		return u
	}
	u.plus(m.crossedSum(action, features))
	return u
}

// crossedSum is the loop where deciding spends its time: one load and one
// division a feature. It reads what the caller has locked, and is left out of
// the race detector's book-keeping, which makes it ten times slower.
//
//go:norace
func (m *Model) crossedSum(with uint64, features []told) sum {
	var u sum
	table, shift, keep, q0 := m.quick, m.shift, m.time.keep, m.crossed
	for i := range features {
		f := &features[i]
		s := table[cross(with, f.key)>>shift]
		u.m += float64(s.mean) * f.x
		u.s += f.x * f.x / (q0 + float64(s.more)*keep)
	}
	return u
}

// actionPrecision is the prior precision of an action's bias: 1, or as much as
// the outcomes that the catalogue's prior is worth would have brought.
func actionPrecision(c *decide.Case) float64 {
	if !stated(c) || !(c.Weight > 0) {
		return biasPrecision
	}
	return min(max(biasPrecision, c.Weight*c.Prior*(1-c.Prior)), mostPrecision)
}

// expected is the log-odds that the catalogue states, within a chance of one
// in ten thousand: what is surer than that could not be unlearnt.
func expected(c *decide.Case) float64 { return min(9.2, max(-9.2, logit(c.Prior))) }

// stated says whether the catalogue expects anything.
func stated(c *decide.Case) bool { return c.Prior > 0 && c.Prior < 1 }

// logOdds gives z and kappa of a case, before calibration.
func (m *Model) logOdds(c *decide.Case, u sum) (z, kappa float64) {
	kappa = 1 / math.Sqrt(1+math.Pi*u.s/8)
	if stated(c) {
		z = expected(c) + kappa*u.m
	} else {
		z = kappa * (m.o.Start + u.m)
	}
	return min(mostLogit, max(-mostLogit, z)), kappa
}

// estimate makes an estimate of a sum. The mean that it gives for drawing is
// moved along with the calibration, so that what is drawn has the chance P.
// Where that is very unsure and far from a half, P, a mean, lies outside the
// middle 80 % of what is drawn: the interval is widened to hold it.
func (m *Model) estimate(c *decide.Case, u sum) decide.Estimate {
	z, kappa := m.logOdds(c, u)
	z = m.calibrated(cell{c.Group, c.Channel}, z)
	e := decide.Estimate{P: decide.Expit(z), M: z / kappa, S: u.s}
	low, high := decide.Middle(e.M, e.S)
	e.Low, e.High = min(e.P, low), max(e.P, high)
	return e
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// timekeeper is the model's time: how many half-lives have passed since it
// began, by outcomes and by the times that the lessons give. Precision above
// the prior fades by 2^-half-lives. Instead of touching every weight, what is
// learnt later is written larger, by the inverse of keep, and all is read
// smaller, by keep.
type timekeeper struct {
	halves float64   // half-lives passed since the beginning
	base   float64   // half-lives at which the scale is 1
	keep   float64   // 2^(base - halves)
	at     time.Time // the latest lesson's
}

// rebaseAfter keeps the scale far from the end of the smaller numbers, 2^128.
const rebaseAfter = 64

// pass takes in that so many outcomes came, at a time. One lesson moves time
// by at most one half-life: a clock that jumped must not wipe the model. It
// says whether the scale has to be brought back.
func (k *timekeeper) pass(o *Options, outcomes float64, at time.Time) (rebase bool) {
	k.halves += outcomes / o.Outcomes
	if at.After(k.at) {
		if !k.at.IsZero() {
			k.halves += min(1, at.Sub(k.at).Hours()/24/o.Days)
		}
		k.at = at
	}
	k.keep = math.Exp2(k.base - k.halves)
	return k.halves-k.base > rebaseAfter
}

// scale is what something learnt at a time, in half-lives, was multiplied by.
func (k *timekeeper) scale(halves float64) float64 { return math.Exp2(halves - k.base) }
