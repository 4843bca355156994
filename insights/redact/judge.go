package redact

import (
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
)

// judged is a run with what is done to it: removed when it has a name.
type judged struct {
	run
	topic topic
	name  string
}

// pass is the work on one text.
type pass struct {
	policy   Policy
	tokens   []token
	mentions []mention
	runs     []judged
	tail     tail
	subject  subject // before the text; after judge, behind it
	now      float64
}

// judge names what must go, run by run, with the topic open at each.
func (p *pass) judge() {
	next := 0
	for i := range p.runs {
		run := &p.runs[i]
		for next < len(p.mentions) && p.mentions[next].from < run.first {
			p.subject = p.subject.turn(p.mentions[next], p.now)
			next++
		}
		run.topic = p.subject.topic
		if run.topic == nothing || run.topic == mentioned {
			if m, ok := p.namedAfter(i); ok {
				run.topic = m.topic
			}
		}
		run.name = p.verdict(run, i)
		if run.name != "" && p.subject.topic != nothing {
			p.subject.until, p.subject.left = p.now+subjectSeconds, subjectTurns
		}
	}
	for ; next < len(p.mentions); next++ {
		p.subject = p.subject.turn(p.mentions[next], p.now)
	}
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
	case r.quantity || len(r.digits) == 0:
		return ""
	case r.starts && p.tail.removed != "" && r.topic != telephone && r.topic != order:
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
	case oneTime:
		if p.policy.KeepCodes && p.tail.removed == nameSecret {
			return ""
		}
	}
	return p.tail.removed
}

// cardVerdict judges a run while a card is asked for or was mentioned.
func (p *pass) cardVerdict(r *judged, digits string, i int) string {
	least := 6
	switch {
	case r.topic == asked && p.only(r):
		least = 2
	case r.topic == asked:
		least = 4
		digits = p.joined(i, digits)
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
		if n > 4 {
			return nameCard
		}
		return nameIf(nameCode, n >= 3 || p.only(r))
	case expiry:
		if n > 8 {
			return nameCard
		}
		return nameIf(nameExpiry, n >= 2)
	case oneTime:
		return nameIf(nameSecret, !p.policy.KeepCodes && (n >= 4 || n >= 2 && p.only(r)))
	case nothing:
		return nameIf(nameNumber, !p.policy.KeepLongNumbers && n >= 7 && !dialable(digits) && !years(digits))
	}
	return ""
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

// years tells "nineteen eighty four and twenty twenty one".
func years(d string) bool {
	year := func(s string) bool { return strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20") }
	return len(d) == 8 && year(d) && year(d[4:])
}

// dialable says that digits can be a telephone number of 7, 10 or 11 digits
// as read out in North America or Britain, or one with its country code.
func dialable(d string) bool {
	subscriber := func(s string) bool { return s[0] >= '2' }
	switch {
	case len(d) == 7:
		return subscriber(d)
	case len(d) == 10 && d[0] == '0':
		return d[1] != '0'
	case len(d) == 10:
		return subscriber(d) && subscriber(d[3:])
	case len(d) == 11 && d[0] == '1':
		return subscriber(d[1:]) && subscriber(d[4:])
	case len(d) == 11 && d[0] == '0':
		return d[1] != '0'
	case len(d) == 12:
		return strings.HasPrefix(d, "44") || strings.HasPrefix(d, "00")
	}
	return false
}
