package api_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"

	"heed/internal/event"
	"heed/internal/handling"
	"heed/internal/handling/api"
	"heed/internal/mount"
	"heed/internal/store"
)

// TestWhoHandlesACall: an agent their own, an administrator all; and a refusal
// says what to do.
func TestWhoHandlesACall(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for id, status := range map[string]event.CallStatus{"live": event.CallLive, "over": event.CallOver} {
		c := event.Call{ID: id, Platform: "whip", PlatformCall: id, Direction: "inbound", Agent: "Dana", Status: status, StartedAt: time.Now().UTC()}
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveCall(c) }); err != nil {
			t.Fatal(err)
		}
	}
	name, role := "", ""
	_, client := humatest.New(t)
	api.Routes(handling.New(handling.Options{Store: s, Redact: func(text string) (string, error) { return text, nil }}))(mount.Kit{
		API: client, Caller: func(context.Context) string { return name }, Role: func(context.Context) string { return role },
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
		Fail: func(err error) error {
			if errors.Is(err, store.ErrNotFound) {
				return huma.Error404NotFound("there is nothing with this id")
			}
			return err
		},
	})
	const wrap = `{"ending": "resolved", "dismissed": [{"decision_id": "d", "action": "a", "reason": "irrelevant"}]}`
	for _, tt := range []struct {
		who, role, method, path, body string
		want                          int
		says                          string
	}{
		{"dana", "agent", http.MethodPut, "/v1/calls/live/mute", `{"minutes": 5}`, 200, `"until"`},
		{"Dana", "agent", http.MethodDelete, "/v1/calls/live/mute", "", 200, `"on":false`},
		{"Eli", "agent", http.MethodPut, "/v1/calls/live/mute", `{}`, 403, "another agent's"},
		{"Eli", "admin", http.MethodPut, "/v1/calls/live/mute", `{}`, 200, `"on":true`},
		{"Dana", "agent", http.MethodPut, "/v1/calls/live/mute", `{"minutes": 481}`, 422, "minutes"},
		{"Dana", "agent", http.MethodPut, "/v1/calls/none/mute", `{}`, 404, "nothing"},
		{"Dana", "agent", http.MethodPut, "/v1/calls/over/mute", `{}`, 422, "over"},
		{"Dana", "agent", http.MethodPut, "/v1/calls/over/wrap-up", wrap, 200, "irrelevant"},
		{"Eli", "agent", http.MethodPut, "/v1/calls/over/wrap-up", wrap, 403, "another agent's"},
		{"Dana", "agent", http.MethodPut, "/v1/calls/live/wrap-up", wrap, 422, "not over"},
		{"Dana", "agent", http.MethodPut, "/v1/calls/over/wrap-up", `{"ending": "whatever"}`, 422, "ending"},
		{"Sam", "supervisor", http.MethodGet, "/v1/muted?days=2", "", 200, `"muted":1`},
	} {
		name, role = tt.who, tt.role
		args := []any{}
		if tt.body != "" {
			args = append(args, strings.NewReader(tt.body), "Content-Type: application/json")
		}
		if got := client.Do(tt.method, tt.path, args...); got.Code != tt.want || !strings.Contains(got.Body.String(), tt.says) {
			t.Errorf("%s %s by %s: %d %s, want %d %q", tt.method, tt.path, tt.who, got.Code, got.Body, tt.want, tt.says)
		}
	}
}
