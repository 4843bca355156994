package decide

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"heed/internal/consent"
	"heed/internal/customer"
)

const (
	// mostEvaluations is how often counterfactuals ask for one decision, the
	// first time as it was.
	mostEvaluations = 20
	// mostSignals is how many signals and labels are flipped, each once.
	mostSignals = 5
	// across is how far beyond a threshold a signal is supposed to be.
	across = 1e-6
	// unmoved is how near to its neutral value a signal has moved nothing.
	unmoved = 1e-3
)

// The kinds of a [Counterfactual].
const (
	FlipGate   = "gate"
	FlipSignal = "signal"
	FlipLabel  = "label"
)

// Counterfactual is one change that alone would have put something else first.
type Counterfactual struct {
	Kind   string `json:"kind" enum:"gate,signal,label" example:"signal"`
	Change string `json:"change" doc:"What would have had to be otherwise, in plain words" example:"churn_risk < 0.60"`
	Then   string `json:"then" doc:"The action that would have come first; empty is silence" example:"up.fibre"`
	Title  string `json:"title,omitempty" doc:"Of that action"`
	Step   int    `json:"step,omitempty" doc:"Of the gate"`
	Rule   string `json:"rule" doc:"The gate's rule, the signal or the label" example:"churn_risk"`
	Was    string `json:"was,omitempty" doc:"What the rule said, or what the signal was" example:"churn_risk 0.75"`
	// Permission marks a gate of consent or of the law. What would be said with
	// more permission is for those who audit: told to an agent or to the customer it
	// would be a reason to press for a yes.
	Permission bool `json:"permission,omitempty" doc:"A gate of consent or law: never to be used to press the customer for a yes"`
}

// Counterfactuals are what would have changed a decision.
type Counterfactuals struct {
	List []Counterfactual `json:"list" doc:"Signals and labels first, then rules, the most expected of them first. Empty: none of what was tried alone would have changed what came first"`
	// Tried counts the evaluations, and NotTried the flips beyond 20 of them.
	Tried    int    `json:"tried" minimum:"0" maximum:"20" doc:"How often it was decided again, the first time as it was"`
	NotTried int    `json:"not_tried,omitempty" doc:"Flips that were left out, those of the least worth"`
	Unknown  string `json:"unknown,omitempty" doc:"Why it cannot be told; the list is empty then"`
	// OtherRules says that the rules are no more those of the decision, though they
	// answer the same. The model is always today's.
	OtherRules bool `json:"other_rules,omitempty" doc:"Told by today's rules, which are not those of then and answer the same"`
}

// Counterfactuals decides a request of the past again, each time with one thing
// otherwise: a rule that took something out lets it through, or a signal is on
// the other side of what a rule asks of it. The request is the one that made was
// the answer to. Where it is not answered as it was, because the rules or what the
// model knows have changed since, nothing is told. It works at most 20 decisions,
// and keeps nothing of them.
func (d *Decider) Counterfactuals(made *Decision, r Request) Counterfactuals {
	p := &probe{d: d, id: made.ID, catalogue: d.Catalogue(), out: Counterfactuals{List: []Counterfactual{}}}
	r.Trace = false
	now := p.decide(r, opened{})
	if leading(&now) != leading(made) {
		p.out.Unknown = "by today's rules, model and records the answer is " + orSilence(leading(&now)) + " and not " +
			orSilence(leading(made)) + ": what would have changed it then cannot be told"
		return p.out
	}
	for _, name := range []string{"catalogue", "policy"} {
		p.out.OtherRules = p.out.OtherRules || now.Versions[name] != made.Versions[name]
	}
	signals := p.signals(&now, &r)
	gates := p.gates(&now)
	room := mostEvaluations - p.out.Tried - len(signals)
	p.out.NotTried = max(0, len(gates)-room)
	for _, f := range slices.Concat(signals, gates[:min(room, len(gates))]) {
		then := p.decide(f.request(r), f.open)
		if leading(&then) == leading(&now) {
			continue
		}
		f.told.Then = leading(&then)
		if len(then.Actions) > 0 {
			f.told.Title = then.Actions[0].Title
		}
		p.out.List = append(p.out.List, f.told)
	}
	return p.out
}

