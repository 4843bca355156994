package identity

import (
	"context"
	"errors"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// mayCall is a customer who may be calling.
type mayCall struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Since time.Time `json:"since"`
}

type callerList struct {
	Shared  bool      `json:"shared" doc:"Several people use the number"`
	Callers []mayCall `json:"callers" doc:"Who has the number, and who was found to have called from it; the call's own customer is not among them"`
}

func (r routes) callers(ctx context.Context, in *ByID) (*out[callerList], error) {
	people, shared, err := r.brain.Candidates(ctx, in.ID)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	list := callerList{Shared: shared, Callers: []mayCall{}}
	for _, id := range people {
		p, err := r.store.Profile(ctx, id)
		if errors.Is(err, store.ErrErased) {
			continue
		}
		if err != nil {
			return nil, r.kit.Fail(err)
		}
		list.Callers = append(list.Callers, mayCall{id, p.Name(), p.CreatedAt})
	}
	return &out[callerList]{list}, nil
}

type moveInput struct {
	ByID
	Body struct {
		CustomerID string `json:"customer_id,omitempty" maxLength:"64" doc:"Whose the call is"`
		Type       string `json:"type,omitempty" maxLength:"40" example:"email" doc:"Or the kind of something that names them"`
		Value      string `json:"value,omitempty" maxLength:"200" example:"maria@example.com" doc:"and what it is"`
		New        bool   `json:"new,omitempty" doc:"Or: somebody who is not known yet"`
		Shared     bool   `json:"shared,omitempty" doc:"Several people use the number: from now on a call from it is nobody's until somebody says whose"`
	}
}

func (r routes) move(ctx context.Context, in *moveInput) (*out[event.Call], error) {
	b := in.Body
	ways := 0
	for _, is := range []bool{b.CustomerID != "", b.Type != "" && b.Value != "", b.New} {
		if is {
			ways++
		}
	}
	if ways != 1 {
		return nil, huma.Error422UnprocessableEntity("say who it is by customer_id, or by type and value, or with new: true")
	}
	c, err := r.brain.MoveCall(ctx, in.ID, brain.Elsewhere{
		CustomerID: b.CustomerID, Identifier: customer.Identifier{Type: b.Type, Value: b.Value}, Shared: b.Shared, Actor: r.kit.Caller(ctx),
	})
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[event.Call]{c}, nil
}

type shareInput struct {
	ByID
	Body struct {
		Shared bool `json:"shared"`
	}
}

func (r routes) share(ctx context.Context, in *shareInput) (*struct{}, error) {
	if err := r.brain.ShareNumber(ctx, in.ID, in.Body.Shared); err != nil {
		return nil, r.kit.Fail(err)
	}
	return nil, nil
}
