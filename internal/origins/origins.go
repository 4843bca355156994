// Package origins keeps where each call came from: it follows the log, and
// whenever something is told of a call it asks the store for all that is known
// of it by then. So late tracking, corrections, withdrawals and calls that turn
// out to be of another record change it, in whatever order they come, and a
// repeat changes nothing.
//
// It decides nothing itself: package event says which of several records counts.
// It keeps nothing of people who were erased, and of those who do not want to be
// tracked only what call tracking may keep.
package origins

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heed/internal/event"
	"heed/internal/store"
)

// name is the consumer's, and that of its cursor; it stays what it is.
const name = "origins"

// chunk is how many calls share a write: the writer is not kept for long.
const chunk = 100

// Keeper is the consumer.
type Keeper struct{ store *store.Store }

var _ event.Consumer = Keeper{}

// New makes a keeper over a store.
func New(s *store.Store) Keeper { return Keeper{s} }

// Types are the events that it wants.
func Types() []event.Type {
	return []event.Type{event.CallStarted, event.CallTold, event.CallTracked}
}

// Name names the consumer.
func (k Keeper) Name() string { return name }

// Cursor is the last event whose effect is durable.
func (k Keeper) Cursor(ctx context.Context) (int64, error) { return k.store.Cursor(ctx, name) }

// Rebuild has the log read from its beginning again. What is kept stays until
// then, for it is counted.
func (k Keeper) Rebuild() error {
	return k.store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetCursor(name, 0) })
}

// Handle keeps anew where the calls came from of which events tell.
func (k Keeper) Handle(ctx context.Context, events []event.Event) error {
	for part := range slices.Chunk(events, chunk) {
		last := part[len(part)-1].Seq
		calls, err := callsOf(part)
		if err == nil {
			err = k.store.Write(ctx, func(tx *store.Tx) error { return keep(tx, calls, last) })
		}
		if err != nil {
			return fmt.Errorf("origins: events up to %d: %w", last, err)
		}
	}
	return nil
}

// callsOf gives the calls of which events tell, each once.
func callsOf(events []event.Event) ([]string, error) {
	var calls []string
	for _, e := range events {
		of, err := event.OriginCalls(e)
		if err != nil {
			return nil, err
		}
		calls = append(calls, of...)
	}
	slices.Sort(calls)
	return slices.Compact(calls), nil
}

// keep stores where calls came from, with the cursor. A call that is no more is
// passed over.
func keep(tx *store.Tx, calls []string, seq int64) error {
	for _, id := range calls {
		o, err := tx.Origin(id)
		if err == nil {
			err = tx.SaveOrigin(id, o)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrErased) {
			return err
		}
	}
	return tx.SetCursor(name, seq)
}
