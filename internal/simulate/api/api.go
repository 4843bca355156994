// Package api is the what-ifs in the HTTP API: simulations of a change against
// the decisions of the past, one person at one moment, and the export of
// decisions for evaluation elsewhere. Decision designers and administrators ask;
// privacy officers may ask about one person.
//
// It puts nothing into force: it is given a place in the API and knows nothing
// of keys and sessions.
package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/decide"
	"heed/internal/mount"
	"heed/internal/simulate"
	"heed/internal/store"
	"heed/internal/whatif"
)

func designers() []string { return []string{"admin", "designer"} }
func askers() []string    { return []string{"admin", "designer", "privacy"} }

// Parts are what the routes ask.
type Parts struct {
	Simulate *simulate.Service
	Asker    *whatif.Asker
	Store    *store.Store
	Now      func() time.Time
}

type routes struct {
	Parts

	kit mount.Kit
}

// Routes gives what adds the routes of what-ifs to an API.
func Routes(p Parts) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{p, k}
		const path = "/v1/simulations"
		start := k.Operation("simulate", http.MethodPost, path, "Replay past decisions through a change of actions, policies, levers or figures", designers())
		start.DefaultStatus = http.StatusAccepted
		huma.Register(k.API, start, r.start)
		huma.Register(k.API, k.Operation("simulations", http.MethodGet, path, "The latest simulations, without their reports", designers()), r.list)
		huma.Register(k.API, k.Operation("simulation", http.MethodGet, path+"/{id}", "A simulation: how far it is, and its report", designers()), r.one)
		huma.Register(k.API, k.Operation("cancel-simulation", http.MethodDelete, path+"/{id}", "Cancel a simulation that runs", designers()), r.cancel)
		huma.Register(k.API, k.Operation("what-if", http.MethodGet, "/v1/customers/{id}/whatif",
			"What would have been said to a customer at a moment, was it allowed, and what if they were otherwise", askers()), r.whatif)
		rank := k.Operation("rank", http.MethodPost, "/v1/rankings",
			"What may be offered to a customer or to somebody made up, ranked, as things are and under a change; nothing is stored", askers())
		rank.MaxBodyBytes = maxChange
		huma.Register(k.API, rank, r.rank)
		huma.Register(k.API, r.exportOperation(), r.export)
	}
}

type out[T any] struct{ Body T }

type startInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice starts one"`
	Body simulate.Ask
}

func (r routes) start(ctx context.Context, in *startInput) (*out[simulate.Run], error) {
	run, err := r.Simulate.Start(ctx, in.Body, r.kit.Caller(ctx))
	return r.give(run, err)
}

type byID struct {
	ID string `path:"id" maxLength:"64" doc:"The simulation's id"`
}

func (r routes) one(ctx context.Context, in *byID) (*out[simulate.Run], error) {
	run, err := r.Simulate.Get(ctx, in.ID)
	return r.give(run, err)
}

func (r routes) cancel(ctx context.Context, in *byID) (*out[simulate.Run], error) {
	run, err := r.Simulate.Cancel(ctx, in.ID)
	return r.give(run, err)
}

func (r routes) give(run simulate.Run, err error) (*out[simulate.Run], error) {
	if errors.Is(err, simulate.ErrBusy) {
		return nil, huma.Error409Conflict("another simulation is running; wait for it or cancel it")
	}
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[simulate.Run]{run}, nil
}

type runs struct {
	Simulations []simulate.Run `json:"simulations"`
}

func (r routes) list(ctx context.Context, _ *struct{}) (*out[runs], error) {
	all, err := r.Simulate.List(ctx)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[runs]{runs{all}}, nil
}

type whatifInput struct {
	ID      string    `path:"id" maxLength:"64" doc:"The customer's id"`
	At      time.Time `query:"at" doc:"The moment; now when left out" example:"2026-05-03T10:12:00Z"`
	Known   time.Time `query:"known_at" doc:"From what was recorded by then; by default that moment itself"`
	Channel string    `query:"channel" enum:"agent,web,app,email,sms,push,call" default:"agent"`
	Slot    string    `query:"slot" maxLength:"80" doc:"By default the channel's usual one"`
	N       int       `query:"n" minimum:"0" maximum:"20" doc:"At most so many actions; 0 means as many as the place last asked for by then, or else 3"`
	Set     []string  `query:"set,explode" maxItems:"8" doc:"Suppose a signal, such as churn_risk:0.2"`
	Traits  []string  `query:"trait,explode" maxItems:"32" doc:"Suppose a trait, such as plan:basic; without a value it is unknown"`
	Change  string    `query:"change" maxLength:"16384" doc:"A change to try over what is live, as that of a simulation" example:"version: 1\npolicy: {value: {gamma: 0.5}}\n"`
}

func (r routes) whatif(ctx context.Context, in *whatifInput) (*out[whatif.Answer], error) {
	a, err := r.Asker.Ask(ctx, whatif.Ask{
		Customer: in.ID, At: in.At, Known: in.Known, Slot: in.Slot, Channel: in.Channel, N: in.N, Set: in.Set, Traits: in.Traits,
		Change: in.Change,
	})
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	if r.kit.Role(ctx) == "designer" {
		a.Unspoken()
	}
	return &out[whatif.Answer]{a}, nil
}

// maxChange bounds a change that is tried, in bytes.
const maxChange = 256 << 10

type rankInput struct {
	Body struct {
		CustomerID string       `json:"customer_id,omitempty" maxLength:"64" doc:"Somebody who is known; or given"`
		Given      decide.Given `json:"given,omitzero" doc:"Somebody made up; the channel in it is not used"`
		Agrees     bool         `json:"agrees,omitempty" doc:"Who is made up said yes to marketing and to being profiled"`
		At         time.Time    `json:"at,omitzero" doc:"The moment, for a customer; now when left out"`
		Channel    string       `json:"channel" enum:"agent,web,app,email,sms,push,call"`
		Slot       string       `json:"slot,omitempty" maxLength:"80" doc:"By default the channel's usual one"`
		Change     string       `json:"change,omitempty" maxLength:"131072" doc:"A change to try over what is live, as that of a simulation" example:"version: 1\nactions:\n  - {id: up.fibre, value: {margin: 60}}\n"`
	}
}

func (r routes) rank(ctx context.Context, in *rankInput) (*out[whatif.Ranking], error) {
	b := &in.Body
	got, err := r.Asker.Rank(ctx, whatif.Question{
		Customer: b.CustomerID, Given: b.Given, Agrees: b.Agrees, At: b.At, Slot: b.Slot, Channel: b.Channel, Change: b.Change,
	})
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[whatif.Ranking]{got}, nil
}
