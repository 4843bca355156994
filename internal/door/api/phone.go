package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/customer"
	"heed/internal/door"
	"heed/internal/door/known"
	"heed/internal/door/pass"
	"heed/internal/event"
	"heed/internal/mount"
)

// Calls is what the proof of a caller needs of calls.
type Calls interface {
	// Call gives a call, or the store's not found.
	Call(ctx context.Context, id string) (event.Call, error)
	// CallerProved commits that the caller is who the number says, on their own
	// proof.
	CallerProved(ctx context.Context, callID string) (customer.Identifier, error)
}

func callers() []string { return []string{"admin", "agent", "ingest"} }

type phone struct {
	mount.Kit
	door  *door.Door
	calls Calls
}

// PhoneRoutes gives what adds the routes by which a caller proves who they are
// without the agent: a phone platform sends a code and brings what was keyed in.
func PhoneRoutes(d *door.Door, c Calls) func(mount.Kit) {
	return func(k mount.Kit) {
		r := phone{k, d, c}
		huma.Register(k.API, k.Operation("send-caller-code", http.MethodPost, "/v1/calls/{id}/proof", "Send the customer of a call a one-time code by which the caller proves who they are", callers()), r.send)
		huma.Register(k.API, k.Operation("try-caller-code", http.MethodPost, "/v1/calls/{id}/proof/code", "Try the code that the caller keyed in or said; five times at most", callers()), r.try)
	}
}

type proofInput struct {
	ID   string `path:"id" maxLength:"64" doc:"The call's id"`
	Body struct {
		By       string `json:"by" enum:"email,phone" example:"phone" doc:"Which of the customer's addresses gets the code"`
		To       string `json:"to,omitempty" maxLength:"254" doc:"One of the customer's addresses, as it is kept; without it the proven one"`
		Language string `json:"language,omitempty" maxLength:"35" doc:"Of the message, BCP 47; without it the call's"`
	}
}

type codeSent struct {
	Sent  bool `json:"sent"`
	Tries int  `json:"tries" doc:"How often it may be tried"`
}

func (r phone) send(ctx context.Context, in *proofInput) (*out[codeSent], error) {
	c, err := r.calls.Call(ctx, in.ID)
	if err != nil {
		return nil, r.Fail(err)
	}
	if c.Status != event.CallLive {
		return nil, huma.Error409Conflict("the call is over")
	}
	how := door.Invitation{Kind: in.Body.By, To: in.Body.To, Language: in.Body.Language, By: r.Caller(ctx)}
	if how.Language == "" {
		how.Language = c.Language
	}
	switch err := r.door.SendCode(ctx, c.ID, c.CustomerID, how); {
	case errors.Is(err, known.ErrNoAddress), errors.Is(err, known.ErrWhich):
		return nil, huma.Error422UnprocessableEntity(err.Error(), &huma.ErrorDetail{Location: "body.to", Message: err.Error()})
	case errors.Is(err, door.ErrTooMany):
		return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests(door.ErrTooMany.Error()), http.Header{"Retry-After": {"600"}})
	case err != nil:
		return nil, r.Fail(err)
	}
	return &out[codeSent]{codeSent{true, pass.MaxTries}}, nil
}

type codeInput struct {
	ID   string `path:"id" maxLength:"64" doc:"The call's id"`
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"40" example:"123456" doc:"What was keyed in; all but digits is left out"`
	}
}

type callerProved struct {
	Proved     bool                `json:"proved"`
	CustomerID string              `json:"customer_id"`
	Number     customer.Identifier `json:"number" doc:"The number of the call as it is known now; empty when it was withheld"`
}

func (r phone) try(ctx context.Context, in *codeInput) (*out[callerProved], error) {
	c, err := r.calls.Call(ctx, in.ID)
	if err != nil {
		return nil, r.Fail(err)
	}
	who, _, err := r.door.TryCode(ctx, c.ID, in.Body.Code)
	switch {
	case errors.Is(err, pass.ErrWrong):
		return nil, huma.Error422UnprocessableEntity("this is not the code", &huma.ErrorDetail{Location: "body.code", Message: "not the code that was sent"})
	case errors.Is(err, pass.ErrLocked):
		return nil, huma.Error403Forbidden("the code is over, or was tried too often; send a new one")
	case err != nil:
		return nil, r.Fail(err)
	case who != c.CustomerID:
		return nil, huma.Error409Conflict("the call is somebody else's by now")
	}
	number, err := r.calls.CallerProved(ctx, c.ID)
	if err != nil {
		return nil, r.Fail(err)
	}
	return &out[callerProved]{callerProved{true, who, number}}, nil
}
