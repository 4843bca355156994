package redact

import "slices"

// ordinals are the days of a month as words; never changed.
var ordinals = wordSet(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
	fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth`)

const (
	birthStart = 6 // words between "born" and the date
	birthBack  = 5 // words between the date and "is my birthday"
	dateGap    = 3 // words between the parts of a date
	wholeDate  = 6 // digits of a day, a month and a year
)

// findBirth finds dates of birth: those that follow words that name one, or
// the question, and those that such words follow.
func (p *pass) findBirth(asked bool) {
	if p.policy.keeps(p.who, nameBirth) {
		return
	}
	done := 0
	if asked {
		done = p.birthFrom(0)
	}
	for _, m := range p.mentions {
		if m.topic != birth || m.to < done {
			continue
		}
		if end := p.birthFrom(m.to); end > m.to {
			done = end
			continue
		}
		p.birthBefore(m.from)
	}
}

// birthFrom finds a date at or shortly behind a token, and gives the token
// behind it; the same token when there is none.
func (p *pass) birthFrom(at int) int {
	for i := at; i < len(p.tokens) && i <= at+birthStart; i++ {
		if p.dated(i) == 0 {
			continue
		}
		last, parts, digits := p.date(i)
		if parts < 2 && digits < 4 && (i > 0 || last < len(p.tokens)-1) {
			continue
		}
		p.found(p.tokens[i].from, p.tokens[last].to, nameBirth)
		if digits >= wholeDate && p.subject.topic == birth {
			p.subject = subject{}
		}
		return last + 1
	}
	return at
}

// date gives the last token of the date that begins at one, the number of its
// parts and about how many digits it has.
func (p *pass) date(first int) (last, parts, digits int) {
	last = first
	for j := first; j < len(p.tokens) && j-last <= dateGap; j++ {
		n := p.dated(j)
		if n == 0 && !p.connects(j) {
			break
		}
		if n > 0 {
			last, parts, digits = j, parts+1, digits+n
		}
	}
	return last, parts, digits
}

// birthBefore finds a date shortly before a token.
func (p *pass) birthBefore(at int) {
	i := at - 1
	for i >= 0 && at-i <= birthBack && p.dated(i) == 0 {
		i--
	}
	if i < 0 || p.dated(i) == 0 {
		return
	}
	first := i
	for j := i; j >= 0 && first-j <= dateGap && (p.dated(j) > 0 || p.connects(j)); j-- {
		if p.dated(j) > 0 {
			first = j
		}
	}
	if first < i {
		p.found(p.tokens[first].from, p.tokens[i].to, nameBirth)
	}
}

// dated says whether a token can be part of a date: about how many digits of
// one it stands for, 0 for none.
func (p *pass) dated(i int) int {
	t := &p.tokens[i]
	switch {
	case t.own:
		return 0
	case t.class == month, ordinals[t.word]:
		return 2
	case t.class == number:
		return max(len(t.digits), 1)
	case t.class == unit && t.digits != "":
		return 2
	}
	return 0
}

// connects says that a token stands between the parts of a date.
func (p *pass) connects(i int) bool {
	t := &p.tokens[i]
	return t.class == filler || t.class == soft ||
		slices.Contains([]string{"of", "the", "in", "on", "year", "month", "day"}, t.word)
}
