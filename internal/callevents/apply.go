package callevents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// errLater has an event wait for another one that it is about.
var errLater = errors.New("the event that it corrects is not understood yet")

// apply commits what follows from an event, and closes it.
func (k *Keeper) apply(tx *store.Tx, o store.OpenTold) error {
	open, err := tx.CloseTold(o.N)
	if err != nil || !open {
		return err
	}
	err = k.follow(tx, o.Told)
	if errors.Is(err, store.ErrErased) {
		return nil // nothing may be kept of that person any more
	}
	return err
}

func (k *Keeper) follow(tx *store.Tx, t event.Told) error {
	if t.Corrects != "" {
		if err := k.correct(tx, t); err != nil {
			return err
		}
	}
	d, err := tx.Detail(t.Provider, t.Call)
	if errors.Is(err, store.ErrNotFound) {
		d = event.Detail{ID: event.NewID(), Provider: t.Provider, Call: t.Call, Tracking: t.Tracking, MadeAt: t.Received}
	} else if err != nil {
		return err
	}
	if d.Tracking {
		before := d.Tracked()
		if !d.Add(t) {
			return nil
		}
		return k.rejoin(tx, &d, before)
	}
	before := d.Facts()
	t.Fields = without(t.Fields, event.FieldRecording, event.FieldRecordingURL, event.FieldRecordingAt, event.FieldRecordingChannels)
	if !d.Add(t) {
		return nil
	}
	return k.tell(tx, &d, before)
}

// correct takes back the event in whose place this one stands, where that was
// told of another call.
func (k *Keeper) correct(tx *store.Tx, t event.Told) error {
	key, err := tx.ForestallTold(t.Provider, t.Corrects, t.Call, t.Received)
	if err != nil || key == nil {
		return err
	}
	d, err := tx.DetailByKey(key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errLater
	case err != nil:
		return err
	case d.Call == t.Call:
		return nil // it is taken back together with this one
	}
	before := d.Tracked()
	d.Correct(t.Corrects)
	return k.rejoin(tx, &d, before)
}

// tell puts what the platform told of a call into the call's record, where the
// call is known.
func (k *Keeper) tell(tx *store.Tx, d *event.Detail, before event.Facts) error {
	if d.CallID == "" {
		id, err := tx.CallOf(d.Provider, d.Call)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		d.CallID = id
	}
	if d.CallID == "" {
		f := d.Facts()
		if err := hush(tx, d, f.From, f.To); err != nil {
			return err
		}
		return tx.SaveDetail(*d)
	}
	if err := tx.SaveDetail(*d); err != nil {
		return err
	}
	if err := k.announce(tx, d, before); err != nil {
		return err
	}
	at, err := tx.StartOf(d.CallID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // the call begins just now
	}
	if err != nil {
		return err
	}
	return k.recognise(tx, lineOf(store.CallLine{CallID: d.CallID, StartedAt: at}, d.Facts()))
}

// announce commits that what is told of a call is another thing than before.
func (k *Keeper) announce(tx *store.Tx, d *event.Detail, before event.Facts) error {
	after := d.Facts()
	before.Provider, before.Events, before.Unknown = after.Provider, after.Events, after.Unknown
	if reflect.DeepEqual(before, after) {
		return nil
	}
	return appendEvent(tx, event.CallTold, k, event.About{Subject: d.CallID, Call: d.CallID}, after)
}

// hush drops the numbers of somebody who asked to be forgotten, and with them
// all by which they could be known.
func hush(tx *store.Tx, d *event.Detail, numbers ...string) error {
	for _, n := range numbers {
		quiet, err := tx.Suppressed(customer.Phone, n)
		if err != nil {
			return err
		}
		if quiet {
			d.Strip(append(append(event.ClickFields(), event.NumberFields()...), event.FieldGAClient, event.FieldGASession, event.FieldRecordingURL)...)
		}
	}
	return nil
}

// lineOf completes by what a call is recognised.
func lineOf(l store.CallLine, f event.Facts) store.CallLine {
	l.Ours, l.Caller = f.To, f.From
	if f.Direction == "outbound" {
		l.Ours, l.Caller = f.From, f.To
	}
	return l
}

// recognise keeps by what a call is known, and joins what is told of it.
func (k *Keeper) recognise(tx *store.Tx, l store.CallLine) error {
	if err := tx.SaveCallLine(l); err != nil {
		return err
	}
	ids, err := tx.TouchedByCall(l.CallID, k.o.Within)
	if err != nil {
		return err
	}
	return k.placeAround(tx, ids)
}

// Name is the consumer's.
func (k *Keeper) Name() string { return "callevents" }

// Types are the events that it follows.
func Types() []event.Type { return []event.Type{event.CallStarted} }

// Cursor is up to where calls were looked at.
func (k *Keeper) Cursor(ctx context.Context) (int64, error) { return k.o.Store.Cursor(ctx, k.Name()) }

// Handle puts what was told before into the records of calls that began.
func (k *Keeper) Handle(ctx context.Context, events []event.Event) error {
	return k.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, e := range events {
			if err := k.began(tx, e); err != nil && !errors.Is(err, store.ErrErased) {
				return err
			}
		}
		return tx.SetCursor(k.Name(), events[len(events)-1].Seq)
	})
}

func (k *Keeper) began(tx *store.Tx, e event.Event) error {
	if e.Type != event.CallStarted || e.Erased() || k.o.Now().Sub(e.Time) > k.o.Keep {
		return nil
	}
	var c event.Call
	if err := json.Unmarshal(e.Data, &c); err != nil {
		return fmt.Errorf("event %d: %w", e.Seq, err)
	}
	known := event.Facts{Direction: c.Direction, From: c.From, To: c.To}
	d, err := tx.Detail(c.Platform, c.PlatformCall)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	default:
		f := d.Facts()
		if known.From == "" {
			known.From = f.From
		}
		if known.To == "" {
			known.To = f.To
		}
		if err := k.adopt(tx, &d, c.ID); err != nil {
			return err
		}
	}
	return k.recognise(tx, lineOf(store.CallLine{CallID: c.ID, StartedAt: c.StartedAt, Hint: c.TrackingID}, known))
}

// adopt makes what was told of a platform's call that of ours.
func (k *Keeper) adopt(tx *store.Tx, d *event.Detail, callID string) error {
	if d.CallID == callID {
		return nil
	}
	d.CallID = callID
	if err := tx.SaveDetail(*d); err != nil {
		return err
	}
	return k.announce(tx, d, event.Facts{})
}

func appendEvent(tx *store.Tx, t event.Type, k *Keeper, about event.About, data any) error {
	e, err := event.New(t, k.o.Now(), about, data)
	if err != nil {
		return err
	}
	return tx.Append(e)
}
