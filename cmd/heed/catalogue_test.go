package main

import (
	"os"
	"path/filepath"
	"testing"

	"heed/fixtures"
)

func TestCatalogueCheck(t *testing.T) {
	good := t.TempDir()
	if err := os.CopyFS(good, fixtures.Actions()); err != nil {
		t.Fatal(err)
	}
	heed(t, "catalogue", "check", good).want(t, 0)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("version: 1\nactions:\n  - {id: a.b, colour: red}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	heed(t, "catalogue", "check", dir).want(t, 2, "a.yaml:3", "colour")
}
