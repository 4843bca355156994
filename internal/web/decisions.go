package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
	"heed/internal/mount"
)

func (s *Server) decisionRoutes(api huma.API) {
	huma.Register(api, operation("outcome", http.MethodPost, "/v1/outcomes", "Report what happened to a suggestion; 202 when its decision is not known, for a day", writers()), s.outcome)
	huma.Register(api, operation("mishear", http.MethodPut, "/v1/calls/{id}/proposals/{proposal}", "Say that what the words on a call propose was misheard, or was not; confirm it by an outcome that names it", writers()), s.mishear)
	huma.Register(api, operation("actions", http.MethodGet, "/v1/actions", "The live catalogue of actions", mount.Staff()), s.actions)
}

type outcomeInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body struct {
		DecisionID string    `json:"decision_id" minLength:"1" maxLength:"64"`
		Action     string    `json:"action" minLength:"1" maxLength:"120"`
		Outcome    string    `json:"outcome" enum:"impression,clicked,accepted,converted,dismissed,later,rejected,opted_out,no_response"`
		Channel    string    `json:"channel,omitempty" enum:"agent,email,sms,call,web,push"`
		At         time.Time `json:"at,omitzero"`
		Value      float64   `json:"value,omitempty" minimum:"0" maximum:"1000000000" doc:"What it brought, in the unit of value"`
		Source     string    `json:"source,omitempty" maxLength:"60" doc:"The system that says so"`
		Key        string    `json:"idempotency_key,omitempty" maxLength:"200"`
		Heard      string    `json:"heard,omitempty" maxLength:"100" doc:"The proposal of the call that this confirms; decision, action and outcome are its own"`
	}
}

type outcomeOutput struct {
	Status int
	Body   brain.Outcome
}

func (s *Server) outcome(ctx context.Context, in *outcomeInput) (*outcomeOutput, error) {
	who, _ := callerOf(ctx)
	b := in.Body
	if b.Key == "" {
		b.Key = in.Key
	}
	o, repeated, err := s.o.Brain.Outcome(ctx, brain.Outcome{
		DecisionID: b.DecisionID, Action: b.Action, Outcome: b.Outcome, Channel: b.Channel,
		At: b.At, Value: b.Value, Key: b.Key, Actor: who.ID, Source: b.Source, Heard: b.Heard,
	})
	if errors.Is(err, brain.ErrParked) {
		return &outcomeOutput{http.StatusAccepted, o}, nil
	}
	if err != nil {
		return nil, s.fail(err)
	}
	if repeated {
		return &outcomeOutput{http.StatusOK, o}, nil
	}
	return &outcomeOutput{http.StatusCreated, o}, nil
}

type mishearInput struct {
	ByID
	Proposal string `path:"proposal" maxLength:"100" doc:"The proposal's id"`
	Key      string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body     struct {
		Misheard bool `json:"misheard" doc:"False takes it back"`
	}
}

func (s *Server) mishear(ctx context.Context, in *mishearInput) (*out[brain.Proposal], error) {
	p, err := s.o.Brain.Mishear(ctx, in.ID, in.Proposal, in.Body.Misheard)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[brain.Proposal]{p}, nil
}

type actionList struct {
	Actions []brain.Action `json:"actions"`
}

func (s *Server) actions(context.Context, *struct{}) (*out[actionList], error) {
	return &out[actionList]{actionList{s.o.Brain.Actions()}}, nil
}
