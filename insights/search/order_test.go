package search

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/internal/event"
)

// paged reads all pages of a search.
func paged(t *testing.T, x *Index, q Query) []string {
	t.Helper()
	var ids []string
	for {
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		for _, h := range r.Hits {
			ids = append(ids, h.UtteranceID)
		}
		if q.After = r.Next; q.After == "" || len(ids) > 100 {
			return ids
		}
	}
}

func TestOrders(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	var events []event.Event
	for i, sums := range [][]float64{{20, 150}, {}, {-3}, {99.5}, {150}, {0}} {
		var found []insights.Insight
		for _, v := range sums {
			found = append(found, insights.Insight{Kind: insights.Entity, Name: money, Text: fmt.Sprint(v), Value: v})
		}
		events = append(events, spoken(int64(i+1), insights.Customer, "the bill", found...))
	}
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	for order, want := range map[Order][]string{
		"":      {"u006", "u005", "u004", "u003", "u002", "u001"},
		Newest:  {"u006", "u005", "u004", "u003", "u002", "u001"},
		Oldest:  {"u001", "u002", "u003", "u004", "u005", "u006"},
		ByValue: {"u005", "u001", "u004", "u006", "u003"},
	} {
		for _, limit := range []int{1, 2, 50} {
			if diff := cmp.Diff(want, paged(t, x, Query{Text: "bill", Order: order, Limit: limit})); diff != "" {
				t.Errorf("order %q, %d at a time: %s", order, limit, diff)
			}
		}
	}
	r, err := x.Search(t.Context(), Query{Text: "bill", Order: Newest, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	var syntax *SyntaxError
	for _, q := range []Query{{Order: "best"}, {Order: Oldest, After: r.Next}, {Facets: []string{"call"}}} {
		if _, err := x.Search(t.Context(), q); !errors.As(err, &syntax) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

func TestFacets(t *testing.T) {
	r, err := filled(t).Search(t.Context(), Query{Text: "refund* OR cancel", Facets: Countable(), Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]Count{
		"speaker": {{"customer", 3}, {"agent", 1}}, "intent": {{"cancel", 1}, {"refund", 1}},
		"theme": {{"late_delivery", 2}, {"price", 1}}, "moment": {}, "language": {{"en", 4}}, "source": {}, "campaign": {}, "queue": {},
	}
	if diff := cmp.Diff(want, r.Facets); diff != "" || r.Total != 4 {
		t.Errorf("%d found: %s", r.Total, diff)
	}
}

func TestMoreLikeThis(t *testing.T) {
	x := filled(t)
	got := find(t, x, Query{Like: "u003"}) // call1
	if !slices.Equal(got, []string{"u004", "u002"}) && !slices.Equal(got, []string{"u004"}) {
		t.Errorf("like u003: %v", got)
	}
	if got := find(t, x, Query{Like: "u003", Text: "speaker:customer refund"}); len(got) != 0 {
		t.Errorf("like u003 by customers: %v", got)
	}
	if _, err := x.Search(t.Context(), Query{Like: "u999"}); !errors.Is(err, ErrUnknown) {
		t.Errorf("like nothing: %v", err)
	}
}
