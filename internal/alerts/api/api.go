// Package api is saved searches, subscriptions and alerts in the HTTP API. All
// who may search keep searches; those who read themes ask to be told, by mail or
// by webhook.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/alerts"
	"heed/internal/mount"
	"heed/internal/store"
)

func searchers() []string { return mount.People() }

type routes struct {
	kit    mount.Kit
	alerts *alerts.Service
}

// Routes gives what adds the routes to an API.
func Routes(s *alerts.Service) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s}
		created := func(id, path, summary string, roles []string) huma.Operation {
			o := k.Operation(id, http.MethodPost, path, summary, roles)
			o.DefaultStatus = http.StatusCreated
			return o
		}
		const search, subscription = "/v1/searches/{id}", "/v1/subscriptions/{id}"
		huma.Register(k.API, k.Operation("searches", http.MethodGet, "/v1/searches", "Your saved searches and those that others share, the latest first", searchers()), r.searches)
		huma.Register(k.API, created("save-search", "/v1/searches", "Save a search by a name", searchers()), r.save)
		huma.Register(k.API, k.Operation("saved-search", http.MethodGet, search, "A saved search", searchers()), r.search)
		huma.Register(k.API, k.Operation("replace-search", http.MethodPut, search, "Change a saved search", searchers()), r.replace)
		huma.Register(k.API, k.Operation("delete-search", http.MethodDelete, search, "Delete a saved search; it can be restored for 30 days", searchers()), r.drop)
		huma.Register(k.API, k.Operation("restore-search", http.MethodPost, search+"/restore", "Bring back a saved search that was deleted", searchers()), r.restore)
		huma.Register(k.API, k.Operation("subscriptions", http.MethodGet, "/v1/subscriptions", "What you asked to be told of", alerts.Readers()), r.subscriptions)
		huma.Register(k.API, created("subscribe", "/v1/subscriptions", "Ask to be told: at a threshold, of a change, of something new, or of each week", alerts.Readers()), r.subscribe)
		huma.Register(k.API, k.Operation("preview-subscription", http.MethodPost, "/v1/subscriptions/preview", "When you would have been told in the last 8 weeks", alerts.Readers()), r.preview)
		huma.Register(k.API, k.Operation("subscription", http.MethodGet, subscription, "A subscription", alerts.Readers()), r.subscription)
		huma.Register(k.API, k.Operation("change-subscription", http.MethodPatch, subscription, "Pause, resume, restore or change a subscription", alerts.Readers()), r.change)
		huma.Register(k.API, k.Operation("delete-subscription", http.MethodDelete, subscription, "End a subscription; PATCH state to active brings it back for 30 days", alerts.Readers()), r.end)
		huma.Register(k.API, mount.Secret.Of(k.Operation("new-subscription-secret", http.MethodPost, subscription+"/secret", "Make the secret that webhooks are signed with anew; it is shown once", alerts.Readers())), r.secret)
		huma.Register(k.API, k.Operation("alerts", http.MethodGet, "/v1/alerts", "What you were told, the latest first", alerts.Readers()), r.alertList)
	}
}

func (r routes) who(ctx context.Context) alerts.Who {
	return alerts.Who{ID: r.kit.ID(ctx), Role: r.kit.Role(ctx)}
}

// fail adds to the API's own verdicts what is wrong with what was sent.
func (r routes) fail(err error) error {
	switch bad, ok := errors.AsType[*alerts.Invalid](err); {
	case ok && bad.Query:
		return huma.Error400BadRequest("the query does not parse", &huma.ErrorDetail{
			Location: fmt.Sprintf("body.query:%d", bad.Value), Message: bad.Want, Value: bad.Value,
		})
	case ok:
		return huma.Error422UnprocessableEntity("this cannot be kept: "+bad.Error(), &huma.ErrorDetail{Location: "body." + bad.Field, Message: bad.Want})
	case errors.Is(err, alerts.ErrTooMany):
		return huma.Error409Conflict(alerts.ErrTooMany.Error())
	case errors.Is(err, alerts.ErrNotYours):
		return huma.Error403Forbidden(alerts.ErrNotYours.Error())
	case errors.Is(err, alerts.ErrUncounted):
		return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable(alerts.ErrUncounted.Error()), http.Header{"Retry-After": {"10"}})
	}
	return r.kit.Fail(err)
}

