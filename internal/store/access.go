package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"
)

// Hash is the SHA-256 sum of a secret; the secret itself is never stored.
type Hash = [sha256.Size]byte

// HashOf sums a secret. The secret must be random and long, as tokens are; it
// is not a way to keep passwords.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// Key lets a program in.
type Key struct {
	ID        string
	Name      string
	Role      string // as of a User, "ingest", or "recipient": see [Recipient]
	Hash      Hash
	CreatedAt time.Time
}

// AddKey stores an API key; an id or a hash in use is [ErrDuplicate].
func (s *Store) AddKey(ctx context.Context, k Key) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("add key "+k.ID, `INSERT INTO api_key (id, name, role, hash, created)
			VALUES (?, ?, ?, ?, ?)`, k.ID, k.Name, k.Role, k.Hash[:], millis(k.CreatedAt))
		return err
	})
}

// KeyByHash gives the key with a hash.
func (s *Store) KeyByHash(ctx context.Context, hash Hash) (Key, error) {
	keys, err := s.keys(ctx, `WHERE hash = ?`, hash[:])
	if err != nil {
		return Key{}, err
	}
	if len(keys) == 0 {
		return Key{}, fmt.Errorf("key: %w", ErrNotFound)
	}
	return keys[0], nil
}

// Keys gives all keys, oldest first.
func (s *Store) Keys(ctx context.Context) ([]Key, error) {
	return s.keys(ctx, `ORDER BY created, id`)
}

func (s *Store) keys(ctx context.Context, where string, args ...any) ([]Key, error) {
	var rows []struct {
		ID, Name, Role string
		Hash           []byte
		Created        int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT id, name, role, hash, created FROM api_key `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", classify(err))
	}
	keys := make([]Key, len(rows))
	for i, r := range rows {
		keys[i] = Key{ID: r.ID, Name: r.Name, Role: r.Role, Hash: Hash(r.Hash), CreatedAt: fromMillis(r.Created)}
	}
	return keys, nil
}

// DropKey removes a key at once; one that is not there is [ErrNotFound].
func (s *Store) DropKey(ctx context.Context, id string) error {
	return s.Write(ctx, func(tx *Tx) error {
		res, err := tx.exec("drop key "+id, `DELETE FROM api_key WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fmt.Errorf("drop key %s: %w", id, ErrNotFound)
		}
		return nil
	})
}

// RoleOf gives the role of a user or a key by its id, or [ErrNotFound] when it
// is neither any more, or a user who is suspended.
func (s *Store) RoleOf(ctx context.Context, id string) (string, error) {
	var role string
	err := s.reads.GetContext(ctx, &role, `SELECT role FROM "user" WHERE id = ?1 AND suspended IS NULL UNION ALL SELECT role FROM api_key WHERE id = ?1 LIMIT 1`, id)
	if err != nil {
		return "", fmt.Errorf("role of %s: %w", id, notFound(err))
	}
	return role, nil
}
