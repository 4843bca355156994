package find

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights/search"
	"heed/internal/mount"
)

// completeRoute adds what completes a query while it is typed.
func (r routes) completeRoute() {
	op := r.kit.Operation("complete-search", http.MethodGet, "/v1/search/complete", "What may stand at a place of a query", mount.People())
	op.Description = "Fields, the values that are there, the most frequent first, and words that join. Put text in place of the bytes of q from \"from\" up to \"to\". " +
		"Ids of calls and customers and what was named in calls are never suggested, nor fields that the caller may not see."
	op.Errors = append(op.Errors, http.StatusBadRequest)
	huma.Register(r.kit.API, op, r.complete)
}

type completeInput struct {
	Query string `query:"q" maxLength:"2000" doc:"The query as it stands; it need not parse"`
	At    int    `query:"at" minimum:"-1" default:"-1" doc:"The place, in bytes of q; its end when left out"`
}

type completeView struct {
	From        int           `json:"from" doc:"Byte of q"`
	To          int           `json:"to"`
	Suggestions []suggestView `json:"suggestions" doc:"None where nothing can be told, as within quotes"`
}

type suggestView struct {
	Text  string `json:"text" doc:"All that stands there then, such as intent:cancel"`
	Kind  string `json:"kind" enum:"field,value,joint"`
	About string `json:"about,omitempty" doc:"What it means"`
	Count int    `json:"count,omitempty" doc:"Of a value: in how many utterances or calls it is, roughly"`
}

func (r routes) complete(ctx context.Context, in *completeInput) (*out[completeView], error) {
	at := in.At
	if at < 0 {
		at = len(in.Query)
	}
	hidden := search.TellsOrigin
	if r.mayTrack(ctx) {
		hidden = nil
	}
	c, err := r.index.Complete(in.Query, at, hidden)
	if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
		return nil, huma.Error400BadRequest("there is no such place in the query", &huma.ErrorDetail{
			Location: fmt.Sprintf("query.q:%d", syntax.Pos), Message: syntax.Error(), Value: syntax.Pos,
		})
	}
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	v := completeView{From: c.From, To: c.To, Suggestions: make([]suggestView, 0, len(c.Suggestions))}
	for _, one := range c.Suggestions {
		v.Suggestions = append(v.Suggestions, suggestView{one.Text, string(one.Kind), one.About, one.Count})
	}
	return &out[completeView]{v}, nil
}