type out[T any] struct{ Body T }

// ByID is the input of operations on one thing.
type ByID struct {
	ID string `path:"id" maxLength:"64" doc:"The id"`
}

// Page is keyset paging.
type Page struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

// Key lets a write be sent again.
type Key struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
}

// Search is a saved search.
type Search struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Query   string    `json:"query"`
	Sort    string    `json:"sort" enum:"relevance,newest,oldest,value"`
	Shared  bool      `json:"shared" doc:"All who may search see it"`
	Own     bool      `json:"own" doc:"You saved it"`
	Link    string    `json:"link" doc:"Opens it in Heed: to share it, share this"`
	Problem string    `json:"problem,omitempty" doc:"Why it can be asked no more: a field that it names may be gone"`
	Total   *int      `json:"total,omitempty" doc:"How many lines it finds now, where counts asks for it and it is quickly known"`
	Created time.Time `json:"created_at"`
	Changed time.Time `json:"changed_at"`
	Deleted bool      `json:"deleted,omitempty"`
}

func searchView(s alerts.Saved) Search {
	v := Search{
		ID: s.ID, Name: s.Name, Query: s.Query, Sort: s.Sort, Shared: s.Shared, Own: s.Own, Link: "/search?saved=" + s.ID, Problem: s.Problem,
		Total: s.Total, Created: s.Created, Changed: s.Changed, Deleted: !s.Deleted.IsZero(),
	}
	if v.Sort == "" {
		v.Sort = "relevance"
	}
	return v
}

// Draft is what a search is saved as.
type Draft struct {
	Name   string `json:"name" minLength:"1" maxLength:"320" doc:"Up to 80 letters"`
	Query  string `json:"query" minLength:"1" maxLength:"2000" doc:"As in GET /v1/search"`
	Sort   string `json:"sort,omitempty" enum:"relevance,newest,oldest,value" doc:"By default relevance"`
	Shared bool   `json:"shared,omitempty" doc:"Let all who may search see it; by default it is yours alone"`
}

func (d Draft) draft() alerts.Draft {
	return alerts.Draft{Name: d.Name, Query: d.Query, Sort: d.Sort, Shared: d.Shared}
}

type searchesInput struct {
	Page
	Counts bool `query:"counts" doc:"Say how many lines each finds now"`
}

type searchList struct {
	Searches []Search `json:"searches"`
	Next     string   `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) searches(ctx context.Context, in *searchesInput) (*out[searchList], error) {
	found, next, err := r.alerts.Searches(ctx, r.who(ctx), in.After, in.Limit, in.Counts)
	if err != nil {
		return nil, r.fail(err)
	}
	l := searchList{Searches: make([]Search, len(found)), Next: next}
	for i, one := range found {
		l.Searches[i] = searchView(one)
	}
	return &out[searchList]{l}, nil
}

type saveInput struct {
	Key
	Body Draft
}

func (r routes) save(ctx context.Context, in *saveInput) (*out[Search], error) {
	return r.saved(r.alerts.Save(ctx, r.who(ctx), in.Body.draft()))
}

// saved answers with a search.
func (r routes) saved(s alerts.Saved, err error) (*out[Search], error) {
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[Search]{searchView(s)}, nil
}

func (r routes) search(ctx context.Context, in *ByID) (*out[Search], error) {
	return r.saved(r.alerts.Search(ctx, r.who(ctx), in.ID))
}

type replaceInput struct {
	ByID
	Key
	Body Draft
}

func (r routes) replace(ctx context.Context, in *replaceInput) (*out[Search], error) {
	return r.saved(r.alerts.Replace(ctx, r.who(ctx), in.ID, in.Body.draft()))
}

type dropInput struct {
	ByID
	Key
}

func (r routes) drop(ctx context.Context, in *dropInput) (*struct{}, error) {
	if err := r.alerts.Delete(ctx, r.who(ctx), in.ID); err != nil {
		return nil, r.fail(err)
	}
	return nil, nil
}

func (r routes) restore(ctx context.Context, in *dropInput) (*out[Search], error) {
	return r.saved(r.alerts.Restore(ctx, r.who(ctx), in.ID))
}

// state reads a state that somebody may choose.
func state(s *string) *store.SubscriptionState {
	if s == nil {
		return nil
	}
	v := store.SubscriptionState(*s)
	return &v
}
