package logged

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"heed/internal/decide"
	"heed/internal/offpolicy"
)

// Policy is a way of choosing among the survivors of a decision.
type Policy struct {
	Name string
	// choose gives the probability of each survivor; they add up to 1.
	choose func(*Line) []float64
	// learn sees the line after it was chosen for; nil learns nothing.
	learn func(l *Line, reward float64)
}

// Policies tells what [PolicyOf] knows, for help.
const Policies = "logged, priority, propensity, value, no_levers, uniform, counting, or action:ID"

// PolicyOf gives a candidate policy by its name:
//
//	logged      what the log did, as it did it
//	priority    always the highest priority
//	propensity  always the highest chance p
//	value       always the highest value v
//	no_levers   the highest p x c x v
//	uniform     each survivor as likely as the other
//	counting    the highest priority with p by counts of each action's outcomes,
//	            learnt in the order of the log
//	action:ID   always this action; where it did not survive, as the log did
func PolicyOf(name string) (Policy, error) {
	if id, ok := strings.CutPrefix(name, "action:"); ok && id != "" {
		return Policy{Name: name, choose: func(l *Line) []float64 { return always(l, id) }}, nil
	}
	switch name {
	case "logged":
		return Policy{Name: name, choose: asLogged}, nil
	case "priority":
		return best(name, func(s *decide.Survivor) float64 { return s.Priority }), nil
	case "propensity":
		return best(name, func(s *decide.Survivor) float64 { return s.P }), nil
	case "value":
		return best(name, func(s *decide.Survivor) float64 { return s.V }), nil
	case "no_levers":
		return best(name, func(s *decide.Survivor) float64 { return s.P * s.C * s.V }), nil
	case "uniform":
		return Policy{Name: name, choose: evenly}, nil
	case "counting":
		return counting(name), nil
	}
	return Policy{}, fmt.Errorf("no policy %q, want %s", name, Policies)
}

func asLogged(l *Line) []float64 {
	out := make([]float64, len(l.Survivors))
	for i := range out {
		out[i] = l.Survivors[i].Pi
	}
	return out
}

func evenly(l *Line) []float64 {
	out := make([]float64, len(l.Survivors))
	for i := range out {
		out[i] = 1 / float64(len(out))
	}
	return out
}

func always(l *Line, id string) []float64 {
	at := slices.IndexFunc(l.Survivors, func(s decide.Survivor) bool { return s.Action == id })
	if at < 0 {
		return asLogged(l)
	}
	return only(l, at)
}

func only(l *Line, at int) []float64 {
	out := make([]float64, len(l.Survivors))
	out[at] = 1
	return out
}

// best takes the survivor with the highest figure; the name breaks ties.
func best(name string, figure func(*decide.Survivor) float64) Policy {
	return Policy{Name: name, choose: func(l *Line) []float64 {
		at := 0
		for i := range l.Survivors {
			a, b := &l.Survivors[i], &l.Survivors[at]
			if cmp.Or(cmp.Compare(figure(b), figure(a)), strings.Compare(a.Action, b.Action)) < 0 {
				at = i
			}
		}
		return only(l, at)
	}}
}

// counting is the plain rival; see [decide.Counting]. It starts where the
// log's own model was when it first met an action.
func counting(name string) Policy {
	const weight = 20 // outcomes that a start is worth, as in a catalogue
	model := decide.NewCounting()
	start := make(map[string]float64)
	of := func(s *decide.Survivor) decide.Case {
		if _, met := start[s.Action]; !met {
			start[s.Action] = min(0.99, max(0.001, s.P))
		}
		return decide.Case{Action: s.Action, Prior: start[s.Action], Weight: weight}
	}
	p := best(name, func(s *decide.Survivor) float64 {
		c := of(s)
		return model.Estimate(&c).P * s.C * s.V * s.L
	})
	p.learn = func(l *Line, reward float64) {
		model.Learn(&decide.Lesson{Case: of(&l.Survivors[l.Chose]), Positive: reward > 0, At: l.At})
	}
	return p
}

// Judged is how far a log can speak for a policy.
type Judged struct {
	Policy string `json:"policy"`
	offpolicy.Result

	// Unanswered are decisions without an outcome that is an answer.
	Unanswered int `json:"unanswered,omitempty"`
	// Untried is the share of the policy's choices that the log never makes, 0..1:
	// of those only the model's word is known.
	Untried float64 `json:"untried,omitempty"`
}

// Judge estimates what a policy would have earned on the decisions of a log. A
// log that says too little is [offpolicy.ErrThin].
func Judge(lines []Line, p Policy, o offpolicy.Options) (Judged, error) {
	j := Judged{Policy: p.Name}
	steps := make([]offpolicy.Step, 0, len(lines))
	untried := 0.0
	for i := range lines {
		l := &lines[i]
		reward, judged := l.Gained()
		if !judged {
			j.Unanswered++
			continue
		}
		target := p.choose(l)
		s := offpolicy.Step{Subject: l.Subject, Reward: reward, Pi: l.Survivors[l.Chose].Pi, Target: target[l.Chose]}
		for k := range l.Survivors {
			v := &l.Survivors[k]
			s.Expected += target[k] * v.P * v.V
			if v.Pi == 0 {
				untried += target[k]
			}
		}
		c := &l.Survivors[l.Chose]
		s.Chosen = c.P * c.V
		steps = append(steps, s)
		if p.learn != nil {
			p.learn(l, reward)
		}
	}
	var err error
	if j.Result, err = offpolicy.Evaluate(steps, o); err != nil {
		return j, fmt.Errorf("policy %s: %w", p.Name, err)
	}
	j.Untried = untried / float64(len(steps))
	j.Doubt()
	return j, nil
}

// Doubt warns of choices that the log cannot speak for.
func (j *Judged) Doubt() {
	const most = 0.01
	if j.Untried <= most {
		return
	}
	why := fmt.Sprintf("%.0f %% of its choices are never made in the log: the estimate rests on the model there", 100*j.Untried)
	if j.Warning != "" {
		why = j.Warning + "; " + why
	}
	j.Warning = why
}
