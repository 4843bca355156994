package store

import (
	"context"
	"fmt"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// SaveCorrection stores what was said in an utterance, in place of an earlier
// correction. An utterance that is not stored is [ErrNotFound].
func (tx *Tx) SaveCorrection(c event.Correction) error {
	op := "correct utterance " + c.UtteranceID
	raw, err := tx.sealFor(op, c.CallID, c)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO correction (utterance, call, at, doc) VALUES (?, ?, ?, ?)
		ON CONFLICT (utterance) DO UPDATE SET at = excluded.at, doc = excluded.doc`,
		c.UtteranceID, c.CallID, millis(c.At), raw)
	return err
}

// DropCorrection takes a correction back, and says whether there was one.
func (tx *Tx) DropCorrection(utteranceID string) (bool, error) {
	res, err := tx.exec("take back the correction of utterance "+utteranceID,
		`DELETE FROM correction WHERE utterance = ?`, utteranceID)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// CorrectionsOf gives the corrections of a call, in no order.
func (s *Store) CorrectionsOf(ctx context.Context, callID string) ([]event.Correction, error) {
	return many[event.Correction](ctx, s.reads, "corrections of call "+callID,
		`SELECT doc FROM correction WHERE call = ?`, callID)
}

const correctionQuery = `SELECT doc FROM correction WHERE (at, utterance) < (?, ?) ORDER BY at DESC, utterance DESC LIMIT ?`

// Corrections gives a page of all corrections, newest first, and the mark of
// the next page, which is empty at the end of the list. Limit is 1..500, 0
// means 100.
func (s *Store) Corrections(ctx context.Context, after string, limit int) (found []event.Correction, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("corrections: %w", err)
	}
	limit = clampLimit(limit)
	found, err = many[event.Correction](ctx, s.reads, "corrections", correctionQuery, from.at, from.id, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(found) > limit {
		found = found[:limit]
		last := found[limit-1]
		next = mark{at: millis(last.At), id: last.UtteranceID}.String()
	}
	return found, next, nil
}

// Spoken gives when an utterance of a call was committed, and what was
// understood of it then.
func (s *Store) Spoken(ctx context.Context, u insights.Utterance) (at time.Time, found []insights.Insight, err error) {
	op := "utterance " + u.ID
	said, err := s.SaidOf(ctx, u.CallID)
	if err != nil {
		return at, nil, err
	}
	if at = said[u.ID].Spoken; at.IsZero() {
		return at, nil, fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	found, err = many[insights.Insight](ctx, s.reads, op,
		`SELECT doc FROM insight WHERE call = ? AND utterance = ? ORDER BY n`, u.CallID, u.ID)
	return at, found, err
}
