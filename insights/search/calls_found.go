package search

import (
	"context"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"
)

// Found says in which calls a query finds something.
type Found struct {
	// Lines are the utterances found, by call.
	Lines map[string]int
	// More says that there are other calls beside these.
	More  bool
	State State
}

// Calls gives the calls in which a query finds utterances that were said at or
// after a moment, at most so many: for those who keep watch over a search,
// and who must not take a number for small because the index is [Partial]. A
// query that does not parse gives a *SyntaxError.
func (x *Index) Calls(ctx context.Context, text string, since time.Time, most int) (Found, error) {
	root, err := parse(text, time.Now())
	if err != nil {
		return Found{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.months == nil {
		return Found{}, errClosed
	}
	out := Found{State: x.State(ctx), Lines: map[string]int{}}
	if len(x.months.names()) == 0 {
		return out, nil
	}
	root = joinedBy(all, []node{root, {leaf: clause{field: "date", from: since.UTC()}}})
	req := bleve.NewSearchRequestOptions(x.months.reader(x.reader).query(root), 0, 0, false)
	const perCall = "call"
	req.AddFacet(perCall, bleve.NewFacetRequest(perCall, most))
	found, err := x.months.alias.SearchInContext(ctx, req)
	if err != nil {
		return Found{}, refused(err)
	}
	if found.Status != nil && found.Status.Failed > 0 {
		return Found{}, fmt.Errorf("search: %d of the months did not answer", found.Status.Failed)
	}
	f := found.Facets[perCall]
	if f == nil {
		return out, nil
	}
	out.More = f.Other > 0
	if f.Terms != nil {
		for _, t := range f.Terms.Terms() {
			out.Lines[t.Term] = t.Count
		}
	}
	return out, nil
}
