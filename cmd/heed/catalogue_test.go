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
	says("the defaults", "traits are declared")
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

// TestCatalogueExport writes what a server has in force, which is in order and
// the same.
func TestCatalogueExport(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	s := serveFor(t, data, "--speech-engine", "none")
	dir := filepath.Join(t.TempDir(), "actions")
	heed(t, "catalogue", "export", dir, "--data", data).want(t, 0, "")
	was, now := heed(t, "catalogue", "check", dir), ""
	was.want(t, 0)
	if _, now, _ = strings.Cut(was.out, "policy "); !strings.Contains(now, "the defaults") {
		t.Errorf("the policy is another one:\n%s", was.out)
	}
	heed(t, "catalogue", "export", dir, "--data", data).want(t, 2, "not empty", "--force")
	heed(t, "catalogue", "export", dir, "--data", data, "--force").want(t, 0)
	s.stop(t)
	heed(t, "catalogue", "export", filepath.Join(t.TempDir(), "other"), "--data", data).want(t, 1)
}
