package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Session is a browser in which somebody is signed in.
type Session struct {
	ID      string
	User    string // id
	Hash    Hash   // of the secret in the cookie
	Made    time.Time
	Seen    time.Time // to the minute
	Expires time.Time
	Idle    time.Duration // it ends so long after it was seen; 0: it does not
	How     string        // "link", "password", "passkey" or "oidc"
	Device  string        // what the browser says that it is
	Address string
}

// seenEvery is how often it is noted that a session is in use.
const seenEvery = time.Minute

// AddLoginLink lets its holder sign in once as a user, until it expires.
func (s *Store) AddLoginLink(ctx context.Context, hash Hash, userID string, expires time.Time) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.AddLoginLink(hash, userID, expires) })
}

// AddLoginLink lets its holder sign in once as a user, until it expires.
func (tx *Tx) AddLoginLink(hash Hash, userID string, expires time.Time) error {
	if err := tx.sweep("login_link"); err != nil {
		return err
	}
	_, err := tx.exec("add login link of "+userID,
		`INSERT INTO login_link (hash, user, expires) VALUES (?, ?, ?)`, hash[:], userID, millis(expires))
	return err
}

// UseLoginLink burns a link and says whose it was. A link that was used, has
// expired, never was or is of somebody who is suspended is [ErrNotFound],
// without telling which.
func (s *Store) UseLoginLink(ctx context.Context, hash Hash, now time.Time) (User, error) {
	const op = "use login link"
	var row userRow
	err := s.Write(ctx, func(tx *Tx) error {
		err := tx.get(op, &row, userColumns+`JOIN login_link l ON l.user = u.id
			WHERE l.hash = ? AND l.expires > ? AND u.suspended IS NULL`, hash[:], millis(now))
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

// DropLinks makes the links of a user of no use.
func (tx *Tx) DropLinks(userID string) error {
	_, err := tx.exec("drop links of "+userID, `DELETE FROM login_link WHERE user = ?`, userID)
	return err
}

// AddSession keeps a user signed in. It is for one who may sign in as this
// write sees it; for another it gives [ErrNotFound].
func (tx *Tx) AddSession(n Session) error {
	if err := tx.sweep("session"); err != nil {
		return err
	}
	op := "add session of " + n.User
	res, err := tx.exec(op, `UPDATE "user" SET signed_in = ? WHERE id = ? AND suspended IS NULL`, millis(n.Made), n.User)
	if err := changedOne(op, res, err); err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO session (hash, id, user, made, seen, expires, idle, how, device, address)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		n.Hash[:], n.ID, n.User, millis(n.Made), millis(n.Made), millis(n.Expires), n.Idle.Milliseconds(), n.How, n.Device, n.Address)
	return err
}

const sessionColumns = `SELECT s.hash, s.id, s.user, s.made, s.seen, s.expires, s.idle, s.how, s.device, s.address FROM session s `

// aliveAt holds of a session that neither expired nor stood idle too long; it
// takes the moment twice.
const aliveAt = ` s.expires > ? AND (s.idle = 0 OR s.seen + s.idle > ?)`

type sessionRow struct {
	ID, User, How, Device, Address string
	Hash                           []byte
	Made, Seen, Expires, Idle      int64
}

func (r sessionRow) session() Session {
	return Session{
		ID: r.ID, User: r.User, Hash: Hash(r.Hash), Made: fromMillis(r.Made), Seen: fromMillis(r.Seen), Expires: fromMillis(r.Expires),
		Idle: time.Duration(r.Idle) * time.Millisecond, How: r.How, Device: r.Device, Address: r.Address,
	}
}

// Session gives the user of a session that goes on, and notes that it is in use.
func (s *Store) Session(ctx context.Context, hash Hash, now time.Time) (User, error) {
	u, seen, err := s.visit(ctx, hash, now)
	if err != nil || seen.After(now.Add(-seenEvery)) {
		return u, err
	}
	// Who may come in does not depend on it: the next request notes it again.
	_ = s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("session seen", `UPDATE session SET seen = max(seen, ?) WHERE hash = ?`, millis(now), hash[:])
		return err
	})
	return u, nil
}

// SessionStill gives the user of a session that goes on, which is no use of it.
func (s *Store) SessionStill(ctx context.Context, hash Hash, now time.Time) (User, error) {
	u, _, err := s.visit(ctx, hash, now)
	return u, err
}

// visit gives the user of a session that goes on, and when it was seen.
func (s *Store) visit(ctx context.Context, hash Hash, now time.Time) (User, time.Time, error) {
	var row struct {
		userRow
		Seen int64
	}
	err := s.reads.GetContext(ctx, &row, userFields+`, s.seen FROM session s JOIN "user" u ON u.id = s.user
		WHERE s.hash = ? AND u.suspended IS NULL AND`+aliveAt, hash[:], millis(now), millis(now))
	if err != nil {
		return User{}, time.Time{}, fmt.Errorf("session: %w", notFound(err))
	}
	return row.user(), fromMillis(row.Seen), nil
}

// SessionByHash gives a session that goes on.
func (s *Store) SessionByHash(ctx context.Context, hash Hash, now time.Time) (Session, error) {
	var row sessionRow
	err := s.reads.GetContext(ctx, &row, sessionColumns+`WHERE s.hash = ? AND`+aliveAt, hash[:], millis(now), millis(now))
	if err != nil {
		return Session{}, fmt.Errorf("session: %w", notFound(err))
	}
	return row.session(), nil
}

// Sessions gives the sessions of a user that go on, the latest first.
func (s *Store) Sessions(ctx context.Context, userID string, now time.Time) ([]Session, error) {
	var rows []sessionRow
	err := s.reads.SelectContext(ctx, &rows, sessionColumns+`WHERE s.user = ? AND`+aliveAt+` ORDER BY s.seen DESC, s.id LIMIT ?`,
		userID, millis(now), millis(now), maxPage)
	if err != nil {
		return nil, fmt.Errorf("sessions of %s: %w", userID, classify(err))
	}
	out := make([]Session, len(rows))
	for i, r := range rows {
		out[i] = r.session()
	}
	return out, nil
}

// DropSession ends a session; one that is not there is fine.
func (s *Store) DropSession(ctx context.Context, hash Hash) error {
	err := s.Write(ctx, func(tx *Tx) error { return tx.DropSession(hash) })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// DropSession ends a session; one that is not there is [ErrNotFound].
func (tx *Tx) DropSession(hash Hash) error {
	const op = "drop session"
	res, err := tx.exec(op, `DELETE FROM session WHERE hash = ?`, hash[:])
	return changedOne(op, res, err)
}

// EndSession ends a session of a user by its id; one that is not there, or of
// somebody else, is [ErrNotFound].
func (tx *Tx) EndSession(userID, id string) error {
	op := "end session " + id
	res, err := tx.exec(op, `DELETE FROM session WHERE id = ? AND user = ?`, id, userID)
	return changedOne(op, res, err)
}

// EndSessions ends the sessions of a user but for one, which may be none, and
// says how many they were.
func (tx *Tx) EndSessions(userID string, but Hash) (int, error) {
	op := "end sessions of " + userID
	res, err := tx.exec(op, `DELETE FROM session WHERE user = ? AND hash <> ?`, userID, but[:])
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// sweep removes a few expired rows of a table of secrets.
func (tx *Tx) sweep(table string) error {
	_, err := tx.exec("sweep "+table, `DELETE FROM `+table+` WHERE hash IN (
		SELECT hash FROM `+table+` WHERE expires <= ? ORDER BY expires LIMIT 16)`, millis(tx.now()))
	return err
}
