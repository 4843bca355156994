package theme

import (
	"fmt"
	"strings"
	"time"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
)

// How a person defines a theme.
type How string

// The ways to define a theme.
const (
	ByWords How = "words" // phrases, in the language of the rule files
	ByQuery How = "query" // a saved query, in the language of the search
	ByLike  How = "like"  // more like these quotes
)

// Definition is a theme that a person defines. The same definition finds the
// theme in what is said now and in all that was said before.
type Definition struct {
	Name  string `json:"name"`  // unique; a-z, 0-9 and _
	Title string `json:"title"` // as it is shown
	How   How    `json:"how"`
	// Speaker limits it to one side; empty is both.
	Speaker insights.Speaker `json:"speaker,omitempty"`
	// Phrases and Unless define it by words, as in the rule files.
	Phrases []string `json:"phrases,omitempty"`
	Unless  []string `json:"unless,omitempty"`
	// Query defines it by a saved query.
	Query string `json:"query,omitempty"`
	// Quotes define it by examples, and Threshold is how like one of them a
	// text must be, 0..1; 0 means the usual [LikeThreshold].
	Quotes    []string `json:"quotes,omitempty"`
	Threshold float64  `json:"threshold,omitempty"`
}

// Subject is what is asked about: an utterance, and what only a saved query
// reads.
type Subject struct {
	Utterance *insights.Utterance
	Insights  []insights.Insight
	At        time.Time // when it was committed
}

// Matcher finds one theme. It is pure, safe for concurrent use and takes under
// 0.3 ms. A score is 0 when the theme is not there and up to 1; no evidence
// means the whole text.
type Matcher interface {
	Matches(s Subject) (score float64, evidence []insights.Span)
}

// Tools are what some definitions need to be compiled.
type Tools struct {
	// Encoder tells meaning for ByLike; nil compares words alone.
	Encoder encoder
	// Rarity gives the weight of a term (see insights/theme/terms), 0 when it is
	// not known; a discovered model has it. Nil weighs all words that tell
	// something alike.
	Rarity func(term string) float64
	// Query compiles a saved query; nil refuses ByQuery.
	Query func(query string) (Matcher, error)
}

// encoder turns a text into a vector of Dim numbers, of length 1 or all zero.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// InvalidError says which field of a definition is wrong, for whoever wrote it.
type InvalidError struct {
	Field string // as in JSON
	Want  string
}

// Error gives field and expectation.
func (e *InvalidError) Error() string { return e.Field + ": " + e.Want }

// maxPhrases and maxQuotes bound a definition.
const (
	maxPhrases = 200
	maxQuotes  = 50
)

// Compile checks a definition and makes its matcher. What is wrong with the
// definition is an *InvalidError; a query that does not parse gives the
// error of Tools.Query as well.
func (d Definition) Compile(t Tools) (Matcher, error) {
	m, err := d.compile(t)
	if err != nil {
		return nil, fmt.Errorf("theme %q: %w", d.Name, err)
	}
	if d.Speaker != "" {
		return oneSide{m, d.Speaker}, nil
	}
	return m, nil
}

func (d Definition) compile(t Tools) (Matcher, error) {
	if strings.TrimSpace(d.Title) == "" {
		return nil, &InvalidError{"title", "expected text, got nothing"}
	}
	if d.Speaker != "" && d.Speaker != insights.Customer && d.Speaker != insights.Agent {
		return nil, &InvalidError{"speaker", fmt.Sprintf("expected customer or agent, got %q", d.Speaker)}
	}
	switch d.How {
	case ByWords:
		return d.words()
	case ByQuery:
		return d.query(t)
	case ByLike:
		return d.like(t)
	}
	return nil, &InvalidError{"how", fmt.Sprintf("expected words, query or like, got %q", d.How)}
}

func (d Definition) words() (Matcher, error) {
	if len(d.Phrases) == 0 || len(d.Phrases) > maxPhrases || len(d.Unless) > maxPhrases {
		return nil, &InvalidError{"phrases", fmt.Sprintf("expected 1 to %d phrases", maxPhrases)}
	}
	for field, phrases := range map[string][]string{"phrases": d.Phrases, "unless": d.Unless} {
		for _, p := range phrases {
			if wrong := phrase.Check(p); wrong != "" {
				return nil, &InvalidError{field, fmt.Sprintf("%q: %s", p, wrong)}
			}
		}
	}
	rule := phrase.Rule{Name: d.Name, Title: d.Title, Phrases: d.Phrases, Unless: d.Unless}
	return byWords{phrase.Compile([]phrase.Rule{rule})}, nil
}

type byWords struct{ m *phrase.Matcher }

func (b byWords) Matches(s Subject) (float64, []insights.Span) {
	found := b.m.Find(s.Utterance.Speaker, spoken.Words(s.Utterance.Text))
	if len(found) == 0 {
		return 0, nil
	}
	return 1, found[0].Spans
}

func (d Definition) query(t Tools) (Matcher, error) {
	if strings.TrimSpace(d.Query) == "" {
		return nil, &InvalidError{"query", "expected a query, got nothing"}
	}
	if t.Query == nil {
		return nil, &InvalidError{"query", "saved queries cannot be used here"}
	}
	m, err := t.Query(d.Query)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", &InvalidError{"query", "expected a query that parses"}, err)
	}
	return m, nil
}

// oneSide hears one speaker only.
type oneSide struct {
	Matcher

	speaker insights.Speaker
}

func (o oneSide) Matches(s Subject) (float64, []insights.Span) {
	if s.Utterance.Speaker != o.speaker {
		return 0, nil
	}
	return o.Matcher.Matches(s)
}
