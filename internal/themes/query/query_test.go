package query

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/insights/search"
	"heed/insights/theme"
)

func TestASavedSearchDefinesATheme(t *testing.T) {
	compile, err := Compiler("en")
	if err != nil {
		t.Fatal(err)
	}
	about := theme.Subject{
		Utterance: &insights.Utterance{Text: "i want refunds for the late lamp", Speaker: insights.Customer, CallID: "c1"},
		Insights:  []insights.Insight{{Kind: insights.Intent, Name: "refund"}, {Kind: insights.Theme, Name: "late_delivery"}, {Kind: insights.Entity, Name: "lamp"}},
		At:        time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}
	for q, want := range map[string][]insights.Span{
		"refund lamp":        {{From: 7, To: 14}, {From: 28, To: 32}},
		`"late lamp" -chair`: {{From: 23, To: 32}},
		"intent:refund theme:late_delivery call:c1 date:2026-03-02 speaker:customer": {},
	} {
		m, err := compile(q)
		if err != nil {
			t.Fatal(err)
		}
		score, got := m.Matches(about)
		if diff := cmp.Diff(want, append([]insights.Span{}, got...)); score != 1 || diff != "" {
			t.Errorf("%s: %v %s", q, score, diff)
		}
	}
	for _, q := range []string{"chair", "-lamp", "intent:lamp", "date:2026-03-03", "speaker:agent", "call:c2"} {
		m, err := compile(q)
		if err != nil {
			t.Fatal(err)
		}
		if score, _ := m.Matches(about); score != 0 {
			t.Errorf("%s: %v", q, score)
		}
	}
	if _, err := compile(`"open`); !errors.As(err, new(*search.SyntaxError)) {
		t.Errorf("a query that does not parse: %v", err)
	}
}
