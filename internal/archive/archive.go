// Package archive puts the recordings of calls that are over under the key of
// their customer. It follows the log, so that none is passed over, whatever
// happens between the end of a call and the end of this work; recordings that
// an older version left in plain text are done at the first start.
//
// It records nothing and plays nothing: package recording knows the files.
package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"heed/internal/event"
	"heed/internal/recording"
	"heed/internal/store"
)

// name is the consumer's, and that of its cursor.
const name = "recordings"

// Keeper is the consumer. One goroutine at a time may use it.
type Keeper struct {
	store *store.Store
	dir   string
}

var _ event.Consumer = (*Keeper)(nil)

// New makes a keeper of the recordings in a folder.
func New(s *store.Store, dir string) *Keeper { return &Keeper{s, dir} }

// Types are the events that it wants.
func Types() []event.Type { return []event.Type{event.CallEnded, event.CallMoved} }

// Name names the consumer.
func (k *Keeper) Name() string { return name }

// Cursor is the last event whose call was dealt with.
func (k *Keeper) Cursor(ctx context.Context) (int64, error) { return k.store.Cursor(ctx, name) }

// Handle seals the recordings of the calls that ended, and of those that
// turned out to be somebody else's. Of a call that lives there is nothing yet.
func (k *Keeper) Handle(ctx context.Context, events []event.Event) error {
	for _, e := range events {
		if e.Type != event.CallEnded && e.Type != event.CallMoved {
			continue
		}
		if err := k.seal(ctx, e.Call); err != nil {
			return err
		}
	}
	last := events[len(events)-1].Seq
	return k.store.Write(ctx, func(tx *store.Tx) error { return tx.SetCursor(name, last) })
}

// seal seals one recording. That of somebody who was erased is destroyed.
func (k *Keeper) seal(ctx context.Context, callID string) error {
	c, err := k.store.Call(ctx, callID)
	switch {
	case errors.Is(err, store.ErrErased):
		err = recording.Discard(k.dir, callID)
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err == nil:
		err = recording.Seal(k.dir, callID, cmp.Or(c.CustomerID, c.ID), k.store.Vault())
	}
	if errors.Is(err, recording.ErrID) {
		return nil // nothing can have been recorded under such an id
	}
	if err != nil {
		return fmt.Errorf("recording of call %s: %w", callID, err)
	}
	return nil
}
