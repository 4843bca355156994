// Package moment finds things that happened in a call: a competitor named, a
// price objection, thanks, an escalation, a promise of the agent.
package moment

import "heed/insights"

// Options configure the analyzer.
type Options struct {
	// Competitors are names that count as a competitor, in lower case or not.
	// Nil means the fictional names that ship with Heed.
	Competitors []string
}

// Analyzer finds moments. It is safe for concurrent use.
type Analyzer struct{}

// New makes an analyzer.
func New(o Options) (*Analyzer, error) { return &Analyzer{}, nil }

// Analyze gives each moment found, once an utterance.
func (a *Analyzer) Analyze(u *insights.Utterance, call *insights.Call) []insights.Insight { return nil }
