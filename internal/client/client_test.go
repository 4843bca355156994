package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"heed/internal/desk"
)

const key = "swordfish"

// fake is a server that answers from a table of "METHOD path?query".
func fake(t *testing.T, answers map[string]string) *Client {
	t.Helper()
	return serveFake(t, func(w http.ResponseWriter, r *http.Request) {
		answer, ok := answers[r.Method+" "+r.URL.RequestURI()]
		if !ok {
			t.Errorf("asked for %s %s", r.Method, r.URL.RequestURI())
		}
		if strings.HasPrefix(answer, "!") { // "!403 body"
			status, body, _ := strings.Cut(answer[1:], " ")
			code := 0
			fmt.Sscan(status, &code)
			w.WriteHeader(code)
			answer = body
		}
		fmt.Fprint(w, answer)
	})
}

func serveFake(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "Bearer "+key {
			t.Errorf("authorization %q", got)
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	c, err := New(s.URL, key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAddresses(t *testing.T) {
	for given, want := range map[string]string{
		"http://localhost:8080":                      "http://localhost:8080",
		"https://heed.example.com/some/page?x":       "https://heed.example.com",
		"ws://127.0.0.1:9/ingest/twilio/media":       "http://127.0.0.1:9",
		"wss://heed.example.com/ingest/twilio/media": "https://heed.example.com",
		"http://[::1]:8080":                          "http://[::1]:8080",
		"localhost:8080":                             "",
		"localhost":                                  "",
		"":                                           "",
		"ftp://localhost":                            "",
		"http://":                                    "",
		"http://local host":                          "",
		"file:///etc/passwd":                         "",
		"http://user:secret@heed.example.com:1234/abc": "http://heed.example.com:1234",
	} {
		c, err := New(given, key)
		switch {
		case want == "" && !errors.Is(err, ErrAddress):
			t.Errorf("%q: %v, want ErrAddress", given, err)
		case want != "" && (err != nil || c.Base() != want || c.Key() != key):
			t.Errorf("%q: %+v, %v; want %s", given, c, err, want)
		}
	}
}

func TestFindKeyAndServer(t *testing.T) {
	dir := t.TempDir()
	if _, err := FindKey("", dir); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), dir) {
		t.Errorf("no key: %v", err)
	}
	if got := FindServer("", dir); got != DefaultServer {
		t.Errorf("no address: %s", got)
	}
	for name, text := range map[string]string{KeyFile: key + "\n", AddressFile: "http://127.0.0.1:7\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := FindKey("", dir); got != key || err != nil {
		t.Errorf("found key %q, %v", got, err)
	}
	if got, err := FindKey("given", dir); got != "given" || err != nil {
		t.Errorf("given key %q, %v", got, err)
	}
	if got := FindServer("", dir); got != "http://127.0.0.1:7" {
		t.Errorf("found server %s", got)
	}
	if got := FindServer("http://x", dir); got != "http://x" {
		t.Errorf("given server %s", got)
	}
	if err := os.Mkdir(filepath.Join(dir, "odd"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "odd", KeyFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := FindKey("", filepath.Join(dir, "odd")); err == nil || errors.Is(err, ErrNoKey) {
		t.Errorf("a key that cannot be read: %v", err)
	}
}

func TestRoutes(t *testing.T) {
	c := fake(t, map[string]string{
		"GET /v1/calls?platform_call_id=CA%2F1%261": `{"calls":[{"id":"c1"}]}`,
		"GET /v1/calls?platform_call_id=CA2":        `{"calls":[]}`,
		"GET /v1/calls?platform_call_id=none":       `{"calls":[]}`,
		"GET /v1/calls?status=live&limit=500":       `{"calls":[{"id":"c1"},{"id":"c2"}]}`,
		"GET /v1/calls/c%2F1":                       `{"id":"c/1","utterances":[{"text":"hello"}],"ended_at":"2026-11-02T10:00:00.000Z"}`,
		"POST /v1/links":                            `{"path":"/login?token=t"}`,
	})
	ctx := t.Context()
	if id, err := c.CallID(ctx, "CA/1&1"); id != "c1" || err != nil {
		t.Errorf("id %q, %v", id, err)
	}
	if id, err := c.CallID(ctx, "CA2"); id != "" || err != nil {
		t.Errorf("an unknown call: %q, %v", id, err)
	}
	if n, err := c.Live(ctx); n != 2 || err != nil {
		t.Errorf("%d live, %v", n, err)
	}
	if r, err := c.Call(ctx, "c/1"); err != nil || r.ID != "c/1" || len(r.Utterances) != 1 || r.EndedAt == nil {
		t.Errorf("record %+v, %v", r, err)
	}
	if link, err := c.Link(ctx, "", ""); err != nil || link != c.Base()+"/login?token=t" {
		t.Errorf("link %q, %v", link, err)
	}
	if err := c.Check(ctx); err != nil {
		t.Error(err)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		answer string
		status int
		says   []string
	}{
		{`!401 {"status":401,"detail":"sign in"}`, 401, []string{"does not know this API key", "cli.key", "--key"}},
		{`!403 {"status":403,"detail":"the role ingest may not do this"}`, 403, []string{"403", "the role ingest may not do this"}},
		{`!503 {"status":503,"detail":"the disk is full"}`, 503, []string{"the disk is full"}},
		{`!502 <html>bad gateway</html>`, 502, []string{"502 Bad Gateway"}}, // a proxy in between
		{`!500 `, 500, []string{"500 Internal Server Error"}},
	} {
		c := fake(t, map[string]string{"POST /v1/links": tt.answer})
		_, err := c.Link(t.Context(), "", "")
		p := (*Problem)(nil)
		if !errors.As(err, &p) || p.Status != tt.status {
			t.Errorf("%s: %v", tt.answer, err)
			continue
		}
		for _, s := range tt.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q does not say %q", tt.answer, err, s)
			}
		}
		if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q shows too much", tt.answer, err)
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, answer := range []string{"", "<html>", `{"path":3}`, `[]`} {
		c := fake(t, map[string]string{"POST /v1/links": answer})
		if _, err := c.Link(t.Context(), "", ""); err == nil || !strings.Contains(err.Error(), "does not parse") {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	base := s.URL
	if err := Alive(t.Context(), base); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a server that is not ours: %v", err)
	}
	s.Close()
	c, err := New(base, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{c.Check(t.Context()), Alive(t.Context(), base)} {
		if err == nil || !strings.Contains(err.Error(), "cannot reach the server at "+base+": ") || !strings.Contains(err.Error(), "heed serve") {
			t.Errorf("error %v", err)
		}
		if strings.Contains(fmt.Sprint(err), "/v1/") {
			t.Errorf("%v tells of what nobody asked for", err)
		}
	}
	if err := Alive(t.Context(), "http://bad host"); err == nil {
		t.Error("an address that is none")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestAlive(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" || r.Header.Get("Authorization") != "" {
			t.Errorf("asked for %s with %q", r.URL.Path, r.Header.Get("Authorization"))
		}
	}))
	defer s.Close()
	if err := Alive(t.Context(), s.URL); err != nil {
		t.Error(err)
	}
}

// TestWait follows a call that appears late, talks, and ends.
func TestWait(t *testing.T) {
	var asked atomic.Int32
	c := serveFake(t, func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		switch {
		case r.URL.Path == "/v1/calls" && n < 3:
			fmt.Fprint(w, `{"calls":[]}`)
		case r.URL.Path == "/v1/calls":
			fmt.Fprint(w, `{"calls":[{"id":"c1"}]}`)
		case n < 5:
			fmt.Fprint(w, `{"id":"c1","utterances":[{"id":"u1"}]}`)
		default:
			fmt.Fprint(w, `{"id":"c1","utterances":[{"id":"u1"},{"id":"u2"}],"ended_at":"2026-11-02T10:00:00Z"}`)
		}
	})
	var seen []int
	r, err := c.Wait(t.Context(), "CA1", func(r *desk.Record) { seen = append(seen, len(r.Utterances)) })
	if err != nil || len(r.Utterances) != 2 {
		t.Fatalf("record %+v, %v", r, err)
	}
	if len(seen) != 2 || seen[0] != 1 || seen[1] != 2 {
		t.Errorf("saw %v utterances", seen)
	}
}

func TestWaitStops(t *testing.T) {
	live := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/calls" {
			fmt.Fprint(w, `{"calls":[{"id":"c1"}]}`)
			return
		}
		fmt.Fprint(w, `{"id":"c1"}`)
	}
	t.Run("when nobody waits any more", func(t *testing.T) {
		c := serveFake(t, live)
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := c.Wait(ctx, "CA1", func(*desk.Record) { cancel() }); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("when the record cannot be read", func(t *testing.T) {
		c := serveFake(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/v1/calls" {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			live(w, r)
		})
		p := (*Problem)(nil)
		if _, err := c.Wait(t.Context(), "CA1", nil); !errors.As(err, &p) || p.Status != http.StatusInternalServerError {
			t.Errorf("error %v", err)
		}
	})
}

