// Package api is erasure in the HTTP API: the wish to be forgotten, and the
// certificates that prove it. Administrators and privacy officers may use it.
//
// It is given a place in the API and knows nothing of keys and sessions.
package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/erase"
	"heed/internal/mount"
)

func officers() []string { return []string{"admin", "privacy"} }

type routes struct {
	kit       mount.Kit
	service   *erase.Service
	normalise func(typ, value string) string
}

// Routes gives what adds the routes of erasure to an API. Normalise gives an
// identifier in the form in which it is kept.
func Routes(s *erase.Service, normalise func(typ, value string) string) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{k, s, normalise}
		huma.Register(k.API, k.Operation("erase", http.MethodPost, "/v1/customers/{id}/erase", "Forget a customer for good", officers()), r.erase)
		huma.Register(k.API, k.Operation("erasures", http.MethodGet, "/v1/erasures", "Certificates of erasure, the latest first", officers()), r.list)
		huma.Register(k.API, k.Operation("erasure", http.MethodGet, "/v1/erasures/{id}", "A certificate of erasure", officers()), r.one)
		huma.Register(k.API, k.Operation("erasure-text", http.MethodGet, "/v1/erasures/{id}/text", "A certificate of erasure, to read and print", officers()), r.text)
		huma.Register(k.API, k.Operation("lift-suppression", http.MethodPost, "/v1/suppressions/lift", "Take an identifier again whose owner agreed anew", officers()), r.lift)
	}
}

type out[T any] struct{ Body T }

type eraseInput struct {
	ID   string `path:"id" maxLength:"64" doc:"The customer's id"`
	Body struct {
		Confirm string `json:"confirm" enum:"erase" doc:"The word erase: this cannot be undone"`
	}
}

// erased answers 202 while the erasure waits for the end of a call.
type erased struct {
	Status int
	Body   erase.Certificate
}

func (r routes) erase(ctx context.Context, in *eraseInput) (*erased, error) {
	// A caller that hangs up does not stop it halfway.
	c, err := r.service.Forget(context.WithoutCancel(ctx), in.ID, r.kit.Caller(ctx))
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	status := http.StatusOK
	if c.State != erase.Done {
		status = http.StatusAccepted
	}
	return &erased{status, c}, nil
}

type listInput struct {
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

// ErasureList is a page of certificates.
type ErasureList struct {
	Erasures []erase.Certificate `json:"erasures"`
	Next     string              `json:"next,omitempty"`
}

func (r routes) list(ctx context.Context, in *listInput) (*out[ErasureList], error) {
	found, next, err := r.service.Certificates(ctx, in.After, in.Limit)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[ErasureList]{ErasureList{found, next}}, nil
}

type byID struct {
	ID string `path:"id" maxLength:"64" doc:"The erasure's id"`
}

func (r routes) one(ctx context.Context, in *byID) (*out[erase.Certificate], error) {
	c, err := r.service.Certificate(ctx, in.ID)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[erase.Certificate]{c}, nil
}

type text struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

func (r routes) text(ctx context.Context, in *byID) (*text, error) {
	c, err := r.service.Certificate(ctx, in.ID)
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &text{"text/plain; charset=utf-8", `inline; filename="erasure-` + c.ID + `.txt"`, []byte(c.Text())}, nil
}

type liftInput struct {
	Body struct {
		Type    string `json:"type" minLength:"1" maxLength:"40" doc:"Such as phone or email"`
		Value   string `json:"value" minLength:"1" maxLength:"320"`
		Confirm string `json:"confirm" enum:"agreed anew" doc:"That its owner said so"`
	}
}

// SuppressionLifted says what became of the wish.
type SuppressionLifted struct {
	Lifted bool `json:"lifted" doc:"It was suppressed"`
}

func (r routes) lift(_ context.Context, in *liftInput) (*out[SuppressionLifted], error) {
	was, err := r.service.Lift(in.Body.Type, r.normalise(in.Body.Type, in.Body.Value))
	if err != nil {
		return nil, r.kit.Fail(err)
	}
	return &out[SuppressionLifted]{SuppressionLifted{was}}, nil
}
