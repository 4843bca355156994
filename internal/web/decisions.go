package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
)

func (s *Server) decisionRoutes(api huma.API) {
	huma.Register(api, operation("decide", http.MethodPost, "/v1/decisions", "Ask for the next best action on a channel", writers()), s.decide)
	huma.Register(api, operation("decision", http.MethodGet, "/v1/decisions/{id}", "A decision with its explanation", people()), s.decision)
	huma.Register(api, operation("outcome", http.MethodPost, "/v1/outcomes", "Report what happened to a suggestion; 202 when its decision is not known, for a day", writers()), s.outcome)
	huma.Register(api, operation("actions", http.MethodGet, "/v1/actions", "The live catalogue of actions", people()), s.actions)
}

type decideInput struct {
	Body struct {
		CustomerID string `json:"customer_id" minLength:"1" maxLength:"64"`
		Slot       string `json:"slot" minLength:"1" maxLength:"80" doc:"Such as web.banner"`
		Channel    string `json:"channel" enum:"agent,email,sms,call,web,push"`
		N          int    `json:"n,omitempty" minimum:"0" maximum:"20" doc:"At most so many actions; 0 means 3"`
	}
}

func (s *Server) decide(ctx context.Context, in *decideInput) (*out[brain.Decision], error) {
	b := in.Body
	d, err := s.o.Brain.Decide(ctx, b.CustomerID, b.Slot, b.Channel, b.N)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[brain.Decision]{d}, nil
}

func (s *Server) decision(ctx context.Context, in *ByID) (*out[brain.Decision], error) {
	d, err := s.o.Store.Decision(ctx, in.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[brain.Decision]{d}, nil
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
		At: b.At, Value: b.Value, Key: b.Key, Actor: who.ID, Source: b.Source,
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

type actionList struct {
	Actions []brain.Action `json:"actions"`
}

func (s *Server) actions(context.Context, *struct{}) (*out[actionList], error) {
	return &out[actionList]{actionList{s.o.Brain.Actions()}}, nil
}
