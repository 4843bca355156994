package replay

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"heed/internal/offpolicy"
)

const (
	// fairRatio is the share of the best cohort's figure below which another
	// one is told of (the four-fifths rule), and leastCohort how many people
	// make one that can be compared.
	fairRatio   = 0.8
	leastCohort = 30
	mostCohorts = 100
	// fewPeople is the number below which a value would tell of somebody.
	fewPeople = 5
)

// conclude joins the parts in the order of the people, so that sums are the
// same at each run.
func conclude(o *Options, parts []*part) (Report, error) {
	all := newPart()
	for _, p := range parts {
		if p != nil {
			all.add(p)
		}
	}
	r := Report{
		Decisions: all.decisions, People: len(all.people), Excluded: all.excluded, AsLogged: all.asLogged,
		Silence: share(all.silence, all.decisions), Contacts: share(all.contacts, len(all.people)),
		Opened: []Opened{}, Movement: []Move{}, Volume: []Volume{},
	}
	all.tables(&r)
	all.newly(&r)
	if err := all.value(&r); err != nil {
		return r, err
	}
	if err := all.fairness(o, &r); err != nil {
		return r, err
	}
	r.note()
	return r, nil
}

func share(c Count, of int) Share {
	if of == 0 {
		return Share{}
	}
	return Share{float64(c.Before) / float64(of), float64(c.After) / float64(of)}
}

func (c *Count) add(o Count) { c.Before, c.After = c.Before+o.Before, c.After+o.After }
func (s *Share) add(o Share) { s.Before, s.After = s.Before+o.Before, s.After+o.After }

func (p *part) add(o *part) {
	p.decisions += o.decisions
	maps.Copy(p.people, o.people)
	p.excluded.add(o.excluded)
	p.silence.add(o.silence)
	p.contacts.add(o.contacts)
	p.asLogged.Same += o.asLogged.Same
	p.asLogged.Logged += o.asLogged.Logged
	p.asLogged.Present += o.asLogged.Present
	p.asLogged.Forgotten += o.asLogged.Forgotten
	sum(p.asLogged.Differ, o.asLogged.Differ)
	for in, m := range o.moves {
		p.into(in, m)
	}
	sum(p.times, o.times)
	for v, c := range o.volume {
		if p.volume[v] == nil {
			p.volume[v] = new(Count)
		}
		p.volume[v].add(*c)
	}
	for k, people := range o.lifted {
		if p.lifted[k] == nil {
			p.lifted[k] = make(map[string]bool)
		}
		maps.Copy(p.lifted[k], people)
	}
	maps.Copy(p.could, o.could) // each person is in one part
	for name, s := range o.cohorts {
		if p.cohorts[name] == nil {
			p.cohorts[name] = &sums{people: make(map[string]bool)}
		}
		p.cohorts[name].add(s)
	}
	p.steps = append(p.steps, o.steps...)
	p.untold += o.untold
	p.unanswered += o.unanswered
}

func sum[K comparable](into, more map[K]int) {
	for k, n := range more {
		into[k] += n
	}
}

func (s *sums) add(o *sums) {
	maps.Copy(s.people, o.people)
	s.decisions += o.decisions
	s.acted.add(o.acted)
	s.p.add(o.p)
	s.worth.add(o.worth)
}

