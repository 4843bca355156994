package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/offpolicy/logged"
	"heed/internal/store"
)

const (
	// exportPage is how many decisions are read at once.
	exportPage = 200
	// longest is the longest time that is exported at once.
	longest = 400 * 24 * time.Hour
)

func (r routes) exportOperation() huma.Operation {
	op := r.kit.Operation("export-decisions", http.MethodGet, "/v1/decisions/export",
		"Decisions with their probabilities and outcomes, one a line of JSON, for \"heed eval decide\"", designers())
	op.Description = "Each line is a decision that chose something, as \"heed help eval decide\" describes it. People have names that " +
		"are made for this export alone: the same person has the same one in it and another one in the next. A line that is " +
		"{\"error\": ...} says that the export broke off there."
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The decisions, oldest first",
		Content:     map[string]*huma.MediaType{"application/x-ndjson": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	return op
}

type exportInput struct {
	Since time.Time `query:"since" doc:"From then on; by default 30 days back"`
	Until time.Time `query:"until" doc:"And before that; now when left out"`
}

func (r routes) export(_ context.Context, in *exportInput) (*huma.StreamResponse, error) {
	until := in.Until
	if until.IsZero() {
		until = r.Now()
	}
	since := in.Since
	if since.IsZero() {
		since = until.AddDate(0, 0, -30)
	}
	if !since.Before(until) || until.Sub(since) > longest {
		return nil, huma.Error422UnprocessableEntity("since must be before until, and at most 400 days",
			&huma.ErrorDetail{Location: "query.since", Message: "want a moment before until", Value: since})
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "application/x-ndjson")
		c.SetHeader("Content-Disposition", `attachment; filename="decisions.jsonl"`)
		c.SetHeader("Cache-Control", "no-store")
		w := json.NewEncoder(c.BodyWriter())
		if err := r.lines(c.Context(), since, until, w.Encode); err != nil && c.Context().Err() == nil {
			_ = r.kit.Fail(err) // it is logged there; the answer has begun already
			_, _ = io.WriteString(c.BodyWriter(), `{"error": "the export broke off here; it is in the log"}`+"\n")
		}
	}}, nil
}

// lines gives each decision of a stretch of time as a line.
func (r routes) lines(ctx context.Context, since, until time.Time, give func(any) error) error {
	name := pseudonyms()
	var mark store.DecisionMark
	for {
		decisions, outcomes, next, err := r.Store.DecisionsFrom(ctx, since, until, mark, exportPage)
		if err != nil || next == mark {
			return err
		}
		for i := range decisions {
			d := &decisions[i]
			l, ok := logged.Of(d, name(d.Subject), logged.Answered(d, outcomes))
			if !ok || l.Check() != nil {
				continue // it was made by a version that did not keep its chances
			}
			if err := give(l); err != nil {
				return err
			}
		}
		mark = next
	}
}

// pseudonyms gives names that tell nobody who is meant: their key is forgotten
// with the export.
func pseudonyms() func(string) string {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand aborts the process instead
	return func(id string) string {
		h := hmac.New(sha256.New, key[:])
		_, _ = h.Write([]byte(id)) // never fails
		return hex.EncodeToString(h.Sum(nil)[:12])
	}
}
