package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
)

const (
	// keyRegret is for how long a key that was revoked can be given back.
	keyRegret = 10 * time.Minute
	// keyPrefix is how every secret of a key begins, so that a scanner finds one
	// that was left lying about; hintLetters of it are kept to know it by.
	keyPrefix   = "heed_"
	hintLetters = len(keyPrefix) + 4
)

func (s *Server) keyRoutes(api huma.API) {
	const one = "/v1/keys/{id}"
	huma.Register(api, operation("keys", http.MethodGet, "/v1/keys", "List API keys", admins()), s.keys)
	huma.Register(api, mount.Secret.Of(operation("new-key", http.MethodPost, "/v1/keys", "Make an API key; it is shown once", admins())), s.newKey)
	huma.Register(api, operation("drop-key", http.MethodDelete, one, "Revoke an API key at once; it can be restored for ten minutes", admins()), s.dropKey)
	huma.Register(api, operation("restore-key", http.MethodPost, one+"/restore", "Give back a key that was revoked by mistake in the last ten minutes", admins()), s.restoreKey)
	huma.Register(api, mount.Secret.Of(operation("rotate-key", http.MethodPost, one+"/rotate", "Make a key in the place of another, which goes on for a while; it is shown once", admins())), s.rotateKey)
}

type keyView struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Role    string     `json:"role"`
	Scopes  []string   `json:"scopes,omitempty" doc:"What it may do of what its role may; none is all"`
	State   string     `json:"state" enum:"active,expired,revoked"`
	Hint    string     `json:"hint,omitempty" doc:"How the key begins"`
	Maker   string     `json:"made_by,omitempty"`
	Created time.Time  `json:"created_at"`
	Expires *time.Time `json:"expires_at,omitempty"`
	Used    *time.Time `json:"used_at,omitempty" doc:"The minute in which it was last used; it is known a minute later"`
	Revoked *time.Time `json:"revoked_at,omitempty" doc:"It can be restored for ten minutes, and is seen for 30 days"`
	Secret  string     `json:"key,omitempty" doc:"Shown once, when the key is made"`
}

func keyViewOf(k store.Key, now time.Time) keyView {
	v := keyView{
		ID: k.ID, Name: k.Name, Role: k.Role, Scopes: k.Scopes, State: "active", Hint: k.Hint, Maker: k.Maker, Created: k.CreatedAt.UTC(),
		Expires: orNone(k.Expires), Used: orNone(k.Used), Revoked: orNone(k.Revoked),
	}
	switch {
	case v.Revoked != nil:
		v.State = "revoked"
	case v.Expires != nil && !v.Expires.After(now):
		v.State = "expired"
	}
	return v
}

