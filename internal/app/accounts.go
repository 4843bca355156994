package app

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"time"

	"heed/internal/accounts"
	accountsapi "heed/internal/accounts/api"
	"heed/internal/accounts/pace"
	"heed/internal/accounts/passkey"
	"heed/internal/accounts/password"
	"heed/internal/accounts/provider"
	"heed/internal/accounts/sealed"
	"heed/internal/mount"
)

// makeAccess joins what lets people in, and makes the administrator on the
// first start.
func (a *App) makeAccess(ctx context.Context) error {
	now := a.o.Now
	if now == nil {
		now = time.Now
	}
	box := sealed.New(now)
	keys, err := a.passkeys(box)
	if err != nil {
		return err
	}
	c := a.o.Config.Accounts
	a.parts.accounts = accounts.New(accounts.Options{
		Store: a.parts.store, Hasher: password.NewHasher(password.Usual(), max(1, runtime.NumCPU()/2)), Pace: pace.New(now), Keys: keys,
		Life: c.Life, Idle: c.Idle, Now: now, Logger: a.log.With("component", "accounts"),
	})
	rules, err := c.OIDC.Rules()
	if err != nil {
		return fmt.Errorf("oidc-roles: %w", err)
	}
	if c.OIDC.Issuer != "" {
		o := provider.Options{
			Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID, Secret: c.OIDC.ClientSecret, Name: c.OIDC.Name,
			Scopes: c.OIDC.Scopes, Claim: c.OIDC.Claim, Address: a.publicURL(), Box: box,
		}
		for _, r := range rules {
			o.Rules = append(o.Rules, provider.Rule{Value: r.Group, Role: r.Role})
		}
		a.parts.provider = provider.New(o)
	}
	if err := a.parts.accounts.First(ctx); err != nil {
		return fmt.Errorf("users: %w", err)
	}
	return nil
}

// passkeys are bound to the name by which browsers reach Heed; an address that
// is a number can have none.
func (a *App) passkeys(box *sealed.Box) (*passkey.Keeper, error) {
	u, err := url.Parse(a.publicURL())
	if err != nil {
		return nil, fmt.Errorf("public-url: %w", err)
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil, nil //nolint:nilnil // without passkeys there is no keeper
	}
	return passkey.New(a.publicURL(), box)
}

// accountRoutes are signing in, one's own account, and the users.
func (a *App) accountRoutes() func(mount.Kit) {
	return accountsapi.Routes(accountsapi.Options{
		Accounts: a.parts.accounts, Provider: a.parts.provider, Secure: strings.HasPrefix(a.o.Config.PublicURL, "https://"), Logger: a.log.With("component", "accounts"),
	})
}

// SignInLink makes a one-time link for the administrator.
func (a *App) SignInLink(ctx context.Context) (string, error) {
	path, _, err := a.parts.accounts.Link(ctx, accounts.By{}, "", "")
	if err != nil {
		return "", fmt.Errorf("sign-in link: %w", err)
	}
	return a.URL() + path, nil
}
