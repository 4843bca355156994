package wire

import (
	"testing"
	"time"
)

func TestNotesAreKeptForAWhile(t *testing.T) {
	n := NewNotes(2, time.Hour)
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	n.Put("a", Note{From: "1"}, now)
	if got := n.Get("a", now.Add(59*time.Minute)); got.From != "1" {
		t.Errorf("%+v", got)
	}
	if got := n.Get("a", now.Add(time.Hour)); got != (Note{}) {
		t.Errorf("it was kept too long: %+v", got)
	}
	n.Put("b", Note{From: "2"}, now.Add(time.Hour))
	if n.kept.Len() != 1 {
		t.Errorf("%d notes are in memory, of which one is too old", n.kept.Len())
	}
	n.Put("c", Note{From: "3"}, now.Add(time.Hour))
	n.Put("d", Note{From: "4"}, now.Add(time.Hour))
	if n.Get("b", now.Add(time.Hour)) != (Note{}) || n.Get("d", now.Add(time.Hour)).From != "4" {
		t.Error("the latest are not those that are kept")
	}
}
