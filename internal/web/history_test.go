package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"heed/internal/brain"
	"heed/internal/event"
	"heed/internal/store"
)

// past is a history that remembers what it was asked.
type past struct {
	run  *event.Reanalysis
	busy bool
}

func (p *past) Start(_ context.Context, r event.ReanalysisRequest) (event.Reanalysis, error) {
	if r.Since == "" {
		return event.Reanalysis{}, fmt.Errorf("since when?: %w", brain.ErrInvalid)
	}
	if p.busy {
		return event.Reanalysis{}, fmt.Errorf("busy: %w", store.ErrConflict)
	}
	p.busy = true
	p.run = &event.Reanalysis{ID: "r1", Request: r, State: event.ReanalysisRunning}
	return *p.run, nil
}

func (p *past) State(context.Context) (event.Reanalysis, error) {
	if p.run == nil {
		return event.Reanalysis{}, store.ErrNotFound
	}
	return *p.run, nil
}

func (p *past) Cancel() {
	if p.run != nil {
		p.run.State, p.busy = event.ReanalysisCancelled, false
	}
}

func TestReadingHistoryAgain(t *testing.T) {
	s := newSite(t)
	admin, agent := s.key(t, "admin"), s.key(t, "agent")
	const ask = `{"since": "30d", "kinds": ["intent"], "dry_run": true}`
	for _, step := range []struct {
		method, key, body string
		status            int
		says              string
	}{
		{"GET", admin, "", http.StatusNotFound, "nothing"},
		{"POST", agent, ask, http.StatusForbidden, ""},
		{"GET", agent, "", http.StatusForbidden, ""},
		{"DELETE", agent, "", http.StatusForbidden, ""},
		{"POST", admin, "{}", http.StatusUnprocessableEntity, "since when?"},
		{"POST", admin, `{"since": "30d", "evil": 1}`, http.StatusUnprocessableEntity, "unexpected property"},
		{"POST", admin, ask, http.StatusAccepted, "running"},
		{"POST", admin, ask, http.StatusConflict, "being read again already"},
		{"GET", admin, "", http.StatusOK, "running"},
		{"DELETE", admin, "", http.StatusOK, "cancelled"},
		{"POST", admin, ask, http.StatusAccepted, "running"},
	} {
		status, _, body := s.ask(t, step.method, "/v1/reanalyze", step.key, step.body)
		if status != step.status || !strings.Contains(body, step.says) {
			t.Errorf("%s %s: %d %s, want %d and %q", step.method, step.body, status, body, step.status, step.says)
		}
		var run event.Reanalysis
		if status == http.StatusAccepted {
			if err := json.Unmarshal([]byte(body), &run); err != nil || run.Request.Since != "30d" || !run.Request.DryRun || len(run.Request.Kinds) != 1 {
				t.Errorf("asked for %+v, %v", run.Request, err)
			}
		}
	}
}
