// Package api is the open slots in the HTTP API: a channel opens a place for a
// person, follows what it should show as a stream, and claims what it is about
// to send.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	asking "heed/internal/decisions/api"
	"heed/internal/event"
	"heed/internal/hub"
	"heed/internal/mount"
	"heed/internal/slots"
)

func owners() []string  { return []string{"admin", "agent"} }
func readers() []string { return []string{"admin", "agent", "privacy"} }

type routes struct {
	kit   mount.Kit
	slots *slots.Service
}

// Routes gives what adds the routes of open slots to an API.
func Routes(s *slots.Service) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s}
		op := func(id, method, path, summary string, roles []string) huma.Operation {
			o := k.Operation(id, method, path, summary, roles)
			o.MaxBodyBytes = 64 << 10
			return o
		}
		huma.Register(k.API, op("open-slot", http.MethodPost, "/v1/slots", "Open a slot for a person: what it shows is decided again while it is open", owners()), r.open)
		huma.Register(k.API, op("slots", http.MethodGet, "/v1/slots", "The slots of a person", readers()), r.list)
		huma.Register(k.API, op("slot", http.MethodGet, "/v1/slots/{id}", "A slot as it is, with the decision that stands", readers()), r.get)
		huma.Register(k.API, op("update-slot", http.MethodPut, "/v1/slots/{id}", "Say what the moment shows now, and hold the slot for longer", owners()), r.update)
		huma.Register(k.API, op("close-slot", http.MethodDelete, "/v1/slots/{id}", "Close a slot", owners()), r.end)
		huma.Register(k.API, op("claim-slot", http.MethodPost, "/v1/slots/{id}/claim", "Claim what a slot holds, just before it is sent", owners()), r.claim)
		follow := op("follow-slot", http.MethodGet, "/v1/slots/{id}/events", "Follow a slot as server-sent events", owners())
		follow.Description = "Sends an event named slot with the whole slot at once and after each change. The stream ends when the slot's life is over; the last event says why."
		follow.Responses = map[string]*huma.Response{"200": {
			Description: "Events, while the slot is open", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}}
		huma.Register(k.API, follow, r.follow)
	}
}

// fail adds to the API's own verdicts what is wrong with a slot.
func (r routes) fail(err error) error {
	switch {
	case errors.Is(err, slots.ErrNobody):
		return huma.Error404NotFound(err.Error())
	case errors.Is(err, slots.ErrNotOpen):
		return huma.Error409Conflict(err.Error())
	case errors.Is(err, slots.ErrTooMany):
		return huma.Error429TooManyRequests(err.Error())
	}
	return asking.Fail(r.kit, err)
}

type out[T any] struct{ Body T }

type openInput struct {
	asking.Key

	Body struct {
		asking.Who

		Slot     string         `json:"slot" minLength:"1" maxLength:"80" doc:"The place" example:"web.banner"`
		Channel  string         `json:"channel,omitempty" enum:"agent,email,sms,call,web,push" doc:"By default the slot's own" example:"web"`
		Context  asking.Context `json:"context,omitzero" doc:"What the moment itself shows"`
		N        int            `json:"n,omitempty" minimum:"0" maximum:"20" doc:"At most so many actions; 0 means as many as the slot shows"`
		Language string         `json:"language,omitempty" maxLength:"20" doc:"Of the words to be shown" example:"en"`
		Hold     int            `json:"hold,omitempty" minimum:"0" maximum:"2592000" doc:"For how many seconds it stays open; 0 means 1800" example:"1800"`
	}
}

func (r routes) open(ctx context.Context, in *openInput) (*out[slots.State], error) {
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
	st, err := r.slots.Open(ctx, brain.Question{
		Whom: who, Slot: b.Slot, Channel: b.Channel, Language: b.Language, Labels: labels, N: b.N,
	}, time.Duration(b.Hold)*time.Second)
	return r.answer(st, err)
}

