package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights/search"
)

func (s *Server) searchRoutes(api huma.API) {
	huma.Register(api, operation("search", http.MethodGet, "/v1/search", "Search what was said", people()), s.search)
}

type searchInput struct {
	Query string `query:"q" required:"true" minLength:"1" maxLength:"2000" doc:"Words, \"phrases\", \"near each other\"~5, prefix*, fuzzy~, AND OR NOT ( ), a then<20s b, and the fields speaker, intent, theme, moment, sentiment, entity.money, call, language, date, at, first, duration, silence, hold, agent, direction, platform, customer, outcome and action, such as sentiment:<-0.3 or duration:>10m"`
	Page
}

type hitView struct {
	CallID      string     `json:"call_id"`
	UtteranceID string     `json:"utterance_id"`
	Customer    string     `json:"customer_name,omitempty"`
	Speaker     string     `json:"speaker"`
	Start       float64    `json:"start" doc:"Play from this second of the call"`
	End         float64    `json:"end"`
	Text        string     `json:"text"`
	Written     string     `json:"written,omitempty" doc:"The text as people write it"`
	Words       []int      `json:"written_words,omitempty" doc:"For each token of written, how many words of the text it stands for"`
	Highlight   []textSpan `json:"highlight" doc:"Bytes of the text that matched"`
	At          time.Time  `json:"at"`
	Score       float64    `json:"score"`
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
}

func (s *Server) search(ctx context.Context, in *searchInput) (*out[searchView], error) {
	found, err := s.o.Search.Search(ctx, search.Query{Text: in.Query, Limit: min(in.Limit, 100), After: in.After})
	if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
		return nil, huma.Error400BadRequest("the query does not parse", &huma.ErrorDetail{
			Location: fmt.Sprintf("query.q:%d", syntax.Pos), Message: syntax.Error(), Value: syntax.Pos,
		})
	}
	if err != nil {
		return nil, s.fail(err)
	}
	v := searchView{Hits: make([]hitView, 0, len(found.Hits)), Total: found.Total, Next: found.Next, State: string(found.State)}
	names := make(map[string]string)
	for _, h := range found.Hits {
		v.Hits = append(v.Hits, s.hit(ctx, h, names))
	}
	return &out[searchView]{v}, nil
}

// hit renders one hit; names remembers whose call is whose within a page.
func (s *Server) hit(ctx context.Context, h search.Hit, names map[string]string) hitView {
	name, known := names[h.CallID]
	if !known {
		if c, err := s.o.Store.Call(ctx, h.CallID); err == nil {
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
