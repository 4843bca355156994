package search

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"golang.org/x/text/unicode/norm"

	"heed/insights"
)

const (
	usualLimit = 20
	maxLimit   = 100
	asSaid     = 2 // how much more the word as it was typed counts than its stem
)

// Query is what to find. The filters narrow what Text finds.
type Query struct {
	Text    string           // see the package's documentation; may be empty
	Speaker insights.Speaker // empty: both
	Intent  string           // empty: any
	Theme   string           // empty: any
	CallID  string           // empty: all
	From    time.Time        // zero: no bound
	To      time.Time        // exclusive; zero: no bound
	Limit   int              // 1..100; 0 means 20
	After   string           // Next of the page before
}

// Result is one page of hits: best first, newest first among equals.
type Result struct {
	Hits  []Hit
	Total int
	Next  string // empty on the last page
	State State
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
	clauses, err := parse(q.Text)
	if err != nil {
		return Result{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.bleve == nil {
		return Result{}, errClosed
	}
	req, err := request(q, clauses, readerOf(x.bleve.Mapping()))
	if err != nil {
		return Result{}, err
	}
	found, err := x.bleve.SearchInContext(ctx, req)
	if err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	out := Result{Total: total(found.Total), State: x.State(ctx), Hits: make([]Hit, 0, len(found.Hits))}
	for _, m := range found.Hits {
		h, err := hit(m)
		if err != nil {
			return Result{}, err
		}
		out.Hits = append(out.Hits, h)
	}
	if n := len(out.Hits); n == req.Size && n > 0 && uint64(n) < found.Total {
		out.Next = pageAfter(out.Hits[n-1])
	}
	x.metrics.query(time.Since(started))
	return out, nil
}

func total(n uint64) int { return int(min(n, math.MaxInt32)) }

// request makes bleve's request of a query.
func request(q Query, clauses []clause, r reader) (*bleve.SearchRequest, error) {
	limit := usualLimit
	if q.Limit > 0 {
		limit = min(q.Limit, maxLimit)
	}
	req := bleve.NewSearchRequestOptions(r.combine(append(clauses, filters(q)...)), limit, 0, false)
	req.Fields = []string{"text", "kept"}
	req.IncludeLocations = true
	// Ids of utterances are UUIDv7, which sort by time: sorting by the time
	// itself was six times slower.
	req.SortByCustom(search.SortOrder{&search.SortScore{Desc: true}, &search.SortDocID{Desc: true}})
	if q.After != "" {
		after, err := readPage(q.After)
		if err != nil {
			return nil, err
		}
		req.SetSearchAfter(after)
	}
	return req, nil
}

// filters turns the fields of a query into clauses.
func filters(q Query) []clause {
	var out []clause
	add := func(field, value string) {
		if value != "" {
			out = append(out, clause{field: field, text: value})
		}
	}
	add("speaker", string(q.Speaker))
	add("intent", q.Intent)
	add("theme", q.Theme)
	add("call", q.CallID)
	if !q.From.IsZero() || !q.To.IsZero() {
		out = append(out, clause{field: "date", from: q.From, to: q.To})
	}
	return out
}

// combine joins clauses: all that must be, none that must not. Conditions on
// fields do not score.
func (r reader) combine(clauses []clause) query.Query {
	var must, not []query.Query
	for _, c := range clauses {
		q := r.query(c)
		if c.not {
			not = append(not, q)
			continue
		}
		must = append(must, q)
	}
	if len(must) == 0 {
		all := bleve.NewMatchAllQuery()
		all.SetBoost(0)
		must = append(must, all)
	}
	if len(not) == 0 && len(must) == 1 {
		return must[0]
	}
	return query.NewBooleanQuery(must, nil, not)
}

func (r reader) query(c clause) query.Query {
	switch {
	case c.field == "date":
		q := bleve.NewDateRangeQuery(c.from, c.to)
		q.SetField("at")
		q.SetBoost(0)
		return q
	case c.field != "":
		q := bleve.NewTermQuery(c.text)
		q.SetField(c.field)
		q.SetBoost(0)
		return q
	case c.prefix:
		q := bleve.NewPrefixQuery(strings.ToLower(norm.NFKC.String(c.text)))
		q.SetField("text")
		return q
	}
	if c.exact {
		return phrase("text", r.words, c.text, 1)
	}
	return bleve.NewDisjunctionQuery(phrase("text", r.words, c.text, asSaid), phrase("stem", r.stems, c.text, 1))
}

// reader cuts the words of a query as those of utterances were cut.
type reader struct {
	words, stems analysis.Analyzer
}

func readerOf(m mapping.IndexMapping) reader {
	return reader{words: m.AnalyzerNamed(analyzer), stems: m.AnalyzerNamed(stemmer)}
}

// phrase finds a word, or what is several words to the analyzer, in a field.
func phrase(field string, a analysis.Analyzer, text string, boost float64) query.Query {
	tokens := a.Analyze([]byte(text))
	switch len(tokens) {
	case 0:
		return bleve.NewMatchNoneQuery()
	case 1: // much cheaper than a phrase of one
		q := bleve.NewTermQuery(string(tokens[0].Term))
		q.SetField(field)
		q.SetBoost(boost)
		return q
	}
	terms := make([]string, len(tokens))
	for i, t := range tokens {
		terms[i] = string(t.Term)
	}
	q := bleve.NewPhraseQuery(terms, field)
	q.SetBoost(boost)
	return q
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
		Text: text, Written: k.Written, Words: k.Words, Highlight: highlight(text, m.Locations["text"], m.Locations["stem"]), At: at, Score: m.Score,
	}, nil
}

// page is the place behind a hit.
type page struct {
	Score string `json:"s"`
	ID    string `json:"i"`
}

func pageAfter(h Hit) string {
	raw, err := json.Marshal(page{strconv.FormatFloat(h.Score, 'g', -1, 64), h.UtteranceID})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readPage(s string) ([]string, error) {
	bad := &SyntaxError{0, "expected after to be the next of an earlier page"}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, bad
	}
	var p page
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, bad
	}
	if _, err := strconv.ParseFloat(p.Score, 64); err != nil || p.ID == "" {
		return nil, bad
	}
	return []string{p.Score, p.ID}, nil
}
