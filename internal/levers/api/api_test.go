package api

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/humatest"

	"heed/fixtures"
	"heed/internal/decide"
	"heed/internal/levers"
	"heed/internal/mount"
	"heed/internal/store"
)

// The route answers for days that there can be, to whom it is said it may.
func TestTheReportIsAskedForInDays(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c})
	if err != nil {
		t.Fatal(err)
	}
	var may []string
	_, api := humatest.New(t)
	now := func() time.Time { return time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC) }
	Routes(levers.New(levers.Options{Store: s, Decider: d, Zone: time.UTC, Now: now, Logger: slog.New(slog.DiscardHandler)}))(mount.Kit{
		API: api, Fail: func(err error) error { return err }, Caller: func(context.Context) string { return "dana" },
		Operation: func(id, method, path, summary string, roles []string) huma.Operation {
			may = roles
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	for query, want := range map[string]int{"": http.StatusOK, "?days=400": http.StatusOK, "?days=401": http.StatusUnprocessableEntity, "?days=0": http.StatusUnprocessableEntity} {
		if got := api.Get("/v1/levers" + query); got.Code != want {
			t.Errorf("%q: %d, want %d", query, got.Code, want)
		}
	}
	if body := api.Get("/v1/levers?days=2").Body.String(); !strings.Contains(body, `"since":"2026-04-13"`) || !strings.Contains(body, `"levers":[`) {
		t.Error(body)
	}
	if strings.Join(may, " ") != "admin designer marketer viewer" {
		t.Errorf("who may ask: %v", may)
	}
}
