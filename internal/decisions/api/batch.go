package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	"heed/internal/decisions"
	"heed/internal/mount"
)

func batchOperation(k mount.Kit) huma.Operation {
	op := mount.Resumed.Of(k.Operation("decide-batch", http.MethodPost, "/v1/decisions/batch", "Decide for a selection of people, as a stream", admins()))
	op.Description = "Answers with one JSON object a line: a decision, a person's failure, or progress. " +
		"Close the connection to cancel; ask again with the last progress line's after to go on. " +
		"At most 20 people are decided for again then. One selection runs at a time. " +
		"With hold a slot is opened for each person, in which what was decided is decided again as things change until its " +
		"message is claimed; asked again, the slot that is open is held for longer."
	op.MaxBodyBytes = 1 << 20
	line := k.API.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[decisions.Line](), true, "Line")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Lines, while they are decided",
		Content:     map[string]*huma.MediaType{"application/x-ndjson": {Schema: line}},
	}}
	return op
}

// TraitFilter selects people by a trait.
type TraitFilter struct {
	Name  string `json:"name" minLength:"1" maxLength:"80" example:"region"`
	Value any    `json:"value" doc:"A text, a number, true or false"`
}

// ThemeFilter selects people by what they called about.
type ThemeFilter struct {
	ID    string    `json:"id" minLength:"1" maxLength:"80" doc:"A theme of GET /v1/themes; one whose history is still being read is refused with 409" example:"rule_late_delivery"`
	Since time.Time `json:"since,omitzero" doc:"Only who said something of it at or after this moment" example:"2026-11-01T00:00:00Z"`
}

// Chosen says for whom to decide: exactly one of its parts.
type Chosen struct {
	CustomerIDs []string     `json:"customer_ids,omitempty" maxItems:"10000" doc:"These people"`
	Theme       *ThemeFilter `json:"theme,omitempty" doc:"All who called about this theme, at most 100,000"`
	Trait       *TraitFilter `json:"trait,omitempty" doc:"All who have this trait"`
	All         bool         `json:"all,omitempty" doc:"Everybody"`
}

type batchInput struct {
	Body struct {
		Selection Chosen `json:"selection"`
		Slot      string `json:"slot" minLength:"1" maxLength:"80" example:"outbound.email"`
		Channel   string `json:"channel,omitempty" enum:"agent,email,sms,call,web,push"`
		N         int    `json:"n,omitempty" minimum:"0" maximum:"20" doc:"At most so many actions for a person; 0 means as many as the slot shows"`
		DryRun    bool   `json:"dry_run,omitempty" doc:"Answer, and keep nothing"`
		Hold      int    `json:"hold,omitempty" minimum:"0" maximum:"2592000" doc:"Open a slot for each person for so many seconds; for slots that reach out"`
		After     string `json:"after,omitempty" maxLength:"600" doc:"Of the last line of progress"`
	}
}

// selection checks that one way of choosing is used.
func (c Chosen) selection(after string) (decisions.Selection, error) {
	s := decisions.Selection{Customers: c.CustomerIDs, After: after}
	ways := 0
	for _, used := range []bool{len(c.CustomerIDs) > 0, c.Theme != nil, c.Trait != nil, c.All} {
		if used {
			ways++
		}
	}
	if ways != 1 {
		return s, missing("selection", "choose by one of customer_ids, theme, trait and all")
	}
	if c.Theme != nil {
		s.Theme, s.Since = c.Theme.ID, c.Theme.Since
	}
	if c.Trait != nil {
		s.Trait, s.Value = c.Trait.Name, c.Trait.Value
	}
	return s, nil
}

func (r routes) batch(ctx context.Context, in *batchInput) (*huma.StreamResponse, error) {
	b := in.Body
	sel, err := b.Selection.selection(b.After)
	if err != nil {
		return nil, err
	}
	o := decisions.Order{
		Question:  brain.Question{Slot: b.Slot, Channel: b.Channel, N: b.N, Dry: b.DryRun},
		Selection: sel, Hold: time.Duration(b.Hold) * time.Second, Keep: r.keep,
	}
	if err := r.decisions.Prepare(ctx, &o); err != nil {
		return nil, r.fail(err)
	}
	return &huma.StreamResponse{Body: func(h huma.Context) { r.stream(h, o) }}, nil
}

// stream writes the lines as they come. What ends it early is its last line.
func (r routes) stream(h huma.Context, o decisions.Order) {
	h.SetHeader("Content-Type", "application/x-ndjson")
	h.SetHeader("Cache-Control", "no-store")
	w := h.BodyWriter()
	lines := json.NewEncoder(w)
	emit := func(l decisions.Line) error {
		if err := lines.Encode(l); err != nil {
			return err
		}
		if l.Progress == nil {
			return nil
		}
		if to, ok := w.(http.ResponseWriter); ok {
			return http.NewResponseController(to).Flush()
		}
		return nil
	}
	tell := func(err error) string { return r.fail(err).Error() }
	if err := r.decisions.Batch(h.Context(), o, tell, emit); err != nil && h.Context().Err() == nil {
		_ = emit(decisions.Line{Error: tell(err)}) // the caller may have gone
	}
}
