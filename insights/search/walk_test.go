package search

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/event"
)

// A walk gives every hit once, in the order of the search, whatever comes into
// the index on the way.
func TestWalkGivesAllOnce(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	var events []event.Event
	for i := range 250 {
		sum := insights.Insight{Kind: insights.Entity, Name: money, Value: float64(i % 7), Text: fmt.Sprint(i % 7)}
		events = append(events, spoken(int64(i+1), insights.Customer, fmt.Sprintf("the bill %d", i%3), sum))
	}
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	for _, order := range []Order{ByRelevance, Newest, Oldest, ByValue} {
		var want []string
		for q := (Query{Text: "bill", Order: order, Limit: 100}); ; {
			r, err := x.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				want = append(want, h.UtteranceID)
			}
			if q.After = r.Next; q.After == "" {
				break
			}
		}
		var got []string
		pages := 0
		state, err := x.walk(t.Context(), Query{Text: "bill", Order: order, Limit: 3, Facets: []string{"intent"}}, 40, func(r Result) error {
			if pages++; r.Total != 250 || r.Facets != nil {
				return fmt.Errorf("total %d, facets %v", r.Total, r.Facets)
			}
			for _, h := range r.Hits {
				got = append(got, h.UtteranceID)
			}
			return nil
		})
		if err != nil || state != Complete || pages != 7 {
			t.Errorf("%s: %s, %d pages, %v", order, state, pages, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", order, diff)
		}
	}
	added := false
	var got []string
	_, err := x.walk(t.Context(), Query{Text: "bill", Order: Newest}, 40, func(r Result) error {
		for _, h := range r.Hits {
			got = append(got, h.UtteranceID)
		}
		if added {
			return nil
		}
		added = true
		return x.Handle(t.Context(), []event.Event{spoken(999, insights.Customer, "another bill")})
	})
	if err != nil || len(got) != 250 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 250 {
		t.Errorf("%d hits, %v", len(got), err)
	}
}

func TestWalkEndsWhenToldTo(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	if err := x.Handle(t.Context(), corpus()); err != nil {
		t.Fatal(err)
	}
	enough, pages := errors.New("enough"), 0
	if _, err := x.walk(t.Context(), Query{}, 1, func(Result) error { pages++; return enough }); !errors.Is(err, enough) || pages != 1 {
		t.Errorf("%d pages, %v", pages, err)
	}
	_, err := x.Walk(t.Context(), Query{Text: "("}, func(Result) error { t.Error("a page of what does not parse"); return nil })
	if _, ok := errors.AsType[*SyntaxError](err); !ok {
		t.Error(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Walk(t.Context(), Query{}, func(Result) error { return nil }); !errors.Is(err, errClosed) {
		t.Error(err)
	}
}

// BenchmarkWalk walks through all 100,000 utterances.
func BenchmarkWalk(b *testing.B) {
	x := benchIndex(b)
	for _, order := range []Order{Newest, ByRelevance} {
		b.Run(string(order), func(b *testing.B) {
			for b.Loop() {
				n, started := 0, time.Now()
				if _, err := x.Walk(b.Context(), Query{Order: order}, func(r Result) error { n += len(r.Hits); return nil }); err != nil || n != benchSize {
					b.Fatal(n, err)
				}
				b.ReportMetric(float64(n)/time.Since(started).Seconds(), "hits/s")
			}
		})
	}
}
