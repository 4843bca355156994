package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/roles"
	"heed/internal/store"
)

const (
	cookieName  = "heed_session"
	sessionLife = 12 * time.Hour
	linkLife    = 24 * time.Hour
	rolesKey    = "roles"
)

func everyRole() []string { return roles.Every() }
func people() []string    { return roles.People() }
func trackers() []string  { return []string{roles.Admin, roles.Marketer} }
func writers() []string   { return []string{roles.Admin, roles.Agent} }
func admins() []string    { return []string{roles.Admin} }

// caller is who makes the request.
type caller struct {
	ID, Name, Role string
	Session        *store.Hash // nil for a key
	Scopes         []string    // of a key; none is all that its role may
	Origin         string      // class of its address
	// still says that the key is not revoked and the session not over.
	still func() bool
}

type callerKey struct{}

func callerOf(ctx context.Context) (caller, bool) {
	c, ok := ctx.Value(callerKey{}).(caller)
	return c, ok
}

func callerName(ctx context.Context) string {
	c, _ := callerOf(ctx)
	return c.Name
}

func callerID(ctx context.Context) string {
	c, _ := callerOf(ctx)
	return c.ID
}

func callerRole(ctx context.Context) string {
	c, _ := callerOf(ctx)
	return c.Role
}

// callerStill says whether who began a stream may still follow it.
func callerStill(ctx context.Context) bool {
	c, ok := callerOf(ctx)
	return ok && c.still()
}

// NewSecret gives 256 random bits in URL-safe text.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// recognise finds out who calls, by key or session, and says nothing when
// nobody: each route decides.
func (s *Server) recognise(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := s.identify(r)
		switch {
		case err == nil:
			asked := r
			c.Origin = originOf(r)
			if c.Session == nil {
				s.uses.note(c.ID, s.now())
			}
			c.still = func() bool {
				_, err := s.identify(asked)
				return err == nil
			}
			r = r.WithContext(context.WithValue(r.Context(), callerKey{}, c))
		case !errors.Is(err, store.ErrNotFound):
			s.log.Error("callers cannot be recognised", "error", err)
			w.Header().Set("Retry-After", "5")
			s.problem(w, r, http.StatusServiceUnavailable, "who you are cannot be looked up now; try again")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// identify gives who calls, or store.ErrNotFound for a stranger.
func (s *Server) identify(r *http.Request) (caller, error) {
	// A platform may send the token that it was given without a scheme.
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok || key != "" && !strings.Contains(key, " ") {
		return s.byKey(r, key)
	}
	// The key is the password of any user, or the user of no password.
	if user, pass, ok := r.BasicAuth(); ok {
		return s.byKey(r, cmp.Or(pass, user))
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return caller{}, store.ErrNotFound
	}
	hash := store.HashOf(cookie.Value)
	u, err := s.o.Store.Session(r.Context(), hash, s.now())
	return caller{ID: u.ID, Name: u.Name, Role: u.Role, Session: &hash}, err
}

func (s *Server) byKey(r *http.Request, secret string) (caller, error) {
	k, err := s.o.Store.KeyByHash(r.Context(), store.HashOf(secret), s.now())
	return caller{ID: k.ID, Name: k.Name, Role: k.Role, Scopes: k.Scopes}, err
}

// MayIngest tells a door whether the request carries a key that may bring
// calls in.
func (s *Server) MayIngest(r *http.Request) bool {
	_, _, reason, ok := s.sender(r, roles.CallsIngest)
	return ok && reason == ""
}

// Sender tells a door whose key a request carries. Ok is false without one; a
// reason says why the key may not bring events in.
func (s *Server) Sender(r *http.Request) (id, name, reason string, ok bool) {
	return s.sender(r, roles.EventsWrite)
}

func (s *Server) sender(r *http.Request, scope roles.Scope) (id, name, reason string, ok bool) {
	c, known := callerOf(r.Context())
	switch {
	case !known || c.Session != nil:
		return "", "", "", false
	case c.Role != roles.Ingest && c.Role != roles.Admin:
		reason = "the role " + c.Role + " may not do this"
	case !roles.Allows(c.Scopes, scope):
		reason = outOfScope(scope)
	}
	return c.ID, c.Name, reason, true
}

// permit enforces each operation's roles. An operation without roles is open.
func (s *Server) permit(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		about := ctx.Operation().Metadata
		allowed, restricted := about[rolesKey].([]string)
		if !restricted {
			next(ctx)
			return
		}
		scope, _ := about[scopeKey].(roles.Scope)
		status, why := refusal(ctx.Context(), allowed, scope)
		if status != 0 {
			_ = huma.WriteErr(api, ctx, status, why)
			return
		}
		next(ctx)
	}
}

// only is permit for plain handlers.
func (s *Server) only(allowed func() []string, scope roles.Scope, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if status, why := refusal(r.Context(), allowed(), scope); status != 0 {
			s.problem(w, r, status, why)
			return
		}
		next(w, r)
	}
}

func refusal(ctx context.Context, allowed []string, scope roles.Scope) (status int, why string) {
	c, ok := callerOf(ctx)
	if !ok {
		return http.StatusUnauthorized, "sign in, or send an API key as \"Authorization: Bearer KEY\""
	}
	if !slices.Contains(allowed, c.Role) {
		return http.StatusForbidden, "the role " + c.Role + " may not do this"
	}
	if !roles.Allows(c.Scopes, scope) {
		return http.StatusForbidden, outOfScope(scope)
	}
	return 0, ""
}

