package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

type madeKey struct {
	ID, Key, Role, State, Hint string
	Scopes                     []string
	Maker                      string     `json:"made_by"`
	Expires                    *time.Time `json:"expires_at"`
	Used                       *time.Time `json:"used_at"`
}

// made asks for a key and gives it.
func (s *site) made(t *testing.T, admin, path, body string) (k madeKey) {
	t.Helper()
	status, _, text := s.ask(t, "POST", path, admin, body)
	if err := json.Unmarshal([]byte(text), &k); status != http.StatusOK || err != nil {
		t.Fatalf("%s: %d %s", path, status, text)
	}
	return k
}

func (s *site) status(t *testing.T, method, path, key string) int {
	t.Helper()
	status, _, _ := s.ask(t, method, path, key, "")
	return status
}

// A key with scopes does what is in them, of what its role may.
func TestScopesOfKeys(t *testing.T) {
	s := newSite(t)
	s.call(t, "c1")
	admin := s.key(t, "admin")
	k := s.made(t, admin, "/v1/keys", `{"name": "BI", "role": "viewer", "scopes": ["search:read", "calls:read", "calls:read"], "expires_at": "2999-01-01T00:00:00Z"}`)
	if len(k.Scopes) != 2 || !strings.HasPrefix(k.Key, "heed_") || !strings.HasPrefix(k.Key, k.Hint) || k.Maker != "test admin" || k.Expires == nil {
		t.Errorf("the key is %+v", k)
	}
	for path, want := range map[string]int{
		"/v1/calls": 200, "/v1/calls/c1": 200, "/v1/search?q=cancel": 200, "/v1/me": 200, "/v1/status": 200,
		"/v1/customers": 403, "/v1/themes": 403, "/v1/keys": 403,
	} {
		if got := s.status(t, "GET", path, k.Key); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if _, _, text := s.ask(t, "GET", "/v1/customers", k.Key, ""); !strings.Contains(text, "customers:read") {
		t.Errorf("the refusal does not name the scope: %s", text)
	}
	narrow := s.made(t, admin, "/v1/keys", `{"name": "door", "role": "ingest", "scopes": ["events:write"]}`)
	if got := s.status(t, "POST", "/ingest/probe", narrow.Key); got != http.StatusTeapot {
		t.Errorf("a key without calls:ingest at a door: %d", got)
	}
	for name, body := range map[string]string{
		"an unknown scope": `{"name": "x", "role": "viewer", "scopes": ["calls:eat"]}`,
		"an end behind us": `{"name": "x", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}`,
	} {
		if status, _, text := s.ask(t, "POST", "/v1/keys", admin, body); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
}

// A key with scopes makes none that holds more, renews none, and opens no
// browser: that would be all that a role may.
func TestAKeyGivesNoMoreThanItHolds(t *testing.T) {
	s := newSite(t)
	root := s.key(t, "admin")
	wide := s.made(t, root, "/v1/keys", `{"name": "all", "role": "admin"}`)
	narrow := s.made(t, root, "/v1/keys", `{"name": "keys", "role": "admin", "scopes": ["admin", "calls:read"]}`)
	for _, c := range []struct {
		path, body string
		want       int
	}{
		{"/v1/keys", `{"name": "x", "role": "admin"}`, 403},
		{"/v1/keys", `{"name": "x", "role": "viewer"}`, 403},
		{"/v1/keys", `{"name": "x", "role": "admin", "scopes": ["admin", "customers:read"]}`, 403},
		{"/v1/keys", `{"name": "x", "role": "admin", "scopes": ["calls:read"]}`, 200},
		{"/v1/keys/" + wide.ID + "/rotate", `{}`, 403},
		{"/v1/keys/" + narrow.ID + "/rotate", `{"overlap_hours": 1}`, 200},
		{"/v1/links", `{}`, 403},
		{"/v1/users/u1/link", `{}`, 403},
	} {
		if status, _, text := s.ask(t, "POST", c.path, narrow.Key, c.body); status != c.want {
			t.Errorf("%s %s: %d %s", c.path, c.body, status, text)
		}
	}
	for _, path := range []string{"/v1/keys/" + wide.ID + "/rotate", "/v1/links", "/v1/users/u1/link"} {
		if status, _, text := s.ask(t, "POST", path, root, "{}"); status != 200 {
			t.Errorf("%s by who holds all: %d %s", path, status, text)
		}
	}
}

// The secret is shown once; the last use is known, and written without a wait.
func TestKeysLiveAndEnd(t *testing.T) {
	s := newSite(t)
	admin := s.key(t, "admin")
	k := s.made(t, admin, "/v1/keys", `{"name": "BI", "role": "viewer"}`)
	one := "/v1/keys/" + k.ID
	s.status(t, "GET", "/v1/me", k.Key)
	status, _, text := s.ask(t, "GET", "/v1/keys", admin, "")
	if status != 200 || strings.Contains(text, k.Key) || !strings.Contains(text, `"used_at"`) || !strings.Contains(text, `"calls:ingest"`) {
		t.Errorf("the list: %d %s", status, text)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	s.web.Run(ctx) // the last time before the end
	kept, err := s.store.KeyByHash(t.Context(), store.HashOf(k.Key), time.Now())
	if err != nil || kept.Used.IsZero() || time.Since(kept.Used) > 2*time.Minute {
		t.Errorf("the last use is written as %v, %v", kept.Used, err)
	}
	if s.status(t, "DELETE", one, admin) != 204 || s.status(t, "GET", "/v1/me", k.Key) != 401 || s.status(t, "DELETE", one, admin) != 404 {
		t.Error("a revoked key goes on")
	}
	if s.status(t, "POST", one+"/restore", admin) != 200 || s.status(t, "GET", "/v1/me", k.Key) != 200 || s.status(t, "POST", one+"/restore", admin) != 404 {
		t.Error("a restored key does not")
	}
	next := s.made(t, admin, one+"/rotate", `{"overlap_hours": 1}`)
	if s.status(t, "GET", "/v1/me", k.Key) != 200 || s.status(t, "GET", "/v1/me", next.Key) != 200 || next.ID == k.ID || next.Role != "viewer" {
		t.Error("both keys are to do during the overlap")
	}
	last := s.made(t, admin, "/v1/keys/"+next.ID+"/rotate", `{}`)
	if s.status(t, "GET", "/v1/me", next.Key) != 401 || s.status(t, "GET", "/v1/me", last.Key) != 200 {
		t.Error("without an overlap the old key is to end at once")
	}
	told, err := s.store.Events(t.Context(), store.EventQuery{Types: []event.Type{event.KeyChanged}, Limit: 100})
	if err != nil || len(told) == 0 || !strings.Contains(string(told[0].Data), `"by":"test admin"`) {
		t.Errorf("what was done to keys left no trace: %v %v", told, err)
	}
	if got, _, _ := s.ask(t, "POST", "/v1/keys/nothing/rotate", admin, "{}"); got != http.StatusNotFound {
		t.Errorf("rotating nothing: %d", got)
	}
}

// diary is an audit in memory.
type diary struct {
	mu    sync.Mutex
	noted []string
	fail  error
}

func (d *diary) Note(_ context.Context, reads ...store.Read) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range reads {
		d.noted = append(d.noted, r.Role+" "+r.Kind+" "+r.Call+r.About+" "+r.Origin+" "+r.Why)
	}
	return d.fail
}

// audit gives it as what the server may be given, or none.
func (d *diary) audit() interface {
	Note(ctx context.Context, reads ...store.Read) error
} {
	if d == nil {
		return nil
	}
	return d
}

func (d *diary) take() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	text := strings.Join(d.noted, "; ")
	d.noted = nil
	return text
}

// Every reading of a call is noted before it is answered, and refused when it
// cannot be.
func TestReadingsAreNoted(t *testing.T) {
	d := &diary{}
	s := siteWith(t, d)
	s.call(t, "kept")
	viewer := s.key(t, "viewer")
	for _, c := range []struct{ path, want string }{
		{"/v1/calls/kept", "viewer call kept local "},
		{"/v1/calls/kept/peaks", "viewer peaks kept local "},
		{"/v1/calls/kept/recording", "viewer recording kept local "},
		{"/v1/customers/anna", "viewer customer anna local "},
		{"/v1/calls", "viewer calls  local "},
		{"/v1/calls?limit=1", "viewer calls  local "},
		{"/v1/customers", "viewer customers  local "},
		{"/v1/corrections", "viewer corrections  local "},
		{"/v1/decisions/nothing", "viewer decisions  local "},
		{"/v1/events?types=theme.emerged", "viewer live  local "},
		{"/v1/me", ""},
		{"/v1/events?types=call.started", ""},
	} {
		ctx, cut := context.WithTimeout(t.Context(), 300*time.Millisecond)
		req, err := http.NewRequestWithContext(ctx, "GET", s.URL+c.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+viewer)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
		}
		cut()
		if got := d.take(); got != c.want {
			t.Errorf("%s is noted as %q, want %q", c.path, got, c.want)
		}
	}
	s.ask(t, "GET", "/v1/calls/kept", viewer, "", "Heed-Reason", "complaint 4412", "X-Forwarded-For", "203.0.113.7")
	if got := d.take(); got != "viewer call kept proxied complaint 4412" {
		t.Errorf("with a reason: %q", got)
	}
	if s.status(t, "GET", "/v1/calls/kept", ""); d.take() != "" {
		t.Error("who was refused is noted")
	}
	d.fail = errors.New("disk")
	for _, path := range []string{"/v1/calls/kept", "/v1/calls/kept/recording", "/v1/calls/kept/events", "/v1/events"} {
		status, head, text := s.ask(t, "GET", path, viewer, "")
		if status != http.StatusServiceUnavailable || head.Get("Retry-After") == "" || strings.Contains(text, "cancel") {
			t.Errorf("%s without an audit: %d %s", path, status, text)
		}
	}
}
