package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"heed/internal/event"
)

// ledger is a consumer whose effect and cursor are one write; some of its
// writes fail, before or after the commit.
type ledger struct {
	*Store
	mu    sync.Mutex
	seen  []int64
	tries int
}

func (l *ledger) Name() string { return "ledger" }

func (l *ledger) Cursor(ctx context.Context) (int64, error) { return l.Store.Cursor(ctx, "ledger") }

func (l *ledger) Handle(ctx context.Context, events []event.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries++
	if l.tries%4 == 1 {
		return errors.New("failed before the commit")
	}
	last := events[len(events)-1].Seq
	err := l.Write(ctx, func(tx *Tx) error { return tx.SetCursor("ledger", last) })
	if err != nil {
		return err
	}
	for _, e := range events {
		l.seen = append(l.seen, e.Seq)
	}
	if l.tries%4 == 3 {
		return errors.New("failed after the commit")
	}
	return nil
}

func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.seen)
}

// A consumer with its cursor in the store sees everything that many writers
// commit, once and in order, over failures and restarts.
func TestFollowTheStore(t *testing.T) {
	const writers, each = 8, 100
	s := openAt(t, t.TempDir())
	l := &ledger{Store: s}
	ctx, cancel := context.WithCancel(t.Context())
	following := make(chan error, 1)
	o := event.Options{Batch: 37, Gather: -1, MinBackoff: 1, MaxBackoff: 1}
	go func() { following <- event.Follow(ctx, s, l, o) }()

	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if err := s.Write(t.Context(), appendNote(fmt.Sprintf("%d-%d", w, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	eventually(t, "some were followed", func() bool { return l.count() > writers*each/4 })
	cancel()
	if err := <-following; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	go func() { following <- event.Follow(ctx, s, l, o) }()
	wg.Wait()
	eventually(t, "all were followed", func() bool { return l.count() >= writers*each })
	cancel()
	<-following

	want := make([]int64, writers*each)
	for i := range want {
		want[i] = int64(i + 1)
	}
	if !slices.Equal(l.seen, want) {
		t.Fatalf("followed %v", l.seen)
	}
}
