package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/brain"
)

func (s *Server) customerRoutes(api huma.API) {
	huma.Register(api, operation("customers", http.MethodGet, "/v1/customers", "Find customers", people()), s.customers)
	huma.Register(api, operation("customer", http.MethodGet, "/v1/customers/{id}", "A customer at a glance", people()), s.customer)
	huma.Register(api, operation("track", http.MethodPost, "/v1/track", "Report what a customer did (Segment's track)", writers()), s.track)
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

// trackInput is the part of Segment's track call that is understood.
type trackInput struct {
	Body struct {
		UserID     string         `json:"userId,omitempty" maxLength:"200"`
		Phone      string         `json:"phone,omitempty" maxLength:"40"`
		Event      string         `json:"event" minLength:"1" maxLength:"200" doc:"Such as \"Order Completed\" or \"page.cancel\""`
		MessageID  string         `json:"messageId,omitempty" maxLength:"100" doc:"The same id twice counts once"`
		Timestamp  time.Time      `json:"timestamp,omitzero"`
		Properties map[string]any `json:"properties,omitempty"`
	}
}

type tracked struct {
	Success    bool   `json:"success"`
	CustomerID string `json:"customer_id"`
}

func (s *Server) track(ctx context.Context, in *trackInput) (*out[tracked], error) {
	b := in.Body
	id, err := s.o.Brain.Observe(ctx, brain.Observation{
		UserID: b.UserID, Phone: b.Phone, Name: b.Event, MessageID: b.MessageID,
		At: b.Timestamp, Props: b.Properties,
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[tracked]{tracked{true, id}}, nil
}
