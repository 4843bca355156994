package decide

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"heed/internal/customer"
	"heed/internal/experiment"
	"heed/internal/law"
)

// Options is what a [Decider] works with.
type Options struct {
	// Catalogue is required.
	Catalogue *Catalogue
	// Propensity is the model; nil means a new [Counting].
	Propensity Propensity
	// Features is what the model may be told of the person; nil means nothing.
	Features *Features
	// Explore is off unless given here or by the catalogue's policy.
	Explore Explore
	// Experiments are the arms that decide for a share of the people, and Models
	// what its challengers may use.
	Experiments experiment.Plan
	Models      map[string]Propensity
	// Law is the rules of law; nil means those that ship.
	Law *law.Rules
}

// Decider answers requests. It is safe for concurrent use; its only state is
// the catalogue in force and what the model learns.
type Decider struct {
	o        Options
	force    atomic.Pointer[inForce]
	plan     atomic.Pointer[experiment.Plan]
	features atomic.Pointer[Features]
	changed  atomic.Pointer[func()]
}

// OnChange has fn called whenever other rules have come into force, in place of
// the one before. It must not block.
func (d *Decider) OnChange(fn func()) { d.changed.Store(&fn) }

func (d *Decider) tell() {
	if fn := d.changed.Load(); fn != nil {
		(*fn)()
	}
}

// inForce is a catalogue with the moments that were made for it.
type inForce struct {
	d         *Decider
	catalogue *Catalogue
	moments   sync.Pool
}

// New checks the options and makes a decider. It fails without a catalogue
// and on shares out of range.
func New(o Options) (*Decider, error) {
	if o.Catalogue == nil {
		return nil, errors.New("decide: no catalogue")
	}
	if o.Propensity == nil {
		o.Propensity = NewCounting()
	}
	if err := o.Explore.check(); err != nil {
		return nil, fmt.Errorf("decide: %w", err)
	}
	if err := o.checkPlan(); err != nil {
		return nil, fmt.Errorf("decide: %w", err)
	}
	if o.Law == nil {
		rules, err := law.Default()
		if err != nil {
			return nil, fmt.Errorf("decide: %w", err)
		}
		o.Law = rules
	}
	d := &Decider{o: o}
	d.plan.Store(&d.o.Experiments)
	d.features.Store(o.Features)
	if _, err := newMoment(&inForce{d: d, catalogue: o.Catalogue}); err != nil {
		return nil, fmt.Errorf("decide: bind the policy language: %w", err)
	}
	d.Use(o.Catalogue)
	return d, nil
}

// Use puts another catalogue in force. Decisions under way end with the one
// they began with, and [Decider.Affected] then asks for each of them anew. It
// must not be nil.
func (d *Decider) Use(c *Catalogue) {
	d.force.Store(&inForce{d: d, catalogue: c})
	d.tell()
}

// Catalogue gives the catalogue that is in force.
func (d *Decider) Catalogue() *Catalogue { return d.force.Load().catalogue }

// SetFeatures has the decisions from now on tell their model by another list,
// such as one with fresh bounds.
func (d *Decider) SetFeatures(f *Features) { d.features.Store(f) }

// Features gives the list that is in force, nil for none.
func (d *Decider) Features() *Features { return d.features.Load() }

// Decide answers one request. The id names the decision and, with the seed,
// fixes its draws. It never fails: a request that cannot be answered is
// answered with silence and the reason.
func (d *Decider) Decide(id string, r Request) Decision { return d.decide(id, r, opened{}) }

