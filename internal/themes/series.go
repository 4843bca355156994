package themes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/event"
	"heed/internal/store"
)

// SeriesQuery asks for counters.
type SeriesQuery struct {
	Kind string // one of the store's kinds of counters
	Name string // of a theme, an intent and so on
	// By is source, campaign, queue, name, or empty for one series.
	By   string
	Span Span // without a step, totals alone
	// Source, Campaign and Queue keep the calls from there, in any case; nil
	// keeps all, an empty one those of which it is not known.
	Source, Campaign, Queue *string
	Most                    int // series, the largest first; the rest is counted in More
}

// Figures are what was counted. Calls are those with at least one such turn.
type Figures struct {
	Calls   int64    `json:"calls" doc:"Calls that have it"`
	Turns   int64    `json:"turns" doc:"How often it was counted in them"`
	OfCalls int64    `json:"of_calls" doc:"All calls with a customer's words, whatever is in them"`
	Mean    *float64 `json:"mean,omitempty" doc:"Of moods: their mean, -1 to 1"`
}

// SeriesPoint is one bucket of a series.
type SeriesPoint struct {
	Start time.Time `json:"start"`
	Figures
}

// OneSeries is the counters of one source, campaign, queue or name.
type OneSeries struct {
	Value string `json:"value" doc:"The source, campaign, queue or name; empty: not known, or all"`
	Title string `json:"title,omitempty" doc:"Of a theme"`
	Figures
	Share float64 `json:"share" doc:"Calls by all calls of the series, 0 to 1"`
	// Enough says that there are enough calls to compare.
	Enough bool          `json:"enough" doc:"False: too few calls to call a difference one (at least 20 calls, 5 of them with it)"`
	Q      string        `json:"q,omitempty" doc:"Finds its calls in the search; absent where no query does"`
	Points []SeriesPoint `json:"points,omitempty"`
}

// Series is an answer to a SeriesQuery.
type Series struct {
	Kind   string      `json:"kind"`
	Name   string      `json:"name,omitempty"`
	By     string      `json:"by"`
	From   time.Time   `json:"from"`
	To     time.Time   `json:"to" doc:"Exclusive"`
	Zone   string      `json:"zone" doc:"Time zone of days and weeks"`
	State  string      `json:"state" doc:"complete, or partial while what was said or told is still being counted"`
	Read   float64     `json:"read" doc:"How much of history is counted for the theme, 0 to 1"`
	Total  OneSeries   `json:"total"`
	Series []OneSeries `json:"series" doc:"The largest first"`
	More   int         `json:"more,omitempty" doc:"Smaller series that are left out; they are in the total"`
}

// Series gives counters over a time, parted by where calls came from. A call
// counts where it began. [*Invalid], or [store.ErrNotFound] for a theme that is none.
func (t *Themes) Series(ctx context.Context, q SeriesQuery) (Series, error) {
	s := Series{Kind: q.Kind, Name: q.Name, By: q.By, Zone: t.zone.String(), Read: 1, Series: []OneSeries{}}
	if q.Span.To.IsZero() {
		q.Span.To = t.now()
	}
	step := cmp.Or(q.Span.Step, Day)
	if q.Span.From.IsZero() {
		q.Span.From = step.usual(t.local(q.Span.To))
	}
	starts, slots, err := step.buckets(t.local(q.Span.From), t.local(q.Span.To))
	if err != nil {
		return s, err
	}
	s.From, s.To = starts[0].UTC(), step.next(starts[len(starts)-1]).UTC()
	asked := asking{q: q, bucket: store.Bucket{From: slots[0].From, To: slots[len(slots)-1].To}, from: starts[0], to: step.next(starts[len(starts)-1])}
	if err := t.describe(ctx, &asked, &s); err != nil {
		return s, err
	}
	if err := t.sum(ctx, &asked, &s); err != nil {
		return s, err
	}
	if s.State, err = t.counted(ctx); err != nil || q.Span.Step == "" {
		return s, err
	}
	return s, t.draw(ctx, &asked, &s, starts, slots)
}

