package api_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"heed/internal/accounts/api"
	"heed/internal/accounts/provider"
	"heed/internal/accounts/sealed"
)

// house is a real provider of identities: the certified library
// github.com/zitadel/oidc with its example's storage, groups, and keys that can
// be changed.
type house struct {
	*storage.Storage

	mu     sync.Mutex
	key    *ring
	groups map[string][]string
}

// ring is a key that signs, as the library wants it in both of its roles.
type ring struct {
	id  string
	key *rsa.PrivateKey
}

func newRing(tb testing.TB) *ring {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	return &ring{uuid.NewString(), key}
}

func (r *ring) ID() string                                  { return r.id }
func (r *ring) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (r *ring) Key() any                                    { return r.key }

// public is the half that everybody may see.
type public struct{ *ring }

func (p public) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (p public) Use() string                        { return "sig" }
func (p public) Key() any                           { return &p.key.PublicKey }

func (h *house) SigningKey(context.Context) (op.SigningKey, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.key, nil
}

func (h *house) KeySet(context.Context) ([]op.Key, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return []op.Key{public{h.key}}, nil
}

func (h *house) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, tokenID, subject, origin string) error {
	if err := h.Storage.SetUserinfoFromToken(ctx, info, tokenID, subject, origin); err != nil {
		return err
	}
	info.EmailVerified = oidc.Bool(info.Subject == "id1")
	h.mu.Lock()
	defer h.mu.Unlock()
	info.AppendClaims("groups", h.groups[info.Subject])
	return nil
}

func (h *house) set(user string, groups ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.groups[user] = groups
}

// withProvider gives a site a provider of identities.
func withProvider(t *testing.T) (*site, *house) {
	t.Helper()
	h := &house{key: newRing(t), groups: map[string][]string{"id1": {"staff", "bosses"}, "id2": {"staff"}}}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	issuer := strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
	s := newSite(t, func(o *api.Options, address string) {
		o.Provider = provider.New(provider.Options{
			Issuer: issuer, ClientID: "heed", Secret: "whisper", Name: "the house", Scopes: []string{"profile", "email"}, Claim: "groups",
			Rules:   []provider.Rule{{Value: "bosses", Role: "admin"}, {Value: "staff", Role: "agent"}},
			Address: address, Box: sealed.New(time.Now),
		})
	})
	client := storage.WebClient("heed", "whisper", s.URL+provider.Path)
	h.Storage = storage.NewStorageWithClients(storage.NewUserStore(issuer), map[string]*storage.Client{"heed": client})
	handler = exampleop.SetupServer(issuer, h, nil, false)
	return s, h
}

// visitor is a browser: it keeps cookies and follows where it is led.
type visitor struct {
	http.Client

	tb   testing.TB
	last *url.URL
}

func newVisitor(tb testing.TB) *visitor {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	v := &visitor{tb: tb, Client: http.Client{Jar: jar}}
	v.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.Path, "/v1/") && strings.HasPrefix(r.URL.Host, "127.0.0.1") { // a page of the app
			v.last = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
	return v
}

func (v *visitor) do(resp *http.Response, err error) *http.Response {
	v.tb.Helper()
	if err != nil {
		v.tb.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body) // it was read for its end only
	_ = resp.Body.Close()
	return resp
}

// enters signs in at the provider and gives the page of Heed that follows.
func (v *visitor) enters(s *site, user string) string {
	v.tb.Helper()
	v.last = nil
	at := v.do(v.Get(s.URL + "/v1/oidc/start?back=/desk/42")).Request.URL
	if v.last != nil {
		return v.last.String()
	}
	form := url.Values{"username": {user}, "password": {"verysecure"}, "id": {at.Query().Get("authRequestID")}}
	v.do(v.PostForm(at.Scheme+"://"+at.Host+"/login/username", form))
	if v.last == nil {
		v.tb.Fatal("the provider leads nowhere")
	}
	return v.last.RequestURI()
}

func (v *visitor) me(s *site) string {
	v.tb.Helper()
	resp, err := v.Get(s.URL + "/v1/me")
	if err != nil {
		v.tb.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		v.tb.Fatal(err)
	}
	return string(raw)
}

