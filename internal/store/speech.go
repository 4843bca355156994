package store

import (
	"context"
	"fmt"

	"heed/insights"
)

// NextUtterance is the number that the next utterance of a call has, counted
// from 1. It holds until this transaction ends.
func (tx *Tx) NextUtterance(callID string) (int, error) {
	var n int
	err := tx.get("next utterance of call "+callID, &n,
		`SELECT coalesce(max(seq), 0) + 1 FROM utterance WHERE call = ?`, callID)
	return n, err
}

// AddUtterance stores what was said. The same side of the call at the same
// time, or the same id, is [ErrDuplicate]; another utterance with its number is
// [ErrConflict]; a call that is not stored is [ErrNotFound].
func (tx *Tx) AddUtterance(u insights.Utterance) error {
	op := fmt.Sprintf("add utterance %d of call %s", u.Seq, u.CallID)
	raw, err := tx.sealFor(op, u.CallID, u)
	if err != nil {
		return err
	}
	res, err := tx.exec(op, `INSERT INTO utterance (id, call, seq, speaker, start_ms, doc)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (call, speaker, start_ms) DO NOTHING`,
		u.ID, u.CallID, u.Seq, string(u.Speaker), u.Start.Duration().Milliseconds(), raw)
	if violates(err, "utterance.seq") {
		return fmt.Errorf("%s: the number is taken: %w", op, ErrConflict)
	}
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("%s: %w", op, ErrDuplicate)
	}
	return nil
}

// AddInsights stores what was understood. An insight about the whole call
// replaces the one of the same kind, name, speaker and start.
func (tx *Tx) AddInsights(callID string, found []insights.Insight) error {
	op := "add insights of call " + callID
	person, err := tx.owner(op, callID)
	if err != nil {
		return err
	}
	for _, in := range found {
		raw, err := tx.seal(op, person, in)
		if err != nil {
			return err
		}
		_, err = tx.exec(op, `INSERT INTO insight (call, utterance, kind, name, speaker, start_ms, doc)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (call, kind, name, speaker, start_ms) WHERE utterance = '' DO UPDATE SET doc = excluded.doc`,
			callID, in.UtteranceID, string(in.Kind), in.Name, string(in.Speaker),
			in.Start.Duration().Milliseconds(), raw)
		if err != nil {
			return err
		}
	}
	return nil
}

// Utterances gives what was said on a call, in order of commit.
func (s *Store) Utterances(ctx context.Context, callID string) ([]insights.Utterance, error) {
	return many[insights.Utterance](ctx, s.reads, "utterances of call "+callID,
		`SELECT doc FROM utterance WHERE call = ? ORDER BY seq`, callID)
}

// Insights gives what was understood on a call, in order of commit.
func (s *Store) Insights(ctx context.Context, callID string) ([]insights.Insight, error) {
	return many[insights.Insight](ctx, s.reads, "insights of call "+callID,
		`SELECT doc FROM insight WHERE call = ? ORDER BY n`, callID)
}
