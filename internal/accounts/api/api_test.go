package api_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"heed/internal/accounts"
	"heed/internal/accounts/api"
	"heed/internal/accounts/pace"
	"heed/internal/accounts/passkey"
	"heed/internal/accounts/password"
	"heed/internal/accounts/sealed"
	"heed/internal/store"
)

// site serves the routes as the server does, cookies and roles included.
type site struct {
	*httptest.Server

	tb       testing.TB
	store    *store.Store
	accounts *accounts.Service
	mu       sync.Mutex
	clock    time.Time
	// meanwhile is done when the accounts ask for the time once more after skip
	// times: what another does while a request is under way.
	meanwhile func()
	skip      int
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

// asked is the clock of the accounts.
func (s *site) asked() time.Time {
	s.mu.Lock()
	do := s.meanwhile
	if s.skip--; s.skip < 0 {
		s.meanwhile = nil
	} else {
		do = nil
	}
	s.mu.Unlock()
	if do != nil {
		do()
	}
	return s.now()
}

// interrupt has something done while the next request is under way.
func (s *site) interrupt(skip int, do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meanwhile, s.skip = do, skip
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

const cookieName = "heed_session"

func newSite(tb testing.TB, more ...func(*api.Options, string)) *site {
	tb.Helper()
	s := &site{tb: tb, clock: time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)}
	var err error
	s.store, err = store.Open(tb.Context(), store.Options{Path: filepath.Join(tb.TempDir(), "data"), Now: s.now})
	if err != nil {
		tb.Fatal(err)
	}
	keys, err := passkey.New("http://localhost:8080", sealed.New(s.now))
	if err != nil {
		tb.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	light := password.Cost{Memory: 64, Time: 1, Threads: 1}
	s.accounts = accounts.New(accounts.Options{
		Store: s.store, Hasher: password.NewHasher(light, 2), Pace: pace.New(s.now), Keys: keys, Life: 12 * time.Hour, Idle: 2 * time.Hour, Now: s.asked, Logger: logger,
	})
	mux := http.NewServeMux()
	s.Server = httptest.NewServer(mux)
	tb.Cleanup(func() {
		s.Close()
		if err := s.store.Close(); err != nil {
			tb.Error(err)
		}
	})
	o := api.Options{Accounts: s.accounts, Logger: logger}
	for _, set := range more {
		set(&o, s.URL)
	}
	s.mount(mux, o)
	if err := s.accounts.First(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return s
}

type callerKey struct{}

// mount stands in for the server: it knows callers by their cookie.
func (s *site) mount(mux *http.ServeMux, o api.Options) {
	a := humago.New(mux, huma.DefaultConfig("t", "1"))
	a.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		roles, _ := ctx.Operation().Metadata["roles"].([]string)
		r, _ := humago.Unwrap(ctx)
		var who store.User
		if c, err := r.Cookie(cookieName); err == nil {
			who, _ = s.store.Session(ctx.Context(), store.HashOf(c.Value), s.now())
		}
		switch {
		case len(roles) == 0:
		case who.ID == "":
			_ = huma.WriteErr(a, ctx, http.StatusUnauthorized, "sign in")
			return
		case !slices.Contains(roles, who.Role):
			_ = huma.WriteErr(a, ctx, http.StatusForbidden, "the role may not")
			return
		}
		next(huma.WithValue(ctx, callerKey{}, [2]any{who, r}))
	})
	user := func(ctx interface{ Value(any) any }) store.User {
		v, _ := ctx.Value(callerKey{}).([2]any)
		u, _ := v[0].(store.User)
		return u
	}
	api.Routes(o)(newKit(a, user))
}

func (s *site) ask(method, path, session, body string) (int, http.Header, string) {
	s.tb.Helper()
	req, err := http.NewRequestWithContext(s.tb.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Test browser")
	if session != "" {
		req.Header.Set("Cookie", session)
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.Do(req)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.tb.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(raw)
}

// does asks and wants a status.
func (s *site) does(want int, method, path, session, body string) string {
	s.tb.Helper()
	status, _, answer := s.ask(method, path, session, body)
	if status != want {
		s.tb.Errorf("%s %s %s: %d %s, want %d", method, path, body, status, answer, want)
	}
	return answer
}

// enters signs in and gives the cookie, empty when that was refused.
func (s *site) enters(body string) string {
	s.tb.Helper()
	status, header, answer := s.ask("POST", "/v1/session", "", body)
	if status != http.StatusNoContent {
		s.tb.Logf("sign in: %d %s", status, answer)
		return ""
	}
	return cookieOf(header)
}

func cookieOf(header http.Header) string {
	for _, c := range header.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(c, ";"); strings.HasPrefix(pair, cookieName+"=") && len(pair) > len(cookieName)+1 {
			return pair
		}
	}
	return ""
}

// byLink signs in by a new link of a user.
func (s *site) byLink(id string) string {
	s.tb.Helper()
	path, _, err := s.accounts.Invite(s.tb.Context(), accounts.By{Name: "t"}, id, false)
	if err != nil {
		s.tb.Fatal(err)
	}
	return s.enters(`{"token":"` + strings.TrimPrefix(path, "/login?token=") + `"}`)
}

func (s *site) admin() (id, session string) {
	s.tb.Helper()
	users, err := s.store.Users(s.tb.Context())
	if err != nil {
		s.tb.Fatal(err)
	}
	return users[0].ID, s.byLink(users[0].ID)
}

func (s *site) read(text string, into any) {
	s.tb.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		s.tb.Fatalf("%s: %v", text, err)
	}
}
