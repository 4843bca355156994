package propensity

import (
	"math"
	"time"

	"heed/internal/decide"
)

// refreshEvery is how many outcomes pass between two looks at the calibration.
const refreshEvery = 1000

// lesson is what one outcome did to the model, so that it can be undone.
type lesson struct {
	ID      string    `json:"id"`
	Subject string    `json:"subject"`
	Action  string    `json:"action"`
	Group   string    `json:"group"`
	Channel string    `json:"channel"`
	At      time.Time `json:"at"`
	Halves  float64   `json:"halves"` // the model's time when it was learnt
	Weights []moved   `json:"weights"`
	Trust   float64   `json:"trust"`
	H       float64   `json:"h"`
	D       float64   `json:"d"`
	P       float64   `json:"p"`
	Yes     bool      `json:"yes"`
	Score   scored    `json:"score"` // as the tables counted it
	Place   int64     `json:"place"` // in the record of its action and channel
}

// moved is a weight that a lesson moved: how much of it there was, and its
// variance before.
type moved struct {
	Slot     uint32  `json:"i"`
	X        float32 `json:"x"`
	Variance float64 `json:"v"`
}

// scored is a chance that was given and what came.
type scored struct {
	Z   float64 `json:"z"` // in log-odds, before calibration
	P   float64 `json:"p"` // after it
	Yes bool    `json:"y,omitempty"`
}

// Learn takes in one outcome. A lesson of an id that is still known takes the
// place of the first: what the first did to each weight is taken back exactly,
// and time does not count it as one more outcome. Lessons learnt between the
// two stay as they were, having seen the first; without any between them the
// model ends as if it had seen only the second. A lesson without an id cannot
// be corrected; one without an action, or with a trust that is none, is
// refused and counted.
func (m *Model) Learn(l *decide.Lesson) {
	trust := l.Trust
	if trust == 0 {
		trust = 1
	}
	w := scratches.Get().(*scratch)
	defer scratches.Put(w)
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.Action == "" || !(trust > 0 && trust <= 1) {
		m.counts.Refused++
		return
	}
	before := m.kept.by[l.ID]
	if l.ID == "" {
		before = nil
	}
	if before == nil {
		m.counts.Lessons++
		m.pass(1, l.At)
		now := &lesson{ID: l.ID, Trust: trust}
		m.do(w, now, l, false)
		m.kept.keep(now, m.o.Corrections, m.time.at)
	} else {
		m.counts.Corrected++
		m.apply(before, -1)
		m.count(before, -1)
		m.pass(0, l.At)
		before.Trust = trust
		m.do(w, before, l, before.Action == l.Action && before.Channel == l.Channel)
	}
	if before == nil && m.counts.Lessons%refreshEvery == 0 {
		m.refresh()
	}
}

// pass lets time pass.
func (m *Model) pass(outcomes float64, at time.Time) {
	if !m.time.pass(&m.o, outcomes, at) {
		return
	}
	by := m.time.rebase()
	for i := range m.slots {
		m.put(uint32(i), m.slots[i].mean, m.slots[i].more*by)
	}
	for _, g := range m.groups {
		g.Scores.scale(by)
		g.Rates.scale(by)
	}
	for _, r := range m.cells {
		r.Rates.scale(by)
		r.Evidence *= by
	}
}

