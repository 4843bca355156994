package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDoNotCallListsAreImported imports a list twice, the second edition with
// one number less, and refuses what is none.
func TestDoNotCallListsAreImported(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	serveFor(t, dir, "--speech-engine", "none")
	args := func(file string, more ...string) []string {
		return append([]string{"dnc", "import", file, "--data", dir, "--list", "us", "--source", "a test"}, more...)
	}
	for _, c := range []struct {
		text, says string
		more       []string
		status     int
	}{
		{"number\n+12025550101\n202,5550102\n", "2 numbers on the list, 0 taken off, 1 lines without a number", []string{"--national"}, 0},
		{"+12025550101\n", "1 numbers on the list, 1 taken off", nil, 0},
		{"+12025550103\n", "1 numbers on the list, 0 taken off", []string{"--add"}, 0},
		{"nothing\n", "no telephone number", nil, 1},
	} {
		list := filepath.Join(dir, "list.txt")
		if err := os.WriteFile(list, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := heed(t, args(list, c.more...)...)
		r.want(t, c.status)
		if !strings.Contains(r.out+r.err, c.says) {
			t.Errorf("%q: %s%s", c.text, r.out, r.err)
		}
	}
	heed(t, "dnc", "import", "x", "--data", dir).want(t, 2)
	heed(t, "dnc", "import", "--data", dir).want(t, 2)
	heed(t, args(filepath.Join(dir, "nowhere"))...).want(t, 2)
}
