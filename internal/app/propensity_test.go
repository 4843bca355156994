package app_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heed/internal/app"
	"heed/internal/decide"
)

// The model that the settings name estimates, is told what the list allows and
// learns from an outcome; the other model is told the same.
func TestTheModelOfTheSettings(t *testing.T) {
	for _, model := range []string{"hierarchical", "counting"} {
		t.Run(model, func(t *testing.T) {
			cfg := settings(t, filepath.Join(t.TempDir(), "data"))
			cfg.Decide.Model, cfg.Content.Actions = model, offers(t)
			c := serveWith(t, cfg, app.NoEngine())
			id := person(t, c, "+12125550105", `, "plan": "Comfort"`)
			first := decided(t, c, id, "web")
			told := func(name, value string) bool {
				return slices.ContainsFunc(first.Features, func(f decide.Feature) bool { return f.Name == name && f.Value == value })
			}
			if !strings.HasPrefix(first.Versions["model"], model+"@0") || first.Versions["features"] != "features/1" {
				t.Errorf("versions %v", first.Versions)
			}
			if !told("plan", "comfort") || !told("said", "none") || !told("tenure", "missing") {
				t.Errorf("told %+v", first.Features)
			}
			if len(first.Actions) == 0 || first.Actions[0].P < 0.19 || first.Actions[0].P > 0.81 {
				t.Errorf("before any outcome: %+v", first.Actions)
			}
		})
	}
}

// A list that names a protected characteristic does not start.
func TestAListThatMustNotBe(t *testing.T) {
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.Decide.Features = filepath.Join(t.TempDir(), "mine.yaml")
	if _, err := app.LoadFeatures(cfg); err == nil {
		t.Error("a file that is not there is read")
	}
	if err := os.WriteFile(cfg.Decide.Features, []byte("version: m/1\nfeatures: [{name: x, kind: category, of: gender}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.LoadFeatures(cfg); err == nil || !strings.Contains(err.Error(), "mine.yaml") || !strings.Contains(err.Error(), "protected") {
		t.Errorf("%v", err)
	}
}

// An outcome of a suggestion reaches the model: a refusal lowers the chance of
// the same for the next customer.
func TestAnOutcomeReachesTheModel(t *testing.T) {
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.Content.Actions = offers(t)
	c := serveWith(t, cfg, app.NoEngine())
	one, two := person(t, c, "+12125550105", ""), person(t, c, "+12125550106", "")
	before, other := decided(t, c, one, "web"), decided(t, c, two, "web")
	body := fmt.Sprintf(`{"decision_id": %q, "action": "serve", "outcome": "rejected"}`, before.ID)
	if status := ask(t, c, http.MethodPost, "/v1/outcomes", body, nil); status != http.StatusCreated {
		t.Fatalf("outcome: %d", status)
	}
	wait(t, "the model has learnt", func() bool {
		after := decided(t, c, two, "web")
		return strings.HasPrefix(after.Versions["model"], "hierarchical@1") && after.Actions[0].P < other.Actions[0].P
	})
}
