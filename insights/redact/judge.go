package redact

import (
	"regexp"
	"strings"

	"heed/insights"
)

// What was removed, as named in insights and shown in brackets.
const (
	nameCard   = "card_number"
	nameCode   = "card_code"
	nameExpiry = "card_expiry"
	nameSecret = "code"
	nameNumber = "number"

	namePassword = "password"
	nameIdentity = "national_id"
	nameBank     = "bank_account"
	nameBirth    = "date_of_birth"
	nameEmail    = "email"
	namePhone    = "phone"
	nameAccount  = "account_number"
	namePostcode = "postcode"
	nameAddress  = "ip_address"
	nameDomain   = "domain"
)

// judged is a run with what is done to it: removed when it has a name.
type judged struct {
	run
	topic topic
	name  string
	reads bool // part of a card reading
}

// pass is the work on one text.
type pass struct {
	policy   *ruleset
	who      insights.Speaker
	text     string
	tokens   []token
	mentions []mention
	runs     []judged
	tail     tail
	subject  subject // before the text; after judge, behind it
	now      float64
	flows    bool      // the speaker is reading a card out
	others   []removal // what was found beside the runs
}

// judge names what must go, run by run, with the topic open at each.
func (p *pass) judge() {
	ahead := p.mentions
	for i := range p.runs {
		for len(ahead) > 0 && ahead[0].from < p.runs[i].first {
			p.turn(ahead[0])
			ahead = ahead[1:]
		}
		p.sentence(i)
	}
	for _, m := range ahead {
		p.turn(m)
	}
	p.mark()
}

// sentence names one run with the topic open at it, and keeps that topic open
// when the run must go.
func (p *pass) sentence(i int) {
	run := &p.runs[i]
	run.topic = p.subject.topic
	if run.topic == nothing || run.topic == mentioned {
		if m, ok := p.namedAfter(i); ok {
			run.topic = m.topic
		}
	}
	run.name = p.unlessKept(p.verdict(run, i))
	if run.name == "" {
		run.name = p.scrap(i)
	}
	if run.name == "" {
		return
	}
	card := run.name == nameCard && (run.topic == asked || run.topic == mentioned)
	p.flows = p.flows || card || run.topic == cardCode
	if p.subject.topic != nothing {
		p.subject.until, p.subject.left = p.now+subjectSeconds, subjectTurns
	}
}

// unlessKept gives the name of what must go; nothing when the policy keeps it.
func (p *pass) unlessKept(name string) string {
	if name == "" || p.policy.rule(p.who, name).action == keep {
		return ""
	}
	return name
}

// turn makes a mention the subject, unless it is a loose one and a card or a
// code was asked for.
func (p *pass) turn(m mention) {
	s := p.subject.topic
	if !m.firm && s != nothing && s != mentioned && !s.harmless() {
		return
	}
	p.subject = subject{topic: m.topic, by: p.who, until: p.now + subjectSeconds, left: subjectTurns}
}

// namedAfter finds a topic named shortly behind a run: "123 is the code".
func (p *pass) namedAfter(i int) (mention, bool) {
	from := p.runs[i].last + 1
	to := min(from+lookAhead, len(p.tokens))
	if i+1 < len(p.runs) {
		to = min(to, p.runs[i+1].first)
	}
	for _, m := range p.mentions {
		if m.from >= from && m.from < to && (m.firm || m.topic != mentioned) {
			return m, true
		}
	}
	return mention{}, false
}

// verdict names what a run is when it must go.
func (p *pass) verdict(r *judged, i int) string {
	digits, most := r.digits, r.most
	if r.starts {
		digits, most = p.tail.and(r.run)
	}
	switch {
	case most > longestKept:
		return nameCard
	case r.quantity || len(r.digits) == 0 || p.remark(r):
		return ""
	case r.starts && p.tail.removed != "" && !r.topic.harmless():
		return p.goesOn(r)
	}
	if t := r.topic; t == asked || t == mentioned {
		return p.cardVerdict(r, digits, i)
	}
	return p.otherVerdict(r, digits)
}

// goesOn names the rest of a removed run: the same again, unless a topic of
// its own is open.
func (p *pass) goesOn(r *judged) string {
	switch r.topic {
	case cardCode:
		return nameCode
	case expiry:
		return nameExpiry
	default:
		return p.tail.removed
	}
}

// cardVerdict judges a run while a card is asked for or was mentioned.
func (p *pass) cardVerdict(r *judged, digits string, i int) string {
	least := 6
	switch {
	case r.topic == asked && p.only(r):
		least = 2
	case r.topic == asked:
		digits = p.joined(i, digits)
		if least = 4; r.ends {
			least = 3
		}
	case r.ends && strings.ContainsAny(digits[:1], "23456"):
		least = 4
	}
	if len(digits) >= least {
		return nameCard
	}
	return ""
}

