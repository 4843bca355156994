package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// pages sets how many pages the file may have, as a disk that is full does.
func pages(tb testing.TB, s *Store, n int) {
	tb.Helper()
	err := s.Write(tb.Context(), func(tx *Tx) error {
		var is int
		return tx.w.conn.GetContext(tb.Context(), &is, fmt.Sprintf("PRAGMA max_page_count = %d", n))
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func big(id string) func(*Tx) error {
	return func(tx *Tx) error {
		e := note(id)
		e.Data = []byte(`"` + strings.Repeat("x", 200_000) + `"`)
		return tx.Append(e)
	}
}

func TestFullDiskRefusesAndRecovers(t *testing.T) {
	s := openAt(t, t.TempDir())
	if err := s.Write(t.Context(), appendNote("before")); err != nil {
		t.Fatal(err)
	}
	pages(t, s, 1) // SQLite makes that the present size
	if err := s.Write(t.Context(), big("refused")); !errors.Is(err, ErrFull) {
		t.Fatalf("got %v, want ErrFull", err)
	}
	swallowed := s.Write(t.Context(), func(tx *Tx) error {
		_ = big("refused")(tx)
		if err := tx.Append(note("after a failure")); !errors.Is(err, ErrFull) {
			t.Errorf("a method after the failure gave %v, want ErrFull", err)
		}
		return nil
	})
	if !errors.Is(swallowed, ErrFull) {
		t.Fatalf("got %v from a write that swallowed it, want ErrFull", swallowed)
	}
	if got := noted(t, s); !slices.Equal(got, []string{"before"}) {
		t.Fatalf("reads %v while full, want what was there before", got)
	}
	pages(t, s, 1<<30)
	if err := s.Write(t.Context(), big("after")); err != nil {
		t.Fatalf("space returned, got %v", err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := noted(t, s); !slices.Equal(got, []string{"before", "after"}) {
		t.Fatalf("stored %v", got)
	}
	integrity(t, s)
}

// What shares a commit with the write that found the disk full is refused as
// well, or stored: never acknowledged and lost, never refused and stored.
func TestFullDiskInTheMiddleOfAGroup(t *testing.T) {
	s := openAt(t, t.TempDir())
	release := hold(t, s)
	kinds := []string{"a", "b", "full", "c", "full", "d"}
	asked := make([]*request, len(kinds))
	for i, kind := range kinds {
		id := fmt.Sprint(kind, i)
		fn := appendNote(id)
		if kind == "full" {
			fn = func(tx *Tx) error {
				var is int
				_ = tx.w.conn.GetContext(t.Context(), &is, "PRAGMA max_page_count = 1")
				err := big(id)(tx)
				_ = tx.w.conn.GetContext(t.Context(), &is, "PRAGMA max_page_count = 1000000")
				return err
			}
		}
		asked[i] = &request{fn: fn, ended: t.Context().Err, reply: make(chan error, 1)}
		s.writer.queue <- asked[i]
	}
	release()
	want := []string{}
	for i, r := range asked {
		err := <-r.reply
		if err == nil {
			want = append(want, fmt.Sprint(kinds[i], i))
		} else if !errors.Is(err, ErrFull) {
			t.Errorf("write %d gave %v, want ErrFull", i, err)
		}
		if kinds[i] == "full" && err == nil {
			t.Errorf("write %d was acknowledged on a full disk", i)
		}
	}
	if got := noted(t, s); !slices.Equal(got, want) {
		t.Fatalf("stored %v, acknowledged %v", got, want)
	}
	if !slices.Contains(want, "d5") {
		t.Error("the last write had nothing to do with it and was refused")
	}
	integrity(t, s)
}

func TestCheckTellsAndMends(t *testing.T) {
	s := openAt(t, t.TempDir())
	s.writer.sick.Store(true)
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.writer.sick.Load() {
		t.Fatal("still sick after a write that went well")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the context's error", err)
	}
	if n, err := s.Size(); err != nil || n == 0 {
		t.Fatalf("size %d, %v", n, err)
	}
}

// A limit on file sizes stands in for a disk: the refusal comes from the
// kernel in the middle of SQLite's writing.
func TestFullDiskOfTheKernel(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "HEED_STORE_CHILD=full", "HEED_STORE_PATH="+t.TempDir())
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
}

func fullChild() int {
	if err := fillDisk(os.Getenv("HEED_STORE_PATH")); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

func fillDisk(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, Options{Path: path})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	var before, small syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	small = before
	small.Cur = 1 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		return err
	}
	stored, refused := 0, 0
	for i := range 100 {
		switch err := s.Write(ctx, big(fmt.Sprint(i))); {
		case err == nil:
			stored++
		case errors.Is(err, ErrFull):
			refused++
		default:
			return fmt.Errorf("write %d: %w, want ErrFull", i, err)
		}
	}
	if err := s.Check(ctx); refused == 0 || err != nil && !errors.Is(err, ErrFull) {
		return fmt.Errorf("%d stored, %d refused, check %w", stored, refused, err)
	}
	page, err := s.Events(ctx, EventQuery{Limit: 500})
	if err != nil || len(page) != stored {
		return fmt.Errorf("%d readable of %d stored while full: %w", len(page), stored, err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	if err := errors.Join(s.Check(ctx), s.Write(ctx, big("after"))); err != nil {
		return fmt.Errorf("space returned: %w", err)
	}
	var verdict string
	if err := s.reads.Get(&verdict, `PRAGMA integrity_check`); err != nil || verdict != "ok" {
		return fmt.Errorf("integrity_check: %s %w", verdict, err)
	}
	return s.Close()
}