func outOfScope(scope roles.Scope) string {
	if scope == "" {
		return "a key with scopes may not do this; use one without"
	}
	return "this key has not the scope " + string(scope) + "; make one that has"
}

// accessRoutes are signing in and out, and API keys.
func (s *Server) accessRoutes(api huma.API) {
	signIn := huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/v1/session", DefaultStatus: http.StatusNoContent,
		Summary: "Sign in with the token of a one-time link",
	}
	huma.Register(api, signIn, s.signIn)
	huma.Register(api, operation("sign-out", http.MethodDelete, "/v1/session", "Sign out", everyRole()), s.signOut)
	huma.Register(api, operation("me", http.MethodGet, "/v1/me", "Who am I", everyRole()), s.me)
	huma.Register(api, operation("new-link", http.MethodPost, "/v1/links", "Make a one-time sign-in link", admins()), s.newLink)
	s.keyRoutes(api)
}

type signInInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"128" doc:"From the sign-in link"`
	}
}

type cookieOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*cookieOutput, error) {
	now := s.now()
	u, err := s.o.Store.UseLoginLink(ctx, store.HashOf(in.Body.Token), now)
	if errors.Is(err, store.ErrNotFound) {
		return nil, huma.Error401Unauthorized("this sign-in link was used already or has expired; \"heed link\" makes a new one")
	}
	if err != nil {
		return nil, s.fail(err)
	}
	secret := NewSecret()
	if err := s.o.Store.AddSession(ctx, store.HashOf(secret), u.ID, now.Add(sessionLife)); err != nil {
		return nil, s.fail(err)
	}
	return &cookieOutput{s.sessionCookie(secret, int(sessionLife.Seconds()))}, nil
}

// sessionCookie is marked Secure where the server is reached by HTTPS; on
// http://localhost it could not be set then.
func (s *Server) sessionCookie(value string, age int) http.Cookie {
	return http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: age, Secure: s.o.Secure,
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*cookieOutput, error) {
	c, _ := callerOf(ctx)
	if c.Session != nil {
		if err := s.o.Store.DropSession(ctx, *c.Session); err != nil {
			return nil, s.fail(err)
		}
	}
	return &cookieOutput{s.sessionCookie("", -1)}, nil
}

type whoami struct {
	User struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Role string `json:"role"`
	} `json:"user"`
}

func (s *Server) me(ctx context.Context, _ *struct{}) (*out[whoami], error) {
	c, _ := callerOf(ctx)
	o := &out[whoami]{}
	o.Body.User.ID, o.Body.User.Name, o.Body.User.Role = c.ID, c.Name, c.Role
	return o, nil
}

type link struct {
	Path    string    `json:"path" doc:"To be opened on this server, once"`
	Expires time.Time `json:"expires"`
}

// linkInput names who is let in; without a body it is the administrator.
type linkInput struct {
	Body *struct {
		Role string `json:"role,omitempty" enum:"admin,agent,designer,marketer,privacy,supervisor,viewer" doc:"By default admin"`
		Name string `json:"name,omitempty" maxLength:"80" doc:"Who it is for; the same name and role is the same person"`
	}
}

func (s *Server) newLink(ctx context.Context, in *linkInput) (*out[link], error) {
	role, name := roles.Admin, ""
	if in.Body != nil {
		role, name = cmp.Or(in.Body.Role, roles.Admin), strings.TrimSpace(in.Body.Name)
	}
	path, expires, err := s.Link(ctx, role, name)
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[link]{link{path, expires}}, nil
}

// Link makes a one-time sign-in link and gives its path. It is for the first
// user of a role, or for the one with a name, who is made when there is none.
func (s *Server) Link(ctx context.Context, role, name string) (path string, expires time.Time, err error) {
	token := NewSecret()
	expires = s.now().Add(linkLife)
	u, err := s.userFor(ctx, cmp.Or(role, roles.Admin), name)
	if err != nil {
		return "", expires, err
	}
	if err := s.o.Store.AddLoginLink(ctx, store.HashOf(token), u.ID, expires); err != nil {
		return "", expires, err
	}
	return "/login?token=" + token, expires, nil
}

func (s *Server) userFor(ctx context.Context, role, name string) (store.User, error) {
	users, err := s.o.Store.Users(ctx)
	if err != nil {
		return store.User{}, err
	}
	i := slices.IndexFunc(users, func(u store.User) bool { return u.Role == role && (name == "" || u.Name == name) })
	if i >= 0 {
		return users[i], nil
	}
	u := store.User{ID: newID(), Name: cmp.Or(name, titles[role], role), Role: role, CreatedAt: s.now()}
	return u, s.o.Store.AddUser(ctx, u)
}

// titles name users who were given no name.
var titles = map[string]string{
	roles.Admin: "Administrator", roles.Agent: "Agent", roles.Marketer: "Marketer", roles.Privacy: "Privacy officer",
	roles.Designer: "Decision designer", roles.Supervisor: "Supervisor", roles.Viewer: "Viewer",
}

// loopback tells whether a request came from this machine.
func loopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
}
