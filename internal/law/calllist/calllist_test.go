package calllist_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/internal/law/calllist"
	"heed/internal/store"
)

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

func lists(t testing.TB, dir string) (*calllist.Lists, *store.Store) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return calllist.New(s, []byte("secret"), "US", func() time.Time { return noon }), s
}

func names(t testing.TB, l *calllist.Lists, number string) string {
	t.Helper()
	found, err := l.Listed(t.Context(), number, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range found {
		out = append(out, fmt.Sprintf("%s/%v", f.List, f.National))
	}
	return strings.Join(out, " ")
}

func TestOwnList(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, _ := lists(t, dir)
	for range 2 {
		if err := l.Add(t.Context(), "(202) 555-0143"); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, l, "+12025550143"); got != "own/false" {
		t.Errorf("on %q", got)
	}
	if err := l.Add(t.Context(), "anonymous"); !errors.Is(err, calllist.ErrNumber) {
		t.Errorf("no number: %v", err)
	}
	if got := names(t, l, "anonymous"); got != "" {
		t.Errorf("no number is on %q", got)
	}
	all, err := l.All(t.Context())
	if err != nil || len(all) != 1 || all[0].Numbers != 1 {
		t.Errorf("%+v %v", all, err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "heed.db-wal"))
	if err != nil || bytes.Contains(raw, []byte("2025550143")) {
		t.Errorf("the number is in the database: %v", err)
	}
	for _, want := range []bool{true, false} {
		if was, err := l.Remove(t.Context(), "+12025550143"); err != nil || was != want {
			t.Errorf("removed %v %v", was, err)
		}
	}
	if got := names(t, l, "+12025550143"); got != "" {
		t.Errorf("still on %q", got)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	l, _ := lists(t, t.TempDir())
	us := store.BarredList{Name: "us", National: true, Source: "registry"}
	first := "number,since\n+12025550101,2020\n202,5550102\n\"+12025550103\"\n\nnonsense\n"
	p, err := l.Import(t.Context(), us, []byte(first), 1)
	if err != nil || p.Numbers != 3 || p.Bad != 2 || len(p.Lines) != 2 || p.Lines[1] != 6 {
		t.Fatalf("%+v %v", p, err)
	}
	for _, n := range []string{"+12025550101", "+12025550102", "+12025550103"} {
		if got := names(t, l, n); got != "us/true" {
			t.Errorf("%s is on %q", n, got)
		}
	}
	// The next edition lacks one, and what was broken off is done again.
	for _, round := range []int64{2, 3} {
		if _, err := l.Import(t.Context(), us, []byte("+12025550101\n+12025550104\n"), round); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := l.End(t.Context(), "us", 3)
	if err != nil || gone != 2 || names(t, l, "+12025550102") != "" || names(t, l, "+12025550101") != "us/true" {
		t.Errorf("%d taken off, %v", gone, err)
	}
	if err := l.Add(t.Context(), "+12025550101"); err != nil {
		t.Fatal(err)
	}
	if got := names(t, l, "+12025550101"); got != "us/true own/false" {
		t.Errorf("on %q", got)
	}
	if p, err := l.Import(t.Context(), store.BarredList{Name: "empty"}, []byte("x\n"), 1); err != nil || p.Numbers != 0 {
		t.Errorf("nothing: %+v %v", p, err)
	}
	if _, err := l.Import(t.Context(), us, bytes.Repeat([]byte("1"), 1<<20), 1); !errors.Is(err, calllist.ErrLines) {
		t.Errorf("one endless line: %v", err)
	}
}

// TestPastMoments looks a number up as it stood, for thirteen months.
func TestPastMoments(t *testing.T) {
	t.Parallel()
	_, s := lists(t, t.TempDir())
	clock := noon
	l := calllist.New(s, []byte("secret"), "US", func() time.Time { return clock })
	change := func(after time.Duration, fn func(context.Context, string) error) {
		t.Helper()
		clock = clock.Add(after)
		if err := fn(t.Context(), "+12025550143"); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(ctx context.Context, number string) error {
		_, err := l.Remove(ctx, number)
		return err
	}
	on := func(at time.Time) int {
		t.Helper()
		found, err := l.Listed(t.Context(), "+12025550143", at)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	change(0, l.Add)
	change(time.Hour, remove)
	change(time.Hour, l.Add)
	for hours, want := range []int{1, 0, 1} {
		if got := on(noon.Add(time.Duration(hours)*time.Hour + time.Minute)); got != want {
			t.Errorf("after %d hours on %d lists, want %d", hours, got, want)
		}
	}
	if on(noon.Add(-time.Minute)) != 0 || on(time.Time{}) != 1 {
		t.Error("it was on a list before, or is not now")
	}
	change(400*24*time.Hour, remove)
	if on(noon) != 0 || on(noon.Add(3*time.Hour)) != 1 {
		t.Error("the first time is kept for longer than thirteen months, or the second is not")
	}
}

func FuzzImport(f *testing.F) {
	l, _ := lists(f, f.TempDir())
	f.Add([]byte("202,5550102\n+49 30 1234567\tx\n"))
	f.Fuzz(func(t *testing.T, lines []byte) {
		p, err := l.Import(t.Context(), store.BarredList{Name: "fuzz", Source: "fuzz"}, lines, 1)
		if err == nil && p.Numbers+p.Bad > bytes.Count(lines, []byte("\n"))+1 {
			t.Errorf("%+v of %d lines", p, bytes.Count(lines, []byte("\n"))+1)
		}
	})
}

// A look-up among a million numbers is in the path of a decision.
func BenchmarkListed(b *testing.B) {
	l, _ := lists(b, b.TempDir())
	const million, part = 1_000_000, 20_000
	var lines bytes.Buffer
	for i := range million {
		fmt.Fprintf(&lines, "+1%010d\n", 2_020_000_000+i)
		if (i+1)%part == 0 {
			if _, err := l.Import(b.Context(), store.BarredList{Name: "us", National: true, Source: "made"}, lines.Bytes(), 1); err != nil {
				b.Fatal(err)
			}
			lines.Reset()
		}
	}
	i := 0
	for b.Loop() {
		if _, err := l.Listed(b.Context(), fmt.Sprintf("+1%010d", 2_020_000_000+(i*7919)%(2*million)), time.Time{}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
