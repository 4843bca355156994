package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// app serves the built web app. A path that names no file is a screen of the
// app and gets its page.
type app struct {
	files fs.FS
	page  []byte
}

// missingPage is served when the binary was built without the web app.
const missingPage = `<!doctype html><meta charset="utf-8"><title>Heed</title>
<p>This binary was built without the web app. Run <code>make build</code>. The API works: see <a href="/openapi.json">/openapi.json</a>.</p>
`

func newApp(files fs.FS) (*app, error) {
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		if _, err := fs.Stat(files, "."); err != nil {
			return nil, fmt.Errorf("web app: %w", err)
		}
		page = []byte(missingPage)
	}
	return &app{files: files, page: page}, nil
}

// isFile tells whether a page of its own stands at a path, such as the API's
// reference.
func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && !info.IsDir()
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if strings.HasPrefix(name, "v1/") || strings.HasPrefix(name, "ingest/") {
		http.NotFound(w, r)
		return
	}
	if index := path.Join(name, "index.html"); name != "" && isFile(a.files, index) {
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, a.files, index)
		return
	}
	info, err := fs.Stat(a.files, name)
	if name == "" || err != nil || info.IsDir() {
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		// The app has a softphone; no other page gets a microphone.
		w.Header().Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
		_, _ = w.Write(a.page)
		return
	}
	// Files under assets carry a hash of their content in their name.
	if strings.HasPrefix(name, "assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeFileFS(w, r, a.files, name)
}
