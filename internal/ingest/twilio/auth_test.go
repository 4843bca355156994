package twilio

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"heed/internal/ingest/ingesttest"
	"heed/internal/ingest/jsonmedia"
	"heed/internal/ingest/wire"
)

func bearer() http.Header { return http.Header{"Authorization": {"Bearer good"}} }

func signedWith(token, url string) http.Header {
	return http.Header{SignatureHeader: {Signature(token, url, nil)}}
}

func TestUpgradeIsAuthenticatedFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Options)
		header func(ws string) http.Header // ws is the URL that is dialled
		status int
		detail string
	}{
		{"signed as the platform does, TLS taken off by a proxy", nil, func(ws string) http.Header {
			return signedWith(secret, "wss"+strings.TrimPrefix(ws, "ws"))
		}, 101, ""},
		{"signed over the plain URL", nil, func(ws string) http.Header { return signedWith(secret, ws) }, 101, ""},
		{"signed over the public URL", func(o *Options) { o.PublicURL = "https://heed.example/behind/" }, func(string) http.Header {
			return signedWith(secret, "wss://heed.example/behind"+MediaPath)
		}, 101, ""},
		{"signed over the public URL with a port", func(o *Options) { o.PublicURL = "https://heed.example" }, func(string) http.Header {
			return signedWith(secret, "wss://heed.example:443"+MediaPath)
		}, 101, ""},
		{"key", nil, func(string) http.Header { return bearer() }, 101, ""},
		{"key without a token configured", func(o *Options) { o.AuthToken = "" }, func(string) http.Header { return bearer() }, 101, ""},
		{"key from another origin", nil, func(string) http.Header {
			h := bearer()
			h.Set("Origin", "https://elsewhere.example")
			return h
		}, 101, ""},
		{"wrong token", nil, func(ws string) http.Header { return signedWith("guess", ws) }, 403, "public-url"},
		{"signed over https, not wss", nil, func(ws string) http.Header {
			return signedWith(secret, "https"+strings.TrimPrefix(ws, "ws"))
		}, 403, "twilio-auth-token"},
		{
			"the host is not the configured one", func(o *Options) { o.PublicURL = "https://heed.example" },
			func(ws string) http.Header { return signedWith(secret, ws) }, 403, "public-url",
		},
		{"no signature", nil, func(string) http.Header { return nil }, 400, SignatureHeader},
		{"empty signature", nil, func(string) http.Header { return http.Header{SignatureHeader: {""}} }, 400, SignatureHeader},
		{"wrong key", nil, func(string) http.Header { return http.Header{"Authorization": {"Bearer bad"}} }, 401, "ingest"},
		{
			"nothing configured", func(o *Options) { o.AuthToken, o.Allow = "", nil },
			func(ws string) http.Header { return signedWith("", ws) }, 403, "twilio-auth-token (HEED_TWILIO_AUTH_TOKEN)",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, c.change)
			target := "ws" + strings.TrimPrefix(g.url, "http") + MediaPath
			ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), target, c.header(target))
			if c.status == http.StatusSwitchingProtocols {
				if err != nil {
					t.Fatal(err)
				}
				ws.Close()
				return
			}
			if err == nil {
				t.Fatal("let in")
			}
			checkProblem(t, answer, c.status, c.detail)
			if g.calls.Count() != 0 {
				t.Error("something was opened")
			}
		})
	}
}

func checkProblem(t *testing.T, answer *http.Response, status int, detail string) {
	t.Helper()
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var p wire.Problem
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatalf("answer %d is no problem: %v: %s", answer.StatusCode, err, raw)
	}
	if answer.StatusCode != status || p.Status != status || !strings.Contains(p.Detail, detail) ||
		answer.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("answer %d %s: %s, want %d with %q", answer.StatusCode, answer.Header.Get("Content-Type"), raw, status, detail)
	}
	if strings.Contains(string(raw), secret) {
		t.Error("the answer holds the secret")
	}
}

func TestUpgradeOfSomethingElse(t *testing.T) {
	t.Parallel()
	d := New(Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events(), Allow: func(*http.Request) bool { return true }}})
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"plain GET", func(*http.Request) {}, http.StatusUpgradeRequired},
		{"no websocket version", func(r *http.Request) {
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "websocket")
		}, http.StatusBadRequest},
		{"a page of another origin with the user's cookie", func(r *http.Request) {
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "websocket")
			r.Header.Set("Sec-Websocket-Version", "13")
			r.Header.Set("Origin", "https://elsewhere.example")
		}, http.StatusForbidden},
		{"a server that cannot hand over the connection", func(r *http.Request) {
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "websocket")
			r.Header.Set("Sec-Websocket-Version", "13")
			r.Header.Set("Sec-Websocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
		}, http.StatusInternalServerError},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, MediaPath, nil)
			c.change(r)
			w := httptest.NewRecorder()
			d.Media().ServeHTTP(w, r)
			checkProblem(t, w.Result(), c.status, "") //nolint:bodyclose // checkProblem does
		})
	}
}

func TestSocketsAreLimited(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(o *Options) { o.Limits.Sockets = 2 })
	g.dial(t)
	second := g.dial(t)
	target := "ws" + strings.TrimPrefix(g.url, "http") + MediaPath
	_, answer, err := websocket.DefaultDialer.DialContext(t.Context(), target, bearer())
	if err == nil {
		t.Fatal("a third socket was opened")
	}
	if answer.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	checkProblem(t, answer, http.StatusServiceUnavailable, "No more")
	second.send(start, stop)
	second.closeCode()
	second.ws.Close()
	g.stream(t).Wait(t)
	// The slot is given back a moment after the stream has ended.
	for {
		ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), target, bearer())
		if err == nil {
			ws.Close()
			return
		}
		if answer == nil || answer.StatusCode != http.StatusServiceUnavailable {
			t.Fatal(err)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url  string
		good bool
	}{
		{"", true},
		{"https://heed.example", true},
		{"http://localhost:8080", true},
		{"wss://heed.example/x", true},
		{"heed.example", false},
		{"https://", false},
		{"ftp://heed.example", false},
		{"https://heed.example?x=1", false},
		{"https://a b", false},
	} {
		if err := (Options{Setup: jsonmedia.Setup{Calls: ingesttest.New(), Events: ingesttest.New().Events()}, PublicURL: c.url}).Validate(); (err == nil) != c.good {
			t.Errorf("%q: %v", c.url, err)
		}
	}
	if (Options{}).Validate() == nil {
		t.Error("a door without calls is no door")
	}
	defer func() {
		if recover() == nil {
			t.Error("New took options that are not valid")
		}
	}()
	New(Options{})
}
