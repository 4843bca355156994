package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"heed/internal/mount"
	"heed/internal/retention"
	"heed/internal/store"
)

func TestWhoMaySetPeriods(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	mux, may := http.NewServeMux(), map[string][]string{}
	s := retention.New(retention.Options{Store: db, Logger: slog.New(slog.DiscardHandler)})
	Routes(s, db, nil)(mount.Kit{
		API: humago.New(mux, huma.DefaultConfig("test", "1")), Fail: func(error) error { return huma.Error404NotFound("not there") },
		Caller: func(context.Context) string { return "Dana" },
		Operation: func(id, method, path, summary string, roles []string) huma.Operation {
			may[id] = roles
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	do := func(method, path, body string, want int) string {
		t.Helper()
		w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		mux.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s %s %s: %d %s, want %d", method, path, body, w.Code, w.Body, want)
		}
		return w.Body.String()
	}
	if text := do("PUT", "/v1/retention/recordings", `{"days": 90}`, 200); !strings.Contains(text, `"days":90`) || !strings.Contains(text, `"by":"Dana"`) {
		t.Errorf("a period: %s", text)
	}
	do("PUT", "/v1/retention/recordings", `{"days": 3}`, 422)
	do("PUT", "/v1/retention/profiles", `{"days": 90}`, 422)
	do("GET", "/v1/retention/recordings/preview?days=30", "", 200)
	do("GET", "/v1/retention/recordings/preview?days=1", "", 422)
	do("POST", "/v1/retention/holds", `{"why": "x"}`, 422)
	do("POST", "/v1/retention/holds", `{"call_id": "nobody", "why": "x"}`, 404)
	do("DELETE", "/v1/retention/holds/nothing", "", 404)
	if len(may["set-retention"]) != 1 || len(may["add-legal-hold"]) != 2 {
		t.Errorf("who may what: %v", may)
	}
}
