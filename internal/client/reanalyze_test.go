package client

import (
	"errors"
	"net/http"
	"testing"

	"heed/internal/event"
)

func TestReanalyze(t *testing.T) {
	c := fake(t, map[string]string{
		"POST /v1/reanalyze":   `{"id": "r1", "state": "running"}`,
		"GET /v1/reanalyze":    `{"id": "r1", "state": "running", "counts": {"calls": 3}}`,
		"DELETE /v1/reanalyze": `{"id": "r1", "state": "cancelled"}`,
	})
	if run, err := c.Reanalyze(t.Context(), event.ReanalysisRequest{Since: "1d"}); err != nil || run.State != event.ReanalysisRunning {
		t.Errorf("start: %+v, %v", run, err)
	}
	if run, err := c.Reanalysis(t.Context()); err != nil || run.Counts.Calls != 3 {
		t.Errorf("state: %+v, %v", run, err)
	}
	if run, err := c.CancelReanalysis(t.Context()); err != nil || run.State != event.ReanalysisCancelled {
		t.Errorf("cancel: %+v, %v", run, err)
	}
	busy := fake(t, map[string]string{"POST /v1/reanalyze": `!409 {"status": 409, "detail": "wait for it"}`})
	var p *Problem
	if _, err := busy.Reanalyze(t.Context(), event.ReanalysisRequest{}); !errors.As(err, &p) || p.Status != http.StatusConflict {
		t.Errorf("busy: %v", err)
	}
}
