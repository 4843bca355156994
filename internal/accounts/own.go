package accounts

import (
	"context"
	"errors"
	"slices"

	"heed/internal/accounts/passkey"
	"heed/internal/accounts/password"
	"heed/internal/store"
)

// Self is a person in a browser: whose account it is, and the session in which
// something is done to it.
type Self struct {
	ID      string
	Session store.Hash
	From    From
}

// proof says whether a person showed lately enough who they are: by their
// present password, or by signing in within the last half hour otherwise than by
// a password.
func (s *Service) proof(ctx context.Context, who Self, present string) (store.User, store.Session, error) {
	u, err := s.o.Store.User(ctx, who.ID)
	if err != nil {
		return u, store.Session{}, err
	}
	now, err := s.o.Store.SessionByHash(ctx, who.Session, s.now())
	if err != nil {
		return u, now, err
	}
	if present == "" {
		if s.now().Sub(now.Made) > proofLife || now.How == "password" && u.Password {
			return u, now, ErrProof
		}
		return u, now, nil
	}
	if w := s.o.Pace.Try("\x01"+u.ID, who.From.Address); w > 0 {
		return u, now, &Wait{w}
	}
	kept, err := s.o.Store.Password(ctx, u.ID)
	if err != nil {
		return u, now, err
	}
	same, _ := password.Same(present) // what cannot be one is not right
	right, _, err := s.o.Hasher.Check(ctx, kept, same)
	switch {
	case err != nil:
		return u, now, err
	case !right:
		return u, now, ErrOwnPassword
	}
	s.o.Pace.Succeeded("\x01"+u.ID, who.From.Address)
	return u, now, nil
}

// Proven says whether the person need not give the password to change how they
// sign in.
func (s *Service) Proven(ctx context.Context, who Self) (bool, error) {
	_, _, err := s.proof(ctx, who, "")
	if errors.Is(err, ErrProof) {
		return false, nil
	}
	return err == nil, err
}

// codes name why a password is refused.
var codes = map[error]string{
	password.ErrShort: "short", password.ErrLong: "long", password.ErrCommon: "common", password.ErrOwn: "own",
	password.ErrSimple: "simple", password.ErrText: "text",
}

// SetPassword gives a person a password, and a login where they have none. All
// their sessions end, and another begins in this browser.
func (s *Service) SetPassword(ctx context.Context, who Self, login, present, chosen string) (Entry, error) {
	u, now, err := s.proof(ctx, who, present)
	if err != nil {
		return Entry{}, err
	}
	if u, err = signsInWith(u, login); err != nil {
		return Entry{}, err
	}
	same, err := password.Same(chosen)
	if err == nil {
		err = password.Allowed(same, u.Name, u.Login, "heed")
	}
	if err != nil {
		return Entry{}, &Invalid{"password", err.Error(), codes[err]}
	}
	hash, err := s.o.Hasher.Make(ctx, same)
	if err != nil {
		return Entry{}, err
	}
	e, err := s.session(ctx, u.ID, now.How, who.From, func(tx *store.Tx, was store.User) error {
		// Who was signed out meanwhile has to come in again first.
		if err := tx.DropSession(who.Session); errors.Is(err, store.ErrNotFound) {
			return ErrProof
		} else if err != nil {
			return err
		}
		u, err := signsInWith(was, login)
		if err != nil {
			return err
		}
		if u != was {
			if err := tx.SetUser(u); err != nil {
				return err
			}
		}
		_, ended := tx.EndSessions(u.ID, store.Hash{})
		return errors.Join(ended, tx.DropLinks(u.ID), tx.SetPassword(u.ID, hash), s.changed(tx, u, "password"))
	})
	return e, taken(err)
}

// signsInWith gives a user who has no login the one that they chose.
func signsInWith(u store.User, login string) (_ store.User, err error) {
	if u.LoginKey != "" {
		return u, nil
	}
	if u.Login, u.LoginKey, err = loginOf(login); err == nil && u.LoginKey == "" {
		err = &Invalid{"login", "an e-mail address or a user name: you sign in with it", "needed"}
	}
	return u, err
}

// Rename gives a person another name.
func (s *Service) Rename(ctx context.Context, who Self, name string) (store.User, error) {
	u, err := s.o.Store.User(ctx, who.ID)
	if err != nil {
		return u, err
	}
	return s.Change(ctx, By{ID: u.ID, Name: u.Name}, who.ID, Edit{Name: &name})
}

// Sessions gives the sessions of a person, the latest used first.
func (s *Service) Sessions(ctx context.Context, who Self) ([]store.Session, error) {
	return s.o.Store.Sessions(ctx, who.ID, s.now())
}

