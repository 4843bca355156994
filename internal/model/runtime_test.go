package model

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"heed/transcribe/sherpa"
)

// cached gives the module cache's copy, or ends the test.
func cached(t *testing.T) string {
	t.Helper()
	dir, err := FindRuntime(nil)
	if err != nil {
		if os.Getenv("HEED_REQUIRE_ENGINES") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return dir
}

func TestInstallRuntime(t *testing.T) {
	cached(t)
	data := t.TempDir()
	dst := filepath.Join(data, "runtime")
	for range 2 { // the second replaces the first
		if err := InstallRuntime(dst); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, dst); got != "libonnxruntime.so libsherpa-onnx-c-api.so" {
		t.Errorf("installed %s", got)
	}
	// It is found by its folder, and by the folder that holds it, before the
	// module cache.
	for _, dir := range []string{dst, data} {
		if got, err := FindRuntime([]string{"", t.TempDir(), dir}); err != nil || got != dst {
			t.Errorf("found %s, %v, want %s", got, err, dst)
		}
	}
	// A damaged copy is passed over.
	if err := os.Truncate(filepath.Join(dst, "libonnxruntime.so"), 1000); err != nil {
		t.Fatal(err)
	}
	if got, err := FindRuntime([]string{data}); err != nil || got == dst {
		t.Errorf("found %s, %v, want the module cache", got, err)
	}
}

func TestNoRuntime(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("no runtime for this machine")
	}
	t.Setenv("GOMODCACHE", t.TempDir())
	if _, err := FindRuntime([]string{t.TempDir()}); !errors.Is(err, ErrNoRuntime) || !strings.Contains(err.Error(), "go mod download") {
		t.Errorf("%v, want to be told what to do", err)
	}
	if err := InstallRuntime(t.TempDir()); !errors.Is(err, ErrNoRuntime) {
		t.Errorf("installed from nowhere: %v", err)
	}
	// A copy with other content is refused, and the refusal says so.
	other := t.TempDir()
	for name := range sherpa.RuntimeFiles(runtime.GOARCH) {
		if err := os.WriteFile(filepath.Join(other, name), []byte("another version"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := FindRuntime([]string{other}); !errors.Is(err, sherpa.ErrChecksum) || !errors.Is(err, ErrNoRuntime) {
		t.Errorf("%v, want the other version refused", err)
	}
}

func TestModuleCachePlaces(t *testing.T) {
	t.Setenv("GOMODCACHE", "")
	t.Setenv("GOPATH", "/one:/two")
	if got := moduleRuntime(); runtime.GOOS == "linux" && !strings.HasPrefix(got, "/one/pkg/mod/github.com/k2-fsa/") {
		t.Errorf("module cache at %s", got)
	}
	t.Setenv("GOPATH", "")
	t.Setenv("HOME", "/home/someone")
	if got := moduleRuntime(); runtime.GOOS == "linux" && !strings.HasPrefix(got, "/home/someone/go/pkg/mod/") {
		t.Errorf("module cache at %s", got)
	}
	t.Setenv("HOME", "")
	if got := moduleRuntime(); got != "" {
		t.Errorf("module cache at %s without a home", got)
	}
}

func TestCatalogueIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Default() {
		if e.Name == "" || seen[e.Name] || e.Title == "" || e.Language == "" || e.Licence == "" || e.Quality == "" || len(e.Folders) == 0 {
			t.Errorf("incomplete entry %+v", e)
		}
		if !strings.HasPrefix(e.Source, "https://") || len(e.SHA256) != 64 || e.Bytes <= 0 {
			t.Errorf("%s: source %s, %d bytes, sum %s", e.Name, e.Source, e.Bytes, e.SHA256)
		}
		seen[e.Name] = true
	}
	if _, err := Find(nil, "no-such-model"); !errors.Is(err, ErrUnknown) {
		t.Errorf("unknown name: %v", err)
	}
}
