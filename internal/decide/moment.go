package decide

import (
	"cmp"
	"math"
	"slices"
	"time"

	"cel.dev/cel-go/cel"

	"heed/insights"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/experiment"
)

// moment is one request while it is being decided. Moments are pooled: the
// policy language's functions are bound to one once and look at whatever
// request it holds.
type moment struct {
	*Request
	bound
	way
	reach
	known
	leverage
	blind    bool // the person asked not to be profiled or tracked: only this call's words count
	mood     float64
	contacts int // contacts of ours of late
	issue    trouble
	labels   []said
	granted  []permission
	ruled    []ruling
	asked
	lines []TraceLine // the trace, when one was asked for
}

// bound is what a moment was made for.
type bound struct {
	now   *inForce
	guide *guide
	vars  cel.Activation
}

// asked is what the rules have read and answered so far.
type asked struct {
	read []bool // which of the catalogue's names were read
	// answers are those of the rules, by their number and plus one: many actions
	// have the same rule, and within one request it has one answer.
	answers []verdict
	open    opened // for one evaluation of a counterfactual
	spent   spent  // of the agent's attention
}

// way is which policy decides, with its model and exponent.
type way struct {
	arm   experiment.Arm
	model Propensity
	scale string
	gamma float64
}

// reach is how the channel reaches the person.
type reach struct {
	plain   string // the treatment of an action whose words fit the channel as they are
	address string
	// midnight is when the day began at the person's place; zero until asked.
	midnight time.Time
}

// known is what is read of the person, nil of one who does not want it.
type known struct {
	readings []customer.Reading
	features []Feature // what the model is told of the person and the moment
	list     *Features // what it may be told
}

// said is a label of the present call.
type said struct {
	label string
	times int
	sure  float64 // the best confidence with which it was heard, 0..1
	// weight grows with each time it was heard, each counting half of the one
	// before: what a call is about is said more than once, and a slip of the
	// classifier is not. Below 2.
	weight float64
}

// permission is a consent answer, asked once for a purpose and topic.
type permission struct {
	purpose consent.Purpose
	topic   string
	consent.Answer
}

// trouble is an open issue of the person, as far as it is known.
type trouble struct {
	open bool
	why  string
}

// alwaysRead are the names that the fixed rules read whatever the policies
// say. They come first in the catalogue's reads.
var alwaysRead = append([]string{
	"consent:profiling", "consent:tracking", "outcome", "signal:mood", "fact:purchase", "trait:product.*", "fact:contact.*", "fact:cart.*", "fact:order.*",
	"trait:vulnerable", "trait:bereaved", "trait:do_not_call",
	"trait:time_zone", "trait:timezone", "trait:country", "trait:region", "trait:state", "trait:address*",
	"fact:complaint.*", "fact:ticket.*", "fact:payment.*",
}, troubleReads()...)

// issueReads are what an open issue is worked out from.
var issueReads = []string{"fact:complaint.*", "fact:ticket.*", "fact:payment.*", "signal:mood"}

// troubleLabels are what a caller says who has a trouble that is not solved
// yet. While it was said in this call nothing is sold.
var troubleLabels = []struct{ label, what string }{
	{"intent.complaint", "a complaint"},
	{"moment.escalation", "a wish for a supervisor"},
	{"intent.double_charge", "a double charge"},
	{"intent.payment_problem", "a payment problem"},
	{"intent.delivery_problem", "a delivery problem"},
	{"intent.technical_problem", "a technical problem"},
	{"intent.outage", "an outage"},
	{"intent.login_problem", "a login that does not work"},
	{"intent.card_lost", "a lost card"},
	{"intent.fraud", "a payment that is not theirs"},
	{"intent.installment_plan", "a wish to pay in parts"},
	{"intent.refund", "a refund"},
	{"intent.stop_contact", "a wish to be left alone"},
	{"intent.stop_calls", "a wish to be left alone"},
	{"intent.stop_emails", "a wish to be left alone"},
	{"intent.stop_sms", "a wish to be left alone"},
	{"intent.stop_post", "a wish to be left alone"},
	{"theme.late_delivery", "a late delivery"},
	{"theme.double_charge", "a double charge"},
}

