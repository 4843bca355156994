package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"heed/insights"
)

// maxFirst bounds how many utterances the first half of "then" may find.
const maxFirst = 200_000

// closeBy finds utterances in which words stand near each other, in any
// order: bleve has phrases, and no such thing.
type closeBy struct {
	words []string
	slop  int // how many other words may stand between
}

// Searcher is that of all the words, and keeps those that stand close.
func (q *closeBy) Searcher(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	words := slices.Compact(slices.Sorted(slices.Values(q.words)))
	if len(words) == 0 {
		return bleve.NewMatchNoneQuery().Searcher(ctx, i, m, o)
	}
	every := make([]query.Query, len(words))
	for k, w := range words {
		t := bleve.NewTermQuery(w)
		t.SetField("text")
		every[k] = t
	}
	o.IncludeTermVectors = true
	s, err := bleve.NewConjunctionQuery(every...).Searcher(ctx, i, m, o)
	if err != nil {
		return nil, fmt.Errorf("search: words close to each other: %w", err)
	}
	return searcher.NewFilteringSearcher(ctx, s, func(_ *search.SearchContext, d *search.DocumentMatch) bool {
		var places []place
		for _, l := range d.FieldTermLocations {
			if l.Field == "text" {
				places = append(places, place{slices.Index(words, l.Term), int(l.Location.Pos)})
			}
		}
		return closeTogether(places, len(words), q.slop)
	}), nil
}

// place is where one of the words stands, counted in words.
type place struct{ word, at int }

// closeTogether says whether somewhere all words stand with at most slop other
// words between.
func closeTogether(places []place, words, slop int) bool {
	slices.SortFunc(places, func(a, b place) int { return a.at - b.at })
	count, missing, from := make([]int, words), words, 0
	for _, p := range places {
		if count[p.word]++; count[p.word] == 1 {
			missing--
		}
		for ; missing == 0; from++ {
			if p.at-places[from].at+1-words <= slop {
				return true
			}
			w := places[from].word
			if count[w]--; count[w] == 0 {
				missing++
			}
		}
	}
	return false
}

// following finds what second finds, where first was found before it in the
// same call.
type following struct {
	first, second query.Query
	within        time.Duration
}

// Searcher reads all that first finds, and keeps of second what follows it.
func (q *following) Searcher(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	firsts, err := q.firsts(ctx, i, m)
	if err != nil {
		return nil, fmt.Errorf("search: what comes first: %w", err)
	}
	values, err := newValues(i)
	if err != nil {
		return nil, err
	}
	s, err := q.second.Searcher(ctx, i, m, o)
	if err != nil {
		return nil, fmt.Errorf("search: what follows: %w", err)
	}
	return searcher.NewFilteringSearcher(ctx, s, func(_ *search.SearchContext, d *search.DocumentMatch) bool {
		v, ok := values.of(d.IndexInternalID)
		if !ok {
			return false
		}
		return slices.ContainsFunc(firsts[v.call], func(a lies) bool { // people interrupt each other
			return v.start > a.start && v.start-a.end <= q.within.Seconds()
		})
	}), nil
}

// firsts gives where what first finds lies, by call.
func (q *following) firsts(ctx context.Context, i index.IndexReader, m mapping.IndexMapping) (map[string][]lies, error) {
	out, n := map[string][]lies{}, 0
	err := each(ctx, i, m, q.first, func(l lies) bool {
		out[l.call] = append(out[l.call], l)
		n++
		return n < maxFirst
	})
	if n == maxFirst {
		err = &SyntaxError{0, fmt.Sprintf("expected what comes before then to be rarer: it is found over %d times", maxFirst)}
	}
	return out, err
}

// each gives where what a query finds lies, until take wants no more.
func each(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, q query.Query, take func(lies) bool) error {
	values, err := newValues(i)
	if err != nil {
		return err
	}
	return eachDocument(ctx, i, m, q, func(id index.IndexInternalID) (bool, error) {
		l, ok := values.of(id)
		return !ok || take(l), nil
	})
}

// eachDocument gives the documents that a query finds, until take wants no more.
func eachDocument(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, q query.Query, take func(index.IndexInternalID) (bool, error)) error {
	s, err := q.Searcher(ctx, i, m, search.SearcherOptions{Score: "none"})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // it only reads
	sc := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: i}
	for {
		d, err := s.Next(sc)
		if err != nil || d == nil {
			return err
		}
		if more, err := take(d.IndexInternalID); err != nil || !more {
			return err
		}
		sc.DocumentMatchPool.Put(d)
	}
}

// values reads where an utterance lies off its document.
type values struct{ read index.DocValueReader }

type lies struct {
	call       string
	start, end float64 // seconds of the call
}

// liesAt is where an utterance lies as a word that sorts by it: two numbers
// would take a third of the index.
func liesAt(start, end insights.Seconds) string {
	tenths := func(s insights.Seconds) int64 { return max(0, min(int64(s*10), 9_999_999)) }
	return fmt.Sprintf("%07d-%d", tenths(start), tenths(end))
}

func newValues(i index.IndexReader) (values, error) {
	r, err := i.DocValueReader([]string{"call", "whole", "lies"})
	if err != nil {
		return values{}, fmt.Errorf("search: places in calls: %w", err)
	}
	return values{r}, nil
}

func (v values) of(id index.IndexInternalID) (l lies, ok bool) {
	err := v.read.VisitDocValues(id, func(field string, term []byte) {
		if field != "lies" {
			l.call = string(term)
			return
		}
		start, end, _ := strings.Cut(string(term), "-")
		l.start, l.end = tenths(start), tenths(end)
	})
	return l, err == nil && l.call != ""
}

func tenths(s string) float64 {
	n, _ := strconv.Atoi(s) // it is one
	return float64(n) / 10
}

// fewCalls is how many calls are looked up one by one; of more, the calls of
// what else is asked for are compared.
const fewCalls = 500

// inCalls keeps the utterances of the calls that a query finds.
type inCalls struct{ calls, utterances query.Query }

// Searcher reads all calls that are meant, and keeps what was said in them.
func (q *inCalls) Searcher(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	calls, err := q.find(ctx, i, m)
	if err != nil {
		return nil, fmt.Errorf("search: calls: %w", err)
	}
	if len(calls) <= fewCalls {
		one := make([]query.Query, 0, len(calls))
		for c := range calls {
			one = append(one, inKey("call", c))
		}
		few := bleve.NewDisjunctionQuery(one...)
		few.SetBoost(noScore)
		return query.NewConjunctionQuery([]query.Query{q.utterances, few}).Searcher(ctx, i, m, o)
	}
	values, err := newValues(i)
	if err != nil {
		return nil, err
	}
	s, err := q.utterances.Searcher(ctx, i, m, o)
	if err != nil {
		return nil, fmt.Errorf("search: in calls: %w", err)
	}
	return searcher.NewFilteringSearcher(ctx, s, func(_ *search.SearchContext, d *search.DocumentMatch) bool {
		v, ok := values.of(d.IndexInternalID)
		return ok && calls[v.call]
	}), nil
}

func (q *inCalls) find(ctx context.Context, i index.IndexReader, m mapping.IndexMapping) (map[string]bool, error) {
	out := map[string]bool{}
	err := each(ctx, i, m, q.calls, func(l lies) bool {
		out[l.call] = true
		return true
	})
	return out, err
}
