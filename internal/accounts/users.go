package accounts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"heed/internal/event"
	"heed/internal/mount"
	"heed/internal/store"
)

// Draft is what a user is made from.
type Draft struct{ Name, Login, Role string }

// Add makes a user, who cannot sign in before they get a link: see
// [Service.Invite].
func (s *Service) Add(ctx context.Context, by By, d Draft) (store.User, error) {
	u := store.User{ID: event.NewID(), Role: d.Role, CreatedAt: s.now().UTC().Truncate(time.Millisecond)}
	var err error
	if u.Name, err = nameOf(d.Name); err != nil {
		return u, err
	}
	if u.Login, u.LoginKey, err = loginOf(d.Login); err != nil {
		return u, err
	}
	if !slices.Contains(mount.Staff(), d.Role) {
		return u, &Invalid{"role", "one of the roles of people", "role"}
	}
	return u, taken(s.o.Store.Write(ctx, func(tx *store.Tx) error { return s.add(tx, by, u) }))
}

// add stores a user and tells of it, and of what more there is of them.
func (s *Service) add(tx *store.Tx, by By, u store.User, more ...string) error {
	if err := tx.AddUser(u); err != nil {
		return err
	}
	return s.note(tx, event.UserAdded, by, event.UserChange{UserID: u.ID, What: append([]string{"name", "role"}, more...), Role: u.Role})
}

// taken says of a duplicate that it is the login.
func taken(err error) error {
	if errors.Is(err, store.ErrDuplicate) {
		return &Invalid{"login", "another one: somebody else has it", "taken"}
	}
	return err
}

// Edit is what is to change of a user; nil stays.
type Edit struct {
	Name, Login, Role *string
	Suspended         *bool
}

// Change changes a user. Who gets another role or is suspended is signed out
// everywhere at once.
func (s *Service) Change(ctx context.Context, by By, id string, e Edit) (store.User, error) {
	var u store.User
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		var err error
		u, err = s.change(tx, by, id, e)
		return err
	})
	return u, taken(err)
}

func (s *Service) change(tx *store.Tx, by By, id string, e Edit) (store.User, error) {
	was, err := tx.User(id)
	if err != nil {
		return was, err
	}
	u, err := s.edited(was, e)
	if err != nil {
		return was, err
	}
	what := differences(was, u)
	if len(what) == 0 {
		return u, nil
	}
	if err := keepAnAdmin(tx, was, u); err != nil {
		return was, err
	}
	if err := tx.SetUser(u); err != nil {
		return was, err
	}
	if err := signedOut(tx, was, u); err != nil {
		return was, err
	}
	told := event.UserChange{UserID: id, What: what, Role: u.Role}
	if was.Role != u.Role {
		told.Was = was.Role
	}
	return u, s.note(tx, event.UserChanged, by, told)
}

// keepAnAdmin refuses what would leave nobody to look after the house.
func keepAnAdmin(tx *store.Tx, was, u store.User) error {
	if was.Role != mount.Admin || !was.Active() || u.Role == mount.Admin && u.Active() {
		return nil
	}
	n, err := tx.CountActive(mount.Admin)
	if err == nil && n < 2 {
		return ErrLastAdmin
	}
	return err
}

// signedOut ends what a change of role or a suspension must end.
func signedOut(tx *store.Tx, was, u store.User) error {
	if u.Role == was.Role && u.Active() {
		return nil
	}
	if _, err := tx.EndSessions(u.ID, store.Hash{}); err != nil || u.Active() {
		return err
	}
	return tx.DropLinks(u.ID)
}

// edited says what a user is after an edit.
func (s *Service) edited(u store.User, e Edit) (_ store.User, err error) {
	if e.Name != nil {
		if u.Name, err = nameOf(*e.Name); err != nil {
			return u, err
		}
	}
	if e.Login != nil {
		if u.Login, u.LoginKey, err = loginOf(*e.Login); err != nil {
			return u, err
		}
		if u.Login == "" && u.Password {
			return u, &Invalid{"login", "something: this person signs in by a password", "needed"}
		}
	}
	if e.Role != nil {
		if u.Role = *e.Role; !slices.Contains(mount.Staff(), u.Role) {
			return u, &Invalid{"role", "one of the roles of people", "role"}
		}
	}
	if e.Suspended != nil && *e.Suspended == u.Active() {
		u.Suspended = time.Time{}
		if *e.Suspended {
			u.Suspended = s.now().UTC().Truncate(time.Millisecond)
		}
	}
	return u, nil
}

