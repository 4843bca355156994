package model

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/transcribe/sherpa"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func archive(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name+".tar.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// serve gives a puller whose one model comes from a server.
func serve(t *testing.T, content []byte, handler http.HandlerFunc) Puller {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	sum := sha256.Sum256(content)
	return Puller{
		Catalogue: Catalogue{{
			Name: "tiny", Source: server.URL + "/tiny.tar.bz2", Bytes: int64(len(content)),
			SHA256: hex.EncodeToString(sum[:]), Folders: []string{"tiny", "other-name"},
		}},
		Client: server.Client(),
		Stall:  10 * time.Second,
	}
}

func whole(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "x.tar.bz2", time.Time{}, bytes.NewReader(content))
	}
}

// names lists what lies in a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func TestPull(t *testing.T) {
	content, dir := archive(t, "good"), filepath.Join(t.TempDir(), "models")
	requests := 0
	p := serve(t, content, func(w http.ResponseWriter, r *http.Request) {
		requests++
		whole(content)(w, r)
	})
	if _, err := p.Catalogue.Find([]string{dir}, "tiny"); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("before: %v, want not installed", err)
	}
	var done, total int64
	if err := p.Pull(t.Context(), "tiny", dir, func(d, n int64) { done, total = d, n }); err != nil {
		t.Fatal(err)
	}
	if done != int64(len(content)) || total != done {
		t.Errorf("progress ended at %d of %d, want %d", done, total, len(content))
	}
	m, err := p.Catalogue.Find([]string{t.TempDir(), dir}, "tiny")
	if err != nil || m.Dir != filepath.Join(dir, "tiny") {
		t.Errorf("found %+v, %v", m, err)
	}
	if got, want := names(t, m.Dir), "README.md SHA256SUMS decoder-epoch-12-avg-2-chunk-16-left-64.onnx "+
		"encoder-epoch-12-avg-2-chunk-16-left-64.int8.onnx joiner-epoch-12-avg-2-chunk-16-left-64.int8.onnx tokens.txt"; got != want {
		t.Errorf("unpacked %s, want %s", got, want)
	}
	if got := names(t, dir); got != "tiny" {
		t.Errorf("left behind: %s", got)
	}
	// A second pull asks for nothing; a damaged copy is replaced.
	if err := p.Pull(t.Context(), "tiny", dir, nil); err != nil || requests != 1 {
		t.Errorf("second pull: %v after %d requests, want 1", err, requests)
	}
	if err := os.WriteFile(filepath.Join(m.Dir, "tokens.txt"), []byte("T0 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list := p.Catalogue.List([]string{dir}); list[0].Dir != "" || !strings.Contains(list[0].Problem, "checksum") {
		t.Errorf("damaged copy is listed as %+v", list[0])
	}
	if err := p.Pull(t.Context(), "tiny", dir, nil); err != nil || requests != 2 {
		t.Errorf("pull over a damaged copy: %v after %d requests, want 2", err, requests)
	}
	if list := p.Catalogue.List([]string{dir}); list[0].Dir != m.Dir || list[0].Problem != "" {
		t.Errorf("mended copy is listed as %+v", list[0])
	}
}

// TestPullGoesOn: an interrupted download is completed where the server can
// do that, and begun again where it cannot.
func TestPullGoesOn(t *testing.T) {
	content := archive(t, "good")
	for name, canResume := range map[string]bool{"resumes": true, "begins again": false} {
		t.Run(name, func(t *testing.T) {
			var ranges []string
			p := serve(t, content, func(w http.ResponseWriter, r *http.Request) {
				ranges = append(ranges, r.Header.Get("Range"))
				switch {
				case len(ranges) == 1:
					w.Header().Set("Content-Length", "100000")
					_, _ = w.Write(content[:100]) // and the connection breaks
				case canResume:
					whole(content)(w, r)
				default:
					_, _ = w.Write(content)
				}
			})
			dir := t.TempDir()
			if err := p.Pull(t.Context(), "tiny", dir, nil); !errors.Is(err, ErrUnreachable) {
				t.Fatalf("broken download: %v, want unreachable", err)
			}
			if _, err := p.Catalogue.Find([]string{dir}, "tiny"); !errors.Is(err, ErrNotInstalled) {
				t.Errorf("half a model: %v", err)
			}
			if err := p.Pull(t.Context(), "tiny", dir, nil); err != nil {
				t.Fatal(err)
			}
			if strings.Join(ranges, ",") != ",bytes=100-" {
				t.Errorf("asked for %q", ranges)
			}
		})
	}
}

