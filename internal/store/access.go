package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Hash is the SHA-256 sum of a secret; the secret itself is never stored.
type Hash = [sha256.Size]byte

// HashOf sums a secret. The secret must be random and long, as tokens are; it
// is not a way to keep passwords.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }

// User is somebody who may sign in.
type User struct {
	ID        string
	Name      string
	Role      string // "admin", "agent", "designer", "marketer", "privacy" or "viewer"
	CreatedAt time.Time
}

// AddUser stores a user; an id in use is [ErrDuplicate].
func (s *Store) AddUser(ctx context.Context, u User) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("add user "+u.ID, `INSERT INTO "user" (id, name, role, created) VALUES (?, ?, ?, ?)`,
			u.ID, u.Name, u.Role, millis(u.CreatedAt))
		return err
	})
}

// userColumns reads a User by its row.
const userColumns = `SELECT u.id, u.name, u.role, u.created FROM "user" u `

type userRow struct {
	ID, Name, Role string
	Created        int64
}

func (r userRow) user() User {
	return User{ID: r.ID, Name: r.Name, Role: r.Role, CreatedAt: fromMillis(r.Created)}
}

// User gives a user by id.
func (s *Store) User(ctx context.Context, id string) (User, error) {
	return s.user(ctx, "user "+id, `WHERE u.id = ?`, id)
}

func (s *Store) user(ctx context.Context, op, where string, args ...any) (User, error) {
	var row userRow
	err := s.reads.GetContext(ctx, &row, userColumns+where, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	if err != nil {
		return User{}, fmt.Errorf("%s: %w", op, classify(err))
	}
	return row.user(), nil
}

// Users gives all users, oldest first.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	var rows []userRow
	if err := s.reads.SelectContext(ctx, &rows, userColumns+`ORDER BY u.created, u.id`); err != nil {
		return nil, fmt.Errorf("users: %w", classify(err))
	}
	users := make([]User, len(rows))
	for i, r := range rows {
		users[i] = r.user()
	}
	return users, nil
}

// AddLoginLink lets its holder sign in once as a user, until it expires.
func (s *Store) AddLoginLink(ctx context.Context, hash Hash, userID string, expires time.Time) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.sweep("login_link"); err != nil {
			return err
		}
		_, err := tx.exec("add login link of "+userID,
			`INSERT INTO login_link (hash, user, expires) VALUES (?, ?, ?)`, hash[:], userID, millis(expires))
		return err
	})
}

// UseLoginLink burns a link and says whose it was. A link that was used, has
// expired or never was is [ErrNotFound], without telling which.
func (s *Store) UseLoginLink(ctx context.Context, hash Hash, now time.Time) (User, error) {
	const op = "use login link"
	var row userRow
	err := s.Write(ctx, func(tx *Tx) error {
		err := tx.get(op, &row, userColumns+`JOIN login_link l ON l.user = u.id
			WHERE l.hash = ? AND l.expires > ?`, hash[:], millis(now))
		if err != nil {
			return err
		}
		_, err = tx.exec(op, `DELETE FROM login_link WHERE hash = ?`, hash[:])
		return err
	})
	if err != nil {
		return User{}, err
	}
	return row.user(), nil
}

// AddSession keeps a user signed in until it expires.
func (s *Store) AddSession(ctx context.Context, hash Hash, userID string, expires time.Time) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.sweep("session"); err != nil {
			return err
		}
		_, err := tx.exec("add session of "+userID,
			`INSERT INTO session (hash, user, expires) VALUES (?, ?, ?)`, hash[:], userID, millis(expires))
		return err
	})
}

// Session gives the user of a session that has not expired.
func (s *Store) Session(ctx context.Context, hash Hash, now time.Time) (User, error) {
	return s.user(ctx, "session", `JOIN session s ON s.user = u.id WHERE s.hash = ? AND s.expires > ?`,
		hash[:], millis(now))
}

// DropSession ends a session; one that is not there is fine.
func (s *Store) DropSession(ctx context.Context, hash Hash) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("drop session", `DELETE FROM session WHERE hash = ?`, hash[:])
		return err
	})
}

// sweep removes a few expired rows of a table of secrets.
func (tx *Tx) sweep(table string) error {
	_, err := tx.exec("sweep "+table, `DELETE FROM `+table+` WHERE hash IN (
		SELECT hash FROM `+table+` WHERE expires <= ? ORDER BY expires LIMIT 16)`, millis(tx.now()))
	return err
}

// RoleOf gives the role of a user or a key by its id, or [ErrNotFound] when it
// is neither any more.
func (s *Store) RoleOf(ctx context.Context, id string) (string, error) {
	var role string
	err := s.reads.GetContext(ctx, &role, `SELECT role FROM "user" WHERE id = ?1 UNION ALL SELECT role FROM api_key WHERE id = ?1 LIMIT 1`, id)
	if err != nil {
		return "", fmt.Errorf("role of %s: %w", id, notFound(err))
	}
	return role, nil
}