// decide is Decide with one rule open.
func (d *Decider) decide(id string, r Request, open opened) Decision {
	now := d.force.Load()
	if r.N <= 0 {
		r.N = now.catalogue.guide.asks(r.Slot)
	}
	if r.Channel == "" {
		r.Channel = "agent"
	}
	dec := Decision{
		ID: id, At: r.At, Slot: r.Slot, Channel: r.Channel, Subject: r.Profile.ID, CallID: r.CallID,
		Asked: &Asked{N: r.N, Language: r.Language, Labels: slices.Clone(r.Labels)},
		Arm:   armSilence, Actions: []Choice{}, Readings: []customer.Reading{}, Versions: d.versions(now.catalogue),
	}
	if r.Attention != nil && now.catalogue.attentive() {
		dec.Asked.Attention = r.Attention
	}
	if r.Previous != nil {
		dec.Supersedes = r.Previous.ID
		if r.CallID == "" {
			dec.Draw = cmp.Or(r.Previous.Draw, r.Previous.ID)
		}
	}
	if why := unanswerable(&r); why != "" {
		dec.Because = "Nothing to suggest: " + why + "."
		return dec
	}
	m := now.moment()
	m.begin(&r)
	m.open = open
	m.under(d.plan.Load().Assign(m.unit(cmp.Or(dec.Draw, id))))
	dec.Policy = m.arm.Name
	d.run(m, &dec)
	m.end()
	now.moments.Put(m)
	return dec
}

// unanswerable is step 0.
func unanswerable(r *Request) string {
	switch {
	case r.Profile.ID == "":
		return "nobody is known on this line"
	case r.At.IsZero():
		return "the request does not say when it is"
	case finite(r.Profile) != "":
		return "the profile holds a number that is none (" + finite(r.Profile) + ")"
	}
	return ""
}

// finite names the signal whose evidence is not a number, if any.
func finite(p customer.Profile) string {
	for name, list := range p.Evidence {
		for i := range list {
			if x := list[i].Weight * list[i].Confidence; math.IsNaN(x) || math.IsInf(x, 0) {
				return name
			}
		}
	}
	return ""
}

// run is steps 1 to 12.
func (d *Decider) run(m *moment, dec *Decision) {
	actions := m.now.catalogue.actions
	all := make([]candidate, len(actions))
	left := make([]*candidate, 0, len(actions))
	dec.NotChosen = make([]Exclusion, 0, len(actions))
	for i, a := range actions {
		c := &all[i]
		c.action = a
		if m.pass(c, dec) {
			left = append(left, c)
		}
	}
	if len(d.plan.Load().Arms) > 0 {
		dec.Shadows = d.shadows(m, copies(left), dec.ID)
	}
	left = d.weigh(m, left, dec)
	dec.Flip = m.flip(m, left)
	dec.Readings = append(dec.Readings, m.readings...)
	if dec.Features = m.features; m.features != nil {
		dec.Versions["features"] = m.list.version
	}
	if len(left) == 0 {
		dec.Because = m.silence(dec.NotChosen)
	} else {
		m.rank(left)
		dec.Arm = d.choose(cmp.Or(dec.Draw, dec.ID), m, left)
		dec.Survivors = survivors(m, left)
		m.answer(left, dec)
	}
	dec.Reads = m.reads()
	dec.Trace = m.lines
}

// pass takes a candidate through steps 1 to 7.
func (m *moment) pass(c *candidate, dec *Decision) bool {
	for i := range gates {
		g := &gates[i]
		rule, why, ok := g.ask(m, c)
		if !ok && !m.open.lets(g.step, rule) {
			m.remove(dec, c, g.step, rule, why)
			return false
		}
		m.tell(c, g.step, g.rule, "pass", "")
	}
	return true
}

// weigh takes the survivors through steps 8 to 10 and gives those left.
func (d *Decider) weigh(m *moment, list []*candidate, dec *Decision) []*candidate {
	annoyance := m.annoyance()
	m.estimate(list)
	left := list[:0]
	for _, c := range list {
		d.score(m, c)
		c.annoyance = annoyance
		if m.Trace {
			m.tell(c, 9, "priority", "score", fmt.Sprintf("%.3f x %.2f x %.2f x %.2f = %.2f", c.estimate.P, c.c, c.v, c.l, c.priority))
		}
		m.weighFree(m, c)
		if rule, why, ok := m.worth(c, c.priority); !ok && !m.open.lets(10, rule) {
			m.remove(dec, c, 10, rule, why)
			continue
		}
		left = append(left, c)
	}
	return left
}

