package replay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/offpolicy"
	"heed/internal/offpolicy/logged"
)

// memory is the model at the time of a decision: what was logged of a survivor,
// and the present model for whatever was not.
type memory struct {
	decide.Propensity // the present

	then           []decide.Survivor
	known, unknown int
}

func (m *memory) Estimate(c *decide.Case) decide.Estimate {
	for i := range m.then {
		s := &m.then[i]
		if s.Action != c.Action || s.Treatment != c.Treatment {
			continue
		}
		m.known++
		low, high := decide.Middle(s.M, s.S)
		return decide.Estimate{P: s.P, M: s.M, S: s.S, Low: low, High: high}
	}
	m.unknown++
	return m.Propensity.Estimate(c)
}

// Learn refuses: nothing is learnt from what did not happen.
func (m *memory) Learn(*decide.Lesson) {}

// side is one of the two ways of deciding.
type side struct {
	*decide.Decider

	model *memory
	gamma float64
	last  map[string]*decide.Decision // by call, or else by the first of those that superseded each other
}

func newSide(o decide.Options) (*side, error) {
	model := &memory{Propensity: o.Propensity}
	o.Propensity = model
	d, err := decide.New(o)
	if err != nil {
		return nil, err
	}
	return &side{Decider: d, model: model, gamma: o.Catalogue.Gamma()}, nil
}

// decide answers a moment of the past.
func (s *side) decide(m *brain.Moment) decide.Decision {
	r := m.Request
	if place := cmp.Or(r.CallID, m.Logged.Draw); place != "" {
		r.Previous = s.last[place]
	}
	s.model.then = m.Logged.Survivors
	d := s.Decide(m.Logged.ID, r)
	s.remember(&d)
	return d
}

func (s *side) remember(d *decide.Decision) {
	s.last[cmp.Or(d.CallID, d.Draw, d.ID)] = d
}

// worker replays one person after the other.
type worker struct {
	o       *Options
	index   map[string]bool // of the subjects
	live    *side
	changed *side
	actions map[string]bool // of the changed catalogue
}

func newWorker(o *Options, index map[string]bool) (*worker, error) {
	live, err := newSide(o.Live)
	if err != nil {
		return nil, err
	}
	changed, err := newSide(o.Change)
	if err != nil {
		return nil, err
	}
	w := &worker{o: o, index: index, live: live, changed: changed, actions: make(map[string]bool)}
	for _, a := range o.Change.Catalogue.Actions() {
		w.actions[a.ID] = true
	}
	return w, nil
}

// person replays a subject with all who were ever one with them: the first of
// those who are replayed stands for the rest, of whom nothing is left to do.
func (w *worker) person(ctx context.Context, id string) (*part, error) {
	people, err := w.o.Brain.Kin(ctx, id)
	if err != nil {
		return nil, err
	}
	if first := slices.IndexFunc(people, func(one string) bool { return w.index[one] }); people[first] != id {
		return nil, nil
	}
	p := newPart()
	var judge []*one
	w.live.last, w.changed.last = make(map[string]*decide.Decision), make(map[string]*decide.Decision)
	past, err := w.o.Brain.Past(ctx, people, func(m *brain.Moment) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if m.Logged.At.Before(w.o.Since) || !m.Logged.At.Before(w.o.Until) {
			w.live.remember(&m.Logged)
			w.changed.remember(&m.Logged)
			return nil
		}
		judge = append(judge, w.moment(p, m))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("customer %s: %w", id, err)
	}
	p.asLogged.Forgotten = past.Forgotten
	for _, d := range judge {
		p.judge(d, past.Outcomes)
	}
	return p, nil
}

// one is what is kept of a decision until its outcome is known.
type one struct {
	logged *decide.Decision
	worth  float64 // of the logged choice, should it be accepted
	step   offpolicy.Step
	untold float64 // chance of a choice that the log never makes
}

// moment decides both ways and counts.
func (w *worker) moment(p *part, m *brain.Moment) *one {
	w.live.model.known, w.live.model.unknown = 0, 0
	before := w.live.decide(m)
	p.asLogged.Logged += w.live.model.known
	p.asLogged.Present += w.live.model.unknown
	p.faithful(m, &before, w.live)
	after := w.changed.decide(m)
	p.count(m, pair{&before, &after})
	p.opened(m, pair{&before, &after}, w.actions)
	p.cohort(w, m, pair{&before, &after})
	return w.step(m, &after)
}

// step sees the change as a policy that is judged by the log.
func (w *worker) step(m *brain.Moment, after *decide.Decision) *one {
	l := &m.Logged
	d := &one{logged: l, step: offpolicy.Step{Subject: l.Subject, Pi: 1}}
	first := winner(l)
	if len(l.Survivors) > 0 {
		s := &l.Survivors[0]
		gamma := w.live.gamma
		if g, err := strconv.ParseFloat(l.Versions["gamma"], 64); err == nil && g > 0 {
			gamma = g
		}
		d.worth = s.Worth(gamma)
		d.step.Pi, d.step.Chosen = s.Pi, s.P*d.worth
	}
	if first == silence && winner(after) == silence {
		d.step.Target = 1
	}
	for i := range after.Survivors {
		s := &after.Survivors[i]
		if s.Action == first {
			d.step.Target = min(1, s.Pi)
		}
		d.step.Expected += s.Pi * s.P * s.Worth(w.changed.gamma)
		if !slices.ContainsFunc(l.Survivors, func(k decide.Survivor) bool { return k.Action == s.Action && k.Pi > 0 }) {
			d.untold += s.Pi
		}
	}
	return d
}

// silence is the name of no action.
const silence = "silence"

// winner is what comes first.
func winner(d *decide.Decision) string {
	if len(d.Actions) == 0 {
		return silence
	}
	return d.Actions[0].Action
}

// judged makes a decision a step of the log: silence is its own answer.
func (d *one) judged(outcomes []decide.Outcome) bool {
	if len(d.logged.Actions) == 0 {
		return true
	}
	o := decide.Outcome{Action: d.logged.Actions[0].Action, Outcome: logged.Answered(d.logged, outcomes)}
	lesson, teaches := decide.LessonOf(d.logged, o)
	if !teaches || d.step.Pi <= 0 {
		return false
	}
	if lesson.Positive {
		d.step.Reward = d.worth
	}
	return true
}

// errNothing says that there is nothing to judge by.
var errNothing = errors.New("no decision of this time was answered")
