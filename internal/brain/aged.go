package brain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// AgeTranscript deletes what was said on a call, if it began before a moment
// and nobody holds it; else it is [store.ErrKept]. The customer's profile keeps
// what was concluded, without the words. An event tells whoever follows the log.
func (b *Brain) AgeTranscript(ctx context.Context, callID string, before time.Time) error {
	if err := b.ageTranscript(ctx, callID, before); err != nil {
		return fmt.Errorf("call %s: %w", callID, err)
	}
	return nil
}

func (b *Brain) ageTranscript(ctx context.Context, callID string, before time.Time) error {
	c, err := b.store.Call(ctx, callID)
	if err != nil {
		return err
	}
	write := func(tx *store.Tx) error {
		said, err := tx.AgeTranscript(callID, before, b.now())
		if err != nil {
			return err
		}
		return appendEvent(tx, event.CallForgotten, b.now(), event.About{Subject: callID, Call: callID}, event.Forgotten{Utterances: said})
	}
	if c.CustomerID == "" {
		return b.store.Write(ctx, write)
	}
	w, unlock, err := b.openLocked(ctx, c.CustomerID)
	if errors.Is(err, store.ErrNotFound) {
		return b.store.Write(ctx, write) // nobody is left who would be quoted
	}
	if err != nil {
		return err
	}
	defer unlock()
	if now, err := b.store.Call(ctx, callID); err != nil || now.CustomerID != c.CustomerID {
		return errors.Join(err, fmt.Errorf("somebody moved it just now: %w", store.ErrConflict))
	}
	w.dirty = w.profile.ForgetWords(callID)
	return b.commit(ctx, w, write)
}
