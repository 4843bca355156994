// Package moment finds things that happened in a call, at the second they
// happened: a competitor named, a price objection, thanks, an escalation, a
// promise of the agent, a commitment of the customer. The rules are phrases
// that ship with the package, and the names of competitors that the operator
// gives; guards pass over what is denied, asked, told of somebody else or
// hangs on a condition. It judges nobody: a moment says what was said.
//
// The rules are English. What is said in another language meets none of them.
package moment

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
)

//go:embed moments.yaml
var rulesFile embed.FS

var _ insights.Versioned = (*Analyzer)(nil)

// guards is the version of the guards: it is part of the model's version, and
// goes up whenever what they pass over may change.
const guards = 3

// The moments, by name.
const (
	CompetitorNamed = "competitor_named"
	PriceObjection  = "price_objection"
	Thanks          = "thanks"
	Escalation      = "escalation"
	Promise         = "promise"    // of the agent; Due and DueOn say by when
	Commitment      = "commitment" // of the customer; Due and DueOn say by when
)

// Options configure the analyzer.
type Options struct {
	// Competitors are names that count as a competitor, of one or more words,
	// in any case. Nil means the fictional names that ship with Heed; an empty
	// list means none.
	Competitors []string
	// Zone is where the call's day is told; nil takes the call's moment as it is.
	Zone *time.Location
}

// Analyzer finds moments. It is safe for concurrent use and never changed.
type Analyzer struct {
	matcher *phrase.Matcher
	names   int // place of the rule that holds the competitors' names
	rules   []phrase.Rule
	zone    *time.Location
	model   string
}

// New makes an analyzer. It refuses a competitor without a letter in it.
func New(o Options) (*Analyzer, error) {
	rules, err := phrase.Load(rulesFile, "moments")
	if err != nil {
		return nil, err
	}
	if o.Competitors == nil {
		o.Competitors = Fictional()
	}
	at := slices.IndexFunc(rules, func(r phrase.Rule) bool { return r.Name == CompetitorNamed })
	named := phrase.Rule{Name: CompetitorNamed, Title: rules[at].Title, Speaker: rules[at].Speaker}
	for _, name := range o.Competitors {
		words := spoken.Words(name)
		if len(words) == 0 {
			return nil, fmt.Errorf("moment: competitor %q: expected a name of at least one word", name)
		}
		plain := make([]string, len(words))
		for i, w := range words {
			plain[i] = w.Text
		}
		named.Phrases = append(named.Phrases, strings.Join(plain, " "))
	}
	rules = slices.Insert(rules, at+1, named)
	m := phrase.Compile(rules)
	return &Analyzer{matcher: m, rules: rules, zone: o.Zone, names: at + 1, model: fmt.Sprintf("moment/%d.%08x", guards, m.Version())}, nil
}

// Fictional are competitors that exist nowhere, for the demonstration, as
// people write them.
func Fictional() []string {
	return []string{
		"Bluewave", "Blue Wave", "Skylink Mobile", "Sky Link", "Telenova", "Tele Nova",
		"Quickcell", "Quick Cell", "Metroline", "Metro Line", "Brightbank", "Bright Bank", "Shopora",
	}
}

// Version names the rules: the same rules give the same version.
func (a *Analyzer) Version() string { return a.model }

// Analyze gives each moment found, once an utterance. By when a promise is to
// be kept is read from its words and from the dates and lengths of time that
// the package entity found in them, if it came before (see [insights.Chain]).
func (a *Analyzer) Analyze(u *insights.Utterance, call *insights.Call) []insights.Insight {
	words := spoken.Words(u.Text)
	found := a.matcher.Find(u.Speaker, words)
	if len(found) == 0 {
		return nil
	}
	kept := make([]phrase.Match, 0, len(found))
	dues := make([]insights.Span, 0, len(found))
	times := named(u, call)
	for _, m := range found {
		due := a.keep(&m, words, times)
		if len(m.Spans) == 0 {
			continue
		}
		if n := len(kept); n > 0 && kept[n-1].Rule.Name == m.Rule.Name { // a name and a phrase
			kept[n-1].Spans = merged(kept[n-1].Spans, m.Spans)
			continue
		}
		kept, dues = append(kept, m), append(dues, due)
	}
	out := phrase.Insights(u, kept, insights.Moment, a.model)
	for i := range out {
		if due := dues[i]; due.To > 0 {
			out[i].Due, out[i].DueOn = u.Text[due.From:due.To], a.dueOn(u, due, times, call)
		}
	}
	return out
}

// keep leaves in a match what the guards let through, and gives by when it is
// to happen.
func (a *Analyzer) keep(m *phrase.Match, words []spoken.Word, times []insights.Insight) (due insights.Span) {
	if m.Rule == &a.rules[a.names] {
		return due // a name is a name, whatever is said of it
	}
	left := make([]insights.Span, 0, len(m.Spans))
	for _, s := range m.Spans {
		c := clause{words: words}
		c.from, c.to = place(words, s)
		if !c.holds(m.Rule.Name) {
			continue
		}
		if m.Rule.Name == Promise || m.Rule.Name == Commitment {
			var when insights.Span
			s, when = whole(words, c.from, c.to)
			due = cmp.Or(due, byWhen(s, when, words, times))
		}
		if n := len(left); n > 0 && s.From < left[n-1].To {
			left[n-1].To = max(left[n-1].To, s.To)
			continue
		}
		left = append(left, s)
	}
	m.Spans = left
	return due
}

// holds says whether a moment really happened in a clause.
func (c *clause) holds(name string) bool {
	switch name {
	case Promise:
		return c.own() && !c.offered() && !c.refused()
	case Commitment:
		return c.own() && !c.conditional()
	case CompetitorNamed:
		return !c.denied() && !c.nosy()
	case PriceObjection:
		return c.told() && !c.question()
	}
	return c.told() && !c.nosy()
}

// told says that the clause is neither denied nor somebody else's.
func (c *clause) told() bool { return !c.denied() && !c.reported() }

// own says that the speaker says it, of themselves and now.
func (c *clause) own() bool {
	return !c.doubted(c.from-1) && !c.reported() && !c.embedded()
}

// refused says that a promise is denied behind its subject: "you will never get".
func (c *clause) refused() bool {
	for i := c.from; i < c.to; i++ {
		if negative[c.word(i)] {
			return true
		}
	}
	return false
}

// place gives the words, to exclusive, that a span covers.
func place(words []spoken.Word, s insights.Span) (from, to int) {
	from, _ = slices.BinarySearchFunc(words, s.From, func(w spoken.Word, at int) int { return cmp.Compare(w.To, at+1) })
	for to = from; to < len(words) && words[to].From < s.To; {
		to++
	}
	return from, to
}

// merged joins spans of two matches, in order and apart.
func merged(a, b []insights.Span) []insights.Span {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(a, b insights.Span) int { return cmp.Compare(a.From, b.From) })
	out := all[:1]
	for _, s := range all[1:] {
		if last := &out[len(out)-1]; s.From < last.To {
			last.To = max(last.To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}