// asking is a question on its way.
type asking struct {
	q        SeriesQuery
	bucket   store.Bucket
	from, to time.Time
	titles   map[string]Theme // of a question about themes
	total    *part
	parts    map[string]*part // by the folded value
}

// part is the counters of one series, in the making.
type part struct {
	value     string
	with, all store.Tally
	// origins are those of with, volumes those of all.
	origins, volumes []int64
}

func newPart(value string) *part { return &part{value: value, origins: []int64{}, volumes: []int64{}} }

// refused says what a question must not ask.
func (q SeriesQuery) refused() error {
	all := q.By == "name"
	switch q.Kind {
	case store.TallyVolume:
		if q.Name != "" || all {
			return &Invalid{"name", "expected no name: the volume is all calls"}
		}
	case store.TallySentiment:
	default:
		if q.Name == "" && !all {
			return &Invalid{"name", "expected a name: the theme, intent or outcome; or by=name for all of them"}
		}
	}
	if all && q.Name != "" {
		return &Invalid{"name", "expected no name with by=name"}
	}
	return nil
}

// describe finds out what the question is about.
func (t *Themes) describe(ctx context.Context, a *asking, s *Series) error {
	if err := a.q.refused(); err != nil || a.q.Kind != store.TallyTheme {
		return err
	}
	rows, err := t.store.Themes(ctx)
	if err != nil {
		return err
	}
	a.titles = map[string]Theme{}
	for _, r := range rows {
		th, err := decode(r)
		if err != nil {
			return err
		}
		a.titles[r.ID] = th
		if r.ID == a.q.Name {
			s.Read, s.Total.Title = progressOf(r), th.Title
		}
	}
	if _, known := a.titles[a.q.Name]; !known && a.q.Name != "" {
		return fmt.Errorf("theme %s: %w", a.q.Name, store.ErrNotFound)
	}
	return nil
}

// counted says whether all of the log is counted, and where calls came from.
func (t *Themes) counted(ctx context.Context) (string, error) {
	state, err := t.completeness(ctx)
	if err != nil || state != "complete" {
		return state, err
	}
	return t.besides(ctx)
}

// sum counts the whole time, by series.
func (t *Themes) sum(ctx context.Context, a *asking, s *Series) error {
	found, err := t.store.Tallies(ctx, store.TallyQuery{Kind: a.q.Kind, Name: a.q.Name, Each: a.q.By == "name", Bucket: a.bucket})
	if err != nil {
		return err
	}
	volume, err := t.store.Tallies(ctx, store.TallyQuery{Kind: store.TallyVolume, Bucket: a.bucket})
	if err != nil {
		return err
	}
	a.parts = map[string]*part{}
	total := newPart("")
	for _, of := range volume {
		if !a.wanted(of) {
			continue
		}
		total.all.Calls += of.Calls
		total.volumes = append(total.volumes, of.Origin)
		if a.q.By != "name" {
			p := a.part(of)
			p.all.Calls += of.Calls
			p.volumes = append(p.volumes, of.Origin)
		}
	}
	for _, of := range found {
		if a.wanted(of) {
			total.add(of)
			a.part(of).add(of)
		}
	}
	if a.q.By == "name" { // their calls overlap, so there is no sum of them
		total.with = store.Tally{}
		for _, p := range a.parts {
			p.all.Calls, p.volumes = total.all.Calls, total.volumes
		}
	}
	a.total = total
	s.Total = a.series(total, s.Total.Title)
	a.list(s)
	return nil
}

func (p *part) add(of store.Tally) {
	p.with.Calls += of.Calls
	p.with.Turns += of.Turns
	p.with.Sum += of.Sum
	p.origins = append(p.origins, of.Origin)
}

// list puts the largest series into an answer.
func (a *asking) list(s *Series) {
	if a.q.By == "" {
		return
	}
	for _, p := range a.parts {
		if a.q.By == "name" && a.hidden(p.value) {
			continue
		}
		s.Series = append(s.Series, a.series(p, a.titles[p.value].Title))
	}
	slices.SortFunc(s.Series, func(x, y OneSeries) int {
		return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(y.OfCalls, x.OfCalls), cmp.Compare(x.Value, y.Value))
	})
	if n := len(s.Series) - a.q.Most; a.q.Most > 0 && n > 0 {
		s.Series, s.More = s.Series[:a.q.Most], n
	}
}

