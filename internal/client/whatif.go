package client

import (
	"context"
	"net/http"
	"net/url"

	"heed/internal/decisions"
	"heed/internal/simulate"
	"heed/internal/whatif"
)

// Simulate has the server replay past decisions through a change, and gives
// the run.
func (c *Client) Simulate(ctx context.Context, ask simulate.Ask) (run simulate.Run, err error) {
	err = c.do(ctx, http.MethodPost, "/v1/simulations", ask, &run)
	return run, err
}

// Simulation gives a run, as far as it is.
func (c *Client) Simulation(ctx context.Context, id string) (run simulate.Run, err error) {
	err = c.do(ctx, http.MethodGet, "/v1/simulations/"+url.PathEscape(id), nil, &run)
	return run, err
}

// CancelSimulation cancels a run, and gives it.
func (c *Client) CancelSimulation(ctx context.Context, id string) (run simulate.Run, err error) {
	err = c.do(ctx, http.MethodDelete, "/v1/simulations/"+url.PathEscape(id), nil, &run)
	return run, err
}

// Counterfactuals gives a decision as an auditor reads it, with what would have
// changed it.
func (c *Client) Counterfactuals(ctx context.Context, decision string) (e decisions.Explanation, err error) {
	err = c.do(ctx, http.MethodGet, "/v1/decisions/"+url.PathEscape(decision)+"?as=auditor&counterfactuals=true", nil, &e)
	return e, err
}

// WhatIf asks what would have been said to a customer; the query is that of
// the API.
func (c *Client) WhatIf(ctx context.Context, customer string, query url.Values) (a whatif.Answer, err error) {
	err = c.do(ctx, http.MethodGet, "/v1/customers/"+url.PathEscape(customer)+"/whatif?"+query.Encode(), nil, &a)
	return a, err
}