// opened is a rule that lets everything through for one evaluation; the zero
// value opens nothing.
type opened struct {
	step int
	rule string
	// why is that of an action's own rule: two actions may name theirs alike.
	why string
}

// lets says whether a fixed rule is the one that is open.
func (o opened) lets(step int, rule string) bool {
	return o.rule != "" && o == opened{step: step, rule: rule}
}

// own says whether an action's own rule is.
func (o opened) own(p *policy) bool { return o.rule != "" && o == opened{p.step, p.id, p.why} }

// flip is one thing that is tried.
type flip struct {
	told   Counterfactual
	of     opened
	worth  float64 // of the best that the rule took out, as far as the catalogue says
	open   opened
	change func(*Request)
}

func (f *flip) request(r Request) Request {
	if f.change != nil {
		r.Profile = r.Profile.Clone()
		f.change(&r)
	}
	return r
}

// probe asks for one decision again and again.
type probe struct {
	d         *Decider
	id        string
	catalogue *Catalogue
	out       Counterfactuals
}

func (p *probe) decide(r Request, open opened) Decision {
	p.out.Tried++
	return p.d.decide(p.id, r, open)
}

func leading(d *Decision) string {
	if len(d.Actions) == 0 {
		return ""
	}
	return d.Actions[0].Action
}

func orSilence(action string) string { return cmp.Or(action, "silence") }

// unopened are rules that no question opens: who refused to be profiled or paused
// the use of their data is not described in a question either, and what has been
// taken off the catalogue is no candidate.
var unopened = []string{"consent.processing", "consent.profiling", "catalogue.retired", "catalogue.valid"}

// gates are the rules that took something out, those first that took out what is
// worth most.
func (p *probe) gates(now *Decision) []flip {
	var out []flip
	for i := range now.NotChosen {
		e := &now.NotChosen[i]
		if e.Step < 1 || e.Step > 10 || slices.Contains(unopened, e.Rule) {
			continue
		}
		a := p.catalogue.find(e.Action)
		open := opened{e.Step, e.Rule, a.ownWhy(e)}
		at := slices.IndexFunc(out, func(f flip) bool { return f.of == open })
		if at < 0 {
			at = len(out)
			f := flip{of: open, open: open, told: Counterfactual{
				Kind: FlipGate, Change: opening(open, now.Channel), Step: e.Step, Rule: e.Rule, Was: e.Why, Permission: e.Step <= legalStep,
			}}
			if purpose, is := strings.CutPrefix(e.Rule, "consent."); is && e.Step == 1 {
				f.open, f.change = opened{}, func(r *Request) { permitted(r, consent.Purpose(purpose)) }
			}
			out = append(out, f)
		}
		out[at].worth = max(out[at].worth, expected(a))
	}
	slices.SortStableFunc(out, func(a, b flip) int { return cmp.Compare(b.worth, a.worth) })
	return out
}

// ownWhy gives the reason of the action's own rule that took it out, "" of a fixed
// rule.
func (a *action) ownWhy(e *Exclusion) string {
	if a == nil {
		return ""
	}
	at := slices.IndexFunc(a.policies, func(p policy) bool { return p.step == e.Step && p.id == e.Rule })
	if at < 0 {
		return ""
	}
	return a.policies[at].why
}

// permitted has the customer, and all who are one with them, allow a purpose on the
// channel: the law asks the ledger as well, so that to open the gate of consent
// alone would not tell what a yes brings.
func permitted(r *Request, purpose consent.Purpose) {
	people := []string{r.Profile.ID}
	for i := range r.Ledger {
		people = union(people, []string{r.Ledger[i].CustomerID})
	}
	r.Ledger = slices.Clone(r.Ledger)
	for _, id := range people {
		r.Ledger = append(r.Ledger, consent.Row{
			ID: "supposed", CustomerID: id, Cell: consent.Cell{Purpose: purpose, Channel: r.Channel}, State: consent.Granted,
			At: r.At, RecordedAt: r.At, Source: "supposed", Actor: "customer",
		})
	}
}

