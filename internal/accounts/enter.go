package accounts

import (
	"context"
	"errors"
	"time"

	"heed/internal/accounts/passkey"
	"heed/internal/accounts/password"
	"heed/internal/event"
	"heed/internal/store"
)

// From is where somebody signs in.
type From struct{ Device, Address string }

// Entry is a session that began. The secret is in the browser's cookie and
// nowhere else.
type Entry struct {
	Secret string
	Life   time.Duration
	User   store.User
}

// longestDevice bounds what a browser says that it is, in bytes.
const longestDevice = 256

// session begins a session of a user in a write, which may hold more. Whether
// they may come in is asked in that write, and more is given the user as it sees
// them: what was read before may have changed meanwhile.
func (s *Service) session(ctx context.Context, id, how string, from From, more ...func(*store.Tx, store.User) error) (Entry, error) {
	e := Entry{Secret: secret(), Life: s.o.Life}
	if len(from.Device) > longestDevice {
		from.Device = from.Device[:longestDevice]
	}
	now := s.now()
	err := s.o.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if e.User, err = tx.User(id); err != nil {
			return err
		}
		if !e.User.Active() {
			return ErrSuspended
		}
		for _, do := range more {
			if err := do(tx, e.User); err != nil {
				return err
			}
		}
		return tx.AddSession(store.Session{
			ID: event.NewID(), User: id, Hash: store.HashOf(e.Secret), Made: now, Expires: now.Add(s.o.Life), Idle: s.o.Idle,
			How: how, Device: from.Device, Address: from.Address,
		})
	})
	return e, err
}

// ByLink lets in who holds a link, once.
func (s *Service) ByLink(ctx context.Context, token string, from From) (Entry, error) {
	u, err := s.o.Store.UseLoginLink(ctx, store.HashOf(token), s.now())
	if errors.Is(err, store.ErrNotFound) {
		return Entry{}, ErrSpent
	}
	if err != nil {
		return Entry{}, err
	}
	return s.session(ctx, u.ID, "link", from, func(tx *store.Tx, u store.User) error { return s.changed(tx, u, "link_used") })
}

// ByPassword lets in who knows the password of a login. A wrong one and a login
// that nobody has are told alike and take as long.
func (s *Service) ByPassword(ctx context.Context, login, typed string, from From) (Entry, error) {
	_, key, err := loginOf(login)
	if err != nil || key == "" {
		key = "\x00" + login // nobody's
	}
	if w := s.o.Pace.Try(key, from.Address); w > 0 {
		return Entry{}, &Wait{w}
	}
	u, kept, err := s.password(ctx, key)
	if err != nil {
		return Entry{}, err
	}
	// What cannot be a password is checked all the same: it takes as long.
	same, unfit := password.Same(typed)
	right, anew, err := s.o.Hasher.Check(ctx, kept, same)
	switch {
	case err != nil:
		return Entry{}, err
	case !right || unfit != nil:
		return Entry{}, ErrWrong
	}
	s.o.Pace.Succeeded(key, from.Address)
	hash := kept
	if anew {
		if hash, err = s.o.Hasher.Make(ctx, same); err != nil {
			return Entry{}, err
		}
	}
	return s.session(ctx, u.ID, "password", from, func(tx *store.Tx, u store.User) error {
		// Another password may have been set, or all taken away, since this one was
		// read: it lets nobody in then, and is not put back.
		switch present, err := tx.Password(u.ID); {
		case err != nil:
			return err
		case present != kept:
			return ErrWrong
		case !anew:
			return nil
		}
		return tx.SetPassword(u.ID, hash)
	})
}

// password gives who has a login and what their password is checked against,
// both empty for nobody.
func (s *Service) password(ctx context.Context, key string) (store.User, string, error) {
	u, err := s.o.Store.UserByLogin(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return store.User{}, "", nil
	}
	if err != nil {
		return store.User{}, "", err
	}
	kept, err := s.o.Store.Password(ctx, u.ID)
	return u, kept, err
}

// PasskeyAsked begins to sign somebody in by a passkey.
func (s *Service) PasskeyAsked() (passkey.Ceremony, error) {
	if s.o.Keys == nil {
		return passkey.Ceremony{}, ErrNoPasskeys
	}
	return s.o.Keys.Enter()
}

