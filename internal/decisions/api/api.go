// Package api is the decisions in the HTTP API: a channel asks for the next
// best action, reads why, asks the gate before it sends, and has a selection
// decided as a stream.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/decisions"
	"heed/internal/mount"
)

func askers() []string  { return []string{"admin", "agent"} }
func readers() []string { return mount.People() }
func admins() []string  { return []string{"admin"} }

type routes struct {
	kit       mount.Kit
	decisions *decisions.Service
	keep      decisions.Keeper
}

// Routes gives what adds the routes of decisions to an API. keep opens the slots
// of a selection; nil opens none.
func Routes(s *decisions.Service, keep decisions.Keeper) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s, keep}
		ask := k.Operation("decide", http.MethodPost, "/v1/decisions", "Ask for the next best action on a channel", askers())
		ask.MaxBodyBytes = 64 << 10
		huma.Register(k.API, ask, r.ask)
		huma.Register(k.API, k.Operation("decision", http.MethodGet, "/v1/decisions/{id}", "Why: a decision for the agent, the customer or an auditor", readers()), r.explain)
		gate := k.Operation("gate", http.MethodPost, "/v1/gate", "May this message go to this person now, and why not", askers())
		gate.MaxBodyBytes = 16 << 10
		huma.Register(k.API, gate, r.gate)
		huma.Register(k.API, batchOperation(k), r.batch)
	}
}

func (r routes) fail(err error) error { return Fail(r.kit, err) }

// Fail adds to the API's own verdicts what was wrong with a question.
func Fail(k mount.Kit, err error) error {
	switch {
	case errors.Is(err, decisions.ErrUnknownSlot):
		return huma.Error422UnprocessableEntity(err.Error(), &huma.ErrorDetail{Location: "body.slot", Message: "unknown slot"})
	case errors.Is(err, decisions.ErrWrongChannel):
		return huma.Error422UnprocessableEntity(err.Error(), &huma.ErrorDetail{Location: "body.channel", Message: "not the channel of the slot"})
	case errors.Is(err, decisions.ErrNotYours):
		return huma.Error403Forbidden(err.Error())
	case errors.Is(err, decisions.ErrBusy), errors.Is(err, decisions.ErrNotYet), errors.Is(err, decisions.ErrNotKept), errors.Is(err, decisions.ErrFull):
		return huma.Error409Conflict(err.Error())
	}
	return k.Fail(err)
}

type out[T any] struct{ Body T }

// Key lets a write be sent again.
type Key struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same body gets the first answer"`
}

// Identifier is what a person is recognised by.
type Identifier struct {
	Type  string `json:"type" minLength:"1" maxLength:"40" example:"email"`
	Value string `json:"value" minLength:"1" maxLength:"320" example:"mia@example.com"`
}

// Who names the person: by id, or else by identifiers.
type Who struct {
	CustomerID  string       `json:"customer_id,omitempty" maxLength:"64" doc:"The person; or else identifiers" example:"cus_123"`
	Identifiers []Identifier `json:"identifiers,omitempty" maxItems:"50" doc:"Asking makes nobody and joins nobody"`
}

// Whom checks that somebody is named, in one way.
func (w Who) Whom() (brain.Whom, error) {
	if (w.CustomerID == "") == (len(w.Identifiers) == 0) {
		return brain.Whom{}, huma.Error422UnprocessableEntity("name the person by customer_id or by identifiers",
			&huma.ErrorDetail{Location: "body.customer_id", Message: "one of customer_id and identifiers is needed"})
	}
	out := brain.Whom{CustomerID: w.CustomerID}
	for _, id := range w.Identifiers {
		out.Identifiers = append(out.Identifiers, customer.Identifier{Type: id.Type, Value: id.Value})
	}
	return out, nil
}

// Context is what the moment itself shows. Each part becomes a label that the
// catalogue's policies and context weights can look for.
type Context struct {
	Labels  []string `json:"labels,omitempty" maxItems:"50" doc:"Such as intent.cancel" example:"[\"intent.cancel\"]"`
	Page    string   `json:"page,omitempty" maxLength:"80" pattern:"^[a-z0-9_]+$" doc:"The label page.NAME" example:"cancel"`
	Product string   `json:"product,omitempty" maxLength:"80" pattern:"^[a-z0-9_]+$" doc:"The label product.NAME" example:"fibre"`
	Locale  string   `json:"locale,omitempty" maxLength:"20" doc:"Counts as language where that is missing" example:"en-GB"`
	Fields  Fields   `json:"fields,omitzero" doc:"Declared fields; others are refused"`
}

// Fields are the declared fields of a context.
type Fields struct {
	Device    string `json:"device,omitempty" enum:"phone,tablet,desktop,tv" doc:"The label device.NAME"`
	Campaign  string `json:"campaign,omitempty" maxLength:"80" pattern:"^[a-z0-9_]+$" doc:"The label campaign.NAME"`
	Returning bool   `json:"returning,omitempty" doc:"The label visit.returning"`
}

// AsLabels gives what a context says, and refuses what is no label.
func (c Context) AsLabels() ([]string, error) {
	out := make([]string, 0, len(c.Labels)+5)
	for _, l := range c.Labels {
		if !label(l) {
			return nil, huma.Error422UnprocessableEntity("a label is of lower-case letters, digits, _ and dots, at most 80",
				&huma.ErrorDetail{Location: "body.context.labels", Message: "not a label"})
		}
		out = append(out, l)
	}
	for _, p := range [][2]string{{"page.", c.Page}, {"product.", c.Product}, {"device.", c.Fields.Device}, {"campaign.", c.Fields.Campaign}} {
		if p[1] != "" {
			out = append(out, p[0]+p[1])
		}
	}
	if c.Fields.Returning {
		out = append(out, "visit.returning")
	}
	return out, nil
}