func TestAProviderLetsIn(t *testing.T) {
	t.Parallel()
	s, h := withProvider(t)
	boss, agent := newVisitor(t), newVisitor(t)
	// Somebody here has the address that the provider tells: they are not joined.
	known(s, "test-user@zitadel.ch", "viewer")
	if page := boss.enters(s, "test-user@localhost"); page != "/desk/42" {
		t.Fatalf("leads to %s", page)
	}
	if me := boss.me(s); !strings.Contains(me, `"role":"admin"`) || !strings.Contains(me, `"name":"Test User"`) || strings.Contains(me, "zitadel.ch") {
		t.Error(me)
	}
	if page := agent.enters(s, "test-user2"); page != "/desk/42" {
		t.Fatalf("leads to %s", page)
	}
	first := agent.me(s)
	// The address is not vouched for, so nobody is known by it.
	if !strings.Contains(first, `"role":"agent"`) || strings.Contains(first, "@") {
		t.Error(first)
	}
	// The same person again, after the provider changed its keys and the groups.
	h.mu.Lock()
	h.key = newRing(t)
	h.mu.Unlock()
	h.set("id2", "bosses")
	other := newVisitor(t)
	if page := other.enters(s, "test-user2"); page != "/desk/42" {
		t.Fatalf("leads to %s", page)
	}
	if me := other.me(s); !strings.Contains(me, `"role":"admin"`) || idOf(me) != idOf(first) {
		t.Errorf("%s, before %s", me, first)
	}
	if me := agent.me(s); strings.Contains(me, `"user"`) {
		t.Errorf("the session with the role before goes on: %s", me)
	}
	h.set("id2", "guests")
	if page := newVisitor(t).enters(s, "test-user2"); page != "/login?failed=role" {
		t.Errorf("without a role it leads to %s", page)
	}
	// Signing out here leads there.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, s.URL+"/v1/session", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := boss.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(raw), "/end_session?client_id=heed") {
		t.Errorf("signing out: %s %v", raw, err)
	}
}

func idOf(me string) string {
	_, rest, _ := strings.Cut(me, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func TestOfAProviderNothingElseIsTaken(t *testing.T) {
	t.Parallel()
	s, _ := withProvider(t)
	v := newVisitor(t)
	// The way back without a way there, and with the state of another one.
	for _, path := range []string{provider.Path, provider.Path + "?state=x&code=y", provider.Path + "?error=access_denied"} {
		v.last = nil
		v.do(v.Get(s.URL + path))
		if v.last == nil || v.last.RequestURI() != "/login?failed=provider" {
			t.Errorf("%s leads to %v", path, v.last)
		}
	}
	v.do(v.Get(s.URL + "/v1/oidc/start"))
	v.last = nil
	v.do(v.Get(s.URL + provider.Path + "?state=x&code=y"))
	if v.last == nil || v.last.RequestURI() != "/login?failed=provider" {
		t.Errorf("another state leads to %v", v.last)
	}
	// Nobody is sent elsewhere.
	for _, back := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "desk", "/a\nb"} {
		w := newVisitor(t)
		at := w.do(w.Get(s.URL + "/v1/oidc/start?back=" + url.QueryEscape(back))).Request.URL
		form := url.Values{"username": {"test-user2"}, "password": {"verysecure"}, "id": {at.Query().Get("authRequestID")}}
		w.do(w.PostForm(at.Scheme+"://"+at.Host+"/login/username", form))
		if w.last == nil || w.last.RequestURI() != "/desk" {
			t.Errorf("%q leads to %v", back, w.last)
		}
	}
	users, err := s.store.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	admin := s.byLink(users[0].ID)
	s.does(200, "PATCH", "/v1/users/"+users[1].ID, admin, `{"suspended":true}`)
	if page := newVisitor(t).enters(s, "test-user2"); page != "/login?failed=suspended" {
		t.Errorf("who is suspended is led to %s", page)
	}
}

func TestAProviderThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *api.Options, address string) {
		o.Provider = provider.New(provider.Options{Issuer: "http://127.0.0.1:1/", ClientID: "heed", Name: "nobody", Address: address, Box: sealed.New(time.Now)})
	})
	v := newVisitor(t)
	v.do(v.Get(s.URL + "/v1/oidc/start"))
	if v.last == nil || v.last.RequestURI() != "/login?failed=unreachable" {
		t.Errorf("leads to %v", v.last)
	}
	if body := s.does(200, "GET", "/v1/session/ways", "", ""); !strings.Contains(body, `"provider":"nobody"`) {
		t.Error(body)
	}
}
