// Package counters counts what customers want, how they feel, and what came of
// suggestions, by when calls began and where they came from. It follows the log
// and counts a call anew whenever something of it changed.
//
// All counters of Heed are rows of one table: kind, name, origin (source,
// campaign, queue), quarter of an hour. Package themes writes those of themes and
// of the volume, where a turn joins or leaves a theme; this one those that follow
// from what is stored of a call. When the origin of a call changes, all that it
// adds to counters moves with it in the write that keeps the origin. A second
// table for each question would have to be kept alike with the first: one is read
// by origin, and by the sums over all origins that it holds as well, so that a
// course of a year is a few hundred rows however many campaigns there are.
//
// It reads no words, and keeps nothing of people: a call that was erased stays
// in the figures, and nobody is in them.
package counters

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heed/internal/event"
	"heed/internal/store"
)

// name is the consumer's, and that of its cursor; it stays what it is.
const name = "counters"

// chunk is how many events share a write: the writer is not kept for long.
const chunk = 100

// Counter is the consumer.
type Counter struct{ store *store.Store }

var _ event.Consumer = Counter{}

// New makes a counter over a store.
func New(s *store.Store) Counter { return Counter{s} }

// Types are the events that it wants.
func Types() []event.Type {
	return append(event.Readings(), event.CallForgotten, event.OutcomeRecorded)
}

// Name names the consumer.
func (c Counter) Name() string { return name }

// Cursor is the last event whose effect is durable.
func (c Counter) Cursor(ctx context.Context) (int64, error) { return c.store.Cursor(ctx, name) }

// Rebuild has the log read from its beginning again. Counting a call again
// changes nothing, so that what was counted stays meanwhile.
func (c Counter) Rebuild() error {
	return c.store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetCursor(name, 0) })
}

// Handle counts the calls of events, each once.
func (c Counter) Handle(ctx context.Context, events []event.Event) error {
	for part := range slices.Chunk(events, chunk) {
		last := part[len(part)-1].Seq
		err := c.store.Write(ctx, func(tx *store.Tx) error {
			for _, call := range callsOf(part) {
				err := tx.Recount(call)
				if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrErased) {
					return err
				}
			}
			return tx.SetCursor(name, last)
		})
		if err != nil {
			return fmt.Errorf("counters: events up to %d: %w", last, err)
		}
	}
	return nil
}

// callsOf gives the calls of events, each once.
func callsOf(events []event.Event) []string {
	var calls []string
	for _, e := range events {
		if e.Call != "" {
			calls = append(calls, e.Call)
		}
	}
	slices.Sort(calls)
	return slices.Compact(calls)
}
