package storetest

import (
	"errors"
	"fmt"
	"slices"

	"heed/internal/event"
	"heed/internal/store"
)

func logKeepsOrder(k *kit) {
	var want []event.Event
	for i := range 5 {
		e := someEvent(fmt.Sprintf("e%d", i), event.UtteranceSpoken, "call-001")
		k.write(func(tx *store.Tx) error { return tx.Append(e) })
		e.Seq = int64(i + 1)
		want = append(want, e)
	}
	same(k, "events", got(k.Events(k.Context(), store.EventQuery{}))(k), want)
	same(k, "events after 3", got(k.Events(k.Context(), store.EventQuery{After: 3}))(k), want[3:])
	same(k, "last seq", got(k.LastSeq(k.Context()))(k), 5)
}

// logPages walks every filter in small pages and compares with a plain filter.
func logPages(k *kit) {
	types := []event.Type{event.CallStarted, event.UtteranceSpoken, event.SignalRaised, event.CallEnded}
	k.write(func(tx *store.Tx) error {
		for i := range 60 {
			e := someEvent(fmt.Sprintf("e%d", i), types[i*i%7%4], fmt.Sprintf("call-%d", i%3))
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	all := got(k.Events(k.Context(), store.EventQuery{Limit: 500}))(k)
	if len(all) != 60 {
		k.Fatalf("%d events, want 60", len(all))
	}
	for _, q := range []store.EventQuery{
		{Limit: 7},
		{Limit: 1, Call: "call-1"},
		{Limit: 4, Types: types[1:3]},
		{Limit: 3, Types: []event.Type{event.SignalRaised, event.SignalRaised}},
		{Limit: 2, Call: "call-2", Types: types[:2]},
		{Limit: 5, Types: []event.Type{event.ThemeEmerged}},
	} {
		var want []event.Event
		for _, e := range all {
			if (q.Call == "" || q.Call == e.Call) && (len(q.Types) == 0 || slices.Contains(q.Types, e.Type)) {
				want = append(want, e)
			}
		}
		same(k, fmt.Sprintf("pages of %+v", q), walk(k, q), want)
	}
}

// walk reads all pages of a query.
func walk(k *kit, q store.EventQuery) []event.Event {
	var out []event.Event
	for {
		page := got(k.Events(k.Context(), q))(k)
		if len(page) > q.Limit {
			k.Fatalf("a page of %d, want at most %d", len(page), q.Limit)
		}
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
		q.After = page[len(page)-1].Seq
	}
}

func logRefusesRepeat(k *kit) {
	e := someEvent("e1", event.CallEnded, "call-001")
	k.write(func(tx *store.Tx) error { return tx.Append(e) })
	err := k.Write(k.Context(), func(tx *store.Tx) error { return tx.Append(e) })
	if !errors.Is(err, store.ErrDuplicate) {
		k.Errorf("a repeated event gave %v, want ErrDuplicate", err)
	}
	if err := k.Write(k.Context(), func(tx *store.Tx) error { return tx.Append(event.Event{}) }); err == nil {
		k.Error("an event without id and type was taken")
	}
	same(k, "last seq", got(k.LastSeq(k.Context()))(k), 1)
}

func logTells(k *kit) {
	var told []event.Event
	k.OnCommit(func(events []event.Event) { told = append(told, events...) })
	changed := k.Changed()
	k.write(func(tx *store.Tx) error { return tx.SetCursor("quiet", 1) })
	select {
	case <-changed:
		k.Error("a commit without events woke the readers")
	default:
	}
	for i := range 3 {
		k.write(func(tx *store.Tx) error {
			return errors.Join(tx.Append(someEvent(fmt.Sprintf("a%d", i), event.CallStarted, "c")),
				tx.Append(someEvent(fmt.Sprintf("b%d", i), event.CallEnded, "c")))
		})
	}
	<-changed
	_ = k.Write(k.Context(), func(tx *store.Tx) error {
		_ = tx.Append(someEvent("undone", event.CallStarted, "c"))
		return errors.New("changed my mind")
	})
	k.must(k.Close()) // the last call has returned
	k.open()
	same(k, "told", told, got(k.Events(k.Context(), store.EventQuery{}))(k))
}

func cursorMoves(k *kit) {
	same(k, "a new consumer", got(k.Cursor(k.Context(), "search"))(k), 0)
	for _, seq := range []int64{7, 9, 3} { // back again when it is rebuilt
		k.write(func(tx *store.Tx) error { return tx.SetCursor("search", seq) })
		same(k, "cursor", got(k.Cursor(k.Context(), "search"))(k), seq)
	}
	_ = k.Write(k.Context(), func(tx *store.Tx) error {
		_ = tx.SetCursor("search", 99)
		return errors.New("the effect failed")
	})
	same(k, "cursor of a failed effect", got(k.Cursor(k.Context(), "search"))(k), 3)
	same(k, "another consumer", got(k.Cursor(k.Context(), "webhooks"))(k), 0)
}

func writeIsWhole(k *kit) {
	k.write(func(tx *store.Tx) error { return tx.SaveCall(someCall(1)) })
	no := errors.New("no")
	err := k.Write(k.Context(), func(tx *store.Tx) error {
		if err := tx.SaveCall(someCall(2)); err != nil {
			return err
		}
		changed := someCall(1)
		changed.Status = event.CallOver
		if err := tx.SaveCall(changed); err != nil {
			return err
		}
		if err := tx.Append(someEvent("e1", event.CallEnded, "call-001")); err != nil {
			return err
		}
		return no
	})
	if !errors.Is(err, no) {
		k.Errorf("got %v, want the function's own error", err)
	}
	same(k, "the call before", got(k.Call(k.Context(), "call-001"))(k), someCall(1))
	if _, err := k.Call(k.Context(), "call-002"); !errors.Is(err, store.ErrNotFound) {
		k.Errorf("the undone call gave %v, want ErrNotFound", err)
	}
	same(k, "events", len(got(k.Events(k.Context(), store.EventQuery{}))(k)), 0)
}
