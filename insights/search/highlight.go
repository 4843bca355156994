package search

import (
	"github.com/blevesearch/bleve/v2/search"

	"heed/insights"
)

// highlight gives where the words that were found stand in the text, found as
// they are or by their stems: the places of both are bytes of it. Words
// with nothing but a space between are one place.
func highlight(text string, fields search.FieldTermLocationMap) []insights.Span {
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
	return joined(text, spans)
}
