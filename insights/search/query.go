package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"

	"heed/insights"
)

const (
	usualLimit = 20
	maxLimit   = 100
)

// Query is what to find.
type Query struct {
	Text   string   // see the package's documentation; may be empty
	Limit  int      // 1..100; 0 means 20
	After  string   // Next of the page before
	Order  Order    // empty is ByRelevance
	Facets []string // fields to count, see [Countable]
	Like   string   // an utterance; those of other calls with its words
}

// Order says which hits come first.
type Order string

// Hits of the same place in the order come newest first, but for Oldest.
const (
	ByRelevance Order = "relevance"
	Newest      Order = "newest"
	Oldest      Order = "oldest"
	// ByValue puts the highest sum of money first that was named, and leaves
	// out what names none.
	ByValue Order = "value"
)

// Result is one page of hits.
type Result struct {
	Hits   []Hit
	Total  int
	Next   string // empty on the last page
	State  State
	Facets map[string][]Count // by field, the most frequent first, at most ten
}

// Count says how many of the utterances found have a value.
type Count struct {
	Value string
	Count int
}

// Hit is one utterance found.
type Hit struct {
	CallID      string
	UtteranceID string
	Speaker     insights.Speaker
	Start, End  insights.Seconds
	Text        string
	Written     string          // Text as people write it, when it was stored
	Words       []int           // for each token of Written how many words of Text it stands for
	Highlight   []insights.Span // bytes of Text, in order, apart
	At          time.Time       // when it was committed, UTC, milliseconds
	Score       float64
}

// Search finds utterances. A query or an After that does not parse gives a
// *SyntaxError.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	started := time.Now()
	root, err := parse(q.Text, time.Now())
	if err != nil {
		return Result{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.months == nil {
		return Result{}, errClosed
	}
	if len(x.months.names()) == 0 {
		return Result{State: x.State(ctx), Hits: []Hit{}}, nil
	}
	if root, err = x.like(root, q.Like); err != nil {
		return Result{}, err
	}
	req, err := request(q, root, x.months.reader(x.reader))
	if err != nil {
		return Result{}, err
	}
	found, err := x.months.alias.SearchInContext(ctx, req)
	if err != nil {
		return Result{}, refused(err)
	}
	out, err := x.result(ctx, q, found)
	x.metrics.query(time.Since(started))
	return out, err
}

// result reads what bleve found.
func (x *Index) result(ctx context.Context, q Query, found *bleve.SearchResult) (out Result, err error) {
	out = Result{Total: total(found.Total), State: x.State(ctx), Hits: make([]Hit, 0, len(found.Hits))}
	if out.Facets, err = x.facets(ctx, found.Facets, q.Facets); err != nil {
		return Result{}, err
	}
	for _, m := range found.Hits {
		h, err := hit(m)
		if err != nil {
			return Result{}, err
		}
		out.Hits = append(out.Hits, h)
	}
	if n := len(out.Hits); n == q.size() && uint64(n) < found.Total {
		out.Next = pageAfter(q.Order, found.Hits[n-1])
	}
	return out, nil
}

// refused passes on what a searcher of ours says of the query.
func refused(err error) error {
	if syntax, ok := errors.AsType[*SyntaxError](err); ok {
		return syntax
	}
	return fmt.Errorf("search: %w", err)
}

func total(n uint64) int { return int(min(n, math.MaxInt32)) }

// size is how many hits make a page.
func (q Query) size() int {
	if q.Limit <= 0 {
		return usualLimit
	}
	return min(q.Limit, maxLimit)
}

// request makes bleve's request of a query.
func request(q Query, root node, r reader) (*bleve.SearchRequest, error) {
	if q.Order == ByValue {
		root = joinedBy(all, []node{root, anySum})
	}
	req := bleve.NewSearchRequestOptions(r.query(root), q.size(), 0, false)
	if !root.scores() {
		req.Score = "none" // all are alike, so the newest come first
	}
	req.Fields = []string{"text", "kept"}
	req.IncludeLocations = true
	order, err := q.Order.sort()
	if err != nil {
		return nil, err
	}
	req.SortByCustom(order)
	if err := addFacets(req, q.Facets); err != nil {
		return nil, err
	}
	if q.After != "" {
		after, err := readPage(q.Order, q.After)
		if err != nil {
			return nil, err
		}
		req.SetSearchAfter(after)
	}
	return req, nil
}

// hit reads what bleve found.
func hit(m *search.DocumentMatch) (Hit, error) {
	k, at, err := unkeep(m.Fields)
	if err != nil {
		return Hit{}, err
	}
	text, _ := m.Fields["text"].(string)
	return Hit{
		CallID: k.Call, UtteranceID: m.ID, Speaker: k.Speaker, Start: k.Start, End: k.End,
		Text: text, Written: k.Written, Words: k.Words, Highlight: highlight(text, m.Locations), At: at, Score: m.Score,
	}, nil
}
