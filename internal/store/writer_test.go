package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"pgregory.net/rapid"

	"heed/internal/event"
)

// Whatever mixture of writes shares a commit, exactly those that were
// acknowledged are there, in the order in which they ran.
func TestWritesOfOneGroupFailAlone(t *testing.T) {
	errNo := errors.New("no")
	s := openAt(t, t.TempDir(), func(o *Options) { o.Group = 8 })
	var want []string
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		kinds := rapid.SliceOfN(rapid.SampledFrom([]string{"good", "bad", "repeat", "gone", "panic", "swallow"}), 1, 20).Draw(rt, "writes")
		release := hold(t, s)
		asked := make([]*request, len(kinds))
		for i, kind := range kinds {
			id := fmt.Sprintf("r%d-%d", round, i)
			asked[i] = ask(kind, id, errNo)
			s.writer.queue <- asked[i]
			if kind == "good" || kind == "swallow" {
				want = append(want, id)
			}
		}
		release()
		for i, kind := range kinds {
			check(rt, kind, asked[i], errNo)
		}
	})
	if got := noted(t, s); !slices.Equal(got, want) {
		t.Fatalf("stored %v, want %v", got, want)
	}
}

// ask makes a request of a kind.
func ask(kind, id string, errNo error) *request {
	r := &request{ended: func() error { return nil }, reply: make(chan error, 1)}
	r.fn = func(tx *Tx) error {
		if err := tx.Append(note(id)); err != nil {
			return err
		}
		switch kind {
		case "bad":
			return errNo
		case "repeat":
			return tx.Append(note(id))
		case "swallow": // a refusal that the writer can live with
			_ = tx.Append(note(id))
		case "panic":
			panic("boom")
		}
		return nil
	}
	if kind == "gone" {
		r.ended = func() error { return context.Canceled }
	}
	return r
}

func check(t *rapid.T, kind string, r *request, errNo error) {
	if kind == "gone" {
		if r.state.Load() != waiting {
			t.Fatal("a write whose asker had gone was run")
		}
		return
	}
	err := <-r.reply
	want := map[string]error{"bad": errNo, "repeat": ErrDuplicate, "panic": errPanicked}[kind]
	if !errors.Is(err, want) || want == nil && err != nil {
		t.Fatalf("%s gave %v, want %v", kind, err, want)
	}
}

func TestWritesThatWaitShareACommit(t *testing.T) {
	reg := prometheus.NewPedanticRegistry()
	s := openAt(t, t.TempDir(), func(o *Options) { o.Registerer = reg })
	var calls [][]event.Event
	s.OnCommit(func(events []event.Event) { calls = append(calls, events) })
	release := hold(t, s)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if err := s.Write(t.Context(), appendNote(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, "all writes wait", func() bool { return len(s.writer.queue) == 40 })
	want := "# HELP heed_store_queued_writes Writes waiting for the writer.\n" +
		"# TYPE heed_store_queued_writes gauge\nheed_store_queued_writes 40\n"
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "heed_store_queued_writes"); err != nil {
		t.Error(err)
	}
	release()
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if len(calls) != 1 || len(calls[0]) != 40 {
		t.Fatalf("%d commits, want one with 40 events", len(calls))
	}
	for i, e := range calls[0] {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d has number %d", i, e.Seq)
		}
	}
}

