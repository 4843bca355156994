package app_test

import (
	"errors"
	"log/slog"
	"path/filepath"
	"testing"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/store"
)

// TestEveryAnalyzerNamesItsVersion keeps history readable: an analyzer without
// a version could never be run over it again.
func TestEveryAnalyzerNamesItsVersion(t *testing.T) {
	a, err := analyzer()
	if err != nil {
		t.Fatal(err)
	}
	chain, is := a.(insights.Chain)
	if !is || len(chain) < 4 || len(insights.Versions(a)) != len(chain) {
		t.Errorf("%d analyzers with versions %v", len(chain), insights.Versions(a))
	}
	u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "thank you i want to cancel this terrible contract it is too expensive"}
	names := map[string]bool{}
	for _, v := range insights.Versions(a) {
		names[v] = true
	}
	found := a.Analyze(&u, &insights.Call{})
	for _, in := range found {
		if !names[in.Model] {
			t.Errorf("%s:%s was made by %q, which no analyzer names: %v", in.Kind, in.Name, in.Model, insights.Versions(a))
		}
	}
	if len(found) < 3 {
		t.Errorf("only %d insights", len(found))
	}
}

func TestHistoryIsOpenedByOneOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if _, err := app.OpenHistory(t.Context(), config.Config{Data: dir}, log); !errors.Is(err, store.ErrLocked) {
		t.Errorf("a folder in use: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	broken := config.Config{Data: dir, Content: config.Content{Intents: t.TempDir()}}
	if _, err := app.OpenHistory(t.Context(), broken, log); err == nil {
		t.Error("a set without intents was taken")
	}
	h, err := app.OpenHistory(t.Context(), config.Config{Data: dir}, log) // the failure above closed it
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Said(t.Context(), "none", "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was never said: %v", err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}
