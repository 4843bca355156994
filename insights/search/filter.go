package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/vellum/levenshtein"

	"heed/insights"
)

// Filters compiles queries into filters that read one utterance at a time and
// decide as the index would, without one: for a saved query that is applied to
// what is said now, or to all that was ever said. It is safe for concurrent use.
type Filters struct {
	reader reader
	usual  string // language of texts that name none
}

// NewFilters makes filters' analyzers. Language (BCP 47) is that of texts
// which name none.
func NewFilters(language string) (*Filters, error) {
	m, err := newMapping()
	if err != nil {
		return nil, fmt.Errorf("search filters: %w", err)
	}
	return &Filters{reader: readerOf(m), usual: language}, nil
}

// Said is one utterance as a filter sees it.
type Said struct {
	Text, Language string
	Speaker        insights.Speaker
	Call           string
	Start          insights.Seconds
	At             time.Time
	Facts
}

// Cut is an utterance cut into words, once for any number of filters.
type Cut struct {
	said         Said
	words, stems analysis.TokenStream
	language     string // of the stems
}

// Cut cuts an utterance into words and, where its language has them, their stems.
func (f *Filters) Cut(s Said) Cut {
	c := Cut{said: s, words: f.reader.words.Analyze([]byte(s.Text))}
	if c.language = languageOf(cmp.Or(s.Language, f.usual)); c.language != "" {
		c.stems = f.reader.stems[c.language].Analyze([]byte(s.Text))
	}
	return c
}

// Filter is a compiled query. It is never changed.
type Filter struct{ root condition }

// condition is a part of a query with its words cut as those of utterances are.
type condition struct {
	op    op
	kids  []condition
	leaf  clause
	words []string
	stems map[string][]string // by language
	like  *levenshtein.DFA    // of near
}

// Compile parses a query; a *SyntaxError says where it does not parse, or
// that it asks for more than one utterance can tell.
func (f *Filters) Compile(query string) (*Filter, error) {
	root, err := parse(query, time.Now())
	if err != nil {
		return nil, err
	}
	if root.follows() {
		return nil, &SyntaxError{strings.Index(query, "then"), "expected what one utterance can tell: then looks at two"}
	}
	c, err := f.compile(root)
	if err != nil {
		return nil, err
	}
	return &Filter{c}, nil
}

func (f *Filters) compile(n node) (condition, error) {
	c := condition{op: n.op, leaf: n.leaf}
	for _, k := range n.kids {
		kid, err := f.compile(k)
		if err != nil {
			return c, err
		}
		c.kids = append(c.kids, kid)
	}
	if n.op != is || n.leaf.field != "" && n.leaf.field != "first" && !n.ofCall() {
		return c, nil
	}
	if n.leaf.field != "" {
		return c, &SyntaxError{0, "expected what one utterance can tell: " + n.leaf.field + ": looks at the whole call"}
	}
	return c, f.words(&c)
}

// words cuts the words of a condition as those of utterances are cut.
func (f *Filters) words(c *condition) error {
	text := []byte(c.leaf.text)
	switch c.leaf.how {
	case begins:
		c.leaf.text = folded(c.leaf.text)
	case near:
		c.leaf.text = folded(c.leaf.text)
		b, err := levenshtein.NewLevenshteinAutomatonBuilder(uint8(c.leaf.edits), true)
		if err != nil {
			return fmt.Errorf("search filters: %w", err)
		}
		if c.like, err = b.BuildDfa(c.leaf.text, uint8(c.leaf.edits)); err != nil {
			return fmt.Errorf("search filters: %w", err)
		}
	case anyForm:
		c.stems = map[string][]string{}
		for language, a := range f.reader.stems {
			c.stems[language] = terms(a.Analyze(text))
		}
		c.words = terms(f.reader.words.Analyze(text))
	case asTyped, beside:
		c.words = terms(f.reader.words.Analyze(text))
	}
	return nil
}

func terms(tokens analysis.TokenStream) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = string(t.Term)
	}
	return out
}

// Match says whether an utterance meets the query, and where the words of it
// are. A query of fields alone has no such place.
func (f *Filter) Match(c Cut) ([]insights.Span, bool) {
	spans, ok := f.root.match(c)
	if !ok {
		return nil, false
	}
	return joined(c.said.Text, spans), true
}

