package search

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
)

// What a query finds has a score that is a number, whatever it asks for; what
// asks for no words gives the newest first.
func TestScoresAreNumbers(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "search"), Options{})
	if err := x.Handle(t.Context(), inTwoCalls(t)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query string
		words bool
	}{
		{"", false},
		{"-refund", false},
		{"agent:ari", false},
		{"-queue:*", false},
		{"speaker:agent", false},
		{"speaker:agent call:call1", false},
		{"agent:ari speaker:agent", false},
		{"sentiment:<1", false},
		{"theme:price OR intent:cancel", false},
		{"-agent:ari", false},
		{"-(refund cancel)", false},
		{"theme:* -speaker:agent", false},
		{"speaker:customer then<60s speaker:customer", false},
		{"date:2026-11-01.. duration:>1s", false},
		{"refund agent:ari", true},
		{"refund OR -late", true},
		{"refund OR (speaker:agent call:call1)", true},
		{"ref* -agent:ari", true},
		{"(refund then cancel) OR agent:ari", true},
		{"refund -(speaker:agent OR agent:ari)", true},
		{`"refund"~3 OR -late`, true},
	} {
		for _, order := range []Order{ByRelevance, Newest} {
			r, err := x.Search(t.Context(), Query{Text: c.query, Order: order})
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, h := range r.Hits {
				ids = append(ids, h.UtteranceID)
				if _, err := json.Marshal(h.Score); err != nil {
					t.Errorf("%q: %v", c.query, err)
				}
			}
			newest := slices.Clone(ids)
			slices.Sort(newest)
			slices.Reverse(newest)
			if !c.words && (!slices.Equal(ids, newest) || len(ids) > 0 && r.Hits[0].Score != 0) {
				t.Errorf("%q by %s: %v", c.query, order, ids)
			}
		}
	}
}
