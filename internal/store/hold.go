package store

import (
	"context"
	"fmt"
	"time"
)

// Hold keeps what is of a call or of a customer, and of all who are one with
// them, from being deleted for its age. It keeps nobody from being erased, and
// goes with what it is of.
type Hold struct {
	ID             string
	Customer, Call string // one of them
	Why, By        string
	At             time.Time
	// Lifted is when it ended, zero: it stands; LiftedBy is who ended it.
	Lifted   time.Time
	LiftedBy string
}

const placeOfHold = "legal_hold/why"

// AddHold keeps a hold; an id in use is [ErrDuplicate], a call or a customer who
// is not stored [ErrNotFound].
func (s *Store) AddHold(ctx context.Context, h Hold) error {
	return s.Write(ctx, func(tx *Tx) error {
		op := "hold " + h.ID
		person := h.Customer
		query, id := `SELECT 1 FROM customer WHERE id = ?`, h.Customer
		if h.Call != "" {
			query, id = `SELECT 1 FROM call WHERE id = ? AND status <> 'erased'`, h.Call
			var err error
			if person, err = tx.owner(op, h.Call); err != nil {
				return err
			}
		}
		var there int
		if err := tx.get(op, &there, query, id); err != nil {
			return err
		}
		why, err := tx.sealRaw(op, person, placeOfHold, []byte(h.Why))
		if err != nil {
			return err
		}
		_, err = tx.exec(op, `INSERT INTO legal_hold (id, customer, call, why, by, at) VALUES (?, ?, ?, ?, ?, ?)`, h.ID, h.Customer, h.Call, why, h.By, millis(h.At))
		return err
	})
}

// Holds gives the holds that stand, or with lifted those that ended, the latest
// first, 500 at most.
func (s *Store) Holds(ctx context.Context, lifted bool) ([]Hold, error) {
	var rows []struct {
		ID, Customer, Call, Why, By string
		At                          int64
		Lifted                      *int64
		LiftedBy                    string `db:"lifted_by"`
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT id, customer, call, why, by, at, lifted, lifted_by FROM legal_hold
		WHERE (lifted IS NOT NULL) = ? ORDER BY coalesce(lifted, at) DESC, id DESC LIMIT 500`, lifted)
	if err != nil {
		return nil, fmt.Errorf("holds: %w", classify(err))
	}
	holds := make([]Hold, len(rows))
	for i, r := range rows {
		holds[i] = Hold{ID: r.ID, Customer: r.Customer, Call: r.Call, By: r.By, At: fromMillis(r.At), Lifted: fromNever(r.Lifted), LiftedBy: r.LiftedBy}
		// Of somebody who is being erased no reason is left.
		if why, err := open(s.reads.vault, "hold "+r.ID, placeOfHold, r.Why); err == nil {
			holds[i].Why = string(why)
		}
	}
	return holds, nil
}

// LiftHold ends a hold; one that does not stand is [ErrNotFound].
func (s *Store) LiftHold(ctx context.Context, id, by string, at time.Time) error {
	op := "lift hold " + id
	return s.Write(ctx, func(tx *Tx) error {
		res, err := tx.exec(op, `UPDATE legal_hold SET lifted = ?, lifted_by = ? WHERE id = ? AND lifted IS NULL`, millis(at), by, id)
		return changedOne(op, res, err)
	})
}
