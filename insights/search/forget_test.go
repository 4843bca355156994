package search

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// holding counts the files of a folder in which a word stands.
func holding(t *testing.T, dir, word string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(word)) {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What is forgotten is in no file any more, also when it was corrected and
// lay in several segments; the rest is found as before.
func TestForgetLeavesNoByte(t *testing.T) {
	x := filled(t)
	for i := range 12 {
		e := spoken(int64(20+i), insights.Customer, fmt.Sprintf("my parrot is called zanzibarius number %d", i))
		if err := x.Handle(t.Context(), []event.Event{e}); err != nil {
			t.Fatal(err)
		}
	}
	if holding(t, x.dir, "zanzibarius") == 0 {
		t.Fatal("the word is in no file: the test tests nothing")
	}
	var ids []string
	for i := range 12 {
		ids = append(ids, fmt.Sprintf("u%03d", 20+i))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := x.Forget(ctx, 31, nil, ids); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "zanzibarius"}); len(got) != 0 {
		t.Errorf("found %v", got)
	}
	if n := holding(t, x.dir, "zanzibarius"); n != 0 {
		t.Errorf("%d files hold it", n)
	}
	if got := find(t, x, Query{Text: "cancel"}); len(got) != 1 {
		t.Errorf("the rest: %v", got)
	}
	if err := x.Forget(ctx, 31, nil, ids); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

// An index that has not read far enough is waited for, not passed over.
func TestForgetWaitsForTheLog(t *testing.T) {
	x := filled(t)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := x.Forget(ctx, 99, nil, []string{"u001"}); err == nil {
		t.Error("it did not wait")
	}
}
