package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/accounts"
	"heed/internal/mount"
	"heed/internal/store"
)

// ownRoutes are one's own account.
func (r routes) ownRoutes() {
	op := func(id, method, path, summary string) huma.Operation {
		o := mount.Secret.Of(r.kit.Operation(id, method, path, summary, mount.Staff()))
		o.Errors = append(o.Errors, http.StatusTooManyRequests)
		return o
	}
	none := func(o huma.Operation) huma.Operation {
		o.DefaultStatus = http.StatusNoContent
		return o
	}
	const key = "/v1/me/passkeys/{id}"
	huma.Register(r.kit.API, r.kit.Operation("me", http.MethodGet, "/v1/me", "Who am I", mount.Every()), r.me)
	huma.Register(r.kit.API, op("rename-me", http.MethodPatch, "/v1/me", "Change your name"), r.rename)
	huma.Register(r.kit.API, none(op("set-password", http.MethodPut, "/v1/me/password", "Set your password; all other browsers are signed out")), r.setPassword)
	huma.Register(r.kit.API, op("passkeys", http.MethodGet, "/v1/me/passkeys", "Your passkeys"), r.passkeys)
	huma.Register(r.kit.API, op("begin-passkey", http.MethodPost, "/v1/me/passkeys/ask", "Begin to add a passkey"), r.beginPasskey)
	huma.Register(r.kit.API, op("add-passkey", http.MethodPost, "/v1/me/passkeys", "Add a passkey"), r.addPasskey)
	huma.Register(r.kit.API, none(op("name-passkey", http.MethodPatch, key, "Give a passkey another name")), r.namePasskey)
	huma.Register(r.kit.API, none(op("drop-passkey", http.MethodPost, key+"/remove", "Remove a passkey")), r.dropPasskey)
	huma.Register(r.kit.API, op("sessions", http.MethodGet, "/v1/me/sessions", "Where you are signed in"), r.sessions)
	huma.Register(r.kit.API, op("end-sessions", http.MethodDelete, "/v1/me/sessions", "Sign out everywhere else"), r.endSessions)
	huma.Register(r.kit.API, none(op("end-session", http.MethodDelete, "/v1/me/sessions/{id}", "Sign out in another browser")), r.endSession)
}

type whoami struct {
	User struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Role  string `json:"role"`
		Login string `json:"login,omitempty" doc:"What you sign in with"`
		// A person without a way to sign in again is asked to choose one.
		Returns  bool `json:"returns" doc:"There is a way to sign in again: a password, a passkey or a provider"`
		Password bool `json:"password,omitempty" doc:"There is a password"`
		Proven   bool `json:"proven,omitempty" doc:"You signed in lately: how you sign in can be changed without the password"`
	} `json:"user"`
}

func (r routes) me(ctx context.Context, _ *struct{}) (*out[whoami], error) {
	o := &out[whoami]{}
	me := &o.Body.User
	me.ID, me.Name, me.Role, me.Returns = r.kit.ID(ctx), r.kit.Caller(ctx), r.kit.Role(ctx), true
	session, signedIn := r.kit.Session(ctx)
	if !signedIn {
		return o, nil
	}
	u, err := r.Accounts.User(ctx, me.ID)
	if err != nil {
		return nil, r.fail(err)
	}
	me.Login, me.Returns, me.Password = u.Login, u.Returns(), u.Password
	me.Proven, err = r.Accounts.Proven(ctx, accounts.Self{ID: u.ID, Session: session})
	if err != nil {
		return nil, r.fail(err)
	}
	return o, nil
}

type renameInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"320"`
	}
}

type renamed struct {
	Name string `json:"name"`
}

func (r routes) rename(ctx context.Context, in *renameInput) (*out[renamed], error) {
	who, err := r.self(ctx, accounts.From{})
	if err != nil {
		return nil, err
	}
	u, err := r.Accounts.Rename(ctx, who, in.Body.Name)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[renamed]{renamed{u.Name}}, nil
}

type passwordInput struct {
	Place
	Body struct {
		Login    string `json:"login,omitempty" maxLength:"254" doc:"What to sign in with, where there is nothing yet"`
		Present  string `json:"present,omitempty" maxLength:"512" doc:"The present password"`
		Password string `json:"password" minLength:"1" maxLength:"512" doc:"12 to 128 characters"`
	}
}

func (r routes) setPassword(ctx context.Context, in *passwordInput) (*cookieOutput, error) {
	who, err := r.self(ctx, in.from())
	if err != nil {
		return nil, err
	}
	return r.entered(r.Accounts.SetPassword(ctx, who, in.Body.Login, in.Body.Present, in.Body.Password))
}

// Passkey is a passkey of the caller.
type Passkey struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Created time.Time  `json:"created_at"`
	Used    *time.Time `json:"used_at,omitempty"`
	Copied  bool       `json:"copied,omitempty" doc:"Its counter went back: there may be two of it, and it lets nobody in"`
}

func passkeyView(p accounts.Passkey) Passkey {
	return Passkey{ID: p.ID, Name: p.Name, Created: p.Created, Used: never(p.Used), Copied: p.Copied}
}

type passkeyList struct {
	Passkeys []Passkey `json:"passkeys"`
}

func (r routes) passkeys(ctx context.Context, _ *struct{}) (*out[passkeyList], error) {
	who, err := r.self(ctx, accounts.From{})
	if err != nil {
		return nil, err
	}
	all, err := r.Accounts.Passkeys(ctx, who)
	if err != nil {
		return nil, r.fail(err)
	}
	l := passkeyList{Passkeys: make([]Passkey, len(all))}
	for i, p := range all {
		l.Passkeys[i] = passkeyView(p)
	}
	return &out[passkeyList]{l}, nil
}

// Proof shows again who somebody is, for a change of how they sign in.
type Proof struct {
	Present string `json:"present,omitempty" maxLength:"512" doc:"The present password, where you did not sign in lately"`
}

type beginPasskeyInput struct {
	Place
	Body Proof
}

func (r routes) beginPasskey(ctx context.Context, in *beginPasskeyInput) (*out[ceremony], error) {
	who, err := r.self(ctx, in.from())
	if err != nil {
		return nil, err
	}
	c, err := r.Accounts.AskPasskey(ctx, who, in.Body.Present)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[ceremony]{ceremony{c.State, c.Options}}, nil
}

// NewPasskey is what a browser made, with the name that its owner gives it.
type NewPasskey struct {
	PasskeyAnswer

	Name string `json:"name" minLength:"1" maxLength:"320"`
}

type addPasskeyInput struct{ Body NewPasskey }

func (r routes) addPasskey(ctx context.Context, in *addPasskeyInput) (*out[Passkey], error) {
	who, err := r.self(ctx, accounts.From{})
	if err != nil {
		return nil, err
	}
	made, err := r.Accounts.AddPasskey(ctx, who, in.Body.State, in.Body.Answer, in.Body.Name)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[Passkey]{passkeyView(made)}, nil
}

type namePasskeyInput struct {
	ByID
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"320"`
	}
}

func (r routes) namePasskey(ctx context.Context, in *namePasskeyInput) (*struct{}, error) {
	return r.done(ctx, accounts.From{}, func(who accounts.Self) error { return r.Accounts.NamePasskey(ctx, who, in.ID, in.Body.Name) })
}

type dropPasskeyInput struct {
	ByID
	Place
	Body Proof
}

func (r routes) dropPasskey(ctx context.Context, in *dropPasskeyInput) (*struct{}, error) {
	return r.done(ctx, in.from(), func(who accounts.Self) error { return r.Accounts.DropPasskey(ctx, who, in.ID, in.Body.Present) })
}

func (r routes) endSession(ctx context.Context, in *ByID) (*struct{}, error) {
	return r.done(ctx, accounts.From{}, func(who accounts.Self) error { return r.Accounts.EndSession(ctx, who, in.ID) })
}

// done does something to one's own account that has no answer.
func (r routes) done(ctx context.Context, from accounts.From, do func(accounts.Self) error) (*struct{}, error) {
	who, err := r.self(ctx, from)
	if err != nil {
		return nil, err
	}
	if err := do(who); err != nil {
		return nil, r.fail(err)
	}
	return nil, nil
}

// Session is a browser in which the caller is signed in.
type Session struct {
	ID      string    `json:"id"`
	Device  string    `json:"device" doc:"What the browser says that it is"`
	Address string    `json:"address"`
	How     string    `json:"how" enum:"link,password,passkey,oidc"`
	Made    time.Time `json:"signed_in_at"`
	Seen    time.Time `json:"seen_at" doc:"To the minute"`
	Expires time.Time `json:"expires_at" doc:"At the latest"`
	Here    bool      `json:"here,omitempty" doc:"It is this one"`
}

type sessionList struct {
	Sessions []Session `json:"sessions"`
}

func (r routes) sessions(ctx context.Context, _ *struct{}) (*out[sessionList], error) {
	who, err := r.self(ctx, accounts.From{})
	if err != nil {
		return nil, err
	}
	all, err := r.Accounts.Sessions(ctx, who)
	if err != nil {
		return nil, r.fail(err)
	}
	l := sessionList{Sessions: make([]Session, len(all))}
	for i, s := range all {
		l.Sessions[i] = sessionView(s, who.Session)
	}
	return &out[sessionList]{l}, nil
}

func sessionView(s store.Session, here store.Hash) Session {
	return Session{
		ID: s.ID, Device: s.Device, Address: s.Address, How: s.How, Made: s.Made, Seen: s.Seen, Expires: s.Expires, Here: s.Hash == here,
	}
}

type ended struct {
	Ended int `json:"ended" doc:"In so many browsers"`
}

func (r routes) endSessions(ctx context.Context, _ *struct{}) (*out[ended], error) {
	who, err := r.self(ctx, accounts.From{})
	if err != nil {
		return nil, err
	}
	n, err := r.Accounts.EndOthers(ctx, who)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[ended]{ended{n}}, nil
}
