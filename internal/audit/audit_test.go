package audit_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"heed/internal/audit"
	"heed/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// book is an audit in memory.
type book struct {
	mu     sync.Mutex
	asked  int
	noted  []store.Read
	sealed []time.Time
	fail   error
}

func (b *book) NoteReads(_ context.Context, reads ...store.Read) ([]store.Read, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	if b.fail != nil {
		return nil, b.fail
	}
	there := slices.DeleteFunc(slices.Clone(reads), func(r store.Read) bool { return strings.HasPrefix(r.Call, "guess") })
	b.noted = append(b.noted, there...)
	return there, nil
}

func (b *book) SealReads(_ context.Context, over time.Time) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sealed = append(b.sealed, over)
	return 0, nil
}

func (b *book) rows() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.noted)
}

func (b *book) times() (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.noted {
		n += r.Times
	}
	return n
}

func of(who, call string) store.Read {
	return store.Read{Reader: store.Reader{Who: who}, Kind: "call", Call: call}
}

// The first reading is written at once, the rest together, and none is lost.
func TestRepeatsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &book{}
		s := audit.New(b, slog.New(slog.DiscardHandler), nil)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { s.Run(ctx); close(done) }()
		note := func(reads ...store.Read) {
			t.Helper()
			if err := s.Note(ctx, reads...); err != nil {
				t.Fatal(err)
			}
		}
		note(of("u1", "c1"), of("u1", "c2"))
		if b.rows() != 2 {
			t.Fatalf("%d are written, want 2 before the answer", b.rows())
		}
		for range 100 {
			note(of("u1", "c1"))
		}
		note(of("u2", "c1"))
		if b.rows() != 3 {
			t.Fatalf("%d are written, want 3", b.rows())
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if b.rows() != 4 || b.times() != 103 {
			t.Errorf("%d rows of %d readings, want 4 of 103", b.rows(), b.times())
		}
		time.Sleep(10 * time.Minute)
		note(of("u1", "c1"))
		if b.rows() != 5 {
			t.Error("another ten minutes are another row")
		}
		note(of("u1", "c1"))
		stop()
		<-done
		if b.times() != 105 {
			t.Errorf("%d readings are written at the end, want 105", b.times())
		}
		if len(b.sealed) == 0 {
			t.Error("nothing is sealed")
		}
	})
}

// What cannot be written is refused; counts that cannot be are kept.
func TestWhatCannotBeNotedIsRefused(t *testing.T) {
	b := &book{}
	s := audit.New(b, slog.New(slog.DiscardHandler), nil)
	if err := errors.Join(s.Note(t.Context(), of("u1", "c1")), s.Note(t.Context(), of("u1", "c1"))); err != nil {
		t.Fatal(err)
	}
	b.fail = store.ErrFull
	if err := s.Note(t.Context(), of("u1", "c2")); !errors.Is(err, audit.ErrUnnoted) || !errors.Is(err, store.ErrFull) {
		t.Errorf("a full disk: %v", err)
	}
	if err := s.Flush(t.Context()); !errors.Is(err, store.ErrFull) {
		t.Errorf("a count on a full disk: %v", err)
	}
	b.fail = nil
	if err := s.Flush(t.Context()); err != nil || b.times() != 2 {
		t.Errorf("%d readings are written after all, want 2: %v", b.times(), err)
	}
}

// Ids that somebody guesses are not remembered: they would fill the memory that
// is for what there is.
func TestGuessesAreNotRemembered(t *testing.T) {
	b := &book{}
	s := audit.New(b, slog.New(slog.DiscardHandler), nil)
	for range 2 {
		if err := s.Note(t.Context(), of("u1", "guess"), of("u1", "c1")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Note(t.Context(), of("u1", "guess")); err != nil {
		t.Fatal(err)
	}
	if b.asked != 3 || b.rows() != 1 {
		t.Errorf("the store was asked %d times and has %d rows, want 3 and 1", b.asked, b.rows())
	}
}
