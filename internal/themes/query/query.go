// Package query lets a saved search define a theme: it joins the query
// language of insights/search with the definitions of insights/theme.
package query

import (
	"fmt"

	"heed/insights"
	"heed/insights/search"
	"heed/insights/theme"
)

// Compiler gives what compiles saved queries. Language (BCP 47) is that of
// utterances which name none. A query that does not parse gives a
// [*search.SyntaxError].
func Compiler(language string) (func(query string) (theme.Matcher, error), error) {
	filters, err := search.NewFilters(language)
	if err != nil {
		return nil, fmt.Errorf("saved queries: %w", err)
	}
	return func(text string) (theme.Matcher, error) {
		f, err := filters.Compile(text)
		if err != nil {
			return nil, err
		}
		return matcher{filters, f}, nil
	}, nil
}

type matcher struct {
	filters *search.Filters
	filter  *search.Filter
}

// Matches is all or nothing, as a search is.
func (m matcher) Matches(s theme.Subject) (float64, []insights.Span) {
	u := s.Utterance
	spans, ok := m.filter.Match(m.filters.Cut(search.Said{
		Text: u.Text, Language: u.Language, Speaker: u.Speaker, Call: u.CallID, Start: u.Start, At: s.At, Facts: search.FactsOf(s.Insights),
	}))
	if !ok {
		return 0, nil
	}
	return 1, spans
}