// nobody answers every search for a call with none, without a network, so
// that time can be the test's own.
type nobody struct{ asked int }

func (n *nobody) RoundTrip(*http.Request) (*http.Response, error) {
	n.asked++
	w := httptest.NewRecorder()
	fmt.Fprint(w, `{"calls":[]}`)
	return w.Result(), nil
}

func TestWaitGivesUpOnACallThatNeverAppears(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &nobody{}
		c := &Client{base: "http://heed.example", key: key, http: &http.Client{Transport: n}}
		began := time.Now()
		_, err := c.Wait(t.Context(), "CA1", nil)
		if err == nil || !strings.Contains(err.Error(), "CA1") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(began); took < appearWithin || took > appearWithin+time.Second || n.asked < 40 {
			t.Errorf("gave up after %v and %d questions", took, n.asked)
		}
	})
}

func TestLocalServers(t *testing.T) {
	for server, want := range map[string]bool{
		"http://localhost:8080": true, "ws://127.0.0.1:1": true, "http://[::1]:8080": true,
		"https://heed.example.com": false, "http://10.0.0.7:8080": false,
		"http://localhost.example.com": false, "nonsense": true,
	} {
		if got := Local(server); got != want {
			t.Errorf("Local(%q) = %v", server, got)
		}
	}
}
