package store

import (
	"context"
	"fmt"
	"time"

	"heed/internal/consent"
)

// LastConsent gives the latest row of a person's ledger, or [ErrNotFound] when
// it is empty: a cheap way to see whether it has changed.
func (s *Store) LastConsent(ctx context.Context, customerID string) (consent.Row, error) {
	return one[consent.Row](ctx, s.reads, "last consent of "+customerID,
		`SELECT doc FROM consent WHERE customer = ? ORDER BY n DESC LIMIT 1`, customerID)
}

// ConsentLink is the place of a row in its person's chain. It outlives the row
// when the person is erased.
type ConsentLink struct {
	Person   string `db:"person"`
	ID       string `db:"id"`
	PrevHash string `db:"prev_hash"`
	Hash     string `db:"hash"`
	Gone     bool   `db:"gone"` // the row was deleted
}

// allLinks are those of present and of erased persons.
const allLinks = `(SELECT n, customer AS person, id, prev_hash, hash, recorded, 0 AS gone FROM consent
	UNION ALL SELECT n, person, id, prev_hash, hash, recorded, 1 FROM consent_gone)`

// ConsentLinks gives a person's chain in the order of writing.
func (s *Store) ConsentLinks(ctx context.Context, customerID string) ([]ConsentLink, error) {
	return s.links(ctx, "chain of "+customerID, `WHERE person = ? ORDER BY n`, customerID)
}

// ConsentTips gives the last row of each chain, of those recorded before a
// moment, by person.
func (s *Store) ConsentTips(ctx context.Context, before time.Time) ([]ConsentLink, error) {
	return s.links(ctx, "ends of ledgers", `WHERE n IN (SELECT MAX(n) FROM `+allLinks+` WHERE recorded < ? GROUP BY person)
		ORDER BY person`, millis(before))
}

func (s *Store) links(ctx context.Context, op, where string, args ...any) ([]ConsentLink, error) {
	var out []ConsentLink
	err := s.reads.SelectContext(ctx, &out, `SELECT person, id, prev_hash, hash, gone FROM `+allLinks+` `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	return out, nil
}

// FirstConsent tells when the first row of all ledgers was recorded; zero when
// there is none.
func (s *Store) FirstConsent(ctx context.Context) (time.Time, error) {
	var ms int64
	if err := s.reads.GetContext(ctx, &ms, `SELECT COALESCE(MIN(recorded), 0) FROM `+allLinks); err != nil {
		return time.Time{}, fmt.Errorf("first consent: %w", classify(err))
	}
	if ms == 0 {
		return time.Time{}, nil
	}
	return fromMillis(ms), nil
}

// AddRoot stores the signed sum of a day; a day that has one is [ErrDuplicate].
func (tx *Tx) AddRoot(r consent.Root) error {
	op := "add root of " + r.Day
	raw, err := plain(op, r)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO consent_root (day, doc) VALUES (?, ?)`, r.Day, raw)
	return err
}

// Roots gives the signed sums of all days, oldest first.
func (s *Store) Roots(ctx context.Context) ([]consent.Root, error) {
	return many[consent.Root](ctx, s.reads, "roots", `SELECT doc FROM consent_root ORDER BY day`)
}
