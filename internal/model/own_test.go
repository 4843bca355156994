package model

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// own is an entry for what a server of [serve] gives.
func own(p Puller, content []byte) Entry {
	sum := sha256.Sum256(content)
	return Entry{
		Name: "tiny-de", Title: "test", Language: "de", Source: p.Catalogue[0].Source,
		Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
	}
}

func TestPullOwnAndUse(t *testing.T) {
	content, dir := archive(t, "good"), filepath.Join(t.TempDir(), "models")
	p := serve(t, content, whole(content))
	if err := p.PullOwn(t.Context(), own(p, content), dir, nil); err != nil {
		t.Fatal(err)
	}
	dirs := []string{"", t.TempDir(), dir}
	m, err := Find(dirs, "tiny-de")
	if err != nil || m.Language != "de" || m.Dir != filepath.Join(dir, "tiny-de") {
		t.Fatalf("Find = %+v, %v", m, err)
	}
	list := List(dirs)
	if last := list[len(list)-1]; last.Name != "tiny-de" || !last.Own || last.Dir == "" {
		t.Errorf("the list ends with %+v", last)
	}
	in := filepath.Join(t.TempDir(), "not", "yet")
	language, err := Use(dirs, "tiny-de", in)
	if err != nil || language != "de" {
		t.Fatalf("Use = %q, %v", language, err)
	}
	chosen, err := InUse([]string{dir, in})
	if err != nil || chosen["de"] != "tiny-de" || chosen["en"] != SmallEnglish {
		t.Errorf("InUse = %v, %v", chosen, err)
	}
	if _, err := Use(dirs, "nobody", in); !errors.Is(err, ErrUnknown) {
		t.Errorf("Use(nobody) = %v", err)
	}
	if _, err := Use(dirs, "large-en", in); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("Use(large-en) = %v: it is not here", err)
	}
	// Later corruption is seen by the sums that were noted when it was unpacked.
	tokens := filepath.Join(m.Dir, "tokens.txt")
	if err := os.WriteFile(tokens, []byte("altered 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(dirs, "tiny-de"); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("an altered model: %v", err)
	}
}

func TestPullOwnRefuses(t *testing.T) {
	content := archive(t, "good")
	p := serve(t, content, whole(content))
	for name, change := range map[string]func(*Entry){
		"a path as a name":     func(e *Entry) { e.Name = "../x" },
		"no name":              func(e *Entry) { e.Name = "" },
		"a name that is taken": func(e *Entry) { e.Name = SmallEnglish },
		"no language":          func(e *Entry) { e.Language = "" },
		"a local file":         func(e *Entry) { e.Source = "file:///etc/passwd" },
		"no checksum":          func(e *Entry) { e.SHA256 = "" },
		"no size":              func(e *Entry) { e.Bytes = 0 },
		"a monstrous size":     func(e *Entry) { e.Bytes = 1 << 40 },
	} {
		e, dir := own(p, content), t.TempDir()
		change(&e)
		if err := p.PullOwn(t.Context(), e, dir, nil); !errors.Is(err, ErrDescription) {
			t.Errorf("%s: %v", name, err)
		}
		if left := names(t, dir); left != "" {
			t.Errorf("%s: left %s", name, left)
		}
	}
	e, dir := own(p, content), t.TempDir()
	e.SHA256 = strings.Repeat("0", 64)
	if err := p.PullOwn(t.Context(), e, dir, nil); !errors.Is(err, ErrChecksum) {
		t.Errorf("wrong checksum: %v", err)
	}
	if _, err := Find([]string{dir}, "tiny-de"); !errors.Is(err, ErrUnknown) {
		t.Errorf("after a wrong checksum: %v", err)
	}
}

// TestNotesThatDoNotParse are passed over, or named: they never choose a model.
func TestNotesThatDoNotParse(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "x"), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "{", `{"name":"y","language":"de"}`, `{"name":7}`, strings.Repeat("x", maxNote+1)} {
		if err := os.WriteFile(filepath.Join(dir, "x", ownFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := len(Known([]string{dir})); got != len(Default()) {
			t.Errorf("%.20q: %d models known", text, got)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, useFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := InUse([]string{dir}); err == nil || !strings.Contains(err.Error(), useFile) {
		t.Errorf("InUse = %v, want the file's name", err)
	}
}

// TestCatalogueIsWhole: everything that a user is told, and what protects him.
func TestCatalogueIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Default() {
		if seen[e.Name] || len(e.SHA256) != 64 || e.Bytes <= 0 || e.Licence == "" || e.Quality == "" || len(e.Folders) == 0 ||
			e.Language == "" || !strings.HasPrefix(e.Source, "https://") {
			t.Errorf("incomplete: %+v", e)
		}
		seen[e.Name] = true
	}
}