func label(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '.' {
			return false
		}
	}
	return s != "" && len(s) <= 80
}

type askInput struct {
	Key

	Body struct {
		Who

		Slot     string  `json:"slot" minLength:"1" maxLength:"80" doc:"The place that asks" example:"web.banner"`
		Channel  string  `json:"channel,omitempty" enum:"agent,email,sms,call,web,push" doc:"By default the slot's own" example:"web"`
		Context  Context `json:"context,omitzero" doc:"What the moment itself shows"`
		N        int     `json:"n,omitempty" minimum:"0" maximum:"20" doc:"At most so many actions; 0 means as many as the slot shows"`
		Language string  `json:"language,omitempty" maxLength:"20" doc:"Of the words to be shown" example:"en"`
		Trace    bool    `json:"trace,omitempty" doc:"Give the fate of every candidate at every step; for the role admin"`
		DryRun   bool    `json:"dry_run,omitempty" doc:"Answer, and keep nothing: there is no decision_id then"`
	}
}

func (r routes) ask(ctx context.Context, in *askInput) (*out[brain.Decision], error) {
	b := in.Body
	who, err := b.Whom()
	if err != nil {
		return nil, err
	}
	labels, err := b.Context.AsLabels()
	if err != nil {
		return nil, err
	}
	if b.Language == "" {
		b.Language = b.Context.Locale
	}
	d, err := r.decisions.Ask(ctx, brain.Question{
		Whom: who, Slot: b.Slot, Channel: b.Channel, Language: b.Language, Labels: labels, N: b.N, Dry: b.DryRun,
		Trace: b.Trace && r.kit.Role(ctx) == "admin",
	})
	if err != nil {
		return nil, r.fail(err)
	}
	if r.kit.Role(ctx) != "admin" {
		snapshot := d.Snapshot
		d = decide.Shown(d)
		d.Snapshot = snapshot // names what it rests on and tells nothing of it
	}
	return &out[brain.Decision]{d}, nil
}

type explainInput struct {
	ID string `path:"id" maxLength:"64" doc:"The decision's id"`
	As string `query:"as" enum:"agent,customer,auditor" default:"agent" doc:"For whom it is rendered; auditor is for roles admin and privacy"`
	// Language and Accept are of as=customer.
	Language string `query:"language" maxLength:"80" doc:"With as=customer: the language of the words; by default the customer's own, where it is known" example:"ar"`
	Accept   string `header:"Accept-Language" maxLength:"400" doc:"Counts where neither is known"`
	// Counterfactuals go with as=auditor.
	Counterfactuals bool `query:"counterfactuals" doc:"With as=auditor: what alone, a rule or a signal otherwise, would have put something else first. At most 20 decisions are worked for it, and nothing is kept of them"`
}

func (r routes) explain(ctx context.Context, in *explainInput) (*out[decisions.Explanation], error) {
	e, err := r.decisions.Explain(ctx, in.ID, decisions.Reader{As: in.As, Role: r.kit.Role(ctx), Counterfactuals: in.Counterfactuals, Wanted: in.Language, Accepted: in.Accept})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[decisions.Explanation]{e}, nil
}

type gateInput struct {
	Key

	Body struct {
		Who

		Channel    string `json:"channel" enum:"agent,email,sms,call,web,push" example:"email"`
		Address    string `json:"address,omitempty" maxLength:"320" doc:"Where it would go; by default the person's first of the channel"`
		Purpose    string `json:"purpose,omitempty" enum:"service,marketing,research" doc:"Needed without an action, whose purpose counts" example:"marketing"`
		Topic      string `json:"topic,omitempty" maxLength:"200"`
		Action     string `json:"action,omitempty" maxLength:"120" doc:"Of the catalogue: its contact policies are asked as well"`
		DecisionID string `json:"decision_id,omitempty" maxLength:"64" doc:"What suggested the action: refused once a later decision does not"`
		MessageID  string `json:"message_id,omitempty" maxLength:"200" doc:"The channel's id of the message; needed to commit"`
		Commit     bool   `json:"commit,omitempty" doc:"Count it as a contact if it may go, once for a message_id"`
	}
}

func (r routes) gate(ctx context.Context, in *gateInput) (*out[brain.Passage], error) {
	b := in.Body
	who, err := b.Whom()
	if err != nil {
		return nil, err
	}
	switch {
	case b.Purpose == "" && b.Action == "":
		return nil, missing("purpose", "name the purpose, or the action whose purpose counts")
	case b.Commit && b.MessageID == "":
		return nil, missing("message_id", "a contact is counted once for a message: give its id")
	}
	p, err := r.decisions.Gate(ctx, brain.Message{
		Whom: who, Channel: b.Channel, Address: b.Address, Purpose: consent.Purpose(b.Purpose), Topic: b.Topic, Action: b.Action,
		DecisionID: b.DecisionID, ID: b.MessageID, By: r.kit.Caller(ctx), Commit: b.Commit,
	})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[brain.Passage]{p}, nil
}

func missing(field, why string) error {
	return huma.Error422UnprocessableEntity(why, &huma.ErrorDetail{Location: "body." + field, Message: "missing"})
}