func orNone(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type keyList struct {
	Keys   []keyView     `json:"keys"`
	Scopes []mount.Scope `json:"scopes" doc:"Those that a key can be given"`
}

func (s *Server) keys(ctx context.Context, _ *struct{}) (*out[keyList], error) {
	keys, err := s.o.Store.Keys(ctx)
	if err != nil {
		return nil, s.fail(err)
	}
	o := &out[keyList]{keyList{Keys: make([]keyView, 0, len(keys)), Scopes: mount.Scopes()}}
	for _, k := range keys {
		if used := s.uses.last(k.ID); used.After(k.Used) {
			k.Used = used
		}
		o.Body.Keys = append(o.Body.Keys, keyViewOf(k, s.now()))
	}
	return o, nil
}

type newKeyInput struct {
	Body struct {
		Name   string    `json:"name" minLength:"1" maxLength:"80" doc:"What will use the key"`
		Role   string    `json:"role" enum:"admin,agent,designer,marketer,privacy,supervisor,viewer,ingest"`
		Scopes []string  `json:"scopes,omitempty" maxItems:"32" doc:"Let it do only these groups of operations, such as calls:read; without any, all that its role may. The description of each operation names its scope."`
		Expire time.Time `json:"expires_at,omitzero" doc:"When it ends; without it, never"`
	}
}

func (s *Server) newKey(ctx context.Context, in *newKeyInput) (*out[keyView], error) {
	k := store.Key{Name: strings.TrimSpace(in.Body.Name), Role: in.Body.Role, Scopes: in.Body.Scopes, Expires: in.Body.Expire, Maker: callerName(ctx)}
	for i, scope := range k.Scopes {
		if !slices.Contains(mount.Scopes(), mount.Scope(scope)) {
			return nil, huma.Error422UnprocessableEntity("there is no such scope", &huma.ErrorDetail{Location: "body.scopes", Message: "GET /v1/keys lists those that there are", Value: k.Scopes[i]})
		}
	}
	if !k.Expires.IsZero() && !k.Expires.After(s.now()) {
		return nil, huma.Error422UnprocessableEntity("the key would be over already", &huma.ErrorDetail{Location: "body.expires_at", Message: "expected a moment to come"})
	}
	slices.Sort(k.Scopes)
	k.Scopes = slices.Compact(k.Scopes)
	if err := mayGive(ctx, k); err != nil {
		return nil, err
	}
	v, err := s.makeKey(k, func(k store.Key) error { return s.o.Store.AddKey(ctx, k, callerBy(ctx)) })
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[keyView]{v}, nil
}

// mayGive refuses a key that would hold more than its maker.
func mayGive(ctx context.Context, k store.Key) error {
	c, _ := callerOf(ctx)
	if mount.MayGive(c.Role, c.Scopes, k.Role, k.Scopes) {
		return nil
	}
	return huma.Error403Forbidden("a key gives no more than it holds: name scopes that this one has, or use a key without scopes")
}

// MakeKey makes an API key of the server's own. The secret is in the answer and nowhere else.
func (s *Server) MakeKey(ctx context.Context, name, role string) (keyView, error) {
	return s.makeKey(store.Key{Name: name, Role: role}, func(k store.Key) error { return s.o.Store.AddKey(ctx, k, event.By{}) })
}

func (s *Server) makeKey(k store.Key, keep func(store.Key) error) (keyView, error) {
	secret := keyPrefix + NewSecret()
	k.ID, k.Hash, k.Hint, k.CreatedAt = newID(), store.HashOf(secret), secret[:hintLetters], s.now().UTC()
	v := keyViewOf(k, s.now())
	v.Secret = secret
	return v, keep(k)
}

func (s *Server) dropKey(ctx context.Context, in *ByID) (*struct{}, error) {
	if err := s.o.Store.RevokeKey(ctx, in.ID, s.now(), callerBy(ctx)); err != nil {
		return nil, s.fail(err)
	}
	return nil, nil
}

func (s *Server) restoreKey(ctx context.Context, in *ByID) (*out[keyView], error) {
	err := s.o.Store.RestoreKey(ctx, in.ID, s.now().Add(-keyRegret), callerBy(ctx))
	if errors.Is(err, store.ErrNotFound) {
		return nil, huma.Error404NotFound("no key with this id was revoked in the last ten minutes; make a new one")
	}
	if err != nil {
		return nil, s.fail(err)
	}
	k, err := s.keyByID(ctx, in.ID)
	return &out[keyView]{keyViewOf(k, s.now())}, err
}

func (s *Server) keyByID(ctx context.Context, id string) (store.Key, error) {
	keys, err := s.o.Store.Keys(ctx)
	if err != nil {
		return store.Key{}, s.fail(err)
	}
	i := slices.IndexFunc(keys, func(k store.Key) bool { return k.ID == id && k.Revoked.IsZero() })
	if i < 0 {
		return store.Key{}, s.fail(store.ErrNotFound)
	}
	return keys[i], nil
}

type rotateKeyInput struct {
	ByID
	Body struct {
		Overlap int `json:"overlap_hours,omitempty" minimum:"0" maximum:"720" doc:"How long the old key goes on; 0 ends it at once"`
	}
}

func (s *Server) rotateKey(ctx context.Context, in *rotateKeyInput) (*out[keyView], error) {
	old, err := s.keyByID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if old.Role == "recipient" {
		return nil, huma.Error422UnprocessableEntity("the key of a recipient is renewed by registering it anew")
	}
	if err := mayGive(ctx, old); err != nil {
		return nil, err
	}
	next := store.Key{Name: old.Name, Role: old.Role, Scopes: old.Scopes, Maker: callerName(ctx)}
	if !old.Expires.IsZero() { // for as long as the old one was made for
		next.Expires = s.now().UTC().Add(old.Expires.Sub(old.CreatedAt))
	}
	until := s.now().Add(time.Duration(in.Body.Overlap) * time.Hour)
	v, err := s.makeKey(next, func(k store.Key) error { return s.o.Store.ReplaceKey(ctx, old.ID, k, until, callerBy(ctx)) })
	if err != nil {
		return nil, s.fail(err)
	}
	return &out[keyView]{v}, nil
}

// uses is when keys were last used, as far as it is not written down yet: no
// request waits for that.
type uses struct {
	mu    sync.Mutex
	at    map[string]time.Time
	dirty map[string]time.Time
}

// note remembers a use, to the minute.
func (u *uses) note(key string, at time.Time) {
	at = at.Truncate(time.Minute)
	u.mu.Lock()
	defer u.mu.Unlock()
	if !at.After(u.at[key]) {
		return
	}
	if u.at == nil {
		u.at = map[string]time.Time{}
	}
	if u.dirty == nil {
		u.dirty = map[string]time.Time{}
	}
	u.at[key], u.dirty[key] = at, at
}

func (u *uses) last(key string) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.at[key]
}

// take gives what is not written down.
func (u *uses) take() map[string]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.dirty
	u.dirty = nil
	return taken
}

// Run writes down once a minute when keys were last used, until ctx ends.
func (s *Server) Run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for over := false; !over; {
		select {
		case <-ctx.Done():
			over = true
		case <-tick.C:
		}
		used := s.uses.take()
		if len(used) == 0 {
			continue
		}
		if err := s.o.Store.KeysUsed(context.WithoutCancel(ctx), used); err != nil {
			s.log.Error("the last use of keys is not written down", "error", err)
		}
	}
}
