package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Accounts says how people sign in and how long they stay.
type Accounts struct {
	Life time.Duration // a session lasts at most
	Idle time.Duration // it ends so long after it was last used; 0: it does not
	OIDC OIDC
}

// OIDC is a provider of identities, by OpenID Connect.
type OIDC struct {
	Issuer       string // empty: there is none
	ClientID     string
	ClientSecret string // secret
	Name         string // on the button
	Scopes       []string
	Claim        string   // that holds the groups
	Roles        []string // "GROUP=ROLE"; the first that fits
}

func (a *Accounts) bind(fs *pflag.FlagSet) {
	fs.DurationVar(&a.Life, "sessions-life", 12*time.Hour, "longest time that somebody stays signed in")
	fs.DurationVar(&a.Idle, "sessions-idle", 2*time.Hour, "end a session that was not used for so long; 0 does not")
	o := &a.OIDC
	fs.StringVar(&o.Issuer, "oidc-issuer", "", "address of an OpenID Connect provider to sign in at; needs public-url")
	fs.StringVar(&o.ClientID, "oidc-client-id", "", "id that the provider knows Heed by")
	fs.StringVar(&o.ClientSecret, "oidc-client-secret", "", "secret of that id; set it in the environment")
	fs.StringVar(&o.Name, "oidc-name", "single sign-on", "name of the provider on the sign-in page")
	fs.StringSliceVar(&o.Scopes, "oidc-scopes", []string{"profile", "email"}, "scopes to ask for beside openid")
	fs.StringVar(&o.Claim, "oidc-claim", "groups", "claim that holds the groups of a person")
	fs.StringSliceVar(&o.Roles, "oidc-roles", nil, "roles of groups, GROUP=ROLE, the first that fits; * is everybody")
}

// people are the roles that a group may have: those of package roles.
func people() []string {
	return []string{"admin", "agent", "designer", "marketer", "privacy", "supervisor", "viewer"}
}

// Rule gives a role to those who are in a group.
type Rule struct{ Group, Role string }

// Rules gives the roles of groups, in their order.
func (o OIDC) Rules() ([]Rule, error) {
	out := make([]Rule, 0, len(o.Roles))
	for _, text := range o.Roles {
		i := strings.LastIndex(text, "=")
		if i < 1 || !slices.Contains(people(), text[i+1:]) {
			return nil, fmt.Errorf("%q is not GROUP=ROLE with one of %s", text, strings.Join(people(), ", "))
		}
		out = append(out, Rule{Group: text[:i], Role: text[i+1:]})
	}
	return out, nil
}

func (a *Accounts) validate(public string, add func(string, error)) {
	if a.Life < time.Minute || a.Life > 90*24*time.Hour {
		add("sessions-life", fmt.Errorf("%s is not between 1m and 2160h", a.Life))
	}
	if a.Idle != 0 && (a.Idle < time.Minute || a.Idle > a.Life) {
		add("sessions-idle", fmt.Errorf("%s is neither 0 nor between 1m and sessions-life", a.Idle))
	}
	_, err := a.OIDC.Rules()
	add("oidc-roles", err)
	if a.OIDC.Issuer == "" {
		return
	}
	add("oidc-issuer", checkURL(a.OIDC.Issuer))
	if a.OIDC.ClientID == "" {
		add("oidc-client-id", errors.New("must be set with oidc-issuer"))
	}
	if len(a.OIDC.Roles) == 0 {
		add("oidc-roles", errors.New("must be set with oidc-issuer: without a role nobody comes in"))
	}
	if public == "" {
		add("public-url", errors.New("must be set with oidc-issuer: the provider sends people back to it"))
	}
}
