package store

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"

	"heed/internal/event"
)

// TestMain is also the door of the child processes that some tests start.
func TestMain(m *testing.M) {
	switch os.Getenv("HEED_STORE_CHILD") {
	case "crash":
		crashChild()
		os.Exit(1)
	case "full":
		os.Exit(fullChild())
	}
	goleak.VerifyTestMain(m)
}

func openAt(tb testing.TB, path string, change ...func(*Options)) *Store {
	tb.Helper()
	o := Options{Path: path}
	for _, c := range change {
		c(&o)
	}
	s, err := Open(context.WithoutCancel(tb.Context()), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// note is a small event.
func note(id string) event.Event {
	return event.Event{
		ID: id, Type: event.SignalRaised, Source: "/test", Time: time.UnixMilli(1_700_000_000_000),
		Subject: "anna", Data: []byte(`{}`),
	}
}

func appendNote(id string) func(*Tx) error {
	return func(tx *Tx) error { return tx.Append(note(id)) }
}

// noted gives the ids in the log, in order.
func noted(tb testing.TB, s *Store) []string {
	tb.Helper()
	ids := []string{}
	for after := int64(0); ; {
		page, err := s.Events(tb.Context(), EventQuery{After: after, Limit: 500})
		if err != nil {
			tb.Fatal(err)
		}
		if len(page) == 0 {
			return ids
		}
		for _, e := range page {
			if e.Seq != after+1 {
				tb.Fatalf("event %s has number %d after %d", e.ID, e.Seq, after)
			}
			after = e.Seq
			ids = append(ids, e.ID)
		}
	}
}

// eventually waits for something that is bound to happen.
func eventually(tb testing.TB, what string, is func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); runtime.Gosched() {
		if time.Now().After(deadline) {
			tb.Fatalf("never happened: %s", what)
		}
	}
}

// hold keeps the writer busy until release is called; what is written
// meanwhile shares one commit.
func hold(tb testing.TB, s *Store) (release func()) {
	tb.Helper()
	running, gate, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.Write(context.WithoutCancel(tb.Context()), func(*Tx) error {
			close(running)
			<-gate
			return nil
		})
	}()
	<-running
	return func() {
		close(gate)
		if err := <-done; err != nil {
			tb.Error(err)
		}
	}
}

func integrity(tb testing.TB, s *Store) {
	tb.Helper()
	var verdict []string
	if err := s.reads.SelectContext(tb.Context(), &verdict, `PRAGMA integrity_check`); err != nil {
		tb.Fatal(err)
	}
	if got := fmt.Sprint(verdict); got != "[ok]" {
		tb.Fatalf("integrity_check: %s", got)
	}
}