func TestPullRefusesArchives(t *testing.T) {
	for name, want := range map[string]error{
		"traversal": ErrArchive, "deep-traversal": ErrArchive, "absolute": ErrArchive, "symlink": ErrArchive,
		"huge": ErrArchive, "many": ErrArchive, "empty": ErrArchive,
		"twice": os.ErrExist, "incomplete": os.ErrNotExist,
	} {
		t.Run(name, func(t *testing.T) {
			content, dir := archive(t, name), t.TempDir()
			p := serve(t, content, whole(content))
			if err := p.Pull(t.Context(), "tiny", filepath.Join(dir, "models"), nil); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
			if _, err := os.Stat(filepath.Join(dir, "evil.txt")); err == nil {
				t.Error("it wrote outside its folder")
			}
			if got := names(t, filepath.Join(dir, "models")); strings.Contains(got, "tiny-") || strings.Contains(got, " tiny") {
				t.Errorf("left behind: %s", got)
			}
		})
	}
}

func TestPullRefusesOtherContent(t *testing.T) {
	content := archive(t, "good")
	altered := bytes.Clone(content)
	altered[len(altered)/2] ^= 1
	for name, body := range map[string][]byte{
		"altered": altered, "longer": append(bytes.Clone(content), 0), "a web page": []byte("<html>please sign in</html>"),
	} {
		t.Run(name, func(t *testing.T) {
			first := true
			p := serve(t, content, func(w http.ResponseWriter, r *http.Request) {
				if first {
					first = false
					_, _ = w.Write(body)
					return
				}
				whole(content)(w, r)
			})
			dir := t.TempDir()
			err := p.Pull(t.Context(), "tiny", dir, nil)
			if !errors.Is(err, ErrChecksum) && !errors.Is(err, ErrUnreachable) {
				t.Errorf("%v, want it refused", err)
			}
			if name == "a web page" {
				return // what came stays for the next try, whose checksum finds it out
			}
			if err := p.Pull(t.Context(), "tiny", dir, nil); err != nil {
				t.Errorf("the next pull: %v", err)
			}
		})
	}
}

func TestPullWithoutInternet(t *testing.T) {
	content := archive(t, "good")
	p := serve(t, content, http.NotFound)
	if err := p.Pull(t.Context(), "tiny", t.TempDir(), nil); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "404") {
		t.Errorf("not found: %v", err)
	}
	p.Catalogue[0].Source = "http://127.0.0.1:1/tiny.tar.bz2"
	err := p.Pull(t.Context(), "tiny", t.TempDir(), nil)
	if !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "HEED_MODELS") {
		t.Errorf("offline: %v, want to be told what to do", err)
	}
	if err := p.Pull(t.Context(), "huge-en", t.TempDir(), nil); !errors.Is(err, ErrUnknown) {
		t.Errorf("unknown name: %v", err)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.Pull(t.Context(), "tiny", blocked, nil); err == nil {
		t.Error("pulled into a file")
	}
}

func TestPullStalls(t *testing.T) {
	content := archive(t, "good")
	release := make(chan struct{})
	p := serve(t, content, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(content[:10])
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release)
	p.Stall = 50 * time.Millisecond
	if err := p.Pull(t.Context(), "tiny", t.TempDir(), nil); !errors.Is(err, ErrUnreachable) || !strings.Contains(err.Error(), "50ms") {
		t.Errorf("stalled: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	p.Stall = time.Hour
	if err := p.Pull(ctx, "tiny", t.TempDir(), func(int64, int64) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestRealModel looks at the model that the engine's tests use, when there.
func TestRealModel(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("HEED_MODELS"))
	m, err := Find(dirs, SmallEnglish)
	if errors.Is(err, ErrNotInstalled) && os.Getenv("HEED_REQUIRE_ENGINES") != "1" {
		t.Skip("no model: set HEED_MODELS")
	}
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Find([]string{m.Dir}, SmallEnglish); err != nil || again.Dir != m.Dir {
		t.Errorf("by its own folder: %+v, %v", again, err)
	}
	if err := sherpa.CheckModel(m.Dir); err != nil {
		t.Error(err)
	}
}
