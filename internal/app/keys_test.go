package app_test

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/config"
	"heed/internal/web"
)

// The status page tells of a master key that lies beside the data, and of no
// other.
func TestStatusTellsOfTheMasterKey(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "master.key")
	if err := os.WriteFile(elsewhere, []byte("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]int{"": 1, elsewhere: 0} {
		c := run(t, withKey(t, filepath.Join(t.TempDir(), "data"), config.Master{KeyFile: file}))
		var s web.Status
		if status := ask(t, c, http.MethodGet, "/v1/status", "", &s); status != http.StatusOK {
			t.Fatal(status)
		}
		if len(s.Advice) != want || (want == 1 && !strings.Contains(s.Advice[0], "heed doctor")) {
			t.Errorf("with the file %q: %q", file, s.Advice)
		}
	}
}

// withKey makes a server with a master key.
func withKey(t *testing.T, dir string, master config.Master) *app.App {
	t.Helper()
	cfg := settings(t, dir)
	cfg.Master = master
	a, err := app.New(t.Context(), app.Options{
		Config: cfg, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: insights.Chain(nil),
		Registry: prometheus.NewRegistry(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestKeyBeside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, link := filepath.Join(dir, "data"), filepath.Join(dir, "link")
	if err := os.Symlink(data, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		data, key, file string
		beside          bool
	}{
		{data, "", "", true},
		{filepath.Join(dir, "not", "there"), "", "", true},
		{data, "in the environment", "", false},
		{data, "", filepath.Join(dir, "master.key"), false},
		{data, "", filepath.Join(dir, "database", "master.key"), false},
		{data, "", filepath.Join(data, "secret", "master.key"), true},
		{data, "", filepath.Join(link, "master.key"), true},
		{link, "", filepath.Join(data, "master.key"), true},
	} {
		var cfg config.Config
		cfg.Data, cfg.Master = c.data, config.Master{Key: c.key, KeyFile: c.file}
		if got := app.KeyBeside(cfg); (got != "") != c.beside {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