// otherVerdict judges a run under any other topic.
func (p *pass) otherVerdict(r *judged, digits string) string {
	n := len(digits)
	switch r.topic {
	case cardCode:
		return nameOrCard(nameCode, n, 4, n >= 3 || p.only(r))
	case expiry:
		return nameOrCard(nameExpiry, n, 8, n >= 2)
	case oneTime:
		return nameIf(nameSecret, n >= 4 || r.most >= 4 && r.ends || n >= 2 && p.only(r))
	case nothing, birth:
		return unnamed(digits)
	default:
		l := limits[r.topic]
		return nameIf(l.name, l.reached(n, r.ends, p.only(r)))
	}
}

// limit says how many digits make a number of a topic: anywhere, at the end of
// the text, or as all of it.
type limit struct {
	name                 string
	least, ending, alone int
}

func (l limit) reached(n int, ends, alone bool) bool {
	return n >= l.least || n >= l.ending && ends || n >= l.alone && alone
}

// limits are never changed.
var limits = map[topic]limit{
	identity:  {nameIdentity, 4, 2, 2},
	bank:      {nameBank, 4, 2, 2},
	telephone: {namePhone, 7, 7, 3},
	account:   {nameAccount, 3, 3, 3},
	postal:    {namePostcode, 3, 3, 3},
}

// unnamed names a number that nobody gave a name.
func unnamed(digits string) string {
	switch {
	case len(digits) < 7:
		return ""
	case ordinary(digits):
		return namePhone
	default:
		return nameIf(nameNumber, !calendar.MatchString(digits))
	}
}

// nameOrCard names a short number; one with more digits than it can have is
// taken for a card.
func nameOrCard(name string, digits, longest int, yes bool) string {
	if digits > longest {
		return nameCard
	}
	return nameIf(name, yes)
}

func nameIf(name string, yes bool) string {
	if yes {
		return name
	}
	return ""
}

// only says that the text is nothing but this run and fillers.
func (p *pass) only(r *judged) bool { return r.starts && r.ends }

// joined counts the groups of a card number that few words separate.
func (p *pass) joined(i int, digits string) string {
	for j := i; j > 0 && p.near(j-1, j); j-- {
		digits += p.runs[j-1].digits
	}
	for j := i; j+1 < len(p.runs) && p.near(j, j+1); j++ {
		digits += p.runs[j+1].digits
	}
	return digits
}

func (p *pass) near(i, j int) bool {
	a, b := p.runs[i], p.runs[j]
	return !a.quantity && !b.quantity && b.first-a.last-1 <= joinedGap
}

// ending gives the speaker's tail behind this text.
func (p *pass) ending(before tail, u insights.Utterance) tail {
	if len(p.runs) == 0 {
		if onlyFillers(p.tokens) {
			return before
		}
		return tail{}
	}
	last := p.runs[len(p.runs)-1]
	if !last.ends {
		return tail{}
	}
	if last.name != "" {
		return tail{removed: last.name}
	}
	t := tail{digits: last.digits, most: last.most, pending: last.pending, from: u.Start, to: u.End}
	if last.starts {
		t.digits, t.most = before.and(last.run)
		t.removed = before.removed
		if before.most > 0 {
			t.from = before.from
		}
	}
	return t
}

// and joins a run to the digits before it, a waiting "double" included.
func (t tail) and(r run) (digits string, most int) {
	digits, most = t.digits, t.most+r.most
	if t.pending > 1 && r.digits != "" {
		digits += strings.Repeat(r.digits[:1], t.pending-1)
		most += t.pending - 1
	}
	return digits + r.digits, most
}

// ordinary says that digits are two years or can be a telephone number of 7,
// 10 or 11 digits as read out in North America or Britain, or one with its
// country code.
func ordinary(d string) bool { return anyNumber.MatchString(d) }

// calendar is a day, a month and a year, in any order of the first two.
// Never changed.
var calendar = regexp.MustCompile(`^(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:19|20)\d\d$`)

// anyNumber is never changed.
var anyNumber = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`[2-9]\d{6}`,            // a subscriber's number
	`1?[2-9]\d\d[2-9]\d{6}`, // North America
	`0[1-9]\d{8,9}`,         // Britain
	`(?:44|00)\d{10}`,       // with a country code
	`(?:19|20)\d\d(?:19|20)\d\d`,
}, "|") + `)$`)
