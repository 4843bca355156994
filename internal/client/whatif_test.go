package client

import (
	"net/url"
	"testing"

	"heed/internal/simulate"
)

func TestSimulate(t *testing.T) {
	c := fake(t, map[string]string{
		"POST /v1/simulations":                   `{"id": "s1", "state": "running"}`,
		"GET /v1/simulations/s1":                 `{"id": "s1", "state": "done", "report": {"moved": 3}}`,
		"DELETE /v1/simulations/s1":              `{"id": "s1", "state": "cancelled"}`,
		"GET /v1/customers/p/whatif?channel=web": `{"decision": {"because": "Nothing"}}`,
	})
	if run, err := c.Simulate(t.Context(), simulate.Ask{Since: "1d"}); err != nil || run.State != simulate.Running {
		t.Errorf("start: %+v, %v", run, err)
	}
	if run, err := c.Simulation(t.Context(), "s1"); err != nil || run.Report.Moved != 3 {
		t.Errorf("state: %+v, %v", run, err)
	}
	if run, err := c.CancelSimulation(t.Context(), "s1"); err != nil || run.State != simulate.Cancelled {
		t.Errorf("cancel: %+v, %v", run, err)
	}
	if a, err := c.WhatIf(t.Context(), "p", url.Values{"channel": {"web"}}); err != nil || a.Decision.Because != "Nothing" {
		t.Errorf("what if: %+v, %v", a, err)
	}
}
