// Package api is signing in, one's own account, and the users, in the HTTP API.
// Only administrators see and change other people.
//
// It is given a place in the API and the cookie of a session by the server, and
// makes none itself.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"heed/internal/accounts"
	"heed/internal/accounts/provider"
	"heed/internal/gate"
	"heed/internal/mount"
)

// Options is what the routes need.
type Options struct {
	Accounts *accounts.Service
	Provider *provider.Provider // nil: there is none
	// Secure says that browsers reach the server by HTTPS only.
	Secure bool
	Logger *slog.Logger
}

type routes struct {
	Options

	kit mount.Kit
}

func admins() []string { return []string{mount.Admin} }

// Routes gives what adds the routes to an API.
func Routes(o Options) func(mount.Kit) {
	return func(k mount.Kit) {
		r := routes{o, k}
		r.enterRoutes()
		r.ownRoutes()
		r.userRoutes()
	}
}

// open describes a route that is for strangers too.
func (r routes) open(id, method, path, summary string, errs ...int) huma.Operation {
	o := r.kit.Operation(id, method, path, summary, nil)
	o.Security, o.Metadata, o.Errors = nil, nil, errs
	return mount.Secret.Of(o)
}

type out[T any] struct{ Body T }

// Place is where a request came from.
type Place struct {
	Device  string `header:"User-Agent" hidden:"true"`
	address string
}

// Resolve notes the sender's address.
func (p *Place) Resolve(ctx huma.Context) []error {
	req, _ := humago.Unwrap(ctx)
	p.address = gate.Client(req)
	return nil
}

func (p *Place) from() accounts.From {
	return accounts.From{Device: p.Device, Address: p.address}
}

// self gives who makes a request, which is not for keys.
func (r routes) self(ctx context.Context, from accounts.From) (accounts.Self, error) {
	session, signedIn := r.kit.Session(ctx)
	if !signedIn {
		return accounts.Self{}, huma.Error403Forbidden("an API key has no account of its own: sign in")
	}
	return accounts.Self{ID: r.kit.ID(ctx), Session: session, From: from}, nil
}

func (r routes) by(ctx context.Context) accounts.By {
	return accounts.By{ID: r.kit.ID(ctx), Name: r.kit.Caller(ctx)}
}

// fail adds to the API's own verdicts what people have to do.
func (r routes) fail(err error) error {
	if bad, ok := errors.AsType[*accounts.Invalid](err); ok {
		return huma.Error422UnprocessableEntity(bad.Field+": "+bad.Want, &huma.ErrorDetail{Location: "body." + bad.Field, Message: bad.Want, Value: bad.Code})
	}
	if wait, ok := errors.AsType[*accounts.Wait](err); ok {
		seconds := strconv.Itoa(int((wait.For + time.Second - 1) / time.Second))
		return huma.ErrorWithHeaders(
			huma.Error429TooManyRequests("too many tries: wait "+seconds+" seconds. A passkey or a sign-in link works at once"), http.Header{"Retry-After": {seconds}})
	}
	for known, status := range map[error]int{
		accounts.ErrWrong: http.StatusUnauthorized, accounts.ErrPasskey: http.StatusUnauthorized, accounts.ErrSuspended: http.StatusForbidden,
		accounts.ErrLastAdmin: http.StatusConflict, accounts.ErrProof: http.StatusForbidden, accounts.ErrOwnPassword: http.StatusForbidden,
		accounts.ErrNoPasskeys: http.StatusConflict,
	} {
		if errors.Is(err, known) {
			return huma.NewError(status, known.Error())
		}
	}
	switch {
	case errors.Is(err, accounts.ErrSpent):
		return huma.Error401Unauthorized(accounts.ErrSpent.Error() + "; \"heed link\" makes a new one, and so does an administrator")
	case errors.Is(err, accounts.ErrCopied):
		return huma.Error401Unauthorized(accounts.ErrCopied.Error() + " and lets nobody in: sign in another way and remove it")
	case errors.Is(err, accounts.ErrBusy):
		return huma.ErrorWithHeaders(huma.Error503ServiceUnavailable(accounts.ErrBusy.Error()+"; try again"), http.Header{"Retry-After": {"2"}})
	}
	return r.kit.Fail(err)
}

// cookieOutput keeps a browser signed in, or signs it out.
type cookieOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (r routes) entered(e accounts.Entry, err error) (*cookieOutput, error) {
	if err != nil {
		return nil, r.fail(err)
	}
	return &cookieOutput{r.kit.Cookie(e.Secret, e.Life)}, nil
}

// never gives no moment for one that did not come.
func never(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// ByID is the input of operations on one thing.
type ByID struct {
	ID string `path:"id" maxLength:"512" doc:"The id"`
}
