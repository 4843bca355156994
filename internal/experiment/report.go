package experiment

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Row is one decision with what came of it.
type Row struct {
	Subject string
	Arm     string
	Action  string // that came first, "" when nothing was said
	At      time.Time
	// Reward is what it brought, in the unit of value: 0 for nothing.
	Reward float64
	// Accepted, Silent, Contact, OptOut and Complaint say what happened.
	Accepted, Silent, Contact, OptOut, Complaint bool
}

// Tally is what an arm did.
type Tally struct {
	Arm       string  `json:"arm"`
	Decisions int     `json:"decisions"`
	People    int     `json:"people"`
	Accepted  Rate    `json:"accepted" doc:"The share of decisions that were accepted"`
	Reward    Rate    `json:"reward" doc:"What a decision brought, in the unit of value"`
	Silence   Rate    `json:"silence"`
	Contacts  Rate    `json:"contacts"`
	OptOuts   Rate    `json:"opt_outs"`
	Complaint Rate    `json:"complaints"`
	Share     float64 `json:"share" doc:"Of all decisions"`
}

// Rate is a mean over decisions with an interval of 95 %. People are
// independent of each other, the decisions about one person are not.
type Rate struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// variance is of the mean.
	variance float64
}

// Lift compares two arms.
type Lift struct {
	Question string  `json:"question"`
	Arm      string  `json:"arm"`
	Against  string  `json:"against"`
	Reward   Rate    `json:"reward" doc:"The difference in what a decision brings"`
	Accepted Rate    `json:"accepted" doc:"The difference in the share that was accepted"`
	Relative float64 `json:"relative" doc:"The difference in reward as a share of the other arm's; 0 when that is 0"`
	// P may be looked at after each decision: it does not get small by looking
	// often. Below 0.05 the arms differ.
	P       float64 `json:"p" doc:"An always valid p-value, by a mixture sequential ratio test"`
	Verdict string  `json:"verdict" doc:"One plain sentence"`
}

// Report is what the arms of a plan were worth over a time.
type Report struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Arms  []Tally   `json:"arms"`
	Lifts []Lift    `json:"lifts"`
	// Actions compare, for each action, whom it was chosen for with whom it was
	// drawn for.
	Actions []ActionLift `json:"actions" doc:"Each action where it was chosen, against where it was drawn at random"`
	// Stop names the arms that must end now, and why.
	Stop []Stop `json:"stop,omitempty"`
}

// ActionLift is what choosing for whom adds to one action.
type ActionLift struct {
	Action string `json:"action"`
	// Chosen and Drawn are the decisions in which it came first.
	Chosen Sample `json:"chosen"`
	Drawn  Sample `json:"drawn"`
	Lift   *Lift  `json:"lift,omitempty" doc:"Left out where one side has no decision"`
}

// Sample is how much a figure rests on.
type Sample struct {
	Decisions int `json:"decisions"`
	People    int `json:"people"`
}

// byAction compares each action's decisions, in order of the actions.
func byAction(rows []Row) []ActionLift {
	by := make(map[string]map[string]*sums)
	for i := range rows {
		r := &rows[i]
		if r.Action == "" || (r.Arm != NBA && r.Arm != RandomEligible) {
			continue
		}
		if by[r.Action] == nil {
			by[r.Action] = map[string]*sums{NBA: {people: make(map[string]*person)}, RandomEligible: {people: make(map[string]*person)}}
		}
		by[r.Action][r.Arm].add(r)
	}
	out := []ActionLift{}
	for action, arms := range by {
		chosen, drawn := arms[NBA].tally(NBA), arms[RandomEligible].tally(RandomEligible)
		a := ActionLift{Action: action, Chosen: Sample{chosen.Decisions, chosen.People}, Drawn: Sample{drawn.Decisions, drawn.People}}
		if l, ok := compare("Does choosing for whom beat offering it at random?", chosen, drawn); ok {
			a.Lift = &l
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b ActionLift) int { return strings.Compare(a.Action, b.Action) })
	return out
}

// Stop is a guard rail that an arm has crossed, or a test that is decided.
type Stop struct {
	Arm string `json:"arm"`
	Why string `json:"why"`
	// Rollback says that the arm does harm; else it has merely been decided.
	Rollback bool `json:"rollback"`
}

// leastPeople is how many people an arm needs before anything is said of it.
const leastPeople = 30

