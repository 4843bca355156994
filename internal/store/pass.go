package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"heed/internal/vault"
)

// Pass lets somebody through the customer's own door. Its secret is not in it.
type Pass struct {
	// Kind is "link", "code" or "visit"; a pass of one kind is none of another.
	Kind string
	// CustomerID is empty for a code that was asked for an address nobody has.
	CustomerID string
	Expires    time.Time
	// Tries counts the codes that were tried.
	Tries int
	PassDetail
}

// PassDetail is what is kept whole of a pass.
type PassDetail struct {
	Address string    `json:"address,omitempty"` // type and value, of a link or a code
	Code    string    `json:"code,omitempty"`    // keyed sum of a code's digits, hex
	By      string    `json:"by,omitempty"`      // who made it: "customer" or a caller's name
	How     string    `json:"how,omitempty"`     // of a visit: "link" or "code"
	Since   time.Time `json:"since,omitzero"`
}

type passRow struct {
	Kind, Customer string
	Expires        int64
	Tries          int
	Doc            []byte
}

// AddPass keeps a pass under the sum of its secret. A few of those that have
// expired go with it.
func (tx *Tx) AddPass(hash Hash, p Pass) error {
	op := "add a " + p.Kind + " of the door"
	if err := tx.sweep("door_pass"); err != nil {
		return err
	}
	raw, err := plain(op, p.PassDetail)
	if p.CustomerID != "" {
		raw, err = tx.seal(op, p.CustomerID, p.PassDetail)
	}
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO door_pass (hash, kind, customer, expires, tries, doc) VALUES (?, ?, ?, ?, 0, ?)`,
		hash[:], p.Kind, p.CustomerID, millis(p.Expires), raw)
	return err
}

// Pass gives a pass of a kind that has not expired; [ErrNotFound] does not
// tell one that expired from one that never was.
func (tx *Tx) Pass(kind string, hash Hash) (Pass, error) {
	op := "find a " + kind + " of the door"
	var row passRow
	if err := tx.get(op, &row, passQuery, hash[:], kind, millis(tx.now())); err != nil {
		return Pass{}, err
	}
	return row.pass(tx.w.vault, op)
}

const passQuery = `SELECT kind, customer, expires, tries, doc FROM door_pass
	WHERE hash = ? AND kind = ? AND expires > ?`

// pass gives the pass of a row; one of a person who was erased is none.
func (r passRow) pass(v *vault.Vault, op string) (Pass, error) {
	p := Pass{Kind: r.Kind, CustomerID: r.Customer, Expires: fromMillis(r.Expires), Tries: r.Tries}
	err := decode(v, op, r.Doc, &p.PassDetail)
	if errors.Is(err, ErrErased) {
		return Pass{}, fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	return p, err
}

// Pass is [Tx.Pass] outside a write.
func (s *Store) Pass(ctx context.Context, kind string, hash Hash) (Pass, error) {
	op := "find a " + kind + " of the door"
	var row passRow
	err := s.reads.GetContext(ctx, &row, passQuery, hash[:], kind, millis(s.now()))
	if errors.Is(err, sql.ErrNoRows) {
		return Pass{}, fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	if err != nil {
		return Pass{}, fmt.Errorf("%s: %w", op, classify(err))
	}
	return row.pass(s.reads.vault, op)
}

// TryPass counts one more try of a pass.
func (tx *Tx) TryPass(hash Hash) error {
	_, err := tx.exec("try a code of the door", `UPDATE door_pass SET tries = tries + 1 WHERE hash = ?`, hash[:])
	return err
}

// DropPass removes a pass; one that is not there is fine.
func (tx *Tx) DropPass(hash Hash) error {
	_, err := tx.exec("drop a pass of the door", `DELETE FROM door_pass WHERE hash = ?`, hash[:])
	return err
}

// DropPasses removes every pass of a customer and says how many there were.
func (tx *Tx) DropPasses(customerID string) (int, error) {
	op := "drop the passes of " + customerID
	res, err := tx.exec(op, `DELETE FROM door_pass WHERE customer = ? AND customer <> ''`, customerID)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", op, err)
	}
	return int(n), nil
}
