package search

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

const (
	// facetSize is how many values of a field are counted apart.
	facetSize = 10
	// mostCalls bounds the calls of which the fields of whole calls are counted.
	mostCalls = 1_000_000
)

// countable are the fields whose values can be counted.
var countable = []string{"speaker", "intent", "theme", "moment", "language"}

// ofCallCountable are those of whole calls.
var ofCallCountable = []string{"source", "campaign", "queue"}

// Countable lists the fields of which a search can count the values.
func Countable() []string { return slices.Concat(countable, ofCallCountable) }

// marketing are the fields that tell where a caller came from.
var marketing = []string{"source", "medium", "campaign", "keyword", "landing"}

// NoOrigin is said to who may not ask where callers came from.
const NoOrigin = "where calls came from is for admins and marketers: ask without source, medium, campaign, keyword and landing"

// TellsOrigin says whether a field tells where a caller came from.
func TellsOrigin(field string) bool { return slices.Contains(marketing, field) }

// Marketing says whether a query asks where callers came from, which not all
// may know. One that does not parse asks for nothing.
func (q Query) Marketing() bool {
	if slices.ContainsFunc(q.Facets, TellsOrigin) {
		return true
	}
	root, err := parse(q.Text, time.Now())
	return err == nil && root.names(marketing)
}

// names says whether any part of a query names one of the fields.
func (n *node) names(fields []string) bool {
	return slices.Contains(fields, n.leaf.field) || slices.ContainsFunc(n.kids, func(k node) bool { return k.names(fields) })
}

// addFacets has the values of fields counted. Those of whole calls are counted
// by call first.
func addFacets(req *bleve.SearchRequest, fields []string) error {
	for _, f := range fields {
		switch {
		case slices.Contains(countable, f):
			req.AddFacet(f, bleve.NewFacetRequest(f, facetSize))
		case slices.Contains(ofCallCountable, f):
			req.AddFacet("call", bleve.NewFacetRequest("call", mostCalls))
		default:
			return &SyntaxError{0, "expected facets to be of " + strings.Join(Countable(), ", ")}
		}
	}
	return nil
}

// facets reads what was counted of the fields.
func (x *Index) facets(ctx context.Context, found search.FacetResults, fields []string) (map[string][]Count, error) {
	if len(found) == 0 {
		return nil, nil
	}
	out := map[string][]Count{}
	var ofCalls []string
	for _, name := range fields {
		out[name] = []Count{}
		if slices.Contains(ofCallCountable, name) {
			ofCalls = append(ofCalls, name)
			continue
		}
		for value, n := range countsOf(found[name]) {
			out[name] = append(out[name], Count{value, n})
		}
	}
	if len(ofCalls) == 0 {
		return out, nil
	}
	lines, sums := maps.Collect(countsOf(found["call"])), map[string]map[string]int{}
	for _, m := range x.months.names() {
		if err := x.months.get(m).sum(ctx, x.mapped, ofCalls, lines, sums); err != nil {
			return nil, fmt.Errorf("search: facets: %w", err)
		}
	}
	for field, counts := range sums {
		out[field] = mostFrequent(counts)
	}
	return out, nil
}

// countsOf gives what was counted of a field, the most frequent first.
func countsOf(f *search.FacetResult) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		if f == nil || f.Terms == nil {
			return
		}
		for _, t := range f.Terms.Terms() {
			if !yield(t.Term, t.Count) {
				return
			}
		}
	}
}

// sum adds the lines that were found of each call to the values that the call
// has in fields.
func (v *volume) sum(ctx context.Context, m mapping.IndexMapping, fields []string, lines map[string]int, sums map[string]map[string]int) error {
	advanced, err := v.Advanced()
	if err != nil {
		return err
	}
	i, err := advanced.Reader()
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }() // it only reads
	read, err := i.DocValueReader(append([]string{"whole"}, fields...))
	if err != nil {
		return err
	}
	having := make([]query.Query, len(fields))
	for k, f := range fields {
		having[k] = inKey("has", f)
	}
	return eachDocument(ctx, i, m, bleve.NewDisjunctionQuery(having...), func(id index.IndexInternalID) (bool, error) {
		call, values := "", map[string]string{}
		err := read.VisitDocValues(id, func(field string, term []byte) {
			if field == "whole" {
				call = string(term)
				return
			}
			values[field] = string(term)
		})
		for field, value := range values {
			if lines[call] == 0 {
				continue
			}
			if sums[field] == nil {
				sums[field] = map[string]int{}
			}
			sums[field][value] += lines[call]
		}
		return true, err
	})
}

// mostFrequent puts counts in order, the most frequent first, and keeps as many
// as are shown.
func mostFrequent(counts map[string]int) []Count {
	out := make([]Count, 0, len(counts))
	for value, n := range counts {
		out = append(out, Count{value, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	return out[:min(len(out), facetSize)]
}