// questions are the comparisons that are always made.
var questions = []struct{ ask, arm, against string }{
	{"Does choosing beat a random relevant offer?", NBA, RandomEligible},
	{"What do value, context and levers add to the chance alone?", NBA, PropensityOnly},
	{"What do the levers of the business cost or bring?", NBA, NoLevers},
	{"Does choosing beat keeping the rules alone?", NBA, PolicyOnly},
	{"Does the model beat a drawn chance?", NBA, RandomPropensity},
	{"Does engaging add anything at all?", NBA, Holdout},
}

// Measure makes the report. Rows may come in any order.
func Measure(p *Plan, rows []Row) Report {
	var r Report
	tallies := r.gather(rows)
	r.Actions = byAction(rows)
	for _, q := range questions {
		if l, ok := compare(q.ask, tallies[q.arm], tallies[q.against]); ok {
			r.Lifts = append(r.Lifts, l)
		}
	}
	for i := range p.Arms {
		a := &p.Arms[i]
		if a.Kind != Challenger || a.Shadow {
			continue
		}
		if l, ok := compare("Does "+a.Name+" beat the present policy?", tallies[a.Name], tallies[NBA]); ok {
			r.Lifts = append(r.Lifts, l)
		}
		r.Stop = append(r.Stop, judge(tallies[a.Name], tallies[NBA])...)
	}
	return r
}

// gather takes the rows in and gives what each arm did.
func (r *Report) gather(rows []Row) map[string]Tally {
	by := make(map[string]*sums)
	for i := range rows {
		row := &rows[i]
		if r.From.IsZero() || row.At.Before(r.From) {
			r.From = row.At
		}
		if row.At.After(r.Until) {
			r.Until = row.At
		}
		s := by[row.Arm]
		if s == nil {
			s = &sums{people: make(map[string]*person)}
			by[row.Arm] = s
		}
		s.add(row)
	}
	tallies := make(map[string]Tally, len(by))
	for arm, s := range by {
		t := s.tally(arm)
		t.Share = float64(t.Decisions) / float64(len(rows))
		tallies[arm] = t
		r.Arms = append(r.Arms, t)
	}
	slices.SortFunc(r.Arms, func(a, b Tally) int { return strings.Compare(a.Arm, b.Arm) })
	return tallies
}

// The measures of a decision.
const (
	reward = iota
	accepted
	silence
	contacts
	optOuts
	complaints
	measures
)

// person is what the decisions about one person add up to.
type person struct {
	n   float64
	sum [measures]float64
}

type sums struct{ people map[string]*person }

func (s *sums) add(r *Row) {
	p := s.people[r.Subject]
	if p == nil {
		p = &person{}
		s.people[r.Subject] = p
	}
	p.n++
	p.sum[reward] += r.Reward
	for m, is := range [measures]bool{accepted: r.Accepted, silence: r.Silent, contacts: r.Contact, optOuts: r.OptOut, complaints: r.Complaint} {
		if is {
			p.sum[m]++
		}
	}
}

func (s *sums) tally(arm string) Tally {
	n := 0
	for _, p := range s.people {
		n += int(p.n)
	}
	return Tally{
		Arm: arm, Decisions: n, People: len(s.people),
		Reward: s.rate(reward), Accepted: s.rate(accepted), Silence: s.rate(silence),
		Contacts: s.rate(contacts), OptOuts: s.rate(optOuts), Complaint: s.rate(complaints),
	}
}

// rate is the ratio estimator over clusters with its linearised variance
// (Cochran, Sampling Techniques, 1977, 6.3). People are taken in order, so
// that the same rows give the same figure to the last bit.
func (s *sums) rate(m int) Rate {
	names := make([]string, 0, len(s.people))
	for name := range s.people {
		names = append(names, name)
	}
	slices.Sort(names)
	n, sum := 0.0, 0.0
	for _, name := range names {
		n, sum = n+s.people[name].n, sum+s.people[name].sum[m]
	}
	mean, square := sum/n, 0.0
	for _, name := range names {
		p := s.people[name]
		u := p.sum[m] - mean*p.n
		square += u * u
	}
	k := float64(len(names))
	if k < 2 {
		return Rate{Mean: mean, Low: math.Inf(-1), High: math.Inf(1), variance: math.Inf(1)}.finite()
	}
	return between(mean, square/(n*n)*k/(k-1))
}