// remove records that a candidate is out.
func (m *moment) remove(dec *Decision, c *candidate, step int, rule, why string) {
	e := Exclusion{Action: c.ID, Step: step, Rule: rule, Why: why}
	if step == legalStep {
		e.Source = m.ruling(c.Purpose, c.Topic, c.Effect).Source
	}
	dec.NotChosen = append(dec.NotChosen, e)
	m.tell(c, step, rule, "remove", why)
}

// tell adds a line to the trace when one was asked for.
func (m *moment) tell(c *candidate, step int, rule, verdict, why string) {
	if m.Trace {
		m.lines = append(m.lines, TraceLine{Action: c.ID, Step: step, Rule: rule, Verdict: verdict, Why: why})
	}
}

// answer is step 12: the first N as choices, the rest as outranked.
func (m *moment) answer(list []*candidate, dec *Decision) {
	n := min(m.N, len(list))
	dec.Actions = make([]Choice, n)
	for i, c := range list[:n] {
		dec.Actions[i] = m.choice(c, i+1)
		if m.Trace {
			m.tell(c, 12, "rank", "chosen", "rank "+strconv.Itoa(i+1))
		}
	}
	for i, c := range list[n:] {
		why := fmt.Sprintf("ranked %d with %.2f; only %d are shown", n+i+1, c.priority, n)
		m.remove(dec, c, 12, "rank", why)
	}
	first := &dec.Actions[0]
	dec.Because = first.Title + ": " + lowerFirst(first.Because)
}

// copies gives the candidates as they are now.
func copies(list []*candidate) []candidate {
	out := make([]candidate, len(list))
	for i, c := range list {
		out[i] = *c
	}
	return out
}

func refer(list []candidate) []*candidate {
	out := make([]*candidate, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// survivors gives the figures of all that might have been chosen.
func survivors(m *moment, list []*candidate) []Survivor {
	out := make([]Survivor, len(list))
	for i, c := range list {
		out[i] = Survivor{
			Action: c.ID, Group: c.Group, Treatment: c.form(m), M: c.estimate.M, S: c.estimate.S, P: c.estimate.P,
			C: c.c, V: c.v, L: c.l, Priority: c.priority, Annoyance: c.annoyance, Pi: c.pi,
			Expectation: Expectation{Expected: c.Prior.P, ExpectedWeight: c.Prior.Weight, Like: c.Like},
		}
		if own, special := c.Answers[m.Channel]; special {
			out[i].Answers = &own
		}
		if m.scale == scaleGroup {
			out[i].Full = c.worth
		}
	}
	return out
}

// choice renders one chosen candidate.
func (m *moment) choice(c *candidate, rank int) Choice {
	out := Choice{
		Action: c.ID, Issue: c.Issue, Group: c.Group, Treatment: c.form(m), Rank: rank,
		Title: c.Title, Say: c.Say, Avoid: c.Avoid,
		P: c.estimate.P, PInterval: [2]float64{c.estimate.Low, c.estimate.High},
		C: c.c, V: c.v, L: c.l, Priority: c.priority, Annoyance: c.annoyance, Net: c.priority - c.annoyance, Pi: c.pi,
		AllowedBy: c.allowed,
	}
	if t := c.treatment; t != nil {
		out.Say = t.Say
		out.Avoid = t.Avoid
		if t.Title != "" {
			out.Title = t.Title
		}
	}
	var parts []Contribution
	if rank == 1 { // what is shown first: taking an estimate apart costs as much as making it
		parts = m.contributions(c)
	}
	out.Because = m.because(c, parts)
	out.Reasons = m.featureReasons(parts, m.reasons(c))
	return out
}

func (now *inForce) moment() *moment {
	if m, ok := now.moments.Get().(*moment); ok {
		return m
	}
	m, err := newMoment(now)
	if err != nil {
		panic(err) // New tried the very same and it worked
	}
	return m
}

func (d *Decider) versions(c *Catalogue) map[string]string {
	return map[string]string{
		"catalogue": c.version,
		"model":     d.o.Propensity.Name(),
		"signals":   customer.WeightsVersion,
		"policy":    c.guide.version,
		"gamma":     strconv.FormatFloat(c.guide.Value.Gamma, 'g', -1, 64),
	}
}
