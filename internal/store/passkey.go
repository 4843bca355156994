package store

import (
	"context"
	"fmt"
	"time"
)

// Passkey is the public half of a key with which somebody signs in.
type Passkey struct {
	ID      string // base64url, given by the device
	User    string // id
	Name    string // given by the person
	Created time.Time
	Used    time.Time // zero: never
	// Doc is what checks a signature; it is kept sealed.
	Doc []byte
}

func placeOfPasskey(id string) string { return "passkey/" + id }

// AddPasskey stores a passkey; one that is there already is [ErrDuplicate].
func (tx *Tx) AddPasskey(p Passkey) error {
	op := "add passkey of " + p.User
	doc, err := tx.sealRaw(op, nobody, placeOfPasskey(p.ID), p.Doc)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO passkey (id, user, name, created, doc) VALUES (?, ?, ?, ?, ?)`, p.ID, p.User, p.Name, millis(p.Created), doc)
	return err
}

// UsePasskey keeps what changed in a passkey with its use.
func (tx *Tx) UsePasskey(id string, doc []byte, at time.Time) error {
	const op = "use passkey"
	kept, err := tx.sealRaw(op, nobody, placeOfPasskey(id), doc)
	if err != nil {
		return err
	}
	res, err := tx.exec(op, `UPDATE passkey SET used = ?, doc = ? WHERE id = ?`, millis(at), kept, id)
	return changedOne(op, res, err)
}

// NamePasskey gives a passkey of a user another name.
func (tx *Tx) NamePasskey(userID, id, name string) error {
	op := "name a passkey of " + userID
	res, err := tx.exec(op, `UPDATE passkey SET name = ? WHERE id = ? AND user = ?`, name, id, userID)
	return changedOne(op, res, err)
}

// DropPasskey removes a passkey of a user.
func (tx *Tx) DropPasskey(userID, id string) error {
	op := "drop a passkey of " + userID
	res, err := tx.exec(op, `DELETE FROM passkey WHERE id = ? AND user = ?`, id, userID)
	return changedOne(op, res, err)
}

// DropPasskeys removes all passkeys of a user.
func (tx *Tx) DropPasskeys(userID string) error {
	_, err := tx.exec("drop passkeys of "+userID, `DELETE FROM passkey WHERE user = ?`, userID)
	return err
}

// Passkeys gives the passkeys of a user, the oldest first.
func (s *Store) Passkeys(ctx context.Context, userID string) ([]Passkey, error) {
	op := "passkeys of " + userID
	var rows []struct {
		ID, User, Name, Doc string
		Created             int64
		Used                *int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT id, user, name, created, used, doc FROM passkey WHERE user = ? ORDER BY created, id`, userID)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	out := make([]Passkey, len(rows))
	for i, r := range rows {
		doc, err := open(s.reads.vault, op, placeOfPasskey(r.ID), []byte(r.Doc))
		if err != nil {
			return nil, err
		}
		out[i] = Passkey{ID: r.ID, User: r.User, Name: r.Name, Created: fromMillis(r.Created), Used: fromNever(r.Used), Doc: doc}
	}
	return out, nil
}
