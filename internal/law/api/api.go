// Package api is the law in the HTTP API: the rules in force, what they say of
// one customer, the do-not-call lists, and what becomes of a live call's
// recording. It checks and asks; it decides nothing.
package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/consent"
	"heed/internal/law"
	"heed/internal/law/calllist"
	"heed/internal/mount"
	"heed/internal/store"
)

// Parts are what the routes ask.
type Parts struct {
	Rules *law.Rules
	Lists *calllist.Lists
	// Law answers every check for something of a purpose on a channel; a zero
	// time is now.
	Law func(ctx context.Context, customerID string, purpose consent.Purpose, channel string, at time.Time) ([]law.Finding, error)
	// Record changes the recording of a live call. It fails with an error that
	// Conflict recognises when that is not possible any more.
	Record   func(ctx context.Context, callID, order, by string) error
	Conflict func(error) bool
}

func people() []string   { return mount.People() }
func officers() []string { return []string{"admin", "privacy"} }
func agents() []string   { return []string{"admin", "agent", "privacy"} }
func callers() []string  { return []string{"admin", "agent", "privacy", "ingest"} }

type routes struct {
	Parts

	kit mount.Kit
}

// Routes gives what adds the routes of the law to an API.
func Routes(p Parts) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{p, k}
		huma.Register(k.API, k.Operation("law", http.MethodGet, "/v1/law", "The rules of law in force, with their sources", people()), r.rules)
		huma.Register(k.API, k.Operation("customer-law", http.MethodGet, "/v1/customers/{id}/law", "What the law says of reaching a customer", people()), r.customer)
		huma.Register(k.API, k.Operation("record", http.MethodPost, "/v1/calls/{id}/recording", "Pause, resume, allow or refuse the recording of a live call", callers()), r.record)
		huma.Register(k.API, k.Operation("do-not-call-lists", http.MethodGet, "/v1/do-not-call", "The do-not-call lists with their sizes", people()), r.lists)
		huma.Register(k.API, k.Operation("do-not-call-look", http.MethodPost, "/v1/do-not-call/look", "Which lists hold a number", agents()), r.look)
		huma.Register(k.API, k.Operation("do-not-call-add", http.MethodPost, "/v1/do-not-call/own", "Put a number on our own list", agents()), r.add)
		huma.Register(k.API, k.Operation("do-not-call-remove", http.MethodPost, "/v1/do-not-call/own/remove", "Take a number off our own list", officers()), r.remove)
		part := k.Operation("do-not-call-import", http.MethodPost, "/v1/do-not-call/lists/{list}/numbers", "Import a part of a list, one number a line", officers())
		part.MaxBodyBytes = largestPart
		huma.Register(k.API, part, r.part)
		huma.Register(k.API, k.Operation("do-not-call-end", http.MethodPost, "/v1/do-not-call/lists/{list}/end", "End the import of a whole list", officers()), r.end)
	}
}

// largestPart bounds a part of an import, in bytes.
const largestPart = 1 << 20

// fail adds what is wrong with a number or a call to the API's own verdicts.
func (r routes) fail(err error) error {
	switch {
	case errors.Is(err, calllist.ErrNumber), errors.Is(err, calllist.ErrLines):
		return huma.Error422UnprocessableEntity(err.Error())
	case r.Conflict(err):
		return huma.Error409Conflict("that is not possible any more: the call is over, or its caller refused to be recorded")
	}
	return r.kit.Fail(err)
}

type out[T any] struct{ Body T }

func (r routes) rules(context.Context, *struct{}) (*out[law.View], error) {
	return &out[law.View]{r.Rules.View()}, nil
}

type customerInput struct {
	ID      string    `path:"id" maxLength:"64" doc:"The customer's id"`
	Channel string    `query:"channel" enum:"agent,email,sms,call,web,push" default:"call"`
	Purpose string    `query:"purpose" enum:"service,marketing,profiling,research,sale_share" default:"marketing"`
	At      time.Time `query:"at" doc:"At this moment; now when left out"`
}

