package search

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"

	"heed/insights"
)

const (
	usualLimit = 20
	maxLimit   = 100
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
	root, err := parse(q.Text, time.Now())
	if err != nil {
		return Result{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.months == nil {
		return Result{}, errClosed
	}
	req, err := request(q, root, x.months.reader(x.reader))
	if err != nil {
		return Result{}, err
	}
	if len(x.months.names()) == 0 {
		return Result{State: x.State(ctx), Hits: []Hit{}}, nil
	}
	found, err := x.months.alias.SearchInContext(ctx, req)
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
func request(q Query, root node, r reader) (*bleve.SearchRequest, error) {
	limit := usualLimit
	if q.Limit > 0 {
		limit = min(q.Limit, maxLimit)
	}
	req := bleve.NewSearchRequestOptions(r.query(narrowed(root, q)), limit, 0, false)
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

// narrowed adds the filters of a query to what its text asks for.
func narrowed(root node, q Query) node {
	parts := []node{root}
	add := func(field, value string) {
		if value != "" {
			parts = append(parts, node{leaf: clause{field: field, text: value}})
		}
	}
	add("speaker", string(q.Speaker))
	add("intent", q.Intent)
	add("theme", q.Theme)
	add("call", q.CallID)
	if !q.From.IsZero() || !q.To.IsZero() {
		parts = append(parts, node{leaf: clause{field: "date", from: q.From, to: q.To}})
	}
	return joinedBy(all, parts)
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
