package themes

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

const (
	// fewest calls with a theme, and calls in all, that a change is told of:
	// nobody should read a trend into five calls.
	fewWith = 5
	fewAll  = 20
)

// Tally is a theme with its figures.
type Tally struct {
	Theme
	Now    store.Count `json:"now" doc:"In the days that were asked for"`
	Before store.Count `json:"before" doc:"In as many days before"`
	// Change is nil when there are too few calls to speak of one.
	Change *float64 `json:"change,omitempty" doc:"Share of calls now by that before, less 1: 0.5 is half as much again; absent when there are too few calls"`
	Trend  []int64  `json:"trend" doc:"Calls by day, the last one is today"`
	// Read is how much of history is counted, 0..1.
	Read     float64          `json:"read" doc:"How much of history is counted, 0 to 1; the figures are complete at 1"`
	Emerging *event.Emergence `json:"emerging,omitempty" doc:"Why it stands out now"`
}

// List is the themes of some days.
type List struct {
	Themes []Tally     `json:"themes"`
	From   time.Time   `json:"from"`
	To     time.Time   `json:"to"`
	Zone   string      `json:"zone" doc:"Time zone of the days"`
	Now    store.Count `json:"now" doc:"All calls with a customer's words, whatever their themes"`
	Before store.Count `json:"before"`
	Trend  []int64     `json:"trend" doc:"All calls by day"`
	State  string      `json:"state" doc:"complete, or partial while what was said is still being counted"`
}

// Lines gives the themes of the last days, those that stand out first, then by
// calls. With all, hidden, deleted and merged ones too; those that were never
// found in a call are left out else, when they are not a person's own.
func (t *Themes) Lines(ctx context.Context, days int, all bool) (List, error) {
	return t.lines(ctx, days, func(l Tally) bool {
		return all && l.State != Gone || l.State == Active && (l.Now.Turns+l.Before.Turns > 0 || own(l.Kind))
	})
}

// lines gives the themes that are wanted.
func (t *Themes) lines(ctx context.Context, days int, wanted func(Tally) bool) (List, error) {
	days = min(max(days, 1), 366)
	tomorrow := midnight(t.local(t.now()), 1)
	starts, slots, err := Day.buckets(midnight(tomorrow, -2*days), tomorrow)
	if err != nil {
		return List{}, fmt.Errorf("themes: %w", err)
	}
	l := List{From: starts[days].UTC(), To: tomorrow.UTC(), Zone: t.zone.String(), Themes: []Tally{}}
	counts, err := t.store.ThemeCounts(ctx, slots)
	if err != nil {
		return l, err
	}
	l.Before, l.Now, l.Trend = halves(counts[""], days)
	if l.State, err = t.completeness(ctx); err != nil {
		return l, err
	}
	rows, err := t.store.Themes(ctx)
	if err != nil {
		return l, err
	}
	standing, err := t.standing(ctx)
	if err != nil {
		return l, err
	}
	for _, r := range rows {
		th, err := decode(r)
		if err != nil {
			return l, err
		}
		line := Tally{Theme: th, Read: progressOf(r)}
		if th.State == Active {
			line.Emerging = standing[th.ID]
		}
		line.Before, line.Now, line.Trend = halves(counts[th.ID], days)
		line.Change = change(line, l)
		if wanted(line) {
			l.Themes = append(l.Themes, line)
		}
	}
	slices.SortStableFunc(l.Themes, func(a, b Tally) int {
		return cmp.Or(standsOut(b)-standsOut(a), cmp.Compare(b.Now.Calls, a.Now.Calls), cmp.Compare(b.Before.Calls, a.Before.Calls))
	})
	return l, nil
}

// completeness says whether all of the log is counted.
func (t *Themes) completeness(ctx context.Context) (string, error) {
	err := t.caughtUp(ctx)
	if errors.Is(err, errBehind) {
		return "partial", nil
	}
	return "complete", err
}

func own(k Kind) bool { return k == Words || k == Query || k == Like }

func standsOut(l Tally) int {
	if l.Emerging != nil {
		return 1
	}
	return 0
}

// halves sums twice so many days, and gives the later ones one by one.
func halves(counts []store.Count, days int) (before, now store.Count, trend []int64) {
	trend = make([]int64, days)
	for i, c := range counts {
		half := &before
		if i >= days {
			half = &now
			trend[i-days] = c.Calls
		}
		half.Calls += c.Calls
		half.Turns += c.Turns
	}
	return before, now, trend
}

// change compares shares of calls, so that a busy week is no growth.
func change(l Tally, all List) *float64 {
	if all.Now.Calls < fewAll || all.Before.Calls < fewAll || max(l.Now.Calls, l.Before.Calls) < fewWith || l.Before.Calls == 0 {
		return nil
	}
	now := float64(l.Now.Calls) / float64(all.Now.Calls)
	before := float64(l.Before.Calls) / float64(all.Before.Calls)
	c := now/before - 1
	return &c
}