// ByPasskey lets in who has a passkey. One whose counter went back is noted and
// lets nobody in.
func (s *Service) ByPasskey(ctx context.Context, state string, answer []byte, from From) (Entry, error) {
	if s.o.Keys == nil {
		return Entry{}, ErrNoPasskeys
	}
	p, used, err := s.o.Keys.Entered(state, answer, func(id string) (passkey.Person, error) { return s.person(ctx, id) })
	if err != nil && !errors.Is(err, passkey.ErrCopied) {
		return Entry{}, err
	}
	u, err2 := s.o.Store.User(ctx, p.ID)
	if err2 != nil {
		return Entry{}, err2
	}
	keep := func(tx *store.Tx, _ store.User) error { return tx.UsePasskey(used.ID, used.Doc, s.now()) }
	if err != nil {
		s.o.Logger.Warn("a passkey was refused: its counter went back, there may be two of it", "user", u.ID)
		noted := s.o.Store.Write(ctx, func(tx *store.Tx) error {
			return errors.Join(keep(tx, u), s.note(tx, event.UserChanged, By{}, event.UserChange{UserID: u.ID, What: []string{"passkey_copied"}, Role: u.Role}))
		})
		return Entry{}, errors.Join(err, noted)
	}
	return s.session(ctx, u.ID, "passkey", from, keep)
}

// person gives a user with their passkeys.
func (s *Service) person(ctx context.Context, id string) (passkey.Person, error) {
	u, err := s.o.Store.User(ctx, id)
	if err != nil {
		return passkey.Person{}, err
	}
	keys, err := s.o.Store.Passkeys(ctx, id)
	if err != nil {
		return passkey.Person{}, err
	}
	p := passkey.Person{ID: u.ID, Name: u.Name, Login: u.Login, Keys: make([]passkey.Key, len(keys))}
	for i, k := range keys {
		p.Keys[i] = passkey.Key{ID: k.ID, Doc: k.Doc}
	}
	return p, nil
}

// Identity is who somebody is at a provider of identities, and the role that
// their groups have here.
type Identity struct{ Issuer, Subject, Name, Email, Role string }

// ByIdentity lets in who signed in at a provider. Somebody new is made, and the
// role follows the provider; an address joins nobody with an account that is
// there.
func (s *Service) ByIdentity(ctx context.Context, is Identity, from From) (Entry, error) {
	var server By
	u, err := s.o.Store.UserByIdentity(ctx, is.Issuer, is.Subject)
	switch {
	case errors.Is(err, store.ErrNotFound):
		if u, err = s.join(ctx, is); err != nil {
			return Entry{}, err
		}
	case err != nil:
		return Entry{}, err
	case u.Role != is.Role && u.Active():
		changed, err := s.Change(ctx, server, u.ID, Edit{Role: &is.Role})
		if errors.Is(err, ErrLastAdmin) {
			s.o.Logger.Warn("the provider gives the last administrator another role, which is not done", "user", u.ID)
		} else if err != nil {
			return Entry{}, err
		} else {
			u = changed
		}
	}
	return s.session(ctx, u.ID, "oidc", from)
}

// join makes a user of somebody of a provider. An address that somebody here
// has already is left out.
func (s *Service) join(ctx context.Context, is Identity) (store.User, error) {
	u := store.User{ID: event.NewID(), Role: is.Role, CreatedAt: s.now().UTC().Truncate(time.Millisecond), Elsewhere: true}
	var err error
	if u.Name, err = nameOf(is.Name); err != nil {
		u.Name = titles[is.Role]
	}
	if u.Login, u.LoginKey, err = loginOf(is.Email); err == nil && u.LoginKey != "" {
		if _, err := s.o.Store.UserByLogin(ctx, u.LoginKey); err == nil {
			u.Login, u.LoginKey = "", ""
		}
	}
	return u, s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := s.add(tx, By{}, u, "provider"); err != nil {
			return err
		}
		return tx.AddIdentity(is.Issuer, is.Subject, u.ID)
	})
}
