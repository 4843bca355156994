package callevents

import (
	"context"
	"errors"

	"heed/internal/event"
	"heed/internal/store"
)

// Numbered is a call that was heard with what the number tells that it came in
// by, in the names of package event; nil fields are nothing.
type Numbered struct {
	Call   event.Call
	Fields map[string]string
}

// Number keeps what their numbers tell of calls, as records of the provider
// [event.Numbers], with the place in the log up to which that is done. A record
// is what was told of the call last: telling it again changes nothing, and
// nothing withdraws it.
func (k *Keeper) Number(ctx context.Context, calls []Numbered, done store.Cursor) error {
	return k.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, n := range calls {
			if err := k.number(tx, n); err != nil && !errors.Is(err, store.ErrErased) {
				return err
			}
		}
		return tx.SetCursor(done.Consumer, done.Seq)
	})
}

func (k *Keeper) number(tx *store.Tx, n Numbered) error {
	now := k.o.Now().UTC()
	d, err := tx.Detail(event.Numbers, n.Call.ID)
	switch {
	case errors.Is(err, store.ErrNotFound) && n.Fields == nil:
		return nil
	case errors.Is(err, store.ErrNotFound):
		d = event.Detail{ID: event.NewID(), Provider: event.Numbers, Call: n.Call.ID, Tracking: true, MadeAt: now}
	case err != nil:
		return err
	}
	before := d.Tracked()
	d.Events = nil
	if n.Fields == nil {
		d.MadeAt = now // nobody's any more: under a key of today
	} else {
		d.Add(event.Told{ID: n.Call.ID, At: n.Call.StartedAt, Received: now, Tracking: true, Fields: n.Fields})
	}
	if n.Fields == nil && d.State == event.Withdrawn {
		return nil
	}
	return k.place(tx, &d, before)
}
