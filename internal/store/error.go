package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"heed/internal/vault"
)

// The kinds of failure that callers tell apart with errors.Is. The rest is an
// internal error.
var (
	ErrNotFound    = errors.New("not found")
	ErrDuplicate   = errors.New("already stored")
	ErrConflict    = errors.New("changed by somebody else meanwhile")
	ErrMismatch    = errors.New("the idempotency key was used for another request")
	ErrBadPage     = errors.New("not a page mark that this list gave")
	ErrFull        = errors.New("the disk is full: free some space on the data folder's disk; nothing was changed")
	ErrNewer       = errors.New("the data folder belongs to a newer version of heed")
	ErrNotWritable = errors.New("the data folder cannot be written")
	ErrLocked      = errors.New("the data folder is in use by another heed")
	ErrDamaged     = errors.New("the tables are damaged or not ours: restore a backup")
	ErrClosed      = errors.New("the store is closed")
	// ErrErased says that all about this person was erased for good.
	ErrErased = vault.ErrErased
	// ErrKeys says that the keys are not those of these tables.
	ErrKeys = errors.New("the keys do not belong to this data folder")
)

// classify adds our kind to an error of the driver and keeps the chain.
func classify(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.ExtendedCode == sqlite3.ErrConstraintUnique, e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey:
		return fmt.Errorf("%w: %w", ErrDuplicate, err)
	case e.ExtendedCode == sqlite3.ErrConstraintForeignKey:
		return fmt.Errorf("what it refers to: %w: %w", ErrNotFound, err)
	case e.Code == sqlite3.ErrNotADB, e.Code == sqlite3.ErrCorrupt:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case isFull(e):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case e.Code == sqlite3.ErrReadonly, e.Code == sqlite3.ErrCantOpen, e.Code == sqlite3.ErrPerm:
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return err
}

// notFound is classify for a row that may not be there.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return classify(err)
}

// isFull also knows a quota and a file size limit, which SQLite reports as
// plain I/O errors.
func isFull(e sqlite3.Error) bool {
	limits := []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
	return e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr && slices.Contains(limits, e.SystemErrno)
}

// isConstraint says that one statement was refused and the transaction lives.
func isConstraint(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrConstraint
}

// violates tells which unique rule was broken, by one of its columns.
func violates(err error, column string) bool {
	return errors.Is(err, ErrDuplicate) && strings.Contains(err.Error(), column)
}