// differences names what a user has that was otherwise, in order.
func differences(was, u store.User) (what []string) {
	for _, d := range []struct {
		name    string
		differs bool
	}{
		{"login", u.Login != was.Login},
		{"name", u.Name != was.Name},
		{"restored", !was.Active() && u.Active()},
		{"role", u.Role != was.Role},
		{"suspended", was.Active() && !u.Active()},
	} {
		if d.differs {
			what = append(what, d.name)
		}
	}
	return what
}

// Invite makes a link with which a user signs in once and then chooses how to
// do so later; afresh takes away all ways that there are, for a device that was
// lost or a password that somebody else knows.
func (s *Service) Invite(ctx context.Context, by By, id string, afresh bool) (path string, expires time.Time, err error) {
	return s.link(ctx, by, id, func(tx *store.Tx, u store.User) (time.Duration, []string, error) {
		life := linkLife
		if !u.Returns() || afresh {
			life = askedLife
		}
		if !afresh {
			return life, nil, nil
		}
		_, ended := tx.EndSessions(id, store.Hash{})
		return life, []string{"reset"}, errors.Join(tx.SetPassword(id, ""), tx.DropPasskeys(id), tx.DropLinks(id), ended)
	})
}

// Link makes a link for the first user of a role, or for the one with a name,
// who is made when there is none. Both may be empty: the administrator.
func (s *Service) Link(ctx context.Context, by By, role, name string) (path string, expires time.Time, err error) {
	role = cmp.Or(role, mount.Admin)
	users, err := s.o.Store.Users(ctx)
	if err != nil {
		return "", expires, err
	}
	i := slices.IndexFunc(users, func(u store.User) bool { return u.Active() && u.Role == role && (name == "" || u.Name == name) })
	if i >= 0 {
		return s.link(ctx, by, users[i].ID, nil)
	}
	u, err := s.Add(ctx, by, Draft{Name: cmp.Or(name, titles[role], role), Role: role})
	if err != nil {
		return "", expires, err
	}
	return s.link(ctx, by, u.ID, nil)
}

// link makes a link of a user in a write that tells of it. first may be nil; it
// does what belongs to it, and says for how long the link is and what was done.
func (s *Service) link(ctx context.Context, by By, id string, first func(*store.Tx, store.User) (time.Duration, []string, error)) (path string, expires time.Time, err error) {
	token, now := secret(), s.now()
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User(id)
		if err != nil {
			return err
		}
		if !u.Active() {
			return &Invalid{"id", "somebody who is not suspended: restore them first", "suspended"}
		}
		life, more := linkLife, []string(nil)
		if first != nil {
			if life, more, err = first(tx, u); err != nil {
				return err
			}
		}
		expires = now.Add(life)
		if err := tx.AddLoginLink(store.HashOf(token), id, expires); err != nil {
			return err
		}
		return s.note(tx, event.UserChanged, by, event.UserChange{UserID: id, What: append([]string{"link"}, more...), Role: u.Role})
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return "/login?token=" + token, expires, nil
}

// titles name users who were given no name.
var titles = map[string]string{
	mount.Admin: "Administrator", mount.Agent: "Agent", mount.Marketer: "Marketer", mount.Privacy: "Privacy officer",
	mount.Designer: "Decision designer", mount.Supervisor: "Supervisor", mount.Viewer: "Viewer",
}

// First makes the administrator where there is no user yet.
func (s *Service) First(ctx context.Context) error {
	users, err := s.o.Store.Users(ctx)
	if err != nil || len(users) > 0 {
		return err
	}
	_, err = s.Add(ctx, By{}, Draft{Name: titles[mount.Admin], Role: mount.Admin})
	return err
}
