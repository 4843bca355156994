package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Reply is the answer that was given to a request with an idempotency key.
type Reply struct {
	Status int
	Body   []byte
}

// nobody owns what is kept for a day only and may be about several people.
const nobody = "heed"

func placeOfReply(key string) string { return "reply/" + key }

// Remember keeps the answer to a request for ttl; call it in the transaction
// of the request's effect. hash is a digest of the request. A key in use is
// [ErrDuplicate] when it was the same request ([Store.Recalled] then has its
// answer) and [ErrMismatch] when it was another one; return either from the
// write, so that the effect is undone.
func (tx *Tx) Remember(key, hash string, response []byte, status int, ttl time.Duration) error {
	const op = "remember an idempotency key"
	if key == "" {
		return errors.New(op + ": it is empty")
	}
	now := tx.now()
	// A few of the old ones go with each new one, so that no sweep is needed.
	_, err := tx.exec(op, `DELETE FROM idempotency WHERE key IN (
		SELECT key FROM idempotency WHERE expires <= ? ORDER BY expires LIMIT 16)`, millis(now))
	if err != nil {
		return err
	}
	kept, err := tx.sealRaw(op, nobody, placeOfReply(key), response)
	if err != nil {
		return err
	}
	res, err := tx.exec(op, `INSERT INTO idempotency (key, hash, status, response, expires) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET hash = excluded.hash, status = excluded.status,
			response = excluded.response, expires = excluded.expires
		WHERE idempotency.expires <= ?`,
		key, hash, status, []byte(kept), millis(now.Add(ttl)), millis(now))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	var before string
	if err := tx.get(op, &before, `SELECT hash FROM idempotency WHERE key = ?`, key); err != nil {
		return err
	}
	if before != hash {
		return fmt.Errorf("%s: %w", op, ErrMismatch)
	}
	return fmt.Errorf("%s: %w", op, ErrDuplicate)
}

// Recalled gives the answer that Remember kept for a request. A key that was
// never used or has expired is [ErrNotFound]; one that was used for another
// request is [ErrMismatch].
func (s *Store) Recalled(ctx context.Context, key, hash string) (Reply, error) {
	const op = "recall an idempotency key"
	var row struct {
		Hash     string
		Status   int
		Response []byte
	}
	err := s.reads.GetContext(ctx, &row, `SELECT hash, status, response FROM idempotency
		WHERE key = ? AND expires > ?`, key, millis(s.now()))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Reply{}, fmt.Errorf("%s: %w", op, ErrNotFound)
	case err != nil:
		return Reply{}, fmt.Errorf("%s: %w", op, classify(err))
	case row.Hash != hash:
		return Reply{}, fmt.Errorf("%s: %w", op, ErrMismatch)
	}
	body, err := open(s.reads.vault, op, placeOfReply(key), row.Response)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Status: row.Status, Body: body}, nil
}
