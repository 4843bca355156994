// Package api is what the company's own people do at the customers' door, over
// the API: links for customers, and answers to who does not agree.
//
// It decides nothing; it checks the shape of what comes and asks the door.
package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/door"
	"heed/internal/door/known"
	"heed/internal/mount"
)

func inviters() []string { return []string{"admin", "agent", "privacy"} }
func officers() []string { return []string{"admin", "privacy"} }

type routes struct {
	mount.Kit
	door *door.Door
}

// Routes gives what adds the routes of a door to an API.
func Routes(d *door.Door) func(mount.Kit) {
	return func(k mount.Kit) { (&routes{k, d}).add() }
}

func (r routes) add() {
	k := r.Kit
	huma.Register(k.API, k.Operation("send-door-link", http.MethodPost, "/v1/customers/{id}/door-link",
		"Send a customer a link to their own pages", inviters()), r.invite)
	huma.Register(k.API, k.Operation("revoke-door-links", http.MethodDelete, "/v1/customers/{id}/door-link",
		"End every link and visit of a customer", officers()), r.revoke)
	huma.Register(k.API, k.Operation("contests", http.MethodGet, "/v1/contests",
		"Decisions that customers do not agree with, unanswered ones, the oldest first", officers()), r.contests)
	huma.Register(k.API, k.Operation("answer-contest", http.MethodPost, "/v1/contests/{id}/answer",
		"Answer a customer who does not agree with a decision", officers()), r.answer)
}

// ByCustomer is the input of operations on one customer.
type ByCustomer struct {
	ID string `path:"id" maxLength:"64" doc:"The id"`
}

type doorLinkInput struct {
	ByCustomer
	Body struct {
		By       string `json:"by" enum:"email,phone" doc:"Which of the customer's addresses gets the link"`
		To       string `json:"to,omitempty" maxLength:"254" doc:"One of the customer's addresses, as it is kept; without it the proven one"`
		Language string `json:"language,omitempty" maxLength:"35" doc:"Of the message, BCP 47"`
	}
}

type out[T any] struct{ Body T }

type doorLinkSent struct {
	Sent    bool      `json:"sent"`
	Expires time.Time `json:"expires"`
}

func (r routes) invite(ctx context.Context, in *doorLinkInput) (*out[doorLinkSent], error) {
	until, err := r.door.Invite(ctx, in.ID, door.Invitation{Kind: in.Body.By, To: in.Body.To, Language: in.Body.Language, By: r.Caller(ctx)})
	switch {
	case errors.Is(err, known.ErrNoAddress), errors.Is(err, known.ErrWhich):
		return nil, huma.Error422UnprocessableEntity(err.Error(), &huma.ErrorDetail{Location: "body.to", Message: err.Error()})
	case errors.Is(err, door.ErrTooMany):
		return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests(door.ErrTooMany.Error()), http.Header{"Retry-After": {"600"}})
	case err != nil:
		return nil, r.Fail(err)
	}
	return &out[doorLinkSent]{doorLinkSent{true, until}}, nil
}

type doorLinksEnded struct {
	Ended int `json:"ended" doc:"How many links, codes and visits were open"`
}

func (r routes) revoke(ctx context.Context, in *ByCustomer) (*out[doorLinksEnded], error) {
	n, err := r.door.Revoke(ctx, in.ID, r.Caller(ctx))
	if err != nil {
		return nil, r.Fail(err)
	}
	return &out[doorLinksEnded]{doorLinksEnded{n}}, nil
}

type contestList struct {
	Contests []known.Contest `json:"contests"`
}

func (r routes) contests(ctx context.Context, _ *struct{}) (*out[contestList], error) {
	found, err := r.door.Contests(ctx)
	if err != nil {
		return nil, r.Fail(err)
	}
	return &out[contestList]{contestList{found}}, nil
}

type contestAnswerInput struct {
	ID   string `path:"id" maxLength:"64" doc:"The decision's id"`
	Body struct {
		Answer string `json:"answer" minLength:"1" maxLength:"4000" doc:"What the customer will read"`
	}
}

func (r routes) answer(ctx context.Context, in *contestAnswerInput) (*struct{}, error) {
	if err := r.door.AnswerContest(ctx, in.ID, in.Body.Answer, r.Caller(ctx)); err != nil {
		return nil, r.Fail(err)
	}
	return nil, nil //nolint:nilnil // 204: there is nothing to say
}
