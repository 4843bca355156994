package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
)

func (s *Server) customerRoutes(api huma.API) {
	huma.Register(api, operation("customers", http.MethodGet, "/v1/customers", "Find customers", people()), s.customers)
	huma.Register(api, operation("customer", http.MethodGet, "/v1/customers/{id}", "A customer at a glance", people()), s.customer)
	huma.Register(api, operation("consent", http.MethodGet, "/v1/customers/{id}/consent", "A customer's consent ledger", people()), s.ledger)
	huma.Register(api, operation("set-consent", http.MethodPost, "/v1/customers/{id}/consent", "Add a row to the ledger", writers()), s.setConsent)
}

type customersInput struct {
	Words string `query:"q" maxLength:"200" doc:"Part of a name or identifier"`
	Page
}

type customerList struct {
	Customers []brain.Customer `json:"customers"`
	Next      string           `json:"next,omitempty"`
}

func (s *Server) customers(ctx context.Context, in *customersInput) (*out[customerList], error) {
	found, next, err := s.o.Desk.Customers(ctx, in.Words, in.After, in.Limit)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[customerList]{customerList{found, next}}, nil
}

func (s *Server) customer(ctx context.Context, in *ByID) (*out[brain.Customer], error) {
	v, err := s.o.Desk.Customer(ctx, in.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[brain.Customer]{*v}, nil
}

type ledgerView struct {
	Rows []brain.ConsentRow `json:"rows"`
}

func (s *Server) ledger(ctx context.Context, in *ByID) (*out[ledgerView], error) {
	rows, err := s.o.Store.Consent(ctx, in.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	if rows == nil {
		rows = []brain.ConsentRow{}
	}
	return &out[ledgerView]{ledgerView{rows}}, nil
}

type consentInput struct {
	ByID
	Body struct {
		Purpose    string  `json:"purpose" enum:"service,marketing,profiling,research,recording"`
		Channel    string  `json:"channel,omitempty" enum:"agent,email,sms,call,web,push"`
		Topic      string  `json:"topic,omitempty" maxLength:"80"`
		State      string  `json:"state" enum:"granted,denied,withdrawn"`
		Wording    string  `json:"wording,omitempty" maxLength:"2000" doc:"What the person was asked"`
		CallID     string  `json:"call_id,omitempty" maxLength:"64"`
		CallSecond float64 `json:"call_second,omitempty" minimum:"0" doc:"Where in the call it was said"`
	}
}

func (s *Server) setConsent(ctx context.Context, in *consentInput) (*out[brain.ConsentRow], error) {
	who, _ := callerOf(ctx)
	b := in.Body
	row, err := s.o.Brain.SetConsent(ctx, brain.ConsentRow{
		CustomerID: in.ID, Cell: brain.Cell(b.Purpose, b.Channel, b.Topic), State: brain.State(b.State),
		Source: "agent desk", Actor: who.ID, Wording: b.Wording, CallID: b.CallID, CallSecond: b.CallSecond,
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[brain.ConsentRow]{row}, nil
}
