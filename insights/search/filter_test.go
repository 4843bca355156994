package search

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/internal/event"
)

// saidOf gives an event of the corpus as a filter sees it.
func saidOf(t *testing.T, e event.Event) (string, Said) {
	t.Helper()
	var s said
	if err := json.Unmarshal(e.Data, &s); err != nil {
		t.Fatal(err)
	}
	u := s.Utterance
	return u.ID, Said{
		Text: u.Text, Language: u.Language, Speaker: u.Speaker, Call: u.CallID, Start: u.Start, At: e.Time, Facts: FactsOf(s.Insights),
	}
}

// Whatever the query, the filter keeps the utterances that the index finds,
// and marks the same words.
func TestFilterAgreesWithTheIndex(t *testing.T) {
	x := filled(t)
	filters, err := NewFilters("")
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{
		"(late OR cancel)", "NOT (refund speaker:agent)", "deliver~", "contarct~1", `"delivery refund"~3`, `"late the"~0`, `"refund refund"~5`, "at:<4s", "at:>=3", "at:3..4", "at:>3.5", "at:<2.5", "sentiment:-1..0.2",
		"language:is", "(slow OR (late -order))", "sentiment:<0", "entity.money:>5", "entity.order_number:A20417", "moment:thanks",
		"refund", "refunds", "delivery", "late", "cancel", "cancelling", "expensive", `"late delivery"`, `"refund"`, `"the late"`,
		"refund*", "ex*", "it's", "العقد", "samningnum", "speaker:customer", "speaker:agent", "intent:cancel", "theme:late_delivery",
		`theme:"late delivery"`, "call:call1", "date:2026-11-02", "date:2026-11-03..", "date:..2026-11-01", "customer-care",
	}
	rapid.Check(t, func(rt *rapid.T) {
		var query []string
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(parts), 0, 3).Draw(rt, "parts") {
			if rapid.Bool().Draw(rt, "not") {
				p = "-" + p
			}
			query = append(query, p)
		}
		text := strings.Join(query, rapid.SampledFrom([]string{" ", " AND ", " OR "}).Draw(rt, "joined"))
		found, err := x.Search(t.Context(), Query{Text: text, Limit: 100})
		if err != nil {
			rt.Fatal(err)
		}
		want := map[string]string{}
		for _, h := range found.Hits {
			want[h.UtteranceID] = fmt.Sprint(h.Highlight)
		}
		filter, err := filters.Compile(text)
		if err != nil {
			rt.Fatal(err)
		}
		got := map[string]string{}
		for _, e := range corpus() {
			if e.Type != event.UtteranceSpoken {
				continue
			}
			id, said := saidOf(t, e)
			if spans, ok := filter.Match(filters.Cut(said)); ok {
				got[id] = fmt.Sprint(spans)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("query %q (-index +filter):\n%s", text, diff)
		}
	})
}

func TestFilterKnowsTheLanguageOfSilence(t *testing.T) {
	for language, want := range map[string]bool{"en": true, "is": false} {
		f, err := NewFilters(language)
		if err != nil {
			t.Fatal(err)
		}
		q, err := f.Compile("cancel")
		if err != nil {
			t.Fatal(err)
		}
		if _, got := q.Match(f.Cut(Said{Text: "i cancelled it"})); got != want {
			t.Errorf("in %s a form of the word: %v, want %v", language, got, want)
		}
	}
}

func TestFilterRefusesWhatTheIndexRefuses(t *testing.T) {
	f, err := NewFilters("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{`"open`, "mood:bad", "*", "date:someday"} {
		if _, err := f.Compile(bad); err == nil || err.Error() != Check(bad).Error() {
			t.Errorf("%q: %v, want %v", bad, err, Check(bad))
		}
	}
	q, err := f.Compile("refund -late")
	if err != nil {
		t.Fatal(err)
	}
	for _, odd := range []string{"", "\xff\xfe", strings.Repeat("word ", 10_000), "🙂 مرحبا refund"} {
		spans, ok := q.Match(f.Cut(Said{Text: odd}))
		if ok != strings.Contains(odd, "refund") || slices.ContainsFunc(spans, func(s insights.Span) bool { return s.To > len(odd) }) {
			t.Errorf("%.20q: %v %v", odd, spans, ok)
		}
	}
}

func BenchmarkFilter(b *testing.B) {
	f, err := NewFilters("en")
	if err != nil {
		b.Fatal(err)
	}
	q, err := f.Compile(`refund -"late fee" speaker:customer`)
	if err != nil {
		b.Fatal(err)
	}
	said := Said{Text: "my order is late and i want a refund for the late delivery please", Language: "en", Speaker: insights.Customer}
	b.ReportAllocs()
	for b.Loop() {
		q.Match(f.Cut(said))
	}
}