// do learns a lesson and writes down in now what it did. Again says that it
// takes the place of what now did before.
func (m *Model) do(w *scratch, now *lesson, l *decide.Lesson, again bool) {
	c := &l.Case
	w.told = tell(w.told[:0], c.Features)
	w.terms = m.terms(w.terms[:0], c, w.told)
	now.Subject, now.Action, now.Group, now.Channel = l.Subject, c.Action, c.Group, c.Channel
	now.At, now.Halves, now.Yes = m.time.at, m.time.halves, l.Positive
	if cap(now.Weights) < len(w.terms) {
		now.Weights = make([]moved, len(w.terms))
	}
	now.Weights = now.Weights[:len(w.terms)]
	var u sum
	for i := range w.terms {
		t := &w.terms[i]
		mean, variance := m.inherit(t.slot, t.like, t.q0)
		u.add(mean, variance, t.x)
		now.Weights[i] = moved{t.slot, float32(t.x), variance}
	}
	z, _ := m.logOdds(c, u)
	now.P = decide.Expit(z)
	now.H = now.Trust * now.P * (1 - now.P)
	now.D = 1 + now.H*u.s
	who := m.learnerOf(c.Action)
	for i := range w.terms {
		m.claim(who, &w.terms[i])
	}
	m.apply(now, 1)
	for i := range w.terms {
		who.remember(m, &w.terms[i], c)
	}
	old := now.Score
	now.Score = scored{z, decide.Expit(m.calibrated(cell{c.Group, c.Channel}, z)), l.Positive}
	m.count(now, 1).enter(now, again)
	m.watch(who, now, old, again)
}

// apply moves the weights of a lesson, or with a sign of -1 back.
func (m *Model) apply(l *lesson, sign float64) {
	y := 0.0
	if l.Yes {
		y = 1
	}
	step, scale := sign*l.Trust*(y-l.P)/l.D, m.time.scale(l.Halves)
	for i := range l.Weights {
		w := &l.Weights[i]
		s := m.slots[w.Slot]
		m.put(w.Slot, s.mean+step*w.Variance*float64(w.X), max(0, s.more+sign*scale*l.gain(w)))
	}
}

// gain is the precision that a lesson brings to a weight. It stops where the
// variance has come down to its least.
func (l *lesson) gain(w *moved) float64 {
	h := float64(w.X) * float64(w.X) * l.H
	return min(h/(l.D-w.Variance*h), max(0, mostPrecision-1/w.Variance))
}

// claim gives an unused slot to a weight, which then begins as the weight that
// it inherits from, and counts the slots that two share.
func (m *Model) claim(who *learner, t *term) {
	s := &m.slots[t.slot]
	switch {
	case s.tag == 0:
		mean, variance := m.inherit(t.slot, t.like, t.q0)
		m.put(t.slot, mean, max(0, 1/variance-t.q0)/m.time.keep)
		s.tag = t.tag
		m.counts.Used++
		if t.own {
			who.Own = append(who.Own, owned{t.slot, t.q0})
		}
	case s.tag != t.tag && !s.met:
		s.met = true
		m.counts.Shared++
	}
}

// corrections are the lessons that a later truth may still correct.
type corrections struct {
	by    map[string]*lesson
	order []*lesson // as they were learnt, the oldest first
}

// correctable is how long a lesson may be corrected.
const correctable = 60 * 24 * time.Hour

// keep keeps a lesson that has an id, and lets go of those too many or too old.
func (k *corrections) keep(l *lesson, most int, now time.Time) {
	if l.ID == "" {
		return
	}
	k.by[l.ID] = l
	k.order = append(k.order, l)
	n := 0
	for n < len(k.order) && (len(k.order)-n > most || now.Sub(k.order[n].At) > correctable) {
		delete(k.by, k.order[n].ID)
		k.order[n] = nil
		n++
	}
	k.order = k.order[n:]
}

// Forget lets go of what is kept to correct lessons of a subject. What was
// learnt stays: weights are sums over everybody.
func (m *Model) Forget(subject string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := make([]*lesson, 0, len(m.kept.order))
	for _, l := range m.kept.order {
		if l.Subject == subject {
			delete(m.kept.by, l.ID)
		} else {
			left = append(left, l)
		}
	}
	m.kept.order = left
}

// rebase brings the scale back to 1 and gives by what all that was written in
// it is multiplied.
func (k *timekeeper) rebase() float64 {
	by := math.Exp2(k.base - k.halves)
	k.base = k.halves
	k.keep = 1
	return by
}
