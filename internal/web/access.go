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

	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
)

const (
	cookieName = "heed_session"
	rolesKey   = "roles"
)

func people() []string   { return mount.People() }
func trackers() []string { return []string{mount.Admin, mount.Marketer} }
func writers() []string  { return []string{mount.Admin, mount.Agent} }
func admins() []string   { return []string{mount.Admin} }

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

// callerBy gives who makes the request, for what is written down of it.
func callerBy(ctx context.Context) event.By {
	c, _ := callerOf(ctx)
	return event.By{ID: c.ID, Name: c.Name}
}

func callerRole(ctx context.Context) string {
	c, _ := callerOf(ctx)
	return c.Role
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
		c, err := s.identify(r, s.visit(r))
		switch {
		case err == nil:
			asked := r
			c.Origin = originOf(r)
			if c.Session == nil {
				s.uses.note(c.ID, s.now())
			}
			c.still = func() bool {
				_, err := s.identify(asked, s.o.Store.SessionStill)
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

// visit looks a session up.
type visit func(ctx context.Context, hash store.Hash, now time.Time) (store.User, error)

// visit gives how the session of a request is looked up. A browser follows a
// stream, and comes back to it, also when nobody sits before it: that keeps
// nobody signed in.
func (s *Server) visit(r *http.Request) visit {
	if r.Header.Get("Accept") == "text/event-stream" {
		return s.o.Store.SessionStill
	}
	return s.o.Store.Session
}

// identify gives who calls, or store.ErrNotFound for a stranger.
func (s *Server) identify(r *http.Request, session visit) (caller, error) {
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
	u, err := session(r.Context(), hash, s.now())
	return caller{ID: u.ID, Name: u.Name, Role: u.Role, Session: &hash}, err
}

func (s *Server) byKey(r *http.Request, secret string) (caller, error) {
	k, err := s.o.Store.KeyByHash(r.Context(), store.HashOf(secret), s.now())
	return caller{ID: k.ID, Name: k.Name, Role: k.Role, Scopes: k.Scopes}, err
}

// MayIngest tells a door whether the request carries a key that may bring
// calls in.
func (s *Server) MayIngest(r *http.Request) bool {
	_, _, reason, ok := s.sender(r, mount.CallsIngest)
	return ok && reason == ""
}

// Sender tells a door whose key a request carries. Ok is false without one; a
// reason says why the key may not bring events in.
func (s *Server) Sender(r *http.Request) (id, name, reason string, ok bool) {
	return s.sender(r, mount.EventsWrite)
}

func (s *Server) sender(r *http.Request, scope mount.Scope) (id, name, reason string, ok bool) {
	c, known := callerOf(r.Context())
	switch {
	case !known || c.Session != nil:
		return "", "", "", false
	case c.Role != mount.Ingest && c.Role != mount.Admin:
		reason = "the role " + c.Role + " may not do this"
	case !mount.Allows(c.Scopes, scope):
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
		scope, _ := about[scopeKey].(mount.Scope)
		status, why := refusal(ctx.Context(), allowed, scope)
		if status != 0 {
			_ = huma.WriteErr(api, ctx, status, why)
			return
		}
		next(ctx)
	}
}

// only is permit for plain handlers.
func (s *Server) only(allowed func() []string, scope mount.Scope, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if status, why := refusal(r.Context(), allowed(), scope); status != 0 {
			s.problem(w, r, status, why)
			return
		}
		next(w, r)
	}
}

func refusal(ctx context.Context, allowed []string, scope mount.Scope) (status int, why string) {
	c, ok := callerOf(ctx)
	if !ok {
		return http.StatusUnauthorized, "sign in, or send an API key as \"Authorization: Bearer KEY\""
	}
	if !slices.Contains(allowed, c.Role) {
		return http.StatusForbidden, "the role " + c.Role + " may not do this"
	}
	if !mount.Allows(c.Scopes, scope) {
		return http.StatusForbidden, outOfScope(scope)
	}
	return 0, ""
}

func outOfScope(scope mount.Scope) string {
	if scope == "" || scope == mount.Unscoped {
		return "a key with scopes may not do this; use one without"
	}
	return "this key has not the scope " + string(scope) + "; make one that has"
}

// callerSession gives the session of who calls; a key has none.
func callerSession(ctx context.Context) (store.Hash, bool) {
	c, _ := callerOf(ctx)
	if c.Session == nil {
		return store.Hash{}, false
	}
	return *c.Session, true
}

// sessionCookie is what keeps a browser signed in for a while; an empty secret
// ends it. It is marked Secure where the server is reached by HTTPS; on
// http://localhost it could not be set then.
func (s *Server) sessionCookie(secret string, life time.Duration) http.Cookie {
	age := int(life.Seconds())
	if secret == "" {
		age = -1
	}
	return http.Cookie{
		Name: cookieName, Value: secret, Path: "/", MaxAge: age, Secure: s.o.Secure,
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// loopback tells whether a request came from this machine.
func loopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
}
