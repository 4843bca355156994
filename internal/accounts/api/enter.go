package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/accounts"
	"heed/internal/accounts/provider"
	"heed/internal/mount"
)

// enterRoutes are signing in and out.
func (r routes) enterRoutes() {
	bad := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests}
	none := func(o huma.Operation) huma.Operation {
		o.DefaultStatus = http.StatusNoContent
		return o
	}
	huma.Register(r.kit.API, r.open("ways-in", http.MethodGet, "/v1/session/ways", "How people can sign in here"), r.ways)
	huma.Register(r.kit.API, none(r.open("sign-in", http.MethodPost, "/v1/session", "Sign in by a password, or by the token of a one-time link", bad...)), r.signIn)
	huma.Register(r.kit.API, r.open("ask-passkey", http.MethodPost, "/v1/session/passkey/ask", "Begin to sign in by a passkey"), r.askPasskey)
	huma.Register(r.kit.API, none(r.open("sign-in-passkey", http.MethodPost, "/v1/session/passkey", "Sign in by a passkey", bad...)), r.signInPasskey)
	huma.Register(r.kit.API, mount.Secret.Of(r.kit.Operation("sign-out", http.MethodDelete, "/v1/session", "Sign out", mount.Every())), r.signOut)
	huma.Register(r.kit.API, moved(r.open("oidc-start", http.MethodGet, "/v1/oidc/start", "Go to the sign-in provider")), r.start)
	huma.Register(r.kit.API, moved(r.open("oidc-return", http.MethodGet, provider.Path, "Come back from the sign-in provider")), r.finish)
	huma.Register(r.kit.API, mount.Secret.Of(r.kit.Operation("new-link", http.MethodPost, "/v1/links", "Make a one-time sign-in link", admins())), r.newLink)
}

func moved(o huma.Operation) huma.Operation {
	o.DefaultStatus = http.StatusFound
	return o
}

type ways struct {
	Password bool   `json:"password"`
	Passkey  bool   `json:"passkey"`
	Provider string `json:"provider,omitempty" doc:"Name of the provider of identities; absent: there is none"`
}

func (r routes) ways(context.Context, *struct{}) (*out[ways], error) {
	w := ways{Password: true, Passkey: r.Accounts.HasPasskeys()}
	if r.Provider != nil {
		w.Provider = r.Provider.Name()
	}
	return &out[ways]{w}, nil
}

type signInInput struct {
	Place
	Body struct {
		Token    string `json:"token,omitempty" maxLength:"128" doc:"From a one-time link, in place of the others"`
		Login    string `json:"login,omitempty" maxLength:"254" doc:"E-mail address or user name"`
		Password string `json:"password,omitempty" maxLength:"512"`
	}
}

func (r routes) signIn(ctx context.Context, in *signInInput) (*cookieOutput, error) {
	if in.Body.Token != "" {
		return r.entered(r.Accounts.ByLink(ctx, in.Body.Token, in.from()))
	}
	return r.entered(r.Accounts.ByPassword(ctx, in.Body.Login, in.Body.Password, in.from()))
}

// ceremony is the first half of what a browser does with a passkey.
type ceremony struct {
	State   string          `json:"state" doc:"To be sent back with the answer"`
	Options json.RawMessage `json:"options" doc:"publicKey of navigator.credentials, in the JSON form of WebAuthn"`
}

func (r routes) askPasskey(context.Context, *struct{}) (*out[ceremony], error) {
	c, err := r.Accounts.PasskeyAsked()
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[ceremony]{ceremony{c.State, c.Options}}, nil
}

// PasskeyAnswer is the second half.
type PasskeyAnswer struct {
	State  string          `json:"state" minLength:"1" maxLength:"8192"`
	Answer json.RawMessage `json:"answer" doc:"What navigator.credentials gave, in the JSON form of WebAuthn"`
}

type signInPasskeyInput struct {
	Place
	Body PasskeyAnswer
}

