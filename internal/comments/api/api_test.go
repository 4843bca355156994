package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"

	"heed/internal/comments"
	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
)

// served are the routes over one call; who asks can change.
func served(t *testing.T, who *comments.Author) humatest.TestAPI {
	t.Helper()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	db, err := store.Open(context.WithoutCancel(t.Context()), store.Options{Path: t.TempDir(), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		return tx.SaveCall(event.Call{ID: "c1", Platform: "p", PlatformCall: "1", Status: event.CallLive, StartedAt: now})
	}); err != nil {
		t.Fatal(err)
	}
	_, api := humatest.New(t)
	Routes(comments.New(comments.Options{Store: db, Now: func() time.Time { return now }, Redact: func(s string) string { return s }}))(mount.Kit{
		API: api, Fail: func(err error) error { return huma.Error404NotFound(err.Error()) },
		Caller: func(context.Context) string { return who.Name }, ID: func(context.Context) string { return who.ID }, Role: func(context.Context) string { return who.Role },
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	return api
}

func TestCommentsOverHTTP(t *testing.T) {
	t.Parallel()
	who := comments.Author{ID: "ada", Name: "Ada", Role: "agent"}
	api := served(t, &who)
	r := api.Post("/v1/calls/c1/comments", map[string]any{"text": "Nobody called back", "second": 41.2})
	var c event.Comment
	if err := json.Unmarshal(r.Body.Bytes(), &c); err != nil || r.Code != http.StatusCreated || c.By != "Ada" || c.Second == nil || *c.Second != 41.2 {
		t.Fatalf("%d %s %v", r.Code, r.Body, err)
	}
	one := "/v1/calls/c1/comments/" + c.ID
	if r = api.Put(one, map[string]any{"text": "Somebody did"}); r.Code != http.StatusOK {
		t.Errorf("edit: %d %s", r.Code, r.Body)
	}
	who = comments.Author{ID: "bo", Name: "Bo", Role: "agent"}
	for name, code := range map[string]int{
		"edit": api.Put(one, map[string]any{"text": "no"}).Code, "remove": api.Delete(one).Code,
	} {
		if code != http.StatusForbidden {
			t.Errorf("another's %s: %d", name, code)
		}
	}
	who.ID = "ada"
	if r = api.Delete(one); r.Code != http.StatusNoContent {
		t.Errorf("remove: %d %s", r.Code, r.Body)
	}
	if r = api.Get("/v1/calls/c1/comments"); strings.TrimSpace(r.Body.String()) != `{"comments":[]}` {
		t.Errorf("removed: %s", r.Body)
	}
	if r = api.Post(one + "/restore"); r.Code != http.StatusOK {
		t.Errorf("restore: %d %s", r.Code, r.Body)
	}
	if r = api.Get("/v1/calls/c1/comments"); !strings.Contains(r.Body.String(), "Somebody did") {
		t.Errorf("restored: %s", r.Body)
	}
}

func TestCommentsThatAreRefused(t *testing.T) {
	t.Parallel()
	who := comments.Author{ID: "ada", Name: "Ada", Role: "agent"}
	api := served(t, &who)
	for _, tt := range []struct {
		body any
		at   string
		want int
	}{
		{map[string]any{"text": "  "}, "body.text", 422},
		{map[string]any{"text": strings.Repeat("x", 2001)}, "body.text", 422},
		{map[string]any{"text": "x", "utterance_id": "none"}, "body.utterance_id", 422},
		{map[string]any{"text": "x", "second": -1}, "body.second", 422},
		{map[string]any{}, "text", 422},
	} {
		if r := api.Post("/v1/calls/c1/comments", tt.body); r.Code != tt.want || !strings.Contains(r.Body.String(), tt.at) {
			t.Errorf("%v: %d %s", tt.body, r.Code, r.Body)
		}
	}
	if r := api.Get("/v1/calls/none/comments"); r.Code != http.StatusNotFound {
		t.Errorf("no call: %d", r.Code)
	}
}
