package app_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/insights"
	"heed/internal/app"
	"heed/transcribe/scripted"
)

// policyApp makes a server with a policy of its own.
func policyApp(t *testing.T, text string, e app.Engine) (*app.App, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c := settings(t, filepath.Join(t.TempDir(), "data"))
	c.Redact.Policy = file
	return app.New(t.Context(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: e, Analyzer: insights.Chain(nil)})
}

// TestThePolicyIsInForce: a name that the policy takes out is not in the
// record of a call that went through the whole server.
func TestThePolicyIsInForce(t *testing.T) {
	s, lines := readScript(t, "happy-thanks")
	a, err := policyApp(t, "version: 1\nkinds: {name: remove}\nagent: {name: keep}\ncertainty: 0.2\n", scriptedBy(map[string][]scripted.Line{s.Caller: lines}))
	if err != nil {
		t.Fatal(err)
	}
	c := run(t, a)
	r := call(t, c, recording(t, "happy-thanks"), s.Caller, 25)
	said := wordsOf(r, insights.Customer)
	if strings.Contains(said, "haddad") || !strings.Contains(said, "my name is [name]") {
		t.Errorf("the customer's name was to go: %s", said)
	}
	if agent := wordsOf(r, insights.Agent); !strings.Contains(agent, "michael") {
		t.Errorf("the agent's name was to stay: %s", agent)
	}
}

func TestAWrongPolicyIsRefused(t *testing.T) {
	_, err := policyApp(t, "version: 1\nkinds:\n  card_number: keep\n", app.NoEngine())
	if err == nil || !strings.Contains(err.Error(), "policy.yaml:3: expected remove") {
		t.Errorf("error %v", err)
	}
	c := settings(t, t.TempDir())
	c.Redact.Policy = filepath.Join(t.TempDir(), "none.yaml")
	if _, err := app.NewPolicy(c); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("error %v", err)
	}
}
