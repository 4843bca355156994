package search

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// The calls behind a search, and whether that is all of them.
func TestTheCallsBehindASearch(t *testing.T) {
	events := inTwoCalls(t)
	head := events[len(events)-1].Seq
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{Head: func(context.Context) (int64, error) { return head, nil }})
	if f, err := x.Calls(t.Context(), "refund", day, 10); err != nil || f.State != Partial {
		t.Errorf("behind: %+v, %v", f, err)
	}
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	long := day.Add(-24 * time.Hour)
	f, err := x.Calls(t.Context(), "speaker:customer OR speaker:agent", long, 10)
	if err != nil || len(f.Lines) != 2 || f.More || f.State != Complete {
		t.Errorf("%+v, %v", f, err)
	}
	n := 0
	for _, lines := range f.Lines {
		n += lines
	}
	found, err := x.Search(t.Context(), Query{Text: "speaker:customer OR speaker:agent"})
	if err != nil || found.Total != n {
		t.Errorf("%d lines by calls, %d in all, %v", n, found.Total, err)
	}
	if f, err := x.Calls(t.Context(), "speaker:customer OR speaker:agent", long, 1); err != nil || len(f.Lines) != 1 || !f.More {
		t.Errorf("at most one: %+v, %v", f, err)
	}
	if f, err := x.Calls(t.Context(), "agent:\"dana fox\"", long, 10); err != nil || len(f.Lines) != 1 {
		t.Errorf("of a whole call: %+v, %v", f, err)
	}
	if f, err := x.Calls(t.Context(), "", day.Add(240*time.Hour), 10); err != nil || len(f.Lines) != 0 {
		t.Errorf("later: %+v, %v", f, err)
	}
	if _, err := x.Calls(t.Context(), "(x", long, 10); !errors.As(err, new(*SyntaxError)) {
		t.Errorf("%v", err)
	}
}
