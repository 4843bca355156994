package search

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heed/insights"
)

// What was understood of an utterance is found by its name and its number, by
// the index and by a filter alike.
func TestFacts(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	mood := func(v float64) insights.Insight { return insights.Insight{Kind: insights.Sentiment, Value: v} }
	entity := func(name, text string, v float64) insights.Insight {
		return insights.Insight{Kind: insights.Entity, Name: name, Text: text, Value: v}
	}
	events := corpus()[:0]
	for i, found := range [][]insights.Insight{
		{mood(-0.5), entity("money", "USD 54.00", 54), entity("money", "USD 120.00", 120)},
		{mood(0.2), {Kind: insights.Sentiment, Name: insights.Annoyed, Value: 0.9}, entity("order_number", "A20417", 0)},
		{mood(-0.3), {Kind: insights.Moment, Name: "promise"}, entity("person", "Maria Keller", 0)},
		{entity("money", "EUR 99.99", 99.99)},
	} {
		events = append(events, spoken(int64(i+1), insights.Customer, "well", found...))
	}
	if err := x.Handle(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	filters, err := NewFilters("")
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"sentiment:<-0.3": "u001", "sentiment:<=-0.3": "u001 u003", "sentiment:-0.3..1": "u002 u003", "sentiment:0.2": "u002", "-sentiment:<=1": "u004",
		"entity.money:>100": "u001", "entity.money:>=54": "u001 u004", "entity.money:60..110": "u004", "entity.money:..54": "u001",
		"entity.order_number:a20417": "u002", `entity.person:"maria keller"`: "u003", "moment:promise": "u003", "moment:Promise sentiment:>0": "",
	} {
		got := find(t, x, Query{Text: query})
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: the index finds %v, want %q", query, got, want)
		}
		f, err := filters.Compile(query)
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		for _, e := range events {
			id, said := saidOf(t, e)
			if _, ok := f.Match(filters.Cut(said)); ok {
				kept = append(kept, id)
			}
		}
		if strings.Join(kept, " ") != want {
			t.Errorf("%s: a filter keeps %v, want %q", query, kept, want)
		}
	}
	for _, query := range []string{"a then b", "first:agent", "x OR (first:agent y)"} {
		if _, err := filters.Compile(query); err == nil || !strings.Contains(err.Error(), "one utterance") {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// Who speaks first is known after a restart, and for what is heard again.
func TestFirstOfAPartyAfterARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	events := corpus()
	x := open(t, dir, Options{})
	if err := x.Handle(t.Context(), events[:4]); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir, Options{})
	if err := x.Handle(t.Context(), events[4:]); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "first:customer"}); !slices.Equal(got, []string{"u003", "u002"}) {
		t.Errorf("first of the customer: %v", got)
	}
	fix := reworded(t, "utterance.corrected", 9, 2, "I want to council my contract")
	if err := x.Handle(t.Context(), append(events[:0], fix)); err != nil {
		t.Fatal(err)
	}
	if got := find(t, x, Query{Text: "first:customer council"}); !slices.Equal(got, []string{"u002"}) {
		t.Errorf("a corrected first: %v", got)
	}
}
