package app_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/event"
)

// hosted are settings with an account at every service.
func hosted(t *testing.T) config.Config {
	t.Helper()
	c := settings(t, t.TempDir())
	h := &c.Speech.Hosted
	h.Deepgram.Key, h.AssemblyAI.Key, h.OpenAI.Key = "swordfish", "swordfish", "swordfish"
	h.Vosk, h.SherpaServer = "ws://127.0.0.1:1", "ws://127.0.0.1:1"
	h.Google.Project, h.AmazonRegion = "a-project-1", "eu-central-1"
	return c
}

// TestHostedEnginesAreMadeWithoutDialling: every service that a chain may name
// becomes an engine; languages find their chain; no key is in a log or a state.
func TestHostedEnginesAreMadeWithoutDialling(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "x")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	c := hosted(t)
	c.Speech.Engine = slices.DeleteFunc(config.Engines(), func(name string) bool {
		return slices.Contains([]string{"sherpa", "pocketsphinx", "google"}, name)
	})
	c.Speech.Languages = []string{"de=vosk+deepgram"}
	var logged bytes.Buffer
	e, err := app.FindEngine(t.Context(), c, slog.New(slog.NewTextHandler(&logged, nil)), nil)
	if err != nil {
		t.Fatal(err)
	}
	states := e.Pool.States()
	if len(states) != len(c.Speech.Engine) {
		t.Errorf("%d engines of %d", len(states), len(c.Speech.Engine))
	}
	for _, s := range states {
		if !s.Remote || s.State != "ready" || len(s.Uses) > 0 {
			t.Errorf("%+v", s)
		}
	}
	for language, want := range map[string]string{"": "deepgram", "en": "deepgram", "de-AT": "vosk", "ja": "deepgram"} {
		if _, name := e.For(event.Call{ID: "c", Language: language, Status: event.CallLive}, "customer", nil); name != want {
			t.Errorf("language %q: %s, want %s", language, name, want)
		}
	}
	if _, name := e.For(event.Call{Language: "de", Status: event.CallLive}, "agent", []string{"vosk"}); name != "deepgram" {
		t.Errorf("vosk failed: %s, want deepgram", name)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if strings.Contains(logged.String(), "swordfish") {
		t.Error("a key is in the log")
	}
}

func TestEnginesThatLackSomething(t *testing.T) {
	for name, want := range map[string]string{
		"deepgram": "key", "assemblyai": "key", "openai-http": "key", "openai-realtime": "key",
		"vosk": "address", "sherpa-server": "address", "google": "project", "amazon": "region", "sherpa/nobody": "no such model",
	} {
		c := settings(t, t.TempDir())
		c.Speech.Engine = []string{name}
		if e, err := app.FindEngine(t.Context(), c, slog.New(slog.DiscardHandler), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want an error about its %s", name, e.Info, err, want)
		}
	}
	checked := map[string]bool{}
	for _, check := range app.CheckEngines(settings(t, t.TempDir())) {
		checked[check.Name] = true
		if check.Remedy == "" || check.Note == "" || check.Remote && check.Err == nil {
			t.Errorf("%+v", check)
		}
	}
	for _, name := range config.Engines() {
		if !checked[name] {
			t.Errorf("%s is not looked at", name)
		}
	}
}
