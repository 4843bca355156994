package store

import (
	"context"
	"crypto/sha256"
	"fmt"
)

// Hash is the SHA-256 sum of a secret; the secret itself is never stored.
type Hash = [sha256.Size]byte

// HashOf sums a secret. The secret must be random and long, as tokens are; it
// is not a way to keep passwords.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

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
