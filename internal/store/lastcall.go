package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/event"
)

// lastCalls goes from platform to platform by the index: two steps for each,
// however many calls there are.
const lastCalls = `WITH RECURSIVE p(platform) AS (SELECT min(platform) FROM call
		UNION ALL SELECT (SELECT min(c.platform) FROM call c WHERE c.platform > p.platform) FROM p WHERE p.platform IS NOT NULL)
	SELECT p.platform, (SELECT max(c.started) FROM call c WHERE c.platform = p.platform) AS at FROM p WHERE p.platform IS NOT NULL`

// LastCalls gives when the latest call of each platform began.
func (s *Store) LastCalls(ctx context.Context) (map[string]time.Time, error) {
	var rows []struct {
		Platform string
		At       int64
	}
	if err := s.reads.SelectContext(ctx, &rows, lastCalls); err != nil {
		return nil, fmt.Errorf("last calls: %w", classify(err))
	}
	last := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		last[r.Platform] = fromMillis(r.At)
	}
	return last, nil
}

// Number is one of the company's own, as calls had it.
type Number struct {
	Platform, Number string
	Calls            int
	Last             time.Time // when the latest of the calls began
}

// Numbers gives the company's numbers of the latest calls since a moment, most
// calls first: what customers called, and what they were called from.
func (s *Store) Numbers(ctx context.Context, since time.Time, most int) ([]Number, error) {
	calls, err := many[event.Call](ctx, s.reads, "numbers", `SELECT doc FROM call WHERE started >= ? ORDER BY started DESC, id DESC LIMIT ?`, millis(since), most)
	if err != nil {
		return nil, err
	}
	found := make(map[[2]string]*Number)
	for _, c := range calls {
		own := c.To
		if c.Direction == "outbound" {
			own = c.From
		}
		if own == "" {
			continue
		}
		key := [2]string{c.Platform, own}
		n := found[key]
		if n == nil {
			n = &Number{Platform: c.Platform, Number: own, Last: c.StartedAt}
			found[key] = n
		}
		n.Calls++
	}
	numbers := make([]Number, 0, len(found))
	for _, n := range found {
		numbers = append(numbers, *n)
	}
	slices.SortFunc(numbers, func(a, b Number) int {
		return cmp.Or(b.Calls-a.Calls, strings.Compare(a.Platform, b.Platform), strings.Compare(a.Number, b.Number))
	})
	return numbers, nil
}
