package store

import (
	"testing"

	"heed/internal/event"
)

func TestSmoke(t *testing.T) {
	s, err := Open(t.Context(), Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.Append(event.Event{ID: "a", Type: event.CallStarted}) }); err != nil {
		t.Fatal(err)
	}
	ev, err := s.Events(t.Context(), EventQuery{Types: []event.Type{event.CallStarted, event.CallEnded}})
	t.Log(ev, err)
}
