// Package provider lets people sign in at a provider of identities by OpenID
// Connect: the authorization code flow with PKCE, state and nonce.
//
// It stores nothing and makes no users: it says who somebody is, by issuer and
// subject, and which role their groups give them. An address is passed on only
// where the provider vouches for it, and never says who somebody is.
package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"heed/internal/accounts/sealed"
)

var (
	// ErrUnreachable says that the provider does not answer as one should.
	ErrUnreachable = errors.New("the sign-in provider does not answer")
	// ErrRefused says that what came back proves nothing.
	ErrRefused = errors.New("the sign-in provider's answer was not accepted")
	// ErrNoRole says that none of the person's groups has a role here.
	ErrNoRole = errors.New("none of your groups may use Heed")
)

const (
	purpose = "sign in at a provider"
	// Life is how long signing in there may take.
	Life = 10 * time.Minute
	// patience is how long the provider may take to answer.
	patience = 10 * time.Second
)

// Rule gives a role to those who have a value in the claim; "*" is everybody.
type Rule struct{ Value, Role string }

// Options is what a provider is made from.
type Options struct {
	Issuer, ClientID, Secret string
	// Name is what people know it by.
	Name   string
	Scopes []string // beside openid
	// Claim holds the groups: one text or a list.
	Claim string
	// Rules are asked in their order; the first that fits gives the role.
	Rules []Rule
	// Address is where browsers reach Heed, without a slash at its end.
	Address string
	Box     *sealed.Box
}

// Path is where the provider sends people back to.
const Path = "/v1/oidc/return"

// Identity is who somebody is there.
type Identity struct {
	Issuer, Subject string
	Name            string // as people call them
	Email           string // vouched for by the provider, or empty
	Role            string
}

// Provider is safe for concurrent use.
type Provider struct {
	o    Options
	http *http.Client

	asking singleflight.Group
	found  atomic.Pointer[oidc.Provider] // nil until it was reached
}

// New makes a provider; it is asked for its addresses when it is needed first.
func New(o Options) *Provider {
	o.Address = strings.TrimSuffix(o.Address, "/")
	return &Provider{o: o, http: &http.Client{Timeout: patience}}
}

// Name is what people know it by.
func (p *Provider) Name() string { return p.o.Name }

// discover asks for the provider's addresses, until they came once. Who comes
// meanwhile shares the answer, and waits no longer than who asked.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	if found := p.found.Load(); found != nil {
		return found, nil
	}
	_, err, _ := p.asking.Do("", func() (any, error) {
		// The set of keys outlives the request and fetches what is signed by a key
		// that it does not know yet.
		found, err := oidc.NewProvider(p.client(context.WithoutCancel(ctx)), p.o.Issuer)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
		}
		p.found.Store(found)
		return nil, nil
	})
	return p.found.Load(), err
}

func (p *Provider) client(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.http)
}

func (p *Provider) config(at *oidc.Provider) oauth2.Config {
	return oauth2.Config{
		ClientID: p.o.ClientID, ClientSecret: p.o.Secret, Endpoint: at.Endpoint(), RedirectURL: p.o.Address + Path,
		Scopes: append([]string{oidc.ScopeOpenID}, p.o.Scopes...),
	}
}

// underWay is what is known again when somebody comes back.
type underWay struct{ State, Nonce, Verifier, Back string }

// Start gives where to send the browser, and what it must bring back in a
// cookie. back is the page of Heed that follows.
func (p *Provider) Start(ctx context.Context, back string) (to, cookie string, err error) {
	at, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	u := underWay{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier(), Back: local(back)}
	if cookie, err = p.o.Box.Seal(purpose, u, Life); err != nil {
		return "", "", err
	}
	c := p.config(at)
	return c.AuthCodeURL(u.State, oidc.Nonce(u.Nonce), oauth2.S256ChallengeOption(u.Verifier)), cookie, nil
}