func (k *condition) match(c Cut) (spans []insights.Span, ok bool) {
	switch k.op {
	case not:
		_, ok = k.kids[0].match(c)
		return nil, !ok
	case some:
		for i := range k.kids {
			if found, one := k.kids[i].match(c); one {
				spans, ok = append(spans, found...), true
			}
		}
		return spans, ok
	case all:
		for i := range k.kids {
			found, one := k.kids[i].match(c)
			if !one {
				return nil, false
			}
			spans = append(spans, found...)
		}
		return spans, true
	case is, then: // the latter is refused when it is compiled
	}
	if k.leaf.field != "" {
		return nil, k.leaf.matches(&c.said)
	}
	spans = k.find(c)
	return spans, len(spans) > 0
}

// matches says whether a clause that names a field holds.
func (c *clause) matches(s *Said) bool {
	switch {
	case c.field == "date":
		return (c.from.IsZero() || !s.At.Before(c.from)) && (c.to.IsZero() || s.At.Before(c.to))
	case c.low != nil || c.high != nil:
		return slices.ContainsFunc(s.numbers(c.field), c.holds)
	}
	base, sub, _ := strings.Cut(c.field, ".")
	if base == "entity" {
		return slices.Contains(s.Entities, sub+"="+c.text)
	}
	if c.how == begins {
		return slices.ContainsFunc(s.names(base), func(name string) bool { return strings.HasPrefix(name, c.text) })
	}
	return slices.Contains(s.names(base), c.text)
}

// names are what an utterance has in a field.
func (s *Said) names(field string) []string {
	switch field {
	case "speaker":
		return []string{string(s.Speaker)}
	case "intent":
		return s.Intents
	case "theme":
		return s.Themes
	case "moment":
		return s.Moments
	case "language":
		return []string{tongue(s.Language)}
	case "call":
		return []string{s.Call}
	}
	return nil
}

// numbers are what an utterance has in a field that is compared.
func (s *Said) numbers(field string) []float64 {
	switch {
	case field == "at":
		return []float64{float64(s.Start)}
	case field != "sentiment":
		return s.Sums
	case s.Mood != nil:
		return []float64{*s.Mood}
	}
	return nil
}

// find gives the places of the words that a clause asks for.
func (k *condition) find(c Cut) []insights.Span {
	switch k.leaf.how {
	case begins:
		return where(c.words, func(w string) bool { return strings.HasPrefix(w, k.leaf.text) })
	case near:
		_, first := utf8.DecodeRuneInString(k.leaf.text)
		return where(c.words, func(w string) bool {
			like, _ := k.like.MatchAndDistance(w)
			return like && strings.HasPrefix(w, k.leaf.text[:first])
		})
	case beside:
		return k.together(c.words)
	case anyForm, asTyped:
	}
	return append(inARow(c.words, k.words), inARow(c.stems, k.stems[c.language])...)
}

// together finds the words of a clause if they stand close somewhere.
func (k *condition) together(tokens analysis.TokenStream) []insights.Span {
	words := slices.Compact(slices.Sorted(slices.Values(k.words)))
	var places []place
	for _, t := range tokens {
		if w := slices.Index(words, string(t.Term)); w >= 0 {
			places = append(places, place{w, t.Position})
		}
	}
	if len(words) == 0 || !closeTogether(places, len(words), k.leaf.slop) {
		return nil
	}
	return where(tokens, func(w string) bool { return slices.Contains(words, w) })
}

// where gives the places of words.
func where(tokens analysis.TokenStream, is func(word string) bool) (spans []insights.Span) {
	for _, t := range tokens {
		if is(string(t.Term)) {
			spans = append(spans, insights.Span{From: t.Start, To: t.End})
		}
	}
	return spans
}

// inARow finds words that follow each other.
func inARow(tokens analysis.TokenStream, want []string) []insights.Span {
	if len(want) == 0 {
		return nil
	}
	var spans []insights.Span
	for i := 0; i+len(want) <= len(tokens); i++ {
		n := 0
		for n < len(want) && string(tokens[i+n].Term) == want[n] {
			n++
		}
		if n == len(want) {
			spans = append(spans, insights.Span{From: tokens[i].Start, To: tokens[i+n-1].End})
		}
	}
	return spans
}

// joined puts spans in order, those with nothing but a space between as one.
func joined(text string, spans []insights.Span) []insights.Span {
	slices.SortFunc(spans, func(a, b insights.Span) int { return cmp.Compare(a.From, b.From) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && (s.From <= out[n-1].To || text[out[n-1].To:s.From] == " ") {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}
