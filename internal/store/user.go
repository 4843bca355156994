package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"heed/internal/vault"
)

// User is somebody who may sign in.
type User struct {
	ID   string
	Name string
	Role string // of a person: see package roles
	// Login is what is typed in front of a password, as it was given, and
	// LoginKey the same as it is compared; both are empty for who has none.
	Login, LoginKey string
	CreatedAt       time.Time
	// Suspended is since when the person may not sign in; zero: may.
	Suspended time.Time
	// SignedIn is when that was done last; zero: never.
	SignedIn time.Time
	// Password says that there is one, Passkeys how many of those there are, and
	// Elsewhere that the person signs in at a provider of identities.
	Password, Elsewhere bool
	Passkeys            int
}

// Returns says that the person has a way to sign in again.
func (u User) Returns() bool { return u.Password || u.Elsewhere || u.Passkeys > 0 }

// Active says that the person may sign in.
func (u User) Active() bool { return u.Suspended.IsZero() }

// AddUser stores a user; an id or a login in use is [ErrDuplicate].
func (s *Store) AddUser(ctx context.Context, u User) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.AddUser(u) })
}

// AddUser stores a user; an id or a login in use is [ErrDuplicate].
func (tx *Tx) AddUser(u User) error {
	_, err := tx.exec("add user "+u.ID, `INSERT INTO "user" (id, name, role, created, login, login_key) VALUES (?, ?, ?, ?, ?, ?)`,
		u.ID, u.Name, u.Role, millis(u.CreatedAt), u.Login, orNull(u.LoginKey))
	return err
}

// SetUser stores name, role, login and suspension of a user; a login that
// somebody else has is [ErrDuplicate].
func (tx *Tx) SetUser(u User) error {
	op := "set user " + u.ID
	res, err := tx.exec(op, `UPDATE "user" SET name = ?, role = ?, login = ?, login_key = ?, suspended = ? WHERE id = ?`,
		u.Name, u.Role, u.Login, orNull(u.LoginKey), orNever(u.Suspended), u.ID)
	return changedOne(op, res, err)
}

// changedOne gives [ErrNotFound] when a statement met no row.
func changedOne(op string, res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("%s: %w", op, errors.Join(ErrNotFound, err))
	}
	return nil
}

// userFields are the columns of a userRow, and userColumns reads one.
const userFields = `SELECT u.id, u.name, u.role, u.created, u.login, coalesce(u.login_key, '') AS login_key, u.suspended, u.signed_in,
	u.password <> '' AS password, EXISTS (SELECT 1 FROM user_identity i WHERE i.user = u.id) AS elsewhere,
	(SELECT count(*) FROM passkey p WHERE p.user = u.id) AS passkeys`

const userColumns = userFields + ` FROM "user" u `

type userRow struct {
	ID, Name, Role, Login string
	LoginKey              string `db:"login_key"`
	Created               int64
	Suspended             *int64
	SignedIn              *int64 `db:"signed_in"`
	Password, Elsewhere   bool
	Passkeys              int
}

func (r userRow) user() User {
	return User{
		ID: r.ID, Name: r.Name, Role: r.Role, Login: r.Login, LoginKey: r.LoginKey, CreatedAt: fromMillis(r.Created),
		Suspended: fromNever(r.Suspended), SignedIn: fromNever(r.SignedIn), Password: r.Password, Elsewhere: r.Elsewhere,
		Passkeys: r.Passkeys,
	}
}

// fromNever reads what orNever stored.
func fromNever(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return fromMillis(*ms)
}

// User gives a user by id.
func (s *Store) User(ctx context.Context, id string) (User, error) {
	return s.user(ctx, "user "+id, `WHERE u.id = ?`, id)
}

// UserByLogin gives who has a login, by the form in which it is compared.
func (s *Store) UserByLogin(ctx context.Context, key string) (User, error) {
	return s.user(ctx, "user by login", `WHERE u.login_key = ?`, key)
}

