package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"heed/internal/event"
)

// Key lets a program in.
type Key struct {
	ID        string
	Name      string
	Role      string // as of a User, "ingest", or "recipient": see [Recipient]
	Hash      Hash
	CreatedAt time.Time
	// Scopes are what it may do of what its role may; empty is all.
	Scopes []string
	Hint   string // how the secret begins, for people to know it by
	Maker  string // who made it, by name; empty for Heed itself
	// Expires is when it ends and Revoked when it was taken back; zero is never.
	Expires, Revoked time.Time
	// Used is the minute in which it was last used, as far as it is written down;
	// zero is never.
	Used time.Time
}

// revokedStay is how long keys that were revoked can be seen.
const revokedStay = 30 * 24 * time.Hour

// AddKey stores an API key; an id or a hash in use is [ErrDuplicate].
func (s *Store) AddKey(ctx context.Context, k Key, by event.By) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.AddKey(k, by) })
}

// AddKey stores an API key; an id or a hash in use is [ErrDuplicate].
func (tx *Tx) AddKey(k Key, by event.By) error {
	op := "add key " + k.ID
	if _, err := tx.exec(op, `DELETE FROM api_key WHERE revoked < ?`, millis(tx.now().Add(-revokedStay))); err != nil {
		return err
	}
	_, err := tx.exec(op, `INSERT INTO api_key (id, name, role, hash, created, scopes, hint, maker, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ID, k.Name, k.Role, k.Hash[:], millis(k.CreatedAt), strings.Join(k.Scopes, " "), k.Hint, k.Maker, orNever(k.Expires))
	if err != nil {
		return err
	}
	return tx.keyTold("made", k.ID, by)
}

// keyTold writes down who did what to a key that is there.
func (tx *Tx) keyTold(what, id string, by event.By) error {
	if by == (event.By{}) {
		return nil
	}
	op := "tell of key " + id
	var k struct{ Name, Role, Scopes string }
	if err := tx.get(op, &k, `SELECT name, role, scopes FROM api_key WHERE id = ?`, id); err != nil {
		return err
	}
	e, err := event.New(event.KeyChanged, tx.now(), event.About{}, event.KeyChange{
		KeyID: id, What: what, Name: k.Name, Role: k.Role, Scopes: strings.Fields(k.Scopes), By: by.Name, ByID: by.ID,
	})
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return tx.Append(e)
}

// ReplaceKey stores a key in the place of another, which ends at a moment, or
// when it would have ended before. What the old one owns is the new one's at
// once: it goes on when the old one has ended. One that is not there, or was
// revoked, is [ErrNotFound].
func (s *Store) ReplaceKey(ctx context.Context, old string, k Key, until time.Time, by event.By) error {
	return s.Write(ctx, func(tx *Tx) error {
		err := tx.changeKey("replaced", old, by, `UPDATE api_key SET expires = min(coalesce(expires, ?1), ?1) WHERE id = ?2 AND revoked IS NULL`, millis(until), old)
		if err != nil {
			return err
		}
		for _, table := range [...]string{"saved_search", "subscription", "alert", "watch_rule"} {
			if _, err := tx.exec("what key "+old+" owns", `UPDATE `+table+` SET owner = ? WHERE owner = ?`, k.ID, old); err != nil {
				return err
			}
		}
		return tx.AddKey(k, by)
	})
}

// RevokeKey takes a key back at once; it is seen for a while and can be
// restored. One that is not there, or was revoked, is [ErrNotFound].
func (s *Store) RevokeKey(ctx context.Context, id string, at time.Time, by event.By) error {
	return s.Write(ctx, func(tx *Tx) error {
		return tx.changeKey("revoked", id, by, `UPDATE api_key SET revoked = ? WHERE id = ? AND revoked IS NULL`, millis(at), id)
	})
}

// RestoreKey gives back a key that was revoked at a moment or later, else it
// is [ErrNotFound].
func (s *Store) RestoreKey(ctx context.Context, id string, since time.Time, by event.By) error {
	return s.Write(ctx, func(tx *Tx) error {
		return tx.changeKey("restored", id, by, `UPDATE api_key SET revoked = NULL WHERE id = ? AND revoked >= ?`, id, millis(since))
	})
}

// changeKey changes one key and tells of it, or it is [ErrNotFound].
func (tx *Tx) changeKey(what, id string, by event.By, query string, args ...any) error {
	op := "key " + id + " is to be " + what
	res, err := tx.exec(op, query, args...)
	if err := changedOne(op, res, err); err != nil {
		return err
	}
	return tx.keyTold(what, id, by)
}

// KeysUsed writes down when keys were last used, to the minute.
func (s *Store) KeysUsed(ctx context.Context, used map[string]time.Time) error {
	return s.Write(ctx, func(tx *Tx) error {
		for id, at := range used {
			_, err := tx.exec("use of key "+id, `UPDATE api_key SET used = max(coalesce(used, 0), ?) WHERE id = ?`, millis(at.Truncate(time.Minute)), id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// KeyByHash gives the key with a hash that lets somebody in at a moment: it is
// neither revoked nor over.
func (s *Store) KeyByHash(ctx context.Context, hash Hash, at time.Time) (Key, error) {
	keys, err := s.keys(ctx, `WHERE hash = ? AND revoked IS NULL AND (expires IS NULL OR expires > ?)`, hash[:], millis(at))
	if err != nil {
		return Key{}, err
	}
	if len(keys) == 0 {
		return Key{}, fmt.Errorf("key: %w", ErrNotFound)
	}
	return keys[0], nil
}

// Keys gives all keys, oldest first, those also that let nobody in any more.
func (s *Store) Keys(ctx context.Context) ([]Key, error) {
	return s.keys(ctx, `ORDER BY created, id`)
}

func (s *Store) keys(ctx context.Context, where string, args ...any) ([]Key, error) {
	var rows []struct {
		ID, Name, Role, Scopes, Hint, Maker string
		Hash                                []byte
		Created                             int64
		Expires, Used, Revoked              *int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT id, name, role, hash, created, scopes, hint, maker, expires, used, revoked FROM api_key `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", classify(err))
	}
	keys := make([]Key, len(rows))
	for i, r := range rows {
		keys[i] = Key{
			ID: r.ID, Name: r.Name, Role: r.Role, Hash: Hash(r.Hash), CreatedAt: fromMillis(r.Created), Hint: r.Hint, Maker: r.Maker,
			Expires: fromNever(r.Expires), Used: fromNever(r.Used), Revoked: fromNever(r.Revoked),
		}
		if r.Scopes != "" {
			keys[i].Scopes = strings.Fields(r.Scopes)
		}
	}
	return keys, nil
}

// DropKey removes a key at once and for good; one that is not there is
// [ErrNotFound].
func (s *Store) DropKey(ctx context.Context, id string) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.dropKey(id, event.By{}) })
}

func (tx *Tx) dropKey(id string, by event.By) error {
	if err := tx.keyTold("dropped", id, by); err != nil {
		return err
	}
	return tx.changeKey("dropped", id, event.By{}, `DELETE FROM api_key WHERE id = ?`, id)
}
