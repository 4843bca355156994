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

// RoleOf gives what a user or a key, by its id, may do at a moment: its role,
// or [ErrNotFound] for a user who is suspended, a key that is revoked or over,
// and who is neither.
func (s *Store) RoleOf(ctx context.Context, id string, at time.Time) (string, error) {
	var role string
	err := s.reads.GetContext(ctx, &role, `SELECT role FROM "user" WHERE id = ?1 AND suspended IS NULL
		UNION ALL SELECT role FROM api_key WHERE id = ?1 AND revoked IS NULL AND (expires IS NULL OR expires > ?2) LIMIT 1`, id, millis(at))
	if err != nil {
		return "", fmt.Errorf("role of %s: %w", id, notFound(err))
	}
	return role, nil
}