func (s *Store) user(ctx context.Context, op, where string, args ...any) (User, error) {
	var row userRow
	if err := s.reads.GetContext(ctx, &row, userColumns+where, args...); err != nil {
		return User{}, fmt.Errorf("%s: %w", op, notFound(err))
	}
	return row.user(), nil
}

// User gives a user as this write sees it.
func (tx *Tx) User(id string) (User, error) {
	var row userRow
	err := tx.get("user "+id, &row, userColumns+`WHERE u.id = ?`, id)
	return row.user(), err
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

// UsersPage gives a page of the users, oldest first, and the mark of the next.
func (s *Store) UsersPage(ctx context.Context, after string, limit int) (page []User, next string, err error) {
	from := mark{at: -1 << 63}
	if after != "" {
		if from, err = parseMark(after); err != nil {
			return nil, "", fmt.Errorf("users: %w", err)
		}
	}
	limit = clampLimit(limit)
	var rows []userRow
	err = s.reads.SelectContext(ctx, &rows, userColumns+`WHERE (u.created, u.id) > (?, ?) ORDER BY u.created, u.id LIMIT ?`, from.at, from.id, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("users: %w", classify(err))
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = mark{at: rows[limit-1].Created, id: rows[limit-1].ID}.String()
	}
	page = make([]User, len(rows))
	for i, r := range rows {
		page[i] = r.user()
	}
	return page, next, nil
}

// CountActive counts the users of a role who may sign in, as this write sees
// them.
func (tx *Tx) CountActive(role string) (int, error) {
	var n int
	err := tx.get("count users", &n, `SELECT count(*) FROM "user" WHERE role = ? AND suspended IS NULL`, role)
	return n, err
}

func placeOfPassword(userID string) string { return "password/" + userID }

// SetPassword keeps what a user's password is checked against; empty takes the
// password away. It is sealed: with the tables alone nobody can try passwords.
func (tx *Tx) SetPassword(userID, hash string) error {
	op := "set password of " + userID
	kept := ""
	if hash != "" {
		var err error
		if kept, err = tx.sealRaw(op, nobody, placeOfPassword(userID), []byte(hash)); err != nil {
			return err
		}
	}
	res, err := tx.exec(op, `UPDATE "user" SET password = ? WHERE id = ?`, kept, userID)
	return changedOne(op, res, err)
}

const passwordOf = `SELECT password FROM "user" WHERE id = ?`

// Password gives what SetPassword kept, empty for a user without one.
func (s *Store) Password(ctx context.Context, userID string) (string, error) {
	op := "password of " + userID
	var kept string
	if err := s.reads.GetContext(ctx, &kept, passwordOf, userID); err != nil {
		return "", fmt.Errorf("%s: %w", op, notFound(err))
	}
	return openPassword(s.reads.vault, op, userID, kept)
}

// Password gives what SetPassword kept, as this write sees it.
func (tx *Tx) Password(userID string) (string, error) {
	op := "password of " + userID
	var kept string
	if err := tx.get(op, &kept, passwordOf, userID); err != nil {
		return "", err
	}
	return openPassword(tx.w.vault, op, userID, kept)
}

func openPassword(v *vault.Vault, op, userID, kept string) (string, error) {
	if kept == "" {
		return "", nil
	}
	hash, err := open(v, op, placeOfPassword(userID), []byte(kept))
	return string(hash), err
}

// AddIdentity joins a user with who they are at a provider of identities. One
// that is joined already is [ErrDuplicate].
func (tx *Tx) AddIdentity(issuer, subject, userID string) error {
	_, err := tx.exec("add identity of "+userID, `INSERT INTO user_identity (issuer, subject, user, created) VALUES (?, ?, ?, ?)`,
		issuer, subject, userID, millis(tx.now()))
	return err
}

// UserByIdentity gives who somebody of a provider of identities is.
func (s *Store) UserByIdentity(ctx context.Context, issuer, subject string) (User, error) {
	return s.user(ctx, "user by identity", `JOIN user_identity i ON i.user = u.id WHERE i.issuer = ? AND i.subject = ?`, issuer, subject)
}