// standing gives what stands out now, by theme.
func (t *Themes) standing(ctx context.Context) (map[string]*event.Emergence, error) {
	open, _, err := t.store.Episodes(ctx, true, "", 500)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*event.Emergence, len(open))
	for _, e := range open {
		var g event.Emergence
		if err := json.Unmarshal(e.Doc, &g); err != nil {
			return nil, fmt.Errorf("episode of theme %s: %w", e.Theme, err)
		}
		out[e.Theme] = &g
	}
	return out, nil
}

// Detail is one theme with what was said on it.
type Detail struct {
	Tally
	Changes []Change      `json:"changes" doc:"Who changed what, the latest first"`
	Quotes  []store.Quote `json:"quotes" doc:"The latest first"`
	Next    string        `json:"next,omitempty" doc:"Ask with after=NEXT for more quotes"`
}

// Detail gives a theme, whatever its state, or [store.ErrNotFound].
func (t *Themes) Detail(ctx context.Context, id string, days int, q store.QuoteQuery) (Detail, error) {
	l, err := t.lines(ctx, days, func(l Tally) bool { return l.ID == id })
	if err != nil {
		return Detail{}, err
	}
	if len(l.Themes) == 0 {
		return Detail{}, fmt.Errorf("theme %s: %w", id, store.ErrNotFound)
	}
	d := Detail{Tally: l.Themes[0], Changes: []Change{}}
	changes, err := t.store.ThemeChanges(ctx, id)
	if err != nil {
		return d, err
	}
	for _, c := range changes {
		var what Change
		if err := json.Unmarshal(c.Doc, &what); err != nil {
			return d, fmt.Errorf("change of theme %s: %w", id, err)
		}
		d.Changes = append(d.Changes, what)
	}
	q.Theme = id
	d.Quotes, d.Next, err = t.store.ThemeQuotes(ctx, q)
	return d, err
}

// Calls gives a page of the calls behind a theme's number.
func (t *Themes) Calls(ctx context.Context, q store.QuoteQuery) ([]store.ThemeCall, string, error) {
	return t.store.ThemeCalls(ctx, q)
}

// Point is one bucket of a trend.
type Point struct {
	Start   time.Time `json:"start"`
	Calls   int64     `json:"calls"`
	Turns   int64     `json:"turns"`
	OfCalls int64     `json:"of_calls" doc:"All calls of the bucket"`
	OfTurns int64     `json:"of_turns"`
}

// Span says of which time a trend is; zero times mean the usual ones.
type Span struct {
	Step     Step
	From, To time.Time
}

// Trend counts a theme by hours, days or weeks of the organisation's clocks. A
// call counts where it began.
func (t *Themes) Trend(ctx context.Context, id string, s Span) ([]Point, error) {
	if s.To.IsZero() {
		s.To = t.now()
	}
	if s.From.IsZero() {
		s.From = s.Step.usual(t.local(s.To))
	}
	starts, slots, err := s.Step.buckets(t.local(s.From), t.local(s.To))
	if err != nil {
		return nil, err
	}
	if _, err := t.progress(ctx, id); err != nil {
		return nil, err
	}
	counts, err := t.store.ThemeCounts(ctx, slots, "", id)
	if err != nil {
		return nil, err
	}
	points := make([]Point, len(starts))
	for i, at := range starts {
		points[i].Start = at
		if c := counts[id]; c != nil {
			points[i].Calls, points[i].Turns = c[i].Calls, c[i].Turns
		}
		if c := counts[""]; c != nil {
			points[i].OfCalls, points[i].OfTurns = c[i].Calls, c[i].Turns
		}
	}
	return points, nil
}

// Episode is a time in which a theme stood out, with why.
type Episode struct {
	event.Emergence
	Began time.Time  `json:"began"`
	Ended *time.Time `json:"ended,omitempty" doc:"Absent while it goes on"`
}

// Emerged gives a page of what stood out, the latest first; with open, only
// what goes on.
func (t *Themes) Emerged(ctx context.Context, open bool, after string, limit int) ([]Episode, string, error) {
	found, next, err := t.store.Episodes(ctx, open, after, limit)
	if err != nil {
		return nil, "", err
	}
	out := make([]Episode, 0, len(found))
	for _, e := range found {
		ep := Episode{Began: e.Began, Ended: e.Ended}
		if err := json.Unmarshal(e.Doc, &ep.Emergence); err != nil {
			return nil, "", fmt.Errorf("episode of theme %s: %w", e.Theme, err)
		}
		out = append(out, ep)
	}
	return out, next, nil
}
