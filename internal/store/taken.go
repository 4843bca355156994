package store

import (
	"context"
	"fmt"

	"heed/internal/event"
)

// NoteTaken notes in the log that somebody takes data out. CallID is the call that
// it is of, empty where it is of many; a call that is not stored is
// [ErrNotFound].
func (s *Store) NoteTaken(ctx context.Context, callID string, t event.Taken) error {
	if callID != "" {
		if _, err := s.Call(ctx, callID); err != nil {
			return fmt.Errorf("note an export: %w", err)
		}
	}
	return s.Write(ctx, func(tx *Tx) error {
		e, err := event.New(event.DataExported, tx.now(), event.About{Subject: callID, Call: callID}, t)
		if err != nil {
			return fmt.Errorf("note an export: %w", err)
		}
		return tx.Append(e)
	})
}
