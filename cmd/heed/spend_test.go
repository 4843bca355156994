package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSpendIsUploaded looks at a file, uploads it, and is refused one that is
// wrong, by the line.
func TestSpendIsUploaded(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	serveFor(t, dir, "--speech-engine", "none", "--campaigns-currency", "USD")
	file := filepath.Join(dir, "spend.csv")
	for _, c := range []struct {
		text, says string
		more       []string
		status     int
	}{
		{"date,source,campaign,cost,clicks\n2026-03-01,google,Brand,12.50,9\n", "columns that are not used: clicks\n1 rows can be kept, 12.50 USD in all\n", []string{"--dry-run"}, 0},
		{"date,source,campaign,cost\n2026-03-01,google,Brand,12.50\n", "1 rows kept, 12.50 USD in all\n", nil, 0},
		{"date,source,campaign,cost\n2026-03-01,google,Brand,much\n", "spend.csv: line 2: cost: \"much\" is no amount", nil, 2},
	} {
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := heed(t, append([]string{"spend", file, "--data", dir}, c.more...)...)
		r.want(t, c.status)
		if !strings.Contains(r.out+r.err, c.says) {
			t.Errorf("%q: %s%s", c.text, r.out, r.err)
		}
	}
	heed(t, "spend").want(t, 2)
	heed(t, "spend", "none.csv", "--data", dir).want(t, 2)
}
