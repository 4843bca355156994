package search

import (
	"cmp"
	"slices"

	"github.com/blevesearch/bleve/v2/search"

	"heed/insights"
)

// highlight gives where the words that were found stand in the text, found as
// they are or by their stems: the places of both are bytes of it. Words
// with nothing but a space between are one place.
func highlight(text string, fields ...search.TermLocationMap) []insights.Span {
	var spans []insights.Span
	for _, found := range fields {
		for _, locations := range found {
			for _, l := range locations {
				if l.Start < l.End && l.End <= uint64(len(text)) {
					spans = append(spans, insights.Span{From: int(l.Start), To: int(l.End)})
				}
			}
		}
	}
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