func (r routes) answer(st slots.State, err error) (*out[slots.State], error) {
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[slots.State]{st}, nil
}

type listInput struct {
	CustomerID string `query:"customer_id" required:"true" maxLength:"64" doc:"The person"`
	State      string `query:"state" enum:"open,claimed,overtaken,closed,expired" doc:"Only those in this state"`
	Limit      int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// List is the slots of a person, the newest first.
type List struct {
	Slots []event.Slot `json:"slots"`
}

func (r routes) list(ctx context.Context, in *listInput) (*out[List], error) {
	found, err := r.slots.Of(ctx, in.CustomerID, event.SlotState(in.State), in.Limit)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[List]{List{found}}, nil
}

// One names a slot.
type One struct {
	ID string `path:"id" maxLength:"64" doc:"The slot's id"`
}

func (r routes) get(ctx context.Context, in *One) (*out[slots.State], error) {
	return r.answer(r.slots.Get(ctx, in.ID))
}

type updateInput struct {
	One

	Body struct {
		Context asking.Context `json:"context,omitzero" doc:"What the moment shows now, in place of what it showed"`
		Hold    int            `json:"hold,omitempty" minimum:"0" maximum:"2592000" doc:"For how many seconds from now it stays open; 0 means 1800"`
	}
}

func (r routes) update(ctx context.Context, in *updateInput) (*out[slots.State], error) {
	labels, err := in.Body.Context.AsLabels()
	if err != nil {
		return nil, err
	}
	return r.answer(r.slots.Update(ctx, in.ID, slots.Update{Labels: labels, Hold: time.Duration(in.Body.Hold) * time.Second}))
}

func (r routes) end(ctx context.Context, in *One) (*out[slots.State], error) {
	return r.answer(r.slots.End(ctx, in.ID, "Closed by "+r.kit.Caller(ctx)+"."))
}

type claimInput struct {
	One

	Body struct {
		DecisionID string `json:"decision_id" minLength:"1" maxLength:"64" doc:"The decision at hand: refused when another one stands by now"`
		MessageID  string `json:"message_id" minLength:"1" maxLength:"200" doc:"The channel's id of the message; the same claim again gets the same answer"`
		Address    string `json:"address,omitempty" maxLength:"320" doc:"Where it goes; by default the person's first of the channel"`
	}
}

func (r routes) claim(ctx context.Context, in *claimInput) (*out[slots.Claimed], error) {
	b := in.Body
	c, err := r.slots.Claim(ctx, in.ID, slots.Claim{DecisionID: b.DecisionID, MessageID: b.MessageID, Address: b.Address, By: r.kit.Caller(ctx)})
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[slots.Claimed]{c}, nil
}

func (r routes) follow(ctx context.Context, in *One) (*huma.StreamResponse, error) {
	if _, err := r.slots.Get(ctx, in.ID); err != nil {
		return nil, r.fail(err)
	}
	return &huma.StreamResponse{Body: func(h huma.Context) { r.stream(h, in.ID) }}, nil
}

// stream writes the slot whenever it has changed, until its life is over, the
// caller goes or may not see more, or the server stops.
func (r routes) stream(h huma.Context, id string) {
	w, ok := h.BodyWriter().(http.ResponseWriter)
	if !ok {
		return
	}
	e := hub.NewStream(w)
	tick := time.NewTicker(hub.Heartbeat)
	defer tick.Stop()
	for last := ""; r.kit.Still(h.Context()); {
		st, changed, err := r.slots.Watch(h.Context(), id)
		if err != nil {
			return // erased, or the caller has gone
		}
		raw, err := json.Marshal(st)
		if err != nil {
			return
		}
		if string(raw) != last && e.Event("", "slot", raw) != nil {
			return
		}
		last = string(raw)
		if changed == nil {
			return
		}
		select {
		case <-h.Context().Done():
			return
		case <-changed:
		case <-tick.C:
			if e.Alive() != nil {
				return
			}
		}
	}
}
