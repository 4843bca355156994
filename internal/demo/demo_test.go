package demo_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"

	"heed/internal/demo"
	"heed/internal/mount"
)

// TestTheDemoCall: it is played once at a time, under the name of who asks, and
// not at all without the demo.
func TestTheDemoCall(t *testing.T) {
	t.Parallel()
	var agents []string
	var over func()
	p := &demo.Player{On: true, Play: func(agent string, done func()) error {
		agents, over = append(agents, agent), done
		return nil
	}}
	_, api := humatest.New(t)
	demo.Routes(p)(mount.Kit{
		API: api, Caller: func(context.Context) string { return "Dana" },
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	post := func(want int, says string) {
		t.Helper()
		if got := api.Post("/v1/demo/calls"); got.Code != want || !strings.Contains(got.Body.String(), says) {
			t.Errorf("%d %s, want %d %q", got.Code, got.Body, want, says)
		}
	}
	post(http.StatusAccepted, "true")
	post(http.StatusConflict, "already")
	over()
	post(http.StatusAccepted, "true")
	over()
	p.On = false
	post(http.StatusConflict, "--demo")
	if strings.Join(agents, " ") != "Dana Dana" {
		t.Errorf("played for %v", agents)
	}
}