// tables writes the counts as lists, the most frequent first.
func (p *part) tables(r *Report) {
	other := make(map[string]bool)
	for in, m := range p.moves {
		r.Movement = append(r.Movement, Move{in.from, in.to, m.decisions, len(m.people), m.examples})
		if in.from != in.to {
			r.Moved += m.decisions
			maps.Copy(other, m.people)
		}
	}
	r.MovedPeople = len(other)
	slices.SortFunc(r.Movement, func(a, b Move) int {
		return cmp.Or(b.Decisions-a.Decisions, strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	for v, c := range p.volume {
		v.Count = *c
		r.Volume = append(r.Volume, v)
	}
	slices.SortFunc(r.Volume, func(a, b Volume) int {
		return cmp.Or(strings.Compare(a.Action, b.Action), strings.Compare(a.Channel, b.Channel))
	})
	for o, n := range p.times {
		o.Decisions, o.People = n, len(p.lifted[o])
		r.Opened = append(r.Opened, o)
	}
	slices.SortFunc(r.Opened, func(a, b Opened) int {
		return cmp.Or(strings.Compare(a.Action, b.Action), strings.Compare(a.Rule, b.Rule))
	})
}

// newly counts for whom something passes the rules for the first time.
func (p *part) newly(r *Report) {
	people := make(map[string]int)
	for _, c := range p.could {
		if len(c.before) == 0 && len(c.after) > 0 {
			r.Newly.People++
		}
		for action := range c.after {
			if !c.before[action] {
				people[action]++
			}
		}
	}
	for _, action := range slices.Sorted(maps.Keys(people)) {
		r.Newly.Actions = append(r.Newly.Actions, NewlyEligible{action, people[action]})
	}
}

// value judges the change by what was tried, or says why that cannot be done.
func (p *part) value(r *Report) error {
	v := &r.Value
	v.Policy, v.Unanswered = "change", p.unanswered
	var err error
	v.Result, err = offpolicy.Evaluate(p.steps, offpolicy.Options{Seed: 1})
	switch {
	case len(p.steps) == 0:
		v.Refused = errNothing.Error()
	case errors.Is(err, offpolicy.ErrThin):
		v.Refused = err.Error()
	case err != nil:
		return fmt.Errorf("replay: value: %w", err)
	}
	if len(p.steps) > 0 {
		v.Untried = p.untold / float64(len(p.steps))
	}
	if v.Refused == "" {
		v.Doubt()
	}
	return nil
}

// veil joins the cohorts of so few people that their value would tell of them.
func (p *part) veil() {
	const few = "fewer than 5 people each"
	joined := &sums{people: make(map[string]bool)}
	for _, name := range slices.Sorted(maps.Keys(p.cohorts)) {
		if s := p.cohorts[name]; len(s.people) < fewPeople {
			joined.add(s)
			delete(p.cohorts, name)
		}
	}
	if joined.decisions > 0 {
		p.cohorts[few] = joined
	}
}

// fairness compares the cohorts.
func (p *part) fairness(o *Options, r *Report) error {
	p.veil()
	if len(p.cohorts) > mostCohorts {
		return fmt.Errorf("the trait %q has more than %d values: name one that puts people into few groups", o.Cohort, mostCohorts)
	}
	for _, name := range slices.Sorted(maps.Keys(p.cohorts)) {
		s := p.cohorts[name]
		c := Cohort{Value: name, People: len(s.people), Decisions: s.decisions, Reach: share(s.acted, s.decisions)}
		c.P = Share{s.p.Before / max(1, float64(s.acted.Before)), s.p.After / max(1, float64(s.acted.After))}
		c.Worth = Share{s.worth.Before / float64(s.decisions), s.worth.After / float64(s.decisions)}
		r.Cohorts = append(r.Cohorts, c)
	}
	for _, f := range []struct {
		name string
		of   func(*Cohort) float64
	}{
		{"p", func(c *Cohort) float64 { return c.P.After }},
		{"reach", func(c *Cohort) float64 { return c.Reach.After }},
		{"worth", func(c *Cohort) float64 { return c.Worth.After }},
	} {
		r.alert(o.Cohort, f.name, f.of)
	}
	return nil
}

// alert tells of cohorts whose figure is too far below the best one's.
func (r *Report) alert(trait, figure string, of func(*Cohort) float64) {
	var best *Cohort
	for i := range r.Cohorts {
		if c := &r.Cohorts[i]; c.People >= leastCohort && (best == nil || of(c) > of(best)) {
			best = c
		}
	}
	for i := range r.Cohorts {
		c := &r.Cohorts[i]
		if best == nil || c.People < leastCohort || of(best) <= 0 || of(c) >= fairRatio*of(best) {
			continue
		}
		r.Alerts = append(r.Alerts, fmt.Sprintf("%s of %s=%s is %.2f of that of %s=%s: %.3g beside %.3g",
			figure, trait, c.Value, of(c)/of(best), trait, best.Value, of(c), of(best)))
	}
}

// note says what limits the report.
func (r *Report) note() {
	if n := r.AsLogged.Present; n > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d estimates of the replay without the change are the present model's: the log has none for candidates that were not left in the end", n))
	}
	if r.AsLogged.Forgotten > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d decisions are not replayed: people want nothing of them kept", r.AsLogged.Forgotten))
	}
	r.Notes = append(r.Notes, "The decisions are those that were asked for then: the change may ask at other moments in a call. Do-not-call lists are those of today.")
}
