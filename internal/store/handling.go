package store

import (
	"context"
	"fmt"
	"time"

	"heed/internal/event"
)

// SaveHandling stores how a call was handled, in place of what was stored. A
// call that is not stored is [ErrNotFound], one whose words went for their age
// [ErrAged].
func (tx *Tx) SaveHandling(h event.Handling) error {
	op := "save the handling of call " + h.CallID
	if err := tx.wordsKept(op, h.CallID); err != nil {
		return err
	}
	raw, err := tx.sealFor(op, h.CallID, h)
	if err != nil {
		return err
	}
	muted := h.Mute != nil && h.Mute.On
	_, err = tx.exec(op, `INSERT INTO handling (call, muted, doc) VALUES (?, ?, ?)
		ON CONFLICT (call) DO UPDATE SET muted = max(muted, excluded.muted), doc = excluded.doc`, h.CallID, muted, raw)
	return err
}

const handlingQuery = `SELECT doc FROM handling WHERE call = ?`

// Handling gives how a call was handled, or [ErrNotFound] when nobody said
// anything of it.
func (s *Store) Handling(ctx context.Context, callID string) (event.Handling, error) {
	return one[event.Handling](ctx, s.reads, "handling of call "+callID, handlingQuery, callID)
}

// Handling is [Store.Handling] within a write.
func (tx *Tx) Handling(callID string) (event.Handling, error) {
	return doc[event.Handling](tx, "handling of call "+callID, handlingQuery, callID)
}

// Mutes counts the calls that began in a period, its end not included, and
// those of them on which suggestions were muted.
func (s *Store) Mutes(ctx context.Context, from, to time.Time) (calls, muted int, err error) {
	var row struct{ Calls, Muted int }
	err = s.reads.GetContext(ctx, &row, `SELECT count(*) AS calls, coalesce(sum(h.muted), 0) AS muted
		FROM call c LEFT JOIN handling h ON h.call = c.id WHERE c.started >= ? AND c.started < ?`, millis(from), millis(to))
	if err != nil {
		return 0, 0, fmt.Errorf("count muted calls: %w", classify(err))
	}
	return row.Calls, row.Muted, nil
}
