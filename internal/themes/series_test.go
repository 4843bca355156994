package themes

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/insights/search"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes/match"
)

// from says where a call came from.
func (r *rig) from(call, source, campaign, queue string) {
	r.Helper()
	r.must(r.db.Write(r.Context(), func(tx *store.Tx) error {
		return tx.SaveOrigin(call, event.Origin{Attribution: event.Attribution{Touch: event.Touch{Source: source, Campaign: campaign}}, Queue: queue})
	}))
}

// shares writes series as "value calls/of_calls".
func shares(s Series) string {
	var out []string
	for _, one := range s.Series {
		out = append(out, fmt.Sprintf("%s %d/%d", one.Value, one.Calls, one.OfCalls))
	}
	return strings.Join(out, "; ")
}

func (r *rig) series(q SeriesQuery) Series {
	r.Helper()
	s, err := r.Series(r.Context(), q)
	r.must(err)
	for _, one := range append(s.Series, s.Total) {
		r.must(search.Check(one.Q))
		var sum int64
		for _, p := range one.Points {
			sum += p.Calls
		}
		if len(one.Points) > 0 && sum != one.Calls {
			r.Errorf("%s: the course has %d calls, the total %d", one.Value, sum, one.Calls)
		}
	}
	return s
}

func TestSeriesByWhereCallsCameFrom(t *testing.T) {
	r := newRig(t, t.TempDir())
	r.set(morning.Add(12 * time.Hour))
	for i := range 6 {
		id, _ := r.call(morning.Add(time.Duration(i)*time.Hour), "a refund please", "my refund")
		switch {
		case i < 3:
			r.from(id, "google", []string{"Fibre Spring", "fibre spring", "autumn"}[i], "sales")
		case i == 3:
			r.from(id, "bing", "", "sales")
		}
	}
	id, _ := r.call(morning.Add(time.Hour), "i like cake")
	r.from(id, "google", "autumn", "")
	r.follow()
	for _, c := range []struct {
		name  string
		q     SeriesQuery
		want  string
		total string
	}{
		{"by campaign", SeriesQuery{By: "campaign"}, " 3/3; Fibre Spring 2/2; autumn 1/2", "6/7"},
		{"by source", SeriesQuery{By: "source"}, "google 3/4;  2/2; bing 1/1", ""},
		{"by queue of a source", SeriesQuery{By: "queue", Source: new("GOOGLE")}, "sales 3/3;  0/1", "3/4"},
		{"of no campaign, by source", SeriesQuery{By: "source", Campaign: new("")}, " 2/2; bing 1/1", "3/3"},
		{"all", SeriesQuery{}, "", "6/7"},
		{"the largest", SeriesQuery{By: "campaign", Most: 1}, " 3/3", "6/7"},
		{"of an hour", SeriesQuery{By: "campaign", Span: Span{Step: Hour, From: morning.Add(2 * time.Hour), To: morning.Add(3 * time.Hour)}}, "autumn 1/1", "1/1"},
		{"of nobody", SeriesQuery{By: "campaign", Source: new("print")}, "", "0/0"},
	} {
		for _, step := range []Step{"", Day} {
			q := c.q
			q.Kind, q.Name = store.TallyTheme, "rule_refund"
			if q.Span.Step == "" {
				q.Span.Step = step
			}
			s := r.series(q)
			if got := shares(s); got != c.want || c.total != "" && fmt.Sprintf("%d/%d", s.Total.Calls, s.Total.OfCalls) != c.total {
				t.Errorf("%s: %q of %d/%d, want %q of %s", c.name, got, s.Total.Calls, s.Total.OfCalls, c.want, c.total)
			}
			if s.Total.Enough {
				t.Errorf("%s: seven calls are too few", c.name)
			}
		}
	}
	s := r.series(SeriesQuery{Kind: store.TallyTheme, Name: "rule_refund", By: "campaign", Most: 2})
	if s.More != 1 || s.Read != 1 || s.Total.Title != "Refund" || s.State != "partial" { // nobody follows the log for origins here
		t.Errorf("%+v", s)
	}
	const when = " began:2026-02-03T00:00Z..2026-03-03T00:00Z"
	for i, want := range []string{"theme:refund speaker:customer NOT campaign:*" + when, `theme:refund speaker:customer campaign:"Fibre Spring"` + when} {
		if got := s.Series[i].Q; got != want {
			t.Errorf("search %q, want %q", got, want)
		}
	}
	if s = r.series(SeriesQuery{Kind: store.TallyTheme, By: "name", Source: new("google")}); shares(s) != "rule_refund 3/4" || s.Series[0].Title != "Refund" {
		t.Errorf("by theme: %q", shares(s))
	}
	if s = r.series(SeriesQuery{Kind: store.TallyVolume, By: "source", Span: Span{Step: Week}}); shares(s) != "google 4/4;  2/2; bing 1/1" {
		t.Errorf("volume: %q", shares(s))
	}
}

func TestSeriesAreRefused(t *testing.T) {
	r := newRig(t, t.TempDir())
	for _, q := range []SeriesQuery{
		{Kind: store.TallyTheme},
		{Kind: store.TallyIntent, Name: "x", By: "name"},
		{Kind: store.TallyVolume, Name: "x"},
		{Kind: store.TallyVolume, By: "name"},
		{Kind: store.TallyIntent, Name: "x", Span: Span{Step: Hour, From: morning.AddDate(-1, 0, 0)}},
	} {
		if _, err := r.Series(t.Context(), q); !errors.As(err, new(*Invalid)) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if _, err := r.Series(t.Context(), SeriesQuery{Kind: store.TallyTheme, Name: "nothing"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a theme that is none: %v", err)
	}
}

func TestThemesAsQueries(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		def  match.Definition
		want string
	}{
		{Rule, match.Definition{Name: "late"}, "theme:late"},
		{Query, match.Definition{Query: "router OR modem"}, "(router OR modem)"},
		{Words, match.Definition{Phrases: []string{"no signal", "rout*"}}, `("no signal" OR rout*)`},
		{Words, match.Definition{Phrases: []string{"router ... signal"}}, ""},
		{Words, match.Definition{Phrases: []string{"router"}, Unless: []string{"router works"}}, ""},
		{Like, match.Definition{Quotes: []string{"my router"}}, ""},
	} {
		if got := asked(Theme{Kind: c.kind, Definition: &c.def}); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.kind, c.def, got, c.want)
		}
	}
	if got := asked(Theme{Kind: Discovered}); got != "" {
		t.Errorf("a discovered one: %q", got)
	}
}
