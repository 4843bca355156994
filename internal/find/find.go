// Package find is the search in the HTTP API: what was said, found by the query
// language of package search, and what may stand at a place of a query. Where
// calls came from is told to those who pay for that alone; what a page shows is
// noted as read before it is answered.
package find

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights/search"
	"heed/internal/desk"
	"heed/internal/mount"
	"heed/internal/store"
)

// routes answer searches.
type routes struct {
	kit   mount.Kit
	index *search.Index
	store *store.Store
	desk  *desk.Desk
}

// Routes gives what adds the routes to an API.
func Routes(index *search.Index, s *store.Store, d *desk.Desk) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, index, s, d}
		huma.Register(k.API, k.Operation("search", http.MethodGet, "/v1/search", "Search what was said", mount.People()), r.search)
		r.completeRoute()
	}
}

type out[T any] struct{ Body T }

// mayTrack says whether who asks may know where calls came from.
func (r routes) mayTrack(ctx context.Context) bool {
	return slices.Contains([]string{mount.Admin, mount.Marketer}, r.kit.Role(ctx))
}

type searchInput struct {
	Query  string   `query:"q" maxLength:"2000" doc:"Words, \"phrases\", \"near each other\"~5, prefix*, fuzzy~, AND OR NOT ( ), a then<20s b, and the fields speaker, intent, theme, moment, sentiment, entity.money, call, language, date, at, first, duration, silence, hold, agent, direction, platform, customer, outcome, action, began, source, medium, campaign, keyword, landing and queue, such as sentiment:<-0.3 or duration:>10m. campaign:fibre* is a beginning, NOT campaign:* none. Where calls came from is for admins and marketers, but for the queue. May be left out with like."`
	Like   string   `query:"like" maxLength:"64" doc:"The id of an utterance: those of other calls that share its rarest words"`
	Order  string   `query:"sort" enum:"relevance,newest,oldest,value" default:"relevance" doc:"value puts the highest sum of money first that was named"`
	Facets []string `query:"facets" maxItems:"8" doc:"Fields to count: speaker, intent, theme, moment, language, queue, and to admins and marketers source and campaign" example:"theme,campaign"`
	Around int      `query:"around" minimum:"0" maximum:"5" doc:"Give each hit so many utterances before and after it"`
	Limit  int      `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After  string   `query:"after" maxLength:"256" doc:"The previous page's next"`
}

type hitView struct {
	CallID      string      `json:"call_id"`
	UtteranceID string      `json:"utterance_id"`
	Customer    string      `json:"customer_name,omitempty"`
	Speaker     string      `json:"speaker"`
	Start       float64     `json:"start" doc:"Play from this second of the call"`
	End         float64     `json:"end"`
	Text        string      `json:"text"`
	Written     string      `json:"written,omitempty" doc:"The text as people write it"`
	Words       []int       `json:"written_words,omitempty" doc:"For each token of written, how many words of the text it stands for"`
	Highlight   []textSpan  `json:"highlight" doc:"Bytes of the text that matched"`
	At          time.Time   `json:"at"`
	Score       float64     `json:"score"`
	Before      []desk.Near `json:"before,omitempty" doc:"What was said before, in order, where around asks for it"`
	After       []desk.Near `json:"after,omitempty"`
}

type textSpan struct {
	From int `json:"from"`
	To   int `json:"to"`
}

type searchView struct {
	Hits  []hitView `json:"hits"`
	Total int       `json:"total"`
	Next  string    `json:"next,omitempty"`
	State string    `json:"state" doc:"complete, or partial while the index is built"`
	// Facets are of all that was found, not of this page.
	Facets map[string][]facetView `json:"facets,omitempty" doc:"By field, the ten most frequent values of all that was found"`
}

type facetView struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

func (r routes) search(ctx context.Context, in *searchInput) (*out[searchView], error) {
	if in.Query == "" && in.Like == "" {
		return nil, huma.Error422UnprocessableEntity("nothing is asked for", &huma.ErrorDetail{Location: "query.q", Message: "expected a query, or like"})
	}
	q := search.Query{Text: in.Query, Limit: min(in.Limit, 100), After: in.After, Order: search.Order(in.Order), Facets: in.Facets, Like: in.Like}
	if q.Marketing() && !r.mayTrack(ctx) {
		return nil, huma.Error403Forbidden(search.NoOrigin)
	}
	found, err := r.index.Search(ctx, q)
	if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
		return nil, huma.Error400BadRequest("the query does not parse", &huma.ErrorDetail{
			Location: fmt.Sprintf("query.q:%d", syntax.Pos), Message: syntax.Error(), Value: syntax.Pos,
		})
	}
	if errors.Is(err, search.ErrUnknown) {
		return nil, huma.Error404NotFound("the utterance that like names is not in the index")
	}
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	v := searchView{Hits: make([]hitView, 0, len(found.Hits)), Total: found.Total, Next: found.Next, State: string(found.State), Facets: facets(found.Facets)}
	if err := r.kit.Read(ctx, "search", callsOf(found.Hits)...); err != nil {
		return nil, err
	}
	names := make(map[string]string)
	for _, h := range found.Hits {
		view := r.hit(ctx, h, names)
		if in.Around > 0 {
			if view.Before, view.After, err = r.desk.Around(ctx, h.CallID, h.UtteranceID, in.Around); err != nil {
				return nil, r.kit.Fail(err)
			}
		}
		v.Hits = append(v.Hits, view)
	}
	return &out[searchView]{v}, nil
}

// callsOf gives the calls of hits.
func callsOf(hits []search.Hit) []string {
	calls := make([]string, len(hits))
	for i := range hits {
		calls[i] = hits[i].CallID
	}
	return calls
}

func facets(found map[string][]search.Count) map[string][]facetView {
	if found == nil {
		return nil
	}
	out := make(map[string][]facetView, len(found))
	for field, counts := range found {
		out[field] = make([]facetView, 0, len(counts))
		for _, c := range counts {
			out[field] = append(out[field], facetView{c.Value, c.Count})
		}
	}
	return out
}

// hit renders one hit; names remembers whose call is whose within a page.
func (r routes) hit(ctx context.Context, h search.Hit, names map[string]string) hitView {
	name, known := names[h.CallID]
	if !known {
		if c, err := r.store.Call(ctx, h.CallID); err == nil {
			name = c.CustomerName
		}
		names[h.CallID] = name
	}
	v := hitView{
		CallID: h.CallID, UtteranceID: h.UtteranceID, Customer: name, Speaker: string(h.Speaker),
		Start: float64(h.Start), End: float64(h.End), Text: h.Text, Written: h.Written, Words: h.Words, At: h.At, Score: h.Score,
		Highlight: make([]textSpan, 0, len(h.Highlight)),
	}
	for _, span := range h.Highlight {
		v.Highlight = append(v.Highlight, textSpan{span.From, span.To})
	}
	return v
}