// z95 is the half width of an interval of 95 % in standard deviations.
const z95 = 1.959964

func between(mean, variance float64) Rate {
	half := z95 * math.Sqrt(variance)
	return Rate{mean, mean - half, mean + half, variance}
}

// finite keeps the interval of a single person writable as JSON.
func (r Rate) finite() Rate {
	r.Low, r.High = max(r.Low, -math.MaxFloat64), min(r.High, math.MaxFloat64)
	return r
}

func compare(ask string, a, b Tally) (Lift, bool) {
	if a.Decisions == 0 || b.Decisions == 0 {
		return Lift{}, false
	}
	l := Lift{Question: ask, Arm: a.Arm, Against: b.Arm, P: 1}
	l.Reward = difference(a.Reward, b.Reward)
	l.Accepted = difference(a.Accepted, b.Accepted)
	if b.Reward.Mean != 0 {
		l.Relative = l.Reward.Mean / b.Reward.Mean
	}
	if min(a.People, b.People) < leastPeople {
		l.Verdict = fmt.Sprintf("Too early to tell: each side needs %d people, %s has %d and %s has %d.", leastPeople, a.Arm, a.People, b.Arm, b.People)
		return l, true
	}
	l.P = alwaysValid(l.Reward.Mean, l.Reward.variance, scaleOf(a, b))
	switch {
	case l.P >= 0.05:
		l.Verdict = "No difference is certain yet."
	case l.Reward.Mean > 0:
		l.Verdict = fmt.Sprintf("%s brings %.2f more a decision.", a.Arm, l.Reward.Mean)
	default:
		l.Verdict = fmt.Sprintf("%s brings %.2f less a decision.", a.Arm, -l.Reward.Mean)
	}
	return l, true
}

func difference(a, b Rate) Rate { return between(a.Mean-b.Mean, a.variance+b.variance).finite() }

// scaleOf is the size of difference that the test is most sensitive to: a
// fifth of what the two bring together. It affects how soon a difference is
// found, never how often one is found that is not there.
func scaleOf(a, b Tally) float64 {
	return 0.2 * max(math.Abs(a.Reward.Mean), math.Abs(b.Reward.Mean))
}

// alwaysValid is the p-value of a mixture sequential probability ratio test
// for a normal mean: d was seen with the given variance, and differences are
// expected on the scale tau (Johari, Koomen, Pekelis, Walsh, "Always Valid
// Inference", Operations Research 70, 2022, eq. 14, in terms of the variance of
// the estimate).
func alwaysValid(d, variance, tau float64) float64 {
	if !(variance > 0) || math.IsInf(variance, 1) || tau <= 0 {
		return 1
	}
	t2 := tau * tau
	log := 0.5*math.Log(variance/(variance+t2)) + d*d*t2/(2*variance*(variance+t2))
	return min(1, math.Exp(-log))
}

// rails are what a challenger must not make worse, and by how much it may,
// as a share of what it is now and at least in absolute terms.
var rails = []struct {
	what     string
	of       func(*Tally) Rate
	relative float64
	absolute float64
}{
	{"opt-outs", func(t *Tally) Rate { return t.OptOuts }, 0.2, 0.002},
	{"complaints", func(t *Tally) Rate { return t.Complaint }, 0.2, 0.005},
	{"silence", func(t *Tally) Rate { return t.Silence }, 0.25, 0.05},
	{"contacts", func(t *Tally) Rate { return t.Contacts }, 0.1, 0.02},
}

// judge says whether a challenger has to end: at once when it certainly
// crosses a guard rail, else when the test is decided.
func judge(c, champion Tally) []Stop {
	if min(c.People, champion.People) < leastPeople {
		return nil
	}
	var out []Stop
	for _, r := range rails {
		was, is := r.of(&champion), r.of(&c)
		d := difference(is, was)
		if allowed := max(r.relative*was.Mean, r.absolute); d.Low > 0 && d.Mean > allowed {
			out = append(out, Stop{c.Arm, fmt.Sprintf("%s rose from %.2f %% to %.2f %%", r.what, 100*was.Mean, 100*is.Mean), true})
		}
	}
	if l, ok := compare("", c, champion); ok && len(out) == 0 && l.P < 0.05 {
		out = append(out, Stop{c.Arm, l.Verdict, l.Reward.Mean < 0})
	}
	return out
}
