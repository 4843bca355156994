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

// userRoutes are the people who use Heed, for administrators.
func (r routes) userRoutes() {
	const one = "/v1/users/{id}"
	add := r.kit.Operation("add-user", http.MethodPost, "/v1/users", "Add a user, who then needs a link to sign in first", admins())
	add.DefaultStatus = http.StatusCreated
	change := r.kit.Operation("change-user", http.MethodPatch, one, "Change name, login or role of a user, suspend or restore them; another role or a suspension signs them out at once", admins())
	change.Errors = append(change.Errors, http.StatusConflict)
	huma.Register(r.kit.API, r.kit.Operation("users", http.MethodGet, "/v1/users", "The users, the oldest first", admins()), r.users)
	huma.Register(r.kit.API, add, r.addUser)
	huma.Register(r.kit.API, change, r.changeUser)
	huma.Register(r.kit.API, mount.Secret.Of(r.kit.Operation("invite-user", http.MethodPost, one+"/link", "Make a one-time link for a user, who then chooses how to sign in", admins())), r.invite)
	huma.Register(r.kit.API, r.kit.Operation("user-history", http.MethodGet, one+"/history", "What became of a user and who did it, the latest first", admins()), r.history)
}

// User is somebody who uses Heed.
type User struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Login     string     `json:"login,omitempty" doc:"E-mail address or user name to sign in with"`
	Role      string     `json:"role" enum:"admin,agent,designer,marketer,privacy,supervisor,viewer"`
	Created   time.Time  `json:"created_at"`
	Suspended *time.Time `json:"suspended_at,omitempty"`
	SignedIn  *time.Time `json:"signed_in_at,omitempty" doc:"Last"`
	Password  bool       `json:"password" doc:"There is one"`
	Passkeys  int        `json:"passkeys" doc:"So many"`
	Provider  bool       `json:"provider" doc:"Signs in at the sign-in provider"`
}

func userView(u store.User) User {
	return User{
		ID: u.ID, Name: u.Name, Login: u.Login, Role: u.Role, Created: u.CreatedAt, Suspended: never(u.Suspended), SignedIn: never(u.SignedIn),
		Password: u.Password, Passkeys: u.Passkeys, Provider: u.Elsewhere,
	}
}

type usersInput struct {
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
	After string `query:"after" maxLength:"256" doc:"The previous page's next"`
}

type userList struct {
	Users []User `json:"users"`
	Next  string `json:"next,omitempty" doc:"Ask with after=NEXT for more; absent on the last page"`
}

func (r routes) users(ctx context.Context, in *usersInput) (*out[userList], error) {
	page, next, err := r.Accounts.Users(ctx, in.After, in.Limit)
	if err != nil {
		return nil, r.fail(err)
	}
	l := userList{Users: make([]User, len(page)), Next: next}
	for i, u := range page {
		l.Users[i] = userView(u)
	}
	return &out[userList]{l}, nil
}

// NewUser is what a user is made from.
type NewUser struct {
	Name  string `json:"name" minLength:"1" maxLength:"320" doc:"Up to 80 letters"`
	Login string `json:"login,omitempty" maxLength:"254" doc:"E-mail address or user name; without one the person chooses it"`
	Role  string `json:"role" enum:"admin,agent,designer,marketer,privacy,supervisor,viewer"`
}

type addUserInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body NewUser
}

func (r routes) addUser(ctx context.Context, in *addUserInput) (*out[User], error) {
	return r.user(r.Accounts.Add(ctx, r.by(ctx), accounts.Draft(in.Body)))
}

func (r routes) user(u store.User, err error) (*out[User], error) {
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[User]{userView(u)}, nil
}

// UserEdit is what is to change; what is left out stays.
type UserEdit struct {
	Name      *string `json:"name,omitempty" minLength:"1" maxLength:"320"`
	Login     *string `json:"login,omitempty" maxLength:"254"`
	Role      *string `json:"role,omitempty" enum:"admin,agent,designer,marketer,privacy,supervisor,viewer"`
	Suspended *bool   `json:"suspended,omitempty"`
}

type changeUserInput struct {
	ByID
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key twice counts once"`
	Body UserEdit
}

func (r routes) changeUser(ctx context.Context, in *changeUserInput) (*out[User], error) {
	return r.user(r.Accounts.Change(ctx, r.by(ctx), in.ID, accounts.Edit(in.Body)))
}

type inviteInput struct {
	ByID
	Body *struct {
		Reset bool `json:"reset,omitempty" doc:"Take away the password and all passkeys, and sign the person out everywhere"`
	}
}

func (r routes) invite(ctx context.Context, in *inviteInput) (*out[loginLink], error) {
	path, expires, err := r.Accounts.Invite(ctx, r.by(ctx), in.ID, in.Body != nil && in.Body.Reset)
	if err != nil {
		return nil, r.fail(err)
	}
	return &out[loginLink]{loginLink{path, expires}}, nil
}

// Revision is what became of a user at a moment.
type Revision struct {
	At   time.Time `json:"at"`
	What []string  `json:"what" doc:"name, login, role, suspended, restored, password, passkey_added, passkey_removed, passkey_copied, link, link_used, provider, reset, sessions"`
	Role string    `json:"role,omitempty" doc:"Since then"`
	Was  string    `json:"was,omitempty" doc:"The role before, where that changed"`
	By   string    `json:"by,omitempty" doc:"Who did it; absent: the server by its settings"`
}

type revisionList struct {
	Revisions []Revision `json:"revisions"`
}

func (r routes) history(ctx context.Context, in *ByID) (*out[revisionList], error) {
	if _, err := r.Accounts.User(ctx, in.ID); err != nil {
		return nil, r.fail(err)
	}
	all, err := r.Accounts.History(ctx, in.ID)
	if err != nil {
		return nil, r.fail(err)
	}
	l := revisionList{Revisions: make([]Revision, len(all))}
	for i, one := range all {
		l.Revisions[i] = Revision{At: one.At, What: one.What, Role: one.Role, Was: one.Was, By: one.By}
	}
	return &out[revisionList]{l}, nil
}