func troubleReads() []string {
	out := make([]string, len(troubleLabels))
	for i, t := range troubleLabels {
		out[i] = "label:" + t.label
	}
	return out
}

func newMoment(now *inForce) (*moment, error) {
	m := &moment{bound: bound{now: now, guide: now.catalogue.guide}, asked: asked{read: make([]bool, len(now.catalogue.reads))}}
	vars, err := cel.FunctionVars(map[string]any{}, m.functions())
	if err != nil {
		return nil, err
	}
	m.vars = vars
	return m, nil
}

// functions binds the policy language to whatever the moment holds.
func (m *moment) functions() map[string]cel.LateBoundFunction {
	out := map[string]cel.LateBoundFunction{
		"signal": m.signal, "high": m.high, "count": m.count, "label": m.label, "trait": m.trait,
		"flag": m.flag, "owns": m.owns, "open_issue": m.openIssue, "in_call": m.inCall, "channel": m.channel,
	}
	for typ := range traitTypes {
		out[typedPrefix+typ] = m.typedTrait(typ)
	}
	return out
}

// ask answers a rule, once a request.
func (m *moment) ask(p *policy) verdict {
	if p.rule >= len(m.answers) {
		m.answers = append(m.answers, make([]verdict, p.rule+1-len(m.answers))...)
	}
	if m.answers[p.rule] == 0 {
		m.answers[p.rule] = p.ask(m.vars) + 1
	}
	return m.answers[p.rule] - 1
}

// begin takes a request in: what every step needs is worked out once.
func (m *moment) begin(r *Request) {
	m.Request = r
	clear(m.read)
	clear(m.answers)
	m.open, m.spent = opened{}, spentOf(&m.guide.Attention, r.Attention)
	for i := range alwaysRead {
		m.read[i] = true
	}
	m.granted, m.ruled, m.lines = m.granted[:0], m.ruled[:0], nil
	m.labels = heard(m.labels[:0], r)
	m.gather(m)
	m.reach = reach{plain: r.Channel + ".plain", address: cmp.Or(r.Address, address(&r.Profile, r.Channel))}
	m.blind = m.permit(consent.Profiling, "").Denies() || m.permit(consent.Tracking, "").Denies()
	m.known, m.mood, m.contacts = known{}, 0, r.Profile.Count("contact.*", time.Duration(m.guide.Patience.Days)*day, r.At)
	if !m.blind {
		m.readings = r.Profile.Readings(r.At)
		m.mood = m.reading(customer.Mood).Value
		m.list = m.now.d.features.Load()
	}
	m.issue = m.findTrouble()
}

// end lets go of the request, so that a pooled moment keeps nobody's data.
func (m *moment) end() {
	m.Request, m.known, m.lines = nil, known{}, nil
	clear(m.labels[:cap(m.labels)])
	clear(m.granted[:cap(m.granted)])
	clear(m.ruled[:cap(m.ruled)])
	m.issue, m.reach, m.way, m.free, m.spent = trouble{}, reach{}, way{}, nil, spent{}
}

const (
	// leastHeard is the confidence below which a signal of the call is no
	// label: under it the classifier is wrong too often to act on.
	leastHeard = 0.6
	// leastTrouble is what it takes to stop all selling: sure enough that a
	// complaint is really one.
	leastTrouble = 0.8
)

