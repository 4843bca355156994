package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"

	"heed/insights"
)

// Filters compiles queries into filters that read one utterance at a time and
// decide as the index would, without one: for a saved query that is applied to
// what is said now, or to all that was ever said. It is safe for concurrent use.
type Filters struct {
	reader  reader
	english bool
}

// NewFilters makes filters' analyzers. Language (BCP 47) is that of texts
// which name none.
func NewFilters(language string) (*Filters, error) {
	m, err := newMapping()
	if err != nil {
		return nil, fmt.Errorf("search filters: %w", err)
	}
	return &Filters{reader: readerOf(m), english: english(language)}, nil
}

// Said is one utterance as a filter sees it.
type Said struct {
	Text, Language  string
	Speaker         insights.Speaker
	Call            string
	At              time.Time
	Intents, Themes []string
}

// Cut is an utterance cut into words, once for any number of filters.
type Cut struct {
	said         Said
	words, stems analysis.TokenStream
}

// Cut cuts an utterance into words and, where it is English, their stems.
func (f *Filters) Cut(s Said) Cut {
	c := Cut{said: s, words: f.reader.words.Analyze([]byte(s.Text))}
	if english(s.Language) || f.english && s.Language == "" {
		c.stems = f.reader.stems.Analyze([]byte(s.Text))
	}
	return c
}

// Filter is a compiled query. It is never changed.
type Filter struct{ clauses []condition }

// condition is a clause with its words cut as those of utterances are.
type condition struct {
	clause
	words, stems []string
}

// Compile parses a query; a *SyntaxError says where it does not parse.
func (f *Filters) Compile(query string) (*Filter, error) {
	clauses, err := parse(query)
	if err != nil {
		return nil, err
	}
	out := &Filter{}
	for _, c := range clauses {
		cond := condition{clause: c}
		switch {
		case c.field != "":
		case c.prefix:
			cond.text = strings.ToLower(norm.NFKC.String(c.text))
		default:
			cond.words = terms(f.reader.words.Analyze([]byte(c.text)))
			if !c.exact {
				cond.stems = terms(f.reader.stems.Analyze([]byte(c.text)))
			}
		}
		out.clauses = append(out.clauses, cond)
	}
	return out, nil
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
	var spans []insights.Span
	for i := range f.clauses {
		found, ok := f.clauses[i].match(c)
		if ok == f.clauses[i].not {
			return nil, false
		}
		if ok {
			spans = append(spans, found...)
		}
	}
	return joined(c.said.Text, spans), true
}

func (k *condition) match(c Cut) ([]insights.Span, bool) {
	s := &c.said
	switch k.field {
	case "speaker":
		return nil, k.text == string(s.Speaker)
	case "intent":
		return nil, slices.Contains(s.Intents, k.text)
	case "theme":
		return nil, slices.Contains(s.Themes, k.text)
	case "call":
		return nil, k.text == s.Call
	case "date":
		return nil, (k.from.IsZero() || !s.At.Before(k.from)) && (k.to.IsZero() || s.At.Before(k.to))
	}
	var spans []insights.Span
	if k.prefix {
		for _, t := range c.words {
			if strings.HasPrefix(string(t.Term), k.text) {
				spans = append(spans, insights.Span{From: t.Start, To: t.End})
			}
		}
		return spans, len(spans) > 0
	}
	spans = append(spans, inARow(c.words, k.words)...)
	spans = append(spans, inARow(c.stems, k.stems)...)
	return spans, len(spans) > 0
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