// local lets nobody be sent elsewhere.
func local(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t") {
		return "/desk"
	}
	return back
}

// Finish says who came back, and the page of Heed that follows.
func (p *Provider) Finish(ctx context.Context, cookie, state, code string) (who Identity, back string, err error) {
	var u underWay
	if err := p.o.Box.Open(purpose, cookie, &u); err != nil {
		return who, "", fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if state == "" || state != u.State || code == "" {
		return who, "", fmt.Errorf("%w: another sign-in", ErrRefused)
	}
	at, err := p.discover(ctx)
	if err != nil {
		return who, "", err
	}
	ctx, cancel := context.WithTimeout(p.client(ctx), 2*patience)
	defer cancel()
	c := p.config(at)
	token, err := c.Exchange(ctx, code, oauth2.VerifierOption(u.Verifier))
	if err != nil {
		return who, "", fmt.Errorf("%w: %w", ErrRefused, err)
	}
	raw, _ := token.Extra("id_token").(string)
	said, err := at.Verifier(&oidc.Config{ClientID: p.o.ClientID}).Verify(ctx, raw)
	if err != nil {
		return who, "", fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if said.Nonce != u.Nonce {
		return who, "", fmt.Errorf("%w: another sign-in", ErrRefused)
	}
	who, err = p.identity(ctx, at, said, oauth2.StaticTokenSource(token))
	return who, u.Back, err
}

// identity reads the claims, first of the token and then of where more is told.
func (p *Provider) identity(ctx context.Context, at *oidc.Provider, said *oidc.IDToken, source oauth2.TokenSource) (Identity, error) {
	claims := make(map[string]json.RawMessage)
	if at.UserInfoEndpoint() != "" {
		more, err := at.UserInfo(ctx, source)
		switch {
		case err != nil:
			return Identity{}, fmt.Errorf("%w: %w", ErrUnreachable, err)
		case more.Subject != said.Subject:
			return Identity{}, fmt.Errorf("%w: two subjects", ErrRefused)
		}
		if err := more.Claims(&claims); err != nil {
			return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
		}
	}
	if err := said.Claims(&claims); err != nil { // over what was told elsewhere
		return Identity{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	who := Identity{Issuer: said.Issuer, Subject: said.Subject, Role: p.role(texts(claims[p.o.Claim]))}
	if vouched(claims["email_verified"]) {
		who.Email = first(texts(claims["email"]))
	}
	for _, name := range []string{"name", "preferred_username"} {
		if who.Name == "" {
			who.Name = first(texts(claims[name]))
		}
	}
	if who.Role == "" {
		return who, ErrNoRole
	}
	return who, nil
}

// role gives the role of the first rule that fits, "" for none.
func (p *Provider) role(groups []string) string {
	i := slices.IndexFunc(p.o.Rules, func(r Rule) bool { return r.Value == "*" || slices.Contains(groups, r.Value) })
	if i < 0 {
		return ""
	}
	return p.o.Rules[i].Role
}

// texts reads one text or a list of them; anything else is none.
func texts(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var one string
	if json.Unmarshal(raw, &one) == nil && one != "" {
		return []string{one}
	}
	return nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// vouched reads true, which some providers write as a text.
func vouched(raw json.RawMessage) bool {
	return string(raw) == "true" || string(raw) == `"true"`
}

// Leave gives where a browser goes to be signed out there too, "" where that is
// not offered or the provider was not reached yet.
func (p *Provider) Leave() string {
	found := p.found.Load()
	var more struct {
		End string `json:"end_session_endpoint"`
	}
	if found == nil || found.Claims(&more) != nil || more.End == "" {
		return ""
	}
	u, err := url.Parse(more.End)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	q := u.Query()
	q.Set("client_id", p.o.ClientID)
	q.Set("post_logout_redirect_uri", p.o.Address+"/login")
	u.RawQuery = q.Encode()
	return u.String()
}
