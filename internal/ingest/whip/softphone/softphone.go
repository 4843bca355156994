// Package softphone is the page on which people test a microphone: it takes a
// token of the WHIP door, publishes the microphone as that party of the call
// and ends it again.
//
// It is a test and no telephone: nobody is called, nothing is heard, and the
// page makes no tokens.
package softphone

import (
	"bytes"
	"embed"
	"net/http"
	"time"
)

// Path is where the page is.
const Path = "/softphone"

//go:embed page
var files embed.FS

// Handlers gives the page's handlers by the pattern of their route. The page
// holds nothing of anybody, so that everybody may see it.
func Handlers() map[string]http.Handler {
	all := map[string]http.Handler{}
	for path, name := range map[string]string{
		Path: "index.html", Path + "/softphone.js": "softphone.js", Path + "/softphone.css": "softphone.css",
	} {
		body, err := files.ReadFile("page/" + name)
		if err != nil {
			panic(err) // cannot happen: it is embedded
		}
		all["GET "+path] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// What the server says of every page is that it gets no microphone.
			w.Header().Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
		})
	}
	return all
}
