package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSummaryIsOffByDefault(t *testing.T) {
	c, _, err := load(t, "", nil)
	if err != nil || c.Summary.Endpoint != "" || c.Summary.Timeout != 20*time.Second {
		t.Errorf("%+v, %v", c.Summary, err)
	}
}

func TestSummarySettings(t *testing.T) {
	c, set, err := load(t, "summary:\n  endpoint: https://example.com/v1\n  model: small\n  timeout: 5s\n", map[string]string{"HEED_SUMMARY_KEY": "swordfish"})
	if err != nil || c.Summary.Endpoint != "https://example.com/v1" || c.Summary.Model != "small" || c.Summary.Timeout != 5*time.Second {
		t.Fatalf("%+v, %v", c.Summary, err)
	}
	if key, err := c.Summary.Secret(); err != nil || key != "swordfish" {
		t.Errorf("key %q, %v", key, err)
	}
	for _, s := range set {
		if strings.Contains(s.Value, "swordfish") {
			t.Errorf("%s shows the secret", s.Name)
		}
	}
}

func TestSummaryKeyFile(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"key": {"swordfish\n", ""}, "empty": {" \n", "must hold one line"}, "two": {"a\nb\n", "must hold one line"},
		"large": {strings.Repeat("x", maxKeyFile+1), "at most 16384 bytes"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		key, err := (&Summary{KeyFile: path}).Secret()
		if c.want == "" && (err != nil || key != "swordfish") || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, path := range []string{dir, filepath.Join(dir, "none")} {
		if _, err := (&Summary{KeyFile: path}).Secret(); err == nil {
			t.Errorf("%s was read", path)
		}
	}
}

func TestSummaryRefusals(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--summary-endpoint=localhost:80 --summary-model=m", "must start with https://"},
		{"--summary-endpoint=https://example.com", "must name the model"},
		{"--summary-endpoint=http://example.com --summary-model=m --summary-key=k", "a key is sent there"},
		{"--summary-key=k --summary-key-file=f", "given already"},
		{"--summary-timeout=0s", "not between 1s and 5m"},
	} {
		if _, _, err := load(t, "", nil, strings.Fields(c.args)...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want it to contain %q", c.args, err, c.want)
		}
	}
	for _, fine := range []string{"http://localhost:11434/v1", "http://127.0.0.1:8000/v1", "http://[::1]/v1", "https://example.com/v1"} {
		if _, _, err := load(t, "", nil, "--summary-endpoint="+fine, "--summary-model=m", "--summary-key=k"); err != nil {
			t.Errorf("%s: %v", fine, err)
		}
	}
}