// EndSession signs a person out elsewhere.
func (s *Service) EndSession(ctx context.Context, who Self, id string) error {
	return s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndSession(who.ID, id) })
}

// EndOthers signs a person out everywhere but in this browser, and says in how
// many that was.
func (s *Service) EndOthers(ctx context.Context, who Self) (n int, err error) {
	u, err := s.o.Store.User(ctx, who.ID)
	if err != nil {
		return 0, err
	}
	err = s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if n, err = tx.EndSessions(who.ID, who.Session); err != nil || n == 0 {
			return err
		}
		return s.changed(tx, u, "sessions")
	})
	return n, err
}

// Leave ends the session, and says how it began.
func (s *Service) Leave(ctx context.Context, session store.Hash) (how string, err error) {
	now, err := s.o.Store.SessionByHash(ctx, session, s.now())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	return now.How, s.o.Store.DropSession(ctx, session)
}

// Passkey is a passkey as its owner sees it.
type Passkey struct {
	store.Passkey

	Copied bool // its counter went back: there may be two of it
}

// Passkeys gives the passkeys of a person, the oldest first.
func (s *Service) Passkeys(ctx context.Context, who Self) ([]Passkey, error) {
	kept, err := s.o.Store.Passkeys(ctx, who.ID)
	out := make([]Passkey, len(kept))
	for i, k := range kept {
		out[i] = Passkey{k, passkey.Key{ID: k.ID, Doc: k.Doc}.Copied()}
	}
	return out, err
}

// mostPasskeys bounds those of one person.
const mostPasskeys = 20

// AskPasskey begins to add a passkey.
func (s *Service) AskPasskey(ctx context.Context, who Self, present string) (passkey.Ceremony, error) {
	if s.o.Keys == nil {
		return passkey.Ceremony{}, ErrNoPasskeys
	}
	if _, _, err := s.proof(ctx, who, present); err != nil {
		return passkey.Ceremony{}, err
	}
	p, err := s.person(ctx, who.ID)
	if err != nil {
		return passkey.Ceremony{}, err
	}
	if len(p.Keys) >= mostPasskeys {
		return passkey.Ceremony{}, &Invalid{"passkey", "at most 20: remove one first", "many"}
	}
	return s.o.Keys.Add(p)
}

// AddPasskey ends adding one.
func (s *Service) AddPasskey(ctx context.Context, who Self, state string, answer []byte, name string) (Passkey, error) {
	if s.o.Keys == nil {
		return Passkey{}, ErrNoPasskeys
	}
	name, err := nameOf(name)
	if err != nil {
		return Passkey{}, err
	}
	p, err := s.person(ctx, who.ID)
	if err != nil {
		return Passkey{}, err
	}
	made, err := s.o.Keys.Added(p, state, answer)
	if err != nil {
		return Passkey{}, err
	}
	kept := store.Passkey{ID: made.ID, User: who.ID, Name: name, Created: s.now(), Doc: made.Doc}
	u, err := s.o.Store.User(ctx, who.ID)
	if err != nil {
		return Passkey{}, err
	}
	return Passkey{Passkey: kept}, s.o.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddPasskey(kept); err != nil {
			return err
		}
		return s.changed(tx, u, "passkey_added")
	})
}

// NamePasskey gives a passkey another name.
func (s *Service) NamePasskey(ctx context.Context, who Self, id, name string) error {
	name, err := nameOf(name)
	if err != nil {
		return err
	}
	return s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.NamePasskey(who.ID, id, name) })
}

// DropPasskey removes a passkey, unless it is the only way to sign in. It asks
// for the proof that adding one does.
func (s *Service) DropPasskey(ctx context.Context, who Self, id, present string) error {
	if _, _, err := s.proof(ctx, who, present); err != nil {
		return err
	}
	return s.o.Store.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User(who.ID)
		if err != nil {
			return err
		}
		if u.Passkeys == 1 && !u.Password && !u.Elsewhere {
			return &Invalid{"id", "another one: this is your only way to sign in, set a password first", "only"}
		}
		if err := tx.DropPasskey(who.ID, id); err != nil {
			return err
		}
		return s.changed(tx, u, "passkey_removed")
	})
}

// History gives what became of a user, the latest first.
func (s *Service) History(ctx context.Context, id string) ([]Revision, error) {
	var out []Revision
	for after := int64(0); ; {
		events, err := s.o.Store.Events(ctx, store.EventQuery{After: after, Types: types(), Limit: page})
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			r, err := revision(e)
			if err != nil {
				return nil, err
			}
			if r.UserID == id {
				out = append(out, r)
			}
			after = e.Seq
		}
		if len(events) < page {
			slices.Reverse(out)
			return out[:min(len(out), mostShown)], nil
		}
	}
}
