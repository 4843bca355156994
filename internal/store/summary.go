package store

import (
	"context"

	"heed/insights"
)

// SaveSummary stores what a call was about, in place of an earlier summary. A
// call that is not stored is [ErrNotFound].
func (tx *Tx) SaveSummary(s insights.Summary) error {
	op := "save the summary of call " + s.CallID
	raw, err := tx.sealFor(op, s.CallID, s)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO summary (call, doc) VALUES (?, ?)
		ON CONFLICT (call) DO UPDATE SET doc = excluded.doc`, s.CallID, raw)
	return err
}

// Summary gives what a call was about, or [ErrNotFound] when nothing was
// written yet.
func (s *Store) Summary(ctx context.Context, callID string) (insights.Summary, error) {
	return one[insights.Summary](ctx, s.reads, "summary of call "+callID, `SELECT doc FROM summary WHERE call = ?`, callID)
}
