package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// User is somebody who may use Heed.
type User struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Login     string     `json:"login,omitempty"`
	Role      string     `json:"role"`
	Suspended *time.Time `json:"suspended_at,omitempty"`
	SignedIn  *time.Time `json:"signed_in_at,omitempty"`
	Password  bool       `json:"password"`
	Passkeys  int        `json:"passkeys"`
	Provider  bool       `json:"provider"`
}

// ErrWho says that none, or more than one, of the users was meant.
var ErrWho = errors.New("name one user by user name, id or full name, as \"heed user list\" shows them")

// Users gives all users, the oldest first.
func (c *Client) Users(ctx context.Context) (all []User, err error) {
	for after := ""; ; {
		var l struct {
			Users []User
			Next  string
		}
		if err := c.do(ctx, http.MethodGet, "/v1/users?limit=500&after="+url.QueryEscape(after), nil, &l); err != nil {
			return nil, err
		}
		all = append(all, l.Users...)
		if after = l.Next; after == "" {
			return all, nil
		}
	}
}

// FindUser gives the user who is meant by an id, a login or a name; else it is
// [ErrWho].
func (c *Client) FindUser(ctx context.Context, who string) (User, error) {
	all, err := c.Users(ctx)
	if err != nil {
		return User{}, err
	}
	var found []User
	for _, u := range all {
		if u.ID == who || u.Login != "" && strings.EqualFold(u.Login, who) {
			return u, nil
		}
		if u.Name == who {
			found = append(found, u)
		}
	}
	if len(found) != 1 {
		return User{}, fmt.Errorf("%q is %d users: %w", who, len(found), ErrWho)
	}
	return found[0], nil
}

// AddUser makes a user.
func (c *Client) AddUser(ctx context.Context, name, login, role string) (u User, err error) {
	draft := struct {
		Name  string `json:"name"`
		Login string `json:"login,omitempty"`
		Role  string `json:"role"`
	}{name, login, role}
	err = c.do(ctx, http.MethodPost, "/v1/users", draft, &u)
	return u, err
}

// Suspend suspends a user, or restores one.
func (c *Client) Suspend(ctx context.Context, id string, suspended bool) (u User, err error) {
	err = c.do(ctx, http.MethodPatch, "/v1/users/"+url.PathEscape(id), map[string]bool{"suspended": suspended}, &u)
	return u, err
}

// UserLink makes a one-time link for a user and gives it with the server's
// address; reset takes away the password and passkeys that there are.
func (c *Client) UserLink(ctx context.Context, id string, reset bool) (string, error) {
	var l struct{ Path string }
	if err := c.do(ctx, http.MethodPost, "/v1/users/"+url.PathEscape(id)+"/link", map[string]bool{"reset": reset}, &l); err != nil {
		return "", err
	}
	return c.base + l.Path, nil
}
