package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"heed/internal/event"
)

// Tx is one write: what it changes becomes visible together, or not at all.
// It belongs to the function that Write runs and is dead afterwards.
//
// After a failure of the machine (a full disk) every further method gives
// that failure, and so does Write. A refusal such as [ErrDuplicate] changes
// nothing and leaves the transaction usable.
type Tx struct {
	w      *writer          // nil once over
	now    func() time.Time // for what expires
	events []event.Event
	failed error
}

// exec runs a constant statement. op names the operation and the key.
func (tx *Tx) exec(op, query string, args ...any) (sql.Result, error) {
	stmt, err := tx.stmt(op, query)
	if err != nil {
		return nil, err
	}
	res, err := stmt.exec(args...)
	return res, tx.check(op, err)
}

// get reads one value or row; [ErrNotFound] when there is none.
func (tx *Tx) get(op string, dest any, query string, args ...any) error {
	stmt, err := tx.stmt(op, query)
	if err != nil {
		return err
	}
	return tx.check(op, stmt.get(dest, args...))
}

// list reads rows.
func (tx *Tx) list(op string, dest any, query string, args ...any) error {
	stmt, err := tx.stmt(op, query)
	if err != nil {
		return err
	}
	return tx.check(op, stmt.list(dest, args...))
}

func (tx *Tx) stmt(op, query string) (statement, error) {
	switch {
	case tx.w == nil:
		return statement{}, fmt.Errorf("%s: the transaction is over", op)
	case tx.failed != nil:
		return statement{}, tx.failed
	}
	stmt, err := tx.w.stmt(query)
	return stmt, tx.check(op, err)
}

// check wraps an error and remembers one that breaks the transaction.
func (tx *Tx) check(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	wrapped := fmt.Errorf("%s: %w", op, classify(err))
	if !isConstraint(err) {
		tx.failed = wrapped
	}
	return wrapped
}

// orNull stores an absent reference as null.
func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}
