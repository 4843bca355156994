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
