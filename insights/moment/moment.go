// Package moment finds things that happened in a call, at the second they
// happened: a competitor named, a price objection, thanks, an escalation, a
// promise of the agent. The rules are phrases that ship with the package,
// and the names of competitors that the operator gives. It judges nobody: a
// moment says what was said.
package moment

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
)

//go:embed moments.yaml
var rulesFile embed.FS

var _ insights.Versioned = (*Analyzer)(nil)

// Options configure the analyzer.
type Options struct {
	// Competitors are names that count as a competitor, of one or more words,
	// in any case. Nil means the fictional names that ship with Heed; an empty
	// list means none.
	Competitors []string
}

// Analyzer finds moments. It is safe for concurrent use and never changed.
type Analyzer struct {
	matcher *phrase.Matcher
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
	at := slices.IndexFunc(rules, func(r phrase.Rule) bool { return r.Name == "competitor_named" })
	for _, name := range o.Competitors {
		words := spoken.Words(name)
		if len(words) == 0 {
			return nil, fmt.Errorf("moment: competitor %q: expected a name of at least one word", name)
		}
		plain := make([]string, len(words))
		for i, w := range words {
			plain[i] = w.Text
		}
		rules[at].Phrases = append(rules[at].Phrases, strings.Join(plain, " "))
	}
	m := phrase.Compile(rules)
	return &Analyzer{matcher: m, model: fmt.Sprintf("moment/%08x", m.Version())}, nil
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

// Analyze gives each moment found, once an utterance.
func (a *Analyzer) Analyze(u *insights.Utterance, _ *insights.Call) []insights.Insight {
	found := a.matcher.Find(u.Speaker, spoken.Words(u.Text))
	return phrase.Insights(u, found, insights.Moment, a.model)
}
