package search

import (
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"

	"heed/insights"
)

// Matcher says of one utterance whether a query finds it, without an index:
// what it finds is what [Index.Search] would find. It is safe for concurrent
// use.
type Matcher struct {
	clauses []clause
	reader  reader
	english bool
}

// Subject is an utterance with what is known of it.
type Subject struct {
	Utterance *insights.Utterance
	Insights  []insights.Insight
	At        time.Time // when it was committed
}

// NewMatcher compiles a query's text. Language counts for utterances that name
// none, as in [Options]. A query that does not parse gives a *SyntaxError.
func NewMatcher(query, language string) (*Matcher, error) {
	clauses, err := parse(query)
	if err != nil {
		return nil, err
	}
	m, err := newMapping()
	if err != nil {
		return nil, err
	}
	return &Matcher{clauses, readerOf(m), english(language)}, nil
}

// Matches says whether the query finds an utterance, and which words of it.
func (m *Matcher) Matches(s Subject) ([]insights.Span, bool) {
	u := s.Utterance
	words := m.reader.words.Analyze([]byte(u.Text))
	var stems analysis.TokenStream
	if english(u.Language) || m.english && u.Language == "" {
		stems = m.reader.stems.Analyze([]byte(u.Text))
	}
	var spans []insights.Span
	for _, c := range m.clauses {
		found, ok := m.clause(c, s, words, stems)
		if ok == c.not {
			return nil, false
		}
		if !c.not {
			spans = append(spans, found...)
		}
	}
	slices.SortFunc(spans, func(a, b insights.Span) int { return a.From - b.From })
	return slices.Compact(spans), true
}

// clause says whether one condition holds, as if it were not negated.
func (m *Matcher) clause(c clause, s Subject, words, stems analysis.TokenStream) ([]insights.Span, bool) {
	switch c.field {
	case "":
		return m.words(c, words, stems)
	case "date":
		return nil, (c.from.IsZero() || !s.At.Before(c.from)) && (c.to.IsZero() || s.At.Before(c.to))
	case "speaker":
		return nil, string(s.Utterance.Speaker) == c.text
	case "call":
		return nil, s.Utterance.CallID == c.text
	}
	return nil, slices.ContainsFunc(s.Insights, func(in insights.Insight) bool {
		return string(in.Kind) == c.field && in.Name == c.text
	})
}

func (m *Matcher) words(c clause, words, stems analysis.TokenStream) ([]insights.Span, bool) {
	if c.prefix {
		stem := strings.ToLower(norm.NFKC.String(c.text))
		spans := places(words, 1, func(t analysis.TokenStream) bool { return strings.HasPrefix(string(t[0].Term), stem) })
		return spans, len(spans) > 0
	}
	spans := phrases(words, m.reader.words.Analyze([]byte(c.text)))
	if !c.exact {
		spans = append(spans, phrases(stems, m.reader.stems.Analyze([]byte(c.text)))...)
	}
	return spans, len(spans) > 0
}

// phrases gives where terms stand in a row.
func phrases(said, terms analysis.TokenStream) []insights.Span {
	return places(said, len(terms), func(t analysis.TokenStream) bool {
		for i := range terms {
			if string(t[i].Term) != string(terms[i].Term) || t[i].Position-t[0].Position != terms[i].Position-terms[0].Position {
				return false
			}
		}
		return true
	})
}

// places gives where n tokens in a row are what is looked for.
func places(said analysis.TokenStream, n int, is func(analysis.TokenStream) bool) []insights.Span {
	var out []insights.Span
	for i := 0; n > 0 && i+n <= len(said); i++ {
		if is(said[i : i+n]) {
			out = append(out, insights.Span{From: said[i].Start, To: said[i+n-1].End})
		}
	}
	return out
}