type legalFindings struct {
	Allowed bool          `json:"allowed" doc:"No check refuses"`
	Checks  []law.Finding `json:"checks"`
}

func (r routes) customer(ctx context.Context, in *customerInput) (*out[legalFindings], error) {
	found, err := r.Law(ctx, in.ID, consent.Purpose(in.Purpose), in.Channel, in.At)
	if err != nil {
		return nil, r.fail(err)
	}
	v := legalFindings{Allowed: true, Checks: found}
	for _, f := range found {
		v.Allowed = v.Allowed && f.Allowed
	}
	return &out[legalFindings]{v}, nil
}

type recordInput struct {
	ID   string `path:"id" maxLength:"64" doc:"The call's id"`
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body struct {
		Action string `json:"action" enum:"pause,resume,allow,refuse" doc:"refuse destroys what there is of the call"`
	}
}

type lawDone struct {
	Done bool `json:"done"`
}

func (r routes) record(ctx context.Context, in *recordInput) (*out[lawDone], error) {
	if err := r.Record(ctx, in.ID, in.Body.Action, r.kit.Caller(ctx)); err != nil {
		return nil, r.fail(err)
	}
	return &out[lawDone]{lawDone{true}}, nil
}

type barredLists struct {
	Lists []store.BarredList `json:"lists"`
}

func (r routes) lists(ctx context.Context, _ *struct{}) (*out[barredLists], error) {
	all, err := r.Lists.All(ctx)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[barredLists]{barredLists{all}}, nil
}

// numberInput has the number in its body: an address would be logged.
type numberInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body struct {
		Number string `json:"number" minLength:"3" maxLength:"40" doc:"With its country, such as +12025550143"`
	}
}

type numberListings struct {
	Listed []law.Listing `json:"listed"`
}

func (r routes) look(ctx context.Context, in *numberInput) (*out[numberListings], error) {
	found, err := r.Lists.Listed(ctx, in.Body.Number, time.Time{})
	if err != nil {
		return nil, r.fail(err)
	}
	if found == nil {
		found = []law.Listing{}
	}
	return &out[numberListings]{numberListings{found}}, nil
}

func (r routes) add(ctx context.Context, in *numberInput) (*out[lawDone], error) {
	if err := r.Lists.Add(ctx, in.Body.Number); err != nil {
		return nil, r.fail(err)
	}
	return &out[lawDone]{lawDone{true}}, nil
}

func (r routes) remove(ctx context.Context, in *numberInput) (*out[lawDone], error) {
	was, err := r.Lists.Remove(ctx, in.Body.Number)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[lawDone]{lawDone{was}}, nil
}

// ImportOf says which import of which list.
type ImportOf struct {
	List  string `path:"list" pattern:"^[a-z0-9][a-z0-9._-]{0,63}$" doc:"The list's name"`
	Round int64  `query:"round" minimum:"1" doc:"The same for all parts of one import"`
}

type partInput struct {
	ImportOf

	National bool   `query:"national" doc:"It is an authority's list"`
	Source   string `query:"source" minLength:"1" maxLength:"200" doc:"Where the list comes from"`
	RawBody  []byte `contentType:"text/plain"`
}

func (r routes) part(ctx context.Context, in *partInput) (*out[calllist.Part], error) {
	if in.List == calllist.Own {
		return nil, huma.Error422UnprocessableEntity("our own list is not imported: add its numbers one by one")
	}
	p, err := r.Lists.Import(ctx, store.BarredList{Name: in.List, National: in.National, Source: in.Source}, in.RawBody, in.Round)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[calllist.Part]{p}, nil
}

type importEnded struct {
	Removed int64 `json:"removed" doc:"Numbers that the import did not name"`
}

func (r routes) end(ctx context.Context, in *ImportOf) (*out[importEnded], error) {
	if in.List == calllist.Own {
		return nil, huma.Error422UnprocessableEntity("our own list is not imported")
	}
	gone, err := r.Lists.End(ctx, in.List, in.Round)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[importEnded]{importEnded{gone}}, nil
}
