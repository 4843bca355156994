package store

import (
	"context"
	"fmt"
	"time"
)

// LastCalls gives when the latest call of each platform began.
func (s *Store) LastCalls(ctx context.Context) (map[string]time.Time, error) {
	var rows []struct {
		Platform string
		At       int64
	}
	if err := s.reads.SelectContext(ctx, &rows, `SELECT platform, max(started) AS at FROM call GROUP BY platform`); err != nil {
		return nil, fmt.Errorf("last calls: %w", classify(err))
	}
	last := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		last[r.Platform] = fromMillis(r.At)
	}
	return last, nil
}
