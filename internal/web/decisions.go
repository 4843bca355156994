package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
)

func (s *Server) decisionRoutes(api huma.API) {
	huma.Register(api, operation("outcome", http.MethodPost, "/v1/outcomes", "Report what happened to a suggestion", writers()), s.outcome)
	huma.Register(api, operation("actions", http.MethodGet, "/v1/actions", "The live catalogue of actions", people()), s.actions)
}

type outcomeInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body struct {
		DecisionID string    `json:"decision_id" minLength:"1" maxLength:"64"`
		Action     string    `json:"action" minLength:"1" maxLength:"120"`
		Outcome    string    `json:"outcome" enum:"accepted,dismissed,rejected,later,converted,impression"`
		Channel    string    `json:"channel,omitempty" enum:"agent,email,sms,call,web,push"`
		At         time.Time `json:"at,omitzero"`
		Value      float64   `json:"value,omitempty"`
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
		At: b.At, Value: b.Value, Key: b.Key, Actor: who.ID,
	})
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