func (r routes) signInPasskey(ctx context.Context, in *signInPasskeyInput) (*cookieOutput, error) {
	return r.entered(r.Accounts.ByPasskey(ctx, in.Body.State, in.Body.Answer, in.from()))
}

type signOutOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Leave string `json:"leave,omitempty" doc:"Open this to be signed out at the sign-in provider too"`
	}
}

func (r routes) signOut(ctx context.Context, _ *struct{}) (*signOutOutput, error) {
	o := &signOutOutput{SetCookie: r.kit.Cookie("", 0)}
	session, signedIn := r.kit.Session(ctx)
	if !signedIn {
		return o, nil
	}
	how, err := r.Accounts.Leave(ctx, session)
	if err != nil {
		return nil, r.fail(err)
	}
	if how == "oidc" && r.Provider != nil {
		o.Body.Leave = r.Provider.Leave()
	}
	return o, nil
}

// underWay names the cookie that is brought back from the provider. Browsers
// must send it when another site leads here, so it is SameSite=Lax, and it
// opens nothing by itself.
const underWay = "heed_oidc"

func (r routes) cookie(value string, age time.Duration) http.Cookie {
	c := http.Cookie{
		Name: underWay, Value: value, Path: "/v1/oidc/", MaxAge: int(age.Seconds()), Secure: r.Secure,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

type movedOutput struct {
	Location  string        `header:"Location"`
	Cache     string        `header:"Cache-Control"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func to(where string, cookies ...http.Cookie) *movedOutput {
	return &movedOutput{Location: where, Cache: "no-store", SetCookie: cookies}
}

type startInput struct {
	Back string `query:"back" maxLength:"2000" doc:"The page of Heed that follows"`
}

func (r routes) start(ctx context.Context, in *startInput) (*movedOutput, error) {
	if r.Provider == nil {
		return nil, huma.Error404NotFound("no sign-in provider is set up")
	}
	where, sealed, err := r.Provider.Start(ctx, in.Back)
	if err != nil {
		r.Logger.Warn("the sign-in provider cannot be used", "error", err)
		return to(failed(err)), nil
	}
	return to(where, r.cookie(sealed, provider.Life)), nil
}

// failed is where people read why signing in at the provider did not work.
func failed(err error) string {
	why := "provider"
	switch {
	case errors.Is(err, provider.ErrNoRole):
		why = "role"
	case errors.Is(err, provider.ErrUnreachable):
		why = "unreachable"
	case errors.Is(err, accounts.ErrSuspended):
		why = "suspended"
	}
	return "/login?failed=" + url.QueryEscape(why)
}

type finishInput struct {
	Place
	Sealed http.Cookie `cookie:"heed_oidc"`
	State  string      `query:"state" maxLength:"512"`
	Code   string      `query:"code" maxLength:"4096"`
}

func (r routes) finish(ctx context.Context, in *finishInput) (*movedOutput, error) {
	if r.Provider == nil {
		return nil, huma.Error404NotFound("no sign-in provider is set up")
	}
	gone := r.cookie("", 0)
	who, back, err := r.Provider.Finish(ctx, in.Sealed.Value, in.State, in.Code)
	if err != nil {
		r.Logger.Warn("signing in at the provider failed", "error", err)
		return to(failed(err), gone), nil
	}
	e, err := r.Accounts.ByIdentity(ctx, accounts.Identity(who), in.from())
	if err != nil {
		r.Logger.Warn("signing in at the provider failed", "error", err)
		return to(failed(err), gone), nil
	}
	return to(back, gone, r.kit.Cookie(e.Secret, e.Life)), nil
}

type loginLink struct {
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

func (r routes) newLink(ctx context.Context, in *linkInput) (*out[loginLink], error) {
	role, name := "", ""
	if in.Body != nil {
		role, name = in.Body.Role, in.Body.Name
	}
	path, expires, err := r.Accounts.Link(ctx, r.by(ctx), role, name)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[loginLink]{loginLink{path, expires}}, nil
}
