package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/fixtures"
)

func TestCatalogueCheck(t *testing.T) {
	good := t.TempDir()
	if err := os.CopyFS(good, fixtures.Actions()); err != nil {
		t.Fatal(err)
	}
	says := func(words ...string) {
		t.Helper()
		r := heed(t, "catalogue", "check", good)
		r.want(t, 0)
		for _, w := range words {
			if !strings.Contains(r.out, w) {
				t.Errorf("%q is not in\n%s", w, r.out)
			}
		}
	}
	says("the defaults")
	if err := os.WriteFile(filepath.Join(good, "policy.yaml"), []byte("version: 1\nsteady: 2\nlimits: {email: {most: 3}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says("limits.email.most", "steady")
	if err := os.WriteFile(filepath.Join(good, "policy.yaml"), []byte("version: 1\nsteady: 200\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	heed(t, "catalogue", "check", good).want(t, 2, "policy.yaml:2: steady")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("version: 1\nactions:\n  - {id: a.b, colour: red}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	heed(t, "catalogue", "check", dir).want(t, 2, "a.yaml:3", "colour")
}
