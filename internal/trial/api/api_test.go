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
	"heed/internal/experiment"
	"heed/internal/mount"
	"heed/internal/store"
	"heed/internal/trial"
)

// The routes refuse what cannot be, and end an arm once, on the word of who asked.
func TestAnArmIsEndedOnce(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := decide.LoadCatalogue(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	d, err := decide.New(decide.Options{Catalogue: c, Experiments: experiment.Plan{Arms: []experiment.Arm{{Name: "no_levers", Share: 0.1}}}})
	if err != nil {
		t.Fatal(err)
	}
	_, api := humatest.New(t)
	Routes(trial.New(s, d, slog.New(slog.DiscardHandler), nil), time.Now)(mount.Kit{
		API: api, Fail: func(err error) error { return err }, Caller: func(context.Context) string { return "dana" },
		Operation: func(id, method, path, summary string, _ []string) huma.Operation {
			return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary}
		},
	})
	why := map[string]string{"why": "the spring is over"}
	for _, ask := range []struct {
		arm  string
		body map[string]string
		want int
	}{
		{"nobody", why, http.StatusNotFound},
		{"no_levers", map[string]string{"why": ""}, http.StatusUnprocessableEntity},
		{"no_levers", why, http.StatusOK},
		{"no_levers", why, http.StatusNotFound},
	} {
		if got := api.Post("/v1/experiments/"+ask.arm+"/end", ask.body); got.Code != ask.want {
			t.Errorf("%s: %d, want %d", ask.arm, got.Code, ask.want)
		}
	}
	if got := api.Get("/v1/experiments").Body.String(); !strings.Contains(got, `"ended":true`) {
		t.Errorf("the arms: %s", got)
	}
	for path, want := range map[string]int{"?days=7": http.StatusOK, "?days=0": http.StatusUnprocessableEntity, "": http.StatusOK} {
		if got := api.Get("/v1/experiments/lift" + path); got.Code != want {
			t.Errorf("lift%s: %d", path, got.Code)
		}
	}
}