func TestOnCommitIsInLogOrder(t *testing.T) {
	s := openAt(t, t.TempDir())
	var told atomic.Int64
	s.OnCommit(func(events []event.Event) {
		for _, e := range events {
			if !told.CompareAndSwap(e.Seq-1, e.Seq) {
				t.Errorf("told %d after %d", e.Seq, told.Load())
			}
		}
	})
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 50 {
				if err := s.Write(t.Context(), appendNote(fmt.Sprintf("%d-%d", w, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if told.Load() != 400 {
		t.Fatalf("told of %d events, want 400", told.Load())
	}
}

func TestWriteIsNotRunOnceItsContextEnded(t *testing.T) {
	s := openAt(t, t.TempDir())
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Write(ctx, appendNote("late")) }()
	eventually(t, "the write waits", func() bool { return len(s.writer.queue) == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v while the writer was busy, want the context's error", err)
	}
	release()
	if err := s.Write(ctx, appendNote("dead")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the context's error", err)
	}
	if err := s.Write(t.Context(), appendNote("next")); err != nil {
		t.Fatal(err)
	}
	if got := noted(t, s); !slices.Equal(got, []string{"next"}) {
		t.Fatalf("stored %v, want only the next", got)
	}
}

func TestWriteThatStartedReportsItsResult(t *testing.T) {
	s := openAt(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Write(ctx, func(tx *Tx) error {
		cancel()
		return tx.Append(note("in time"))
	})
	if err != nil {
		t.Fatalf("got %v, want the result of the write", err)
	}
	if got := noted(t, s); !slices.Equal(got, []string{"in time"}) {
		t.Fatalf("stored %v", got)
	}
}

func TestWritePushesBackWhenTheQueueIsFull(t *testing.T) {
	s := openAt(t, t.TempDir(), func(o *Options) { o.Queue = 2 })
	release := hold(t, s)
	done := make(chan error, 3)
	for i := range 2 {
		go func() { done <- s.Write(t.Context(), appendNote(fmt.Sprint("queued", i))) }()
	}
	eventually(t, "the queue is full", func() bool { return len(s.writer.queue) == 2 })
	ctx, cancel := context.WithCancel(t.Context())
	third := make(chan error, 1)
	go func() { third <- s.Write(ctx, appendNote("third")) }()
	cancel()
	if err := <-third; !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v from a full queue, want the context's error", err)
	}
	go func() { done <- s.Write(t.Context(), appendNote("patient")) }()
	release()
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := len(noted(t, s)); n != 3 {
		t.Fatalf("%d stored, want 3", n)
	}
}

func TestCloseFinishesWhatWaits(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	release := hold(t, s)
	done := make(chan error, 20)
	for i := range cap(done) {
		go func() { done <- s.Write(t.Context(), appendNote(fmt.Sprint(i))) }()
	}
	eventually(t, "all writes wait", func() bool { return len(s.writer.queue) == cap(done) })
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	<-s.writer.stop
	if err := s.Write(t.Context(), appendNote("late")); !errors.Is(err, ErrClosed) {
		t.Errorf("a write while closing gave %v, want ErrClosed", err)
	}
	release()
	if err := errors.Join(<-closed, s.Close()); err != nil {
		t.Fatal(err)
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Errorf("a write that waited gave %v", err)
		}
	}
	if n := len(noted(t, openAt(t, dir))); n != cap(done) {
		t.Fatalf("%d stored, want %d", n, cap(done))
	}
}

func TestWriteRacesClose(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	var acknowledged atomic.Int64
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				switch err := s.Write(t.Context(), appendNote(fmt.Sprintf("%d-%d", w, i))); {
				case err == nil:
					acknowledged.Add(1)
				case errors.Is(err, ErrClosed):
					return
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	eventually(t, "some are written", func() bool { return acknowledged.Load() > 50 })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if n := int64(len(noted(t, openAt(t, dir)))); n != acknowledged.Load() {
		t.Fatalf("%d stored, %d acknowledged", n, acknowledged.Load())
	}
}

func TestPanicHitsTheOneWhoAsked(t *testing.T) {
	s := openAt(t, t.TempDir())
	func() {
		defer func() {
			if p := fmt.Sprint(recover()); !strings.Contains(p, "boom") || !strings.Contains(p, "writer_test.go") {
				t.Errorf("recovered %q, want the panic and where it was", p)
			}
		}()
		_ = s.Write(t.Context(), func(tx *Tx) error {
			_ = tx.Append(note("undone"))
			panic("boom")
		})
	}()
	if err := s.Write(t.Context(), appendNote("next")); err != nil {
		t.Fatal(err)
	}
	if got := noted(t, s); !slices.Equal(got, []string{"next"}) {
		t.Fatalf("stored %v, want only the next", got)
	}
}

func TestTxIsDeadAfterwards(t *testing.T) {
	s := openAt(t, t.TempDir())
	var kept *Tx
	if err := s.Write(t.Context(), func(tx *Tx) error { kept = tx; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := kept.Append(note("x")); err == nil || !strings.Contains(err.Error(), "over") {
		t.Fatalf("got %v from a transaction that is over", err)
	}
	if err := kept.Remember("k", "h", nil, 200, 1); err == nil {
		t.Fatal("remembered in a transaction that is over")
	}
}
