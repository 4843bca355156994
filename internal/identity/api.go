// Package identity is who customers are in the HTTP API: what happened to them,
// how they are recognised, who was taken for the same person and by whom, and
// what waits to be decided. Administrators and the privacy officer decide;
// agents confirm who is calling.
//
// It is given a place in the API and knows nothing of keys and sessions.
package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/desk"
	"heed/internal/mount"
	"heed/internal/store"
)

func readers() []string  { return mount.People() }
func deciders() []string { return []string{"admin", "privacy"} }
func agents() []string   { return []string{"admin", "agent"} }

type routes struct {
	kit   mount.Kit
	store *store.Store
	brain *brain.Brain
	desk  *desk.Desk
}

// Routes gives what adds the routes to an API.
func Routes(s *store.Store, b *brain.Brain, d *desk.Desk) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s, b, d}
		huma.Register(k.API, k.Operation("timeline", http.MethodGet, "/v1/customers/{id}/timeline", "What happened to a customer, the latest first", readers()), r.timeline)
		huma.Register(k.API, k.Operation("identifiers", http.MethodGet, "/v1/customers/{id}/identifiers", "How a customer is recognised", readers()), r.identifiers)
		huma.Register(k.API, k.Operation("merges", http.MethodGet, "/v1/customers/{id}/merges", "Who was taken for the same customer, those who were parted as well", readers()), r.merges)
		merge := k.Operation("merge", http.MethodPost, "/v1/customers/{id}/merges", "Take two customers for one; it can be undone without a trace", deciders())
		merge.DefaultStatus = http.StatusCreated
		huma.Register(k.API, merge, r.merge)
		huma.Register(k.API, k.Operation("unmerge", http.MethodPost, "/v1/merges/{id}/undo", "Part two customers: each is what they would be without the merge", deciders()), r.unmerge)
		huma.Register(k.API, k.Operation("reviews", http.MethodGet, "/v1/reviews", "What waits to be decided about identities", readers()), r.reviews)
		huma.Register(k.API, k.Operation("review", http.MethodPost, "/v1/reviews/{id}", "Decide it", deciders()), r.review)
		huma.Register(k.API, k.Operation("confirm-caller", http.MethodPost, "/v1/calls/{id}/caller", "The caller is who the number says", agents()), r.confirm)
		huma.Register(k.API, k.Operation("callers", http.MethodGet, "/v1/calls/{id}/callers", "Who else may be calling from the number", agents()), r.callers)
		huma.Register(k.API, k.Operation("move-call", http.MethodPost, "/v1/calls/{id}/caller/move", "The caller is somebody else: the call and all that was said on it move to them", agents()), r.move)
		huma.Register(k.API, k.Operation("share-number", http.MethodPut, "/v1/calls/{id}/caller/shared", "Several people use the number of a call, or only one does", agents()), r.share)
	}
}

type out[T any] struct{ Body T }

// ByID is the input of operations on one thing.
type ByID struct {
	ID string `path:"id" maxLength:"64" doc:"The id"`
}

// people gives all who are one with a customer that there is.
func (r routes) people(ctx context.Context, id string) ([]string, error) {
	if _, err := r.store.Profile(ctx, id); err != nil {
		return nil, err
	}
	return r.store.Members(ctx, id)
}

type timelineInput struct {
	ByID
	Kinds []string  `query:"types" maxItems:"10" doc:"Only these: call, fact, activity, signal, trait, identifier, consent, decision, outcome, gate"`
	From  time.Time `query:"from" doc:"Then or later"`
	To    time.Time `query:"to" doc:"Before"`
	Limit int       `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After string    `query:"after" maxLength:"256" doc:"The previous page's next"`
}

type timelineView struct {
	Entries []desk.Entry `json:"entries"`
	Next    string       `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) timeline(ctx context.Context, in *timelineInput) (*out[timelineView], error) {
	q := desk.TimelineQuery{Kinds: in.Kinds, From: in.From, To: in.To, Limit: in.Limit, After: in.After}
	entries, next, err := r.desk.Timeline(ctx, in.ID, q)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[timelineView]{timelineView{entries, next}}, nil
}

// shown is an identifier as people see it.
type shown struct {
	customer.Identifier
	State      string `json:"state" enum:"verified,candidate,shared"`
	CustomerID string `json:"customer_id" doc:"Whose it is of those who are one"`
}

type identifierList struct {
	Identifiers []shown `json:"identifiers"`
}

func (r routes) identifiers(ctx context.Context, in *ByID) (*out[identifierList], error) {
	people, err := r.people(ctx, in.ID)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	shared, err := r.store.Shared(ctx, people)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	list := []shown{}
	for _, id := range people {
		p, err := r.store.Profile(ctx, id)
		if err != nil {
			return nil, r.kit.Fail(err)
		}
		for _, i := range p.Identifiers {
			i.Shared = i.Shared || shared[[2]string{i.Type, i.Value}]
			list = append(list, shown{i, stateOf(i), id})
		}
	}
	return &out[identifierList]{identifierList{list}}, nil
}

func stateOf(i customer.Identifier) string {
	switch {
	case i.Shared:
		return "shared"
	case i.Verified:
		return "verified"
	}
	return "candidate"
}

type mergeList struct {
	Merges []customer.Merge `json:"merges"`
}

func (r routes) merges(ctx context.Context, in *ByID) (*out[mergeList], error) {
	people, err := r.people(ctx, in.ID)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	list, err := r.store.Merges(ctx, people)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[mergeList]{mergeList{list}}, nil
}

type mergeInput struct {
	ByID
	Body struct {
		With string `json:"with" minLength:"1" maxLength:"64" doc:"The other customer"`
	}
}

func (r routes) merge(ctx context.Context, in *mergeInput) (*out[customer.Merge], error) {
	m, err := r.brain.Merge(ctx, in.ID, in.Body.With, r.kit.Caller(ctx))
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[customer.Merge]{m}, nil
}

func (r routes) unmerge(ctx context.Context, in *ByID) (*out[customer.Merge], error) {
	m, err := r.brain.Unmerge(ctx, in.ID, r.kit.Caller(ctx))
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[customer.Merge]{m}, nil
}

type reviewsInput struct {
	State    string `query:"state" enum:"open,accepted,dismissed" doc:"Only in this state"`
	Customer string `query:"customer" maxLength:"64" doc:"Only about this customer"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After    string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

type reviewList struct {
	Reviews []customer.Review `json:"reviews"`
	Next    string            `json:"next,omitempty"`
}

func (r routes) reviews(ctx context.Context, in *reviewsInput) (*out[reviewList], error) {
	list, next, err := r.store.Reviews(ctx, in.State, in.Customer, in.After, in.Limit)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[reviewList]{reviewList{list, next}}, nil
}

type reviewInput struct {
	ByID
	Body struct {
		Accept bool `json:"accept" doc:"Take the two for one, or the identifiers for the customer's; false dismisses"`
	}
}

func (r routes) review(ctx context.Context, in *reviewInput) (*out[customer.Review], error) {
	v, err := r.brain.Review(ctx, in.ID, in.Body.Accept, r.kit.Caller(ctx))
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[customer.Review]{v}, nil
}

func (r routes) confirm(ctx context.Context, in *ByID) (*out[customer.Identifier], error) {
	id, err := r.brain.ConfirmCaller(ctx, in.ID, r.kit.Caller(ctx))
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[customer.Identifier]{id}, nil
}
