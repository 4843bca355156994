package store

import (
	"context"
	"fmt"
	"time"
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
