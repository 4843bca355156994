package ui_test

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"heed/ui"
)

// index gives the page, or skips where `npm run build` did not run: the Go
// packages build and test without Node.
func index(t *testing.T) string {
	t.Helper()
	if !ui.Built() {
		t.Skip("ui/dist holds no build; run `npm run build` in ui")
	}
	page, err := fs.ReadFile(ui.Files(), ui.Index)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestFilesAreReadableBeforeTheFirstBuild(t *testing.T) {
	if _, err := fs.ReadDir(ui.Files(), "."); err != nil {
		t.Fatalf("read the root of the app: %v", err)
	}
}

// TestWhatThePageNamesIsEmbedded follows every address of the page.
func TestWhatThePageNamesIsEmbedded(t *testing.T) {
	page := index(t)
	found := 0
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "/assets/") {
			t.Errorf("the page asks for %q: everything it needs is below /assets/", m[1])
			continue
		}
		if _, err := fs.Stat(ui.Files(), strings.TrimPrefix(m[1], "/")); err != nil {
			t.Errorf("the page names %s: %v", m[1], err)
		}
		found++
	}
	if found < 2 {
		t.Fatalf("the page names %d files, want a script and a style sheet", found)
	}
}

// TestThePageKeepsItsContentSecurityPolicy holds for default-src 'self':
// nothing inline, nothing from elsewhere.
func TestThePageKeepsItsContentSecurityPolicy(t *testing.T) {
	page := index(t)
	for _, bad := range []string{"<style", " style=", " onclick=", " onload=", "http://", "https://", "data:"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if m := regexp.MustCompile(`<script[^>]*>\s*[^<\s]`).FindString(page); m != "" {
		t.Errorf("the page holds an inline script: %q", m)
	}
}

// TestAssetsCarryAHash is what lets the server mark them immutable.
func TestAssetsCarryAHash(t *testing.T) {
	index(t)
	hashed := regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.[a-z0-9]+$`)
	err := fs.WalkDir(ui.Files(), "assets", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !hashed.MatchString(path.Base(p)) {
			t.Errorf("%s has no content hash in its name", p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