// expected is what the catalogue expects of an action, where it says so in
// numbers: enough to order what is tried.
func expected(a *action) float64 {
	if a == nil || a.Retired {
		return 0
	}
	return a.Prior.P * (a.Value.Margin*(1-a.Value.CostShare) + a.Value.Customer)
}

// opening says in words that a rule is open.
func opening(o opened, channel string) string {
	switch o.step {
	case 1:
		return "with permission for " + strings.TrimPrefix(o.rule, "consent.") + " by " + channel
	case legalStep:
		return "if the law had allowed it (" + o.rule + ")"
	case 10:
		return "if it had been worth the interruption (" + o.rule + ")"
	default:
		return "if the rule " + o.rule + " had let it through"
	}
}

// signals are the computed signals and labels that the answer may have depended
// on, each with the smallest change that matters: across the threshold of a rule,
// or else to where a signal is of which nothing is known.
func (p *probe) signals(now *Decision, r *Request) []flip {
	var out []flip
	chosen := p.catalogue.find(leading(now))
	for i := range now.Readings {
		if read := &now.Readings[i]; read.Product == "" {
			if f, ok := p.signal(read, chosen, now, r); ok {
				out = append(out, f)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b flip) int { return cmp.Compare(b.worth, a.worth) })
	out = append(out, labels(chosen, r)...)
	return out[:min(mostSignals, len(out))]
}

// signal flips one computed signal. Its worth is how much it moved, and more
// where the chosen action's own rules ask for it.
func (p *probe) signal(read *customer.Reading, chosen *action, now *Decision, r *Request) (flip, bool) {
	neutral := customer.New(r.Profile.ID, r.At).Value(read.Name, r.At)
	f := flip{worth: math.Abs(read.Value - neutral)}
	f.told = Counterfactual{Kind: FlipSignal, Rule: read.Name, Was: fmt.Sprintf("%s %.2f", read.Name, read.Value)}
	var list []threshold
	if chosen != nil {
		list = chosen.mentions.of(read.Name)
		f.worth += float64(len(list))
	}
	if list = append(list, p.catalogue.asked(read.Name, now.NotChosen)...); len(list) == 0 {
		list = p.catalogue.thresholds(read.Name)
	}
	high := r.Profile.High(read.Name, r.At)
	to, change := nearestAcross(list, read.Value, high)
	if change == "" {
		if f.worth < unmoved {
			return f, false
		}
		to, change = neutral, fmt.Sprintf("%s = %.2f, as with nothing known", read.Name, neutral)
	}
	f.told.Change = change
	name, at := read.Name, r.At
	tried := r.Profile.Clone()
	if tried.Suppose(name, to, at) != nil {
		return f, false // beyond what the signal can be
	}
	f.change = func(r *Request) { _ = r.Profile.Suppose(name, to, at) } // it was just tried
	return f, true
}

// labels flips what was heard in the call that the chosen action's rules look
// for, or that stops all selling.
func labels(chosen *action, r *Request) []flip {
	var out []flip
	seen := heard(nil, r)
	slices.SortStableFunc(seen, func(a, b said) int { return cmp.Compare(b.weight, a.weight) })
	for _, s := range seen {
		trouble := slices.ContainsFunc(troubleLabels, func(t struct{ label, what string }) bool { return t.label == s.label })
		if !trouble && (chosen == nil || !slices.Contains(chosen.mentions.labels, s.label)) {
			continue
		}
		out = append(out, flip{
			told:   Counterfactual{Kind: FlipLabel, Rule: s.label, Change: s.label + " not heard in the call"},
			change: func(r *Request) { unhear(r, s.label) },
		})
	}
	return out
}
