package search

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/event"
)

// overMonths are calls of three months, told as they happened; the last words
// of the second were said in the next month.
func overMonths(t *testing.T) []event.Event {
	t.Helper()
	var events []event.Event
	begins := []time.Time{
		time.Date(2026, 9, 10, 9, 0, 0, 0, time.UTC), time.Date(2026, 10, 31, 23, 59, 0, 0, time.UTC), time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC),
	}
	for i, at := range begins {
		call := event.IDAt(at)
		for k, text := range []string{"where is my order", "it was the wrong order"} {
			u := insights.Utterance{ID: fmt.Sprintf("m%d-%d", i, k), CallID: call, Speaker: insights.Customer, Text: text, Start: insights.Seconds(90 * k), End: insights.Seconds(90*k + 2)}
			e, err := event.New(event.UtteranceSpoken, at.Add(time.Duration(k)*90*time.Second), event.About{Subject: call, Call: call}, said{Utterance: u})
			if err != nil {
				t.Fatal(err)
			}
			e.Seq = int64(len(events) + 1)
			events = append(events, e)
		}
		ended := happened(t, int64(len(events)+1), event.CallEnded, call, event.EndedCall{Call: event.Call{ID: call, Agent: "dana", Duration: 95}})
		ended.Time = at.Add(time.Hour)
		events = append(events, ended)
	}
	return events
}

func TestACallIsInTheMonthInWhichItBegan(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	x := open(t, dir, Options{})
	events := overMonths(t)
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile(filepath.Join(dir, listFile))
	if err != nil || string(list) != "2026-09\n2026-10\n2026-11\n" {
		t.Fatalf("%q, %v", list, err)
	}
	for query, want := range map[string][]string{
		"order":                             {"m0-0", "m0-1", "m1-0", "m1-1", "m2-0", "m2-1"},
		"order then<2m wrong":               {"m0-1", "m1-1", "m2-1"},
		"duration:>90s wrong":               {"m0-1", "m1-1", "m2-1"},
		"first:customer":                    {"m0-0", "m1-0", "m2-0"},
		"date:2026-11-01 order":             {"m1-1"},
		"wrong -date:..2026-10-31":          {"m1-1", "m2-1"},
		"agent:dana date:2026-10-31":        {"m1-0"},
		"call:" + events[3].Call + " order": {"m1-0", "m1-1"},
	} {
		got := find(t, x, Query{Text: query})
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	var paged []string
	for after := ""; ; {
		r, err := x.Search(t.Context(), Query{Text: "order", Limit: 1, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			paged = append(paged, h.UtteranceID)
		}
		if after = r.Next; after == "" {
			break
		}
	}
	if slices.Sort(paged); len(slices.Compact(paged)) != 6 {
		t.Errorf("pages of one gave %v", paged)
	}
	if err := x.Forget(t.Context(), 0, []string{events[3].Call}, []string{"m1-0", "m1-1"}); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "order date:2026-10-01..2026-11-01"}); len(got) != 0 {
		t.Errorf("forgotten and found: %v", got)
	}
}

// A crash between the writes of two months has the log read again from before.
func TestACrashBetweenMonthsLosesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	events := overMonths(t)
	x := open(t, dir, Options{})
	if err := x.Handle(t.Context(), events[:1]); err != nil {
		t.Fatal(err)
	}
	b := x.months.batches()
	for _, e := range events[1:] {
		if _, err := x.take(b, e); err != nil {
			t.Fatal(err)
		}
	}
	delete(b.of, "2026-10") // what comes after the crash
	delete(b.of, "2026-11")
	if err := x.months.get("2026-09").Batch(b.of["2026-09"]); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir, Options{})
	from, err := x.Cursor(t.Context())
	if err != nil || from != 1 {
		t.Fatalf("cursor %d, %v", from, err)
	}
	if err := x.Handle(t.Context(), events[from:]); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "order"}); len(got) != 6 {
		t.Errorf("found %v", got)
	}
}

// Searches go on while months are made.
func TestSearchWhileMonthsAreMade(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	done, events := make(chan error, 1), overMonths(t)
	go func() {
		var err error
		for _, e := range events {
			if err = x.Handle(t.Context(), []event.Event{e}); err != nil {
				break
			}
		}
		done <- err
	}()
	for found := 0; found < 6; {
		r, err := x.Search(t.Context(), Query{Text: "order"})
		if err != nil {
			t.Fatal(err)
		}
		if r.Total < found || strings.Contains(fmt.Sprint(r.Hits), "call:") {
			t.Fatalf("%d found after %d: %+v", r.Total, found, r.Hits)
		}
		found = r.Total
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
