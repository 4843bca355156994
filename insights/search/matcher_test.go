package search

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
)

// A matcher finds what the index finds.
func TestMatcherAgreesWithIndex(t *testing.T) {
	x := filled(t)
	for _, query := range []string{
		"cancel", "CANCEL contract", "refund delivery", "refund -late", `"refund"`, "delivery -refunded", `delivery -"refund"`,
		`"late delivery"`, `-"late delivery" delivery`, "refund*", "refund speaker:agent", "intent:cancel", `theme:"late delivery"`,
		"theme:late_delivery -speaker:agent slow", "العقد", "samning*", "ÞETTA dýrt", "nothing", "call:call1 refund*",
		"date:2026-11-02 cancel", "date:2026-11-03.. cancel", "date:..2026-11-02 cancel", "it's", "-cancel", "",
	} {
		m, err := NewMatcher(query, "")
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		got := []string{}
		for _, e := range corpus() {
			var s said
			if json.Unmarshal(e.Data, &s) != nil || s.Utterance.ID == "" {
				continue
			}
			if _, ok := m.Matches(Subject{&s.Utterance, s.Insights, e.Time}); ok {
				got = append(got, s.Utterance.ID)
			}
		}
		want := find(t, x, Query{Text: query})
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: index (-) and matcher (+) differ: %s", query, diff)
		}
	}
}

func TestMatcherGivesPlaces(t *testing.T) {
	m, err := NewMatcher(`refund "late delivery"`, "en")
	if err != nil {
		t.Fatal(err)
	}
	u := insights.Utterance{Text: "refunds for a late delivery please"}
	spans, ok := m.Matches(Subject{Utterance: &u, At: time.Unix(0, 0)})
	want := []insights.Span{{From: 0, To: 7}, {From: 14, To: 27}}
	if diff := cmp.Diff(want, spans); !ok || diff != "" {
		t.Errorf("%v, %s", ok, diff)
	}
	u.Language = "de"
	if _, ok := m.Matches(Subject{Utterance: &u}); ok {
		t.Error("German has English stems")
	}
}

func TestMatcherRefusesBadQueries(t *testing.T) {
	var bad *SyntaxError
	if _, err := NewMatcher(`"late`, "en"); !errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkMatcher(b *testing.B) {
	m, err := NewMatcher(`refund "late delivery" -agent`, "en")
	if err != nil {
		b.Fatal(err)
	}
	u := insights.Utterance{Text: "yeah hi my order is still not here and i want a refund for the late delivery"}
	b.ReportAllocs()
	for b.Loop() {
		m.Matches(Subject{Utterance: &u})
	}
}
