package replay

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heed/internal/brain"
	"heed/internal/decide"
	"heed/internal/offpolicy"
)

// pair is one moment decided both ways.
type pair struct{ before, after *decide.Decision }

// part is what one person, and those who are one with them, add to the report.
type part struct {
	decisions int
	people    map[string]bool
	excluded  Count
	asLogged  AsLogged
	moves     map[cell]*moved
	volume    map[Volume]*Count
	silence   Count
	contacts  Count
	lifted    map[Opened]map[string]bool // the figures are 0; of which people
	times     map[Opened]int
	// could are the actions that passed every rule, by person.
	could   map[string]*could
	cohorts map[string]*sums

	steps      []offpolicy.Step
	untold     float64
	unanswered int
}

type could struct{ before, after map[string]bool }

// cell is one of the movement matrix, and moved what is in it.
type cell struct{ from, to string }

type moved struct {
	decisions int
	people    map[string]bool
	examples  []Example
}

// examples is how many a cell gives.
const examples = 3

func (m *moved) add(o *moved) {
	m.decisions += o.decisions
	maps.Copy(m.people, o.people)
	m.examples = append(m.examples, o.examples...)
	slices.SortStableFunc(m.examples, func(a, b Example) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Customer, b.Customer), strings.Compare(a.Slot, b.Slot))
	})
	m.examples = m.examples[:min(examples, len(m.examples))]
}

// move adds a decision to a cell; where the first action stays the same there
// is nothing to show.
func (p *part) move(in cell, l *decide.Decision) {
	one := moved{decisions: 1, people: map[string]bool{l.Subject: true}}
	if in.from != in.to {
		one.examples = []Example{{l.Subject, l.At, l.Slot, l.Channel}}
	}
	p.into(in, &one)
}

func (p *part) into(in cell, more *moved) {
	if p.moves[in] == nil {
		p.moves[in] = &moved{people: make(map[string]bool)}
	}
	p.moves[in].add(more)
}

// sums are those of a cohort.
type sums struct {
	people    map[string]bool
	decisions int
	acted     Count
	p, worth  Share
}

func newPart() *part {
	return &part{
		people: make(map[string]bool), moves: make(map[cell]*moved), volume: make(map[Volume]*Count),
		lifted: make(map[Opened]map[string]bool), times: make(map[Opened]int),
		could: make(map[string]*could), cohorts: make(map[string]*sums),
		asLogged: AsLogged{Differ: make(map[string]int)},
	}
}

// count adds a decision to what is counted.
func (p *part) count(m *brain.Moment, d pair) {
	id := m.Logged.Subject
	p.decisions++
	p.people[id] = true
	from, to := winner(d.before), winner(d.after)
	p.move(cell{from, to}, &m.Logged)
	tally := func(action string, pick func(*Count) *int) {
		if action == silence {
			*pick(&p.silence)++
			return
		}
		v := Volume{Action: action, Channel: m.Logged.Channel}
		if p.volume[v] == nil {
			p.volume[v] = new(Count)
		}
		*pick(p.volume[v])++
		if decide.Outbound(m.Logged.Channel) {
			*pick(&p.contacts)++
		}
	}
	tally(from, func(c *Count) *int { return &c.Before })
	tally(to, func(c *Count) *int { return &c.After })
	if p.could[id] == nil {
		p.could[id] = &could{make(map[string]bool), make(map[string]bool)}
	}
	for i := range d.before.Survivors {
		p.could[id].before[d.before.Survivors[i].Action] = true
	}
	for i := range d.after.Survivors {
		p.could[id].after[d.after.Survivors[i].Action] = true
	}
}

// opened looks for refusals of consent and law that the change lifts: those
// that were logged, and those of the replay.
func (p *part) opened(m *brain.Moment, d pair, live map[string]bool) {
	const consentStep, lawStep = 1, 2
	var seen []string
	shut := func(list []decide.Exclusion) {
		for i := range list {
			e := &list[i]
			if e.Step > lawStep || !live[e.Action] || slices.Contains(seen, e.Action) || keeps(d.after, e) {
				continue
			}
			seen = append(seen, e.Action)
			o := Opened{Action: e.Action, Rule: e.Rule}
			if p.lifted[o] == nil {
				p.lifted[o] = make(map[string]bool)
			}
			p.lifted[o][m.Logged.Subject] = true
			p.times[o]++
		}
	}
	shut(d.before.NotChosen)
	shut(m.Logged.NotChosen)
	tally := func(list []decide.Exclusion) (n int) {
		for i := range list {
			if list[i].Step == consentStep {
				n++
			}
		}
		return n
	}
	p.excluded.Before += tally(d.before.NotChosen)
	p.excluded.After += tally(d.after.NotChosen)
}

// keeps says whether a decision keeps an action out at the step of an
// exclusion or before.
func keeps(d *decide.Decision, e *decide.Exclusion) bool {
	return slices.ContainsFunc(d.NotChosen, func(now decide.Exclusion) bool { return now.Action == e.Action && now.Step <= e.Step })
}

// faithful compares the replay without a change with what was logged.
func (p *part) faithful(m *brain.Moment, before *decide.Decision, live *side) {
	same := slices.EqualFunc(m.Logged.Actions, before.Actions, func(a, b decide.Choice) bool { return a.Action == b.Action })
	if same {
		p.asLogged.Same++
		return
	}
	l := &m.Logged
	why := "not known"
	switch {
	case l.Versions["catalogue"] != before.Versions["catalogue"]:
		why = "the catalogue was another one"
	case l.Versions["signals"] != before.Versions["signals"] || l.Versions["gamma"] != before.Versions["gamma"] || l.Versions["policy"] != before.Versions["policy"]:
		why = "the weights were others"
	case l.Policy != before.Policy:
		why = "the arms of the experiments were others"
	case live.model.unknown > 0:
		why = "the log has no estimate for a candidate, and the model has learnt since"
	}
	p.asLogged.Differ[why]++
}

// cohort adds a decision to the figures of the person's cohort.
func (p *part) cohort(w *worker, m *brain.Moment, d pair) {
	if w.o.Cohort == "" {
		return
	}
	name := "unknown"
	if t, ok := m.Request.Profile.Trait(w.o.Cohort, m.Request.At); ok {
		name = fmt.Sprint(t.Value)
	}
	s := p.cohorts[name]
	if s == nil {
		s = &sums{people: make(map[string]bool)}
		p.cohorts[name] = s
	}
	s.people[m.Logged.Subject] = true
	s.decisions++
	if len(d.before.Survivors) > 0 {
		first := &d.before.Survivors[0]
		s.acted.Before++
		s.p.Before += first.P
		s.worth.Before += first.P * first.Worth(w.live.gamma)
	}
	if len(d.after.Survivors) > 0 {
		first := &d.after.Survivors[0]
		s.acted.After++
		s.p.After += first.P
		s.worth.After += first.P * first.Worth(w.changed.gamma)
	}
}

// judge adds a decision to what the change is judged by.
func (p *part) judge(d *one, outcomes []decide.Outcome) {
	if !d.judged(outcomes) {
		p.unanswered++
		return
	}
	p.steps = append(p.steps, d.step)
	p.untold += d.untold
}
