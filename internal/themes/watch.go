package themes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heed/insights/theme/trend"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// watched is the cursor of hours that were looked at.
	watched = "themes.watch"
	// past is how far back a theme is compared with itself, and the longest
	// stretch of time that can stand out.
	past = (8 + 1) * 7 * 24 * time.Hour
	// quiet is how long a theme must not stand out before it can emerge again.
	quiet = 48 * time.Hour
	// told is how many quotes an emergence shows.
	told = 3
)

// errBehind says that what was said is not all counted yet.
var errBehind = errors.New("the counter is behind the log")

// caughtUp gives errBehind while the log holds what is not counted: half an
// hour would look like a quiet one.
func (t *Themes) caughtUp(ctx context.Context) error {
	return t.handled(ctx, consumer, event.Readings())
}

// handled gives errBehind while a consumer has not seen all events of its types.
func (t *Themes) handled(ctx context.Context, consumer string, types []event.Type) error {
	after, err := t.store.Cursor(ctx, consumer)
	if err != nil {
		return err
	}
	more, err := t.store.Events(ctx, event.Query{After: after, Types: types, Limit: 1})
	if err == nil && len(more) > 0 {
		err = errBehind
	}
	return err
}

// Watch looks for themes that are new or growing at the end of the last full
// hour, once an hour however often it is called, and appends an event for each
// episode that begins.
func (t *Themes) Watch(ctx context.Context) error {
	end := hourOf(t.local(t.now()))
	done, err := t.store.Cursor(ctx, watched)
	if err != nil || done >= end.Unix() {
		return err
	}
	if err := t.caughtUp(ctx); err != nil {
		return fmt.Errorf("watch themes: %w", err)
	}
	growing, err := t.growing(ctx, end)
	if err != nil {
		return fmt.Errorf("watch themes: %w", err)
	}
	err = t.store.Write(ctx, func(tx *store.Tx) error {
		for _, e := range growing {
			if err := t.tell(tx, e, end); err != nil {
				return err
			}
		}
		if err := tx.EndEpisodes(end.Add(-quiet), end); err != nil {
			return err
		}
		return tx.SetCursor(watched, end.Unix())
	})
	if err != nil {
		return fmt.Errorf("watch themes: %w", err)
	}
	return nil
}

// tell begins an episode, with its event, or goes on with the open one.
func (t *Themes) tell(tx *store.Tx, e event.Emergence, end time.Time) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("emergence of %s: %w", e.ThemeID, err)
	}
	began, err := tx.SeeEpisode(e.ThemeID, end, raw)
	if err != nil || !began {
		return err
	}
	ev, err := event.New(event.ThemeEmerged, t.now(), event.About{Subject: e.ThemeID}, e)
	if err != nil {
		return err
	}
	return tx.Append(ev)
}

// growing gives the themes that stand out at a moment, with quotes.
func (t *Themes) growing(ctx context.Context, end time.Time) ([]event.Emergence, error) {
	s, err := t.look(ctx)
	if err != nil {
		return nil, err
	}
	c, err := t.series(ctx, s, end)
	if err != nil || len(c.Starts) == 0 {
		return nil, err
	}
	var out []event.Emergence
	for _, e := range trend.Look(c, trend.Options{}) {
		if !e.Emerging {
			continue
		}
		g := event.Emergence{
			ThemeID: e.Theme, Title: s.themes[e.Theme].Title, From: e.From.UTC(), To: e.To.UTC(), Observed: e.Observed,
			Expected: e.Expected, Ratio: e.Ratio, Share: e.Share, Before: e.Before, Q: e.Q, New: e.New,
		}
		if g.Quotes, err = t.quotes(ctx, e); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// series counts the calls of each hour up to end, for active themes whose
// history is read.
func (t *Themes) series(ctx context.Context, s *snapshot, end time.Time) (trend.Counts, error) {
	c := trend.Counts{End: end}
	span, ok, err := t.store.ThemeSpan(ctx)
	if err != nil || !ok {
		return c, err
	}
	rows, err := t.store.Themes(ctx)
	if err != nil {
		return c, err
	}
	ids := []string{""}
	for _, r := range rows {
		if s.themes[r.ID].State == Active && progressOf(r) == 1 {
			ids = append(ids, r.ID)
		}
	}
	first := hourOf(t.local(time.UnixMilli(span.From * store.SlotLength.Milliseconds())))
	if earliest := end.Add(-past); first.Before(earliest) {
		first = earliest
	}
	var buckets []store.Bucket
	for at := first; at.Before(end); at = at.Add(time.Hour) {
		c.Starts = append(c.Starts, at)
		buckets = append(buckets, store.Bucket{From: store.Slot(at), To: store.Slot(at.Add(time.Hour))})
	}
	counts, err := t.store.ThemeCounts(ctx, buckets, ids...)
	if err != nil || len(buckets) == 0 {
		return c, err
	}
	c.Volume = calls(counts[""], len(buckets))
	for _, id := range ids[1:] {
		c.Themes = append(c.Themes, trend.Series{ID: id, Counts: calls(counts[id], len(buckets))})
	}
	return c, nil
}

// calls takes the calls out of counts; none at all are zeros.
func calls(counts []store.Count, n int) []int {
	out := make([]int, n)
	for i, c := range counts {
		out[i] = int(c.Calls)
	}
	return out
}

// quotes gives what was said on a theme that stands out, one line a call.
func (t *Themes) quotes(ctx context.Context, e trend.Evidence) ([]event.ThemeQuote, error) {
	found, _, err := t.store.ThemeQuotes(ctx, store.QuoteQuery{
		Theme: e.Theme, From: store.Slot(e.From), To: store.Slot(e.To), Limit: 10 * told,
	})
	if err != nil {
		return nil, err
	}
	out := []event.ThemeQuote{}
	seen := make(map[string]bool)
	for _, q := range found {
		if !seen[q.CallID] && len(out) < told {
			seen[q.CallID] = true
			out = append(out, event.ThemeQuote{CallID: q.CallID, UtteranceID: q.UtteranceID, Start: q.Start, Text: q.Text})
		}
	}
	return out, nil
}
