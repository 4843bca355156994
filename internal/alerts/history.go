package alerts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/insights/search"
	"heed/internal/alerts/rule"
	"heed/internal/store"
)

// unready says why a number cannot be had now; it is no number then.
type unready string

func (u unready) Error() string { return "the number cannot be had: " + string(u) }

// The reasons, which a subscription's note tells.
const (
	partial    unready = "partial"    // the index or the counters are behind
	slow       unready = "slow"       // it took too long
	gone       unready = "gone"       // the search or the theme is deleted, or shared no more
	unreadable unready = "unreadable" // the query does not parse any more
	orphan     unready = "orphan"     // who asked for it is no more
)

// numbers counts for one round, each thing once.
type numbers struct {
	s      *Service
	volume map[span][]rule.Point
	starts map[span]map[string]time.Time
	found  map[searched]rule.History
	first  *time.Time
}

type span struct{ from, to time.Time }

type searched struct {
	span

	query string
}

func (s *Service) numbers() *numbers {
	return &numbers{s: s, volume: map[span][]rule.Point{}, starts: map[span]map[string]time.Time{}, found: map[searched]rule.History{}}
}

// history counts what a subscription watches, from a moment on and before
// another. An unready says why there is no number.
func (n *numbers) history(ctx context.Context, sub store.Subscription, from, to time.Time) (h rule.History, name string, err error) {
	if sub.Search != "" {
		h, name, err = n.ofSearch(ctx, sub, span{from, to})
	} else {
		h, name, err = n.ofTheme(ctx, sub, span{from, to})
	}
	if err != nil {
		return h, name, err
	}
	if h.From, err = n.begin(ctx); err != nil || rule.Kind(sub.Kind) != rule.Change {
		return h, name, err
	}
	h.Volume, err = n.counted(ctx, "", span{from, to})
	return h, name, err
}

func (n *numbers) ofSearch(ctx context.Context, sub store.Subscription, of span) (rule.History, string, error) {
	one, err := n.s.o.Store.SavedSearch(ctx, sub.Search)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!one.Deleted.IsZero() || !sees(sub.Owner, one)) {
		return rule.History{}, "", gone
	}
	if err != nil {
		return rule.History{}, "", err
	}
	h, err := n.query(ctx, one.Query, of)
	return h, one.Name, err
}

// query counts the calls that a query finds, by when they began.
func (n *numbers) query(ctx context.Context, query string, of span) (rule.History, error) {
	key := searched{of, query}
	if h, known := n.found[key]; known {
		return h, nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, slow)
	defer cancel()
	found, err := n.s.o.Search.Calls(ctx, query, of.from, mostCalls)
	switch {
	case errors.As(err, new(*search.SyntaxError)):
		return rule.History{}, unreadable
	case err != nil && errors.Is(context.Cause(ctx), slow):
		return rule.History{}, slow
	case err != nil:
		return rule.History{}, err
	case found.State != search.Complete:
		return rule.History{}, partial
	}
	starts, known := n.starts[of]
	if !known {
		if starts, err = n.s.o.Store.CallStarts(ctx, of.from, of.to); err != nil {
			return rule.History{}, err
		}
		n.starts[of] = starts
	}
	h := rule.History{More: found.More}
	for call, lines := range found.Lines {
		if at, in := starts[call]; in {
			h.Points = append(h.Points, rule.Point{At: at, Calls: 1, Lines: lines})
		}
	}
	slices.SortFunc(h.Points, func(a, b rule.Point) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Lines, b.Lines)) })
	n.found[key] = h
	return h, nil
}

func (n *numbers) ofTheme(ctx context.Context, sub store.Subscription, of span) (rule.History, string, error) {
	title, as, complete, err := n.s.o.Themes.Known(ctx, sub.Theme)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && as == "":
		return rule.History{}, title, gone
	case err != nil:
		return rule.History{}, title, err
	case !complete:
		return rule.History{}, title, partial
	}
	points, err := n.counted(ctx, as, of)
	return rule.History{Points: points}, title, err
}

// counted gives what was counted of a theme, or of all calls for "", by the
// quarters of an hour in which calls began.
func (n *numbers) counted(ctx context.Context, theme string, of span) ([]rule.Point, error) {
	if points, known := n.volume[of]; known && theme == "" {
		return points, nil
	}
	first, last := store.Slot(of.from), store.Slot(of.to)
	buckets := make([]store.Bucket, 0, last-first+1)
	for at := first; at <= last; at++ {
		buckets = append(buckets, store.Bucket{From: at, To: at + 1})
	}
	counts, err := n.s.o.Store.ThemeCounts(ctx, buckets, theme)
	if err != nil {
		return nil, err
	}
	var points []rule.Point
	for i, c := range counts[theme] {
		if c.Calls > 0 {
			at := time.UnixMilli((first + int64(i)) * store.SlotLength.Milliseconds())
			points = append(points, rule.Point{At: at, Calls: int(c.Calls), Lines: int(c.Turns)})
		}
	}
	if theme == "" {
		n.volume[of] = points
	}
	return points, nil
}

// begin is when records begin; zero: there are none.
func (n *numbers) begin(ctx context.Context) (time.Time, error) {
	if n.first != nil {
		return *n.first, nil
	}
	all, ok, err := n.s.o.Store.ThemeSpan(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("when records begin: %w", err)
	}
	n.first = &time.Time{}
	if ok {
		*n.first = time.UnixMilli(all.From * store.SlotLength.Milliseconds())
	}
	return *n.first, nil
}