// hidden says that a name is of a theme that is not shown.
func (a *asking) hidden(name string) bool {
	return a.q.Kind == store.TallyTheme && a.titles[name].State != Active
}

// folded writes a source, campaign or queue as those that differ by case alone
// are compared, and searched.
func folded(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

func (a *asking) wanted(of store.Tally) bool {
	for _, c := range []struct {
		is   string
		want *string
	}{{of.Source, a.q.Source}, {of.Campaign, a.q.Campaign}, {of.Queue, a.q.Queue}} {
		if c.want != nil && folded(c.is) != folded(*c.want) {
			return false
		}
	}
	return true
}

// part finds the series to which a counter belongs.
func (a *asking) part(of store.Tally) *part {
	value := map[string]string{"source": of.Source, "campaign": of.Campaign, "queue": of.Queue, "name": of.Name}[a.q.By]
	key := folded(value)
	if a.parts[key] == nil {
		a.parts[key] = newPart(value)
	}
	return a.parts[key]
}

func (a *asking) series(p *part, title string) OneSeries {
	one := OneSeries{Value: p.value, Title: title, Figures: figuresOf(a.q.Kind, p.with, p.all), Q: a.query(p)}
	if one.OfCalls > 0 {
		one.Share = float64(one.Calls) / float64(one.OfCalls)
	}
	one.Enough = one.OfCalls >= fewAll && (one.Calls >= fewWith || a.q.Kind == store.TallyVolume)
	return one
}

func figuresOf(kind string, with, all store.Tally) Figures {
	f := Figures{Calls: with.Calls, Turns: with.Turns, OfCalls: all.Calls}
	if kind == store.TallySentiment && with.Turns > 0 {
		mean := with.Sum / float64(with.Turns)
		f.Mean = &mean
	}
	return f
}

// draw adds the courses to an answer.
func (t *Themes) draw(ctx context.Context, a *asking, s *Series, starts []time.Time, slots []store.Bucket) error {
	if a.q.By != "name" {
		if err := t.course(ctx, a, &s.Total, a.total, starts, slots); err != nil {
			return err
		}
	}
	for i := range s.Series {
		if err := t.course(ctx, a, &s.Series[i], a.parts[folded(s.Series[i].Value)], starts, slots); err != nil {
			return err
		}
	}
	return nil
}

// course counts one series by buckets.
func (t *Themes) course(ctx context.Context, a *asking, one *OneSeries, p *part, starts []time.Time, slots []store.Bucket) error {
	name, origins, volumes := a.q.Name, p.origins, p.volumes
	if a.q.By == "name" {
		name = p.value
	}
	if everywhere := a.q.Source == nil && a.q.Campaign == nil && a.q.Queue == nil; everywhere && (a.q.By == "name" || p == a.total) {
		origins, volumes = nil, nil // their sums are counted as well
	}
	with, err := t.store.TallyCourse(ctx, a.q.Kind, name, origins, slots)
	if err != nil {
		return err
	}
	all, err := t.store.TallyCourse(ctx, store.TallyVolume, "", volumes, slots)
	if err != nil {
		return err
	}
	one.Points = make([]SeriesPoint, len(starts))
	for k, at := range starts {
		one.Points[k] = SeriesPoint{at, figuresOf(a.q.Kind, with[k], all[k])}
	}
	return nil
}

// besides says whether what others count is counted: where calls came from, and
// what was understood of them.
func (t *Themes) besides(ctx context.Context) (string, error) {
	for consumer, types := range map[string][]event.Type{
		"origins": {event.CallStarted, event.CallTold, event.CallTracked}, "counters": append(event.Readings(), event.OutcomeRecorded),
	} {
		err := t.handled(ctx, consumer, types)
		if errors.Is(err, errBehind) {
			return "partial", nil
		}
		if err != nil {
			return "", err
		}
	}
	return "complete", nil
}