// heard gathers the labels of the call. A label that came without its signal
// counts as one that is certain and was heard once.
func heard(into []said, r *Request) []said {
	for i := range r.Heard {
		s := &r.Heard[i]
		if s.Speaker != insights.Customer || !(s.Confidence >= leastHeard) {
			continue
		}
		at := slices.IndexFunc(into, func(have said) bool { return have.label == s.Label })
		if at < 0 {
			into = append(into, said{label: s.Label})
			at = len(into) - 1
		}
		into[at].add(min(1, s.Confidence))
	}
	for _, l := range r.Labels {
		known := func(s insights.Signal) bool { return s.Label == l }
		if !slices.ContainsFunc(r.Heard, known) && !slices.ContainsFunc(into, func(have said) bool { return have.label == l }) {
			into = append(into, said{label: l, times: 1, sure: 1, weight: 1})
		}
	}
	return into
}

// add counts one more time that the label was heard. The surest of them counts
// whole, so what was heard before is halved or the newcomer is.
func (s *said) add(sure float64) {
	if sure > s.sure {
		s.weight, s.sure = sure+s.weight/2, sure
		s.times++
		return
	}
	s.weight += sure * math.Exp2(-float64(s.times))
	s.times++
}

// hears gives how much a label was said in this call, 0 for not at all.
func (m *moment) hears(label string) float64 {
	for i := range m.labels {
		if m.labels[i].label == label {
			return m.labels[i].weight
		}
	}
	return 0
}

// address gives where a message of a channel would go.
func address(p *customer.Profile, channel string) string {
	kind := ""
	switch channel {
	case "email":
		kind = "email"
	case "sms", "call":
		kind = "phone"
	default:
		return ""
	}
	for i := range p.Identifiers {
		if p.Identifiers[i].Type == kind {
			return p.Identifiers[i].Value
		}
	}
	return ""
}

// permit answers a purpose on the request's channel, once.
func (m *moment) permit(purpose consent.Purpose, topic string) consent.Answer {
	for i := range m.granted {
		if m.granted[i].purpose == purpose && m.granted[i].topic == topic {
			return m.granted[i].Answer
		}
	}
	cell := consent.Cell{Purpose: purpose, Channel: m.Channel, Topic: topic, Address: m.address}
	a := consent.Now(m.Ledger, cell, m.At)
	m.granted = append(m.granted, permission{purpose, topic, a})
	return a
}

func (m *moment) reading(name string) *customer.Reading {
	for i := range m.readings {
		if m.readings[i].Name == name {
			return &m.readings[i]
		}
	}
	return &customer.Reading{Name: name}
}

// findTrouble looks for an open issue: said in this call, or on record.
func (m *moment) findTrouble() trouble {
	for _, t := range troubleLabels {
		if slices.ContainsFunc(m.labels, func(s said) bool { return s.label == t.label && s.sure >= leastTrouble }) {
			return trouble{open: true, why: t.what + " was raised in this call"}
		}
	}
	if m.blind {
		return trouble{}
	}
	for _, is := range m.Profile.Issues(m.At) {
		switch since := m.At.Sub(is.Resolved); {
		case is.Resolved.IsZero():
			return trouble{open: true, why: "a " + is.Kind + " of " + ago(m.At, is.Opened) + " is still open"}
		case since < time.Duration(m.guide.Contexts.AfterIssue):
			return trouble{open: true, why: "a " + is.Kind + " was resolved only " + ago(m.At, is.Resolved)}
		case m.mood < 0 && m.mood < m.guide.Contexts.Sore:
			return trouble{open: true, why: "a " + is.Kind + " was resolved but the customer is still unhappy"}
		}
	}
	return trouble{}
}

// note marks what a rule may have read.
func (m *moment) note(reads []int) {
	for _, i := range reads {
		m.read[i] = true
	}
}

// reads gives the names that were read, in the catalogue's order.
func (m *moment) reads() []string {
	n := 0
	for _, r := range m.read {
		if r {
			n++
		}
	}
	out := make([]string, 0, n+len(m.granted))
	for i, r := range m.read {
		if r {
			out = append(out, m.now.catalogue.reads[i])
		}
	}
	for i := range m.granted {
		if p := m.granted[i].purpose; p != consent.Profiling && (i == 0 || !slices.Contains(out, "consent:"+string(p))) {
			out = append(out, "consent:"+string(p))
		}
	}
	return out
}
