package redact

import (
	"cmp"
	"net/netip"
	"regexp"
	"slices"

	"heed/insights"
	"heed/insights/redact/tagger"
)

// wanted is what was asked for or announced last, for the tagger.
type wanted struct {
	asked tagger.Asked
	until insights.Seconds
	left  int // utterances
}

const (
	wantedTurns   = 4
	wantedSeconds = 30
)

func (w wanted) at(now insights.Seconds) tagger.Asked {
	if w.left <= 0 || now > w.until {
		return 0
	}
	return w.asked
}

// after gives what is wanted behind an utterance.
func (w wanted) after(u insights.Utterance) wanted {
	if a := tagger.AskedBy(u.Text); a.Named() {
		return wanted{asked: a, until: u.End + wantedSeconds, left: wantedTurns}
	}
	w.left--
	return w
}

// look finds what is no run of digits, or more than one, as the policy wants
// it: by its form first, then by the tagger. born says that a date of birth
// was asked for.
func (p *pass) look(born bool, asked tagger.Asked) {
	p.findBirth(born)
	p.findForms()
	p.findSpokenMail()
	p.findNumbers()
	p.tag(asked)
	slices.SortStableFunc(p.others, func(a, b removal) int { return cmp.Compare(a.from, b.from) })
}

// tag finds what the tagger tells.
func (p *pass) tag(asked tagger.Asked) {
	set := p.policy.tagged[p.side()]
	// A number that nobody named may be an order's: where those stay, it does,
	// and so does a word that nobody called a secret.
	bare := p.policy.keeps(p.who, nameAccount)
	if bare && !(asked | tagger.NamedIn(p.text)).Secret() {
		set &^= p.policy.secret
	}
	if set == 0 || bare && p.onlyNumbers(0, len(p.text)) {
		return
	}
	kinds := tagger.Kinds()
	for _, f := range p.policy.tagger.Find(p.text, asked, set, p.policy.certainty) {
		if !bare || !p.onlyNumbers(f.From, f.To) {
			p.found(f.From, f.To, kinds[f.Kind])
		}
	}
}

// onlyNumbers says that a stretch holds nothing but numbers.
func (p *pass) onlyNumbers(from, to int) bool {
	for _, t := range p.tokens {
		if t.from >= from && t.to <= to && !t.class.counts() && t.class != filler && t.class != soft {
			return false
		}
	}
	return true
}

// side is the speaker as policies know it.
func (p *pass) side() insights.Speaker {
	if p.who == insights.Agent {
		return insights.Agent
	}
	return insights.Customer
}

// found notes a stretch that must go, unless the policy keeps its kind.
func (p *pass) found(from, to int, name string) {
	if from < to && !p.policy.keeps(p.who, name) {
		p.others = append(p.others, removal{from: from, to: to, name: name})
	}
}

// Never changed.
var (
	mail   = regexp.MustCompile(`[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+`)
	ipv4   = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)
	ipv6   = regexp.MustCompile(`(?i)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}`)
	domain = regexp.MustCompile(`(?i)\b(?:https?://\S+|(?:[a-z0-9\-]+\.)+(?:com|net|org|edu|gov|info|biz|io|co|me|app|dev|uk|de|fr|es|it|nl|se|is|eu|us|ca|au|in|br|ru|ch|at|be|dk|no|fi|pl|pt|cz|ie|nz|za|jp|cn))\b`)
)

// findForms finds what is known by its marks, in written text.
func (p *pass) findForms() {
	for _, f := range []struct {
		form *regexp.Regexp
		name string
		ok   func(string) bool
	}{
		{mail, nameEmail, nil},
		{ipv4, nameAddress, isAddress},
		{ipv6, nameAddress, isAddress},
		{domain, nameDomain, nil},
	} {
		if p.policy.keeps(p.who, f.name) {
			continue
		}
		for _, at := range f.form.FindAllStringIndex(p.text, -1) {
			if f.ok == nil || f.ok(p.text[at[0]:at[1]]) {
				p.found(at[0], at[1], f.name)
			}
		}
	}
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}
