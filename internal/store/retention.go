package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kept is a class of what is kept of calls, which has a period of its own.
type Kept string

// The classes.
const (
	KeptRecordings  Kept = "recordings"
	KeptTranscripts Kept = "transcripts"
)

// RetentionRule says for how long a class stays.
type RetentionRule struct {
	Class Kept
	Days  int // 0 is for ever
	By    string
	At    time.Time
}

// SetRetention keeps a rule; the latest of a class holds.
func (s *Store) SetRetention(ctx context.Context, r RetentionRule) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("retention of "+string(r.Class), `INSERT INTO retention_rule (class, days, by, at) VALUES (?, ?, ?, ?)`, string(r.Class), r.Days, r.By, millis(r.At))
		return err
	})
}

// RetentionRules gives all that were set, the latest first, 500 at most.
func (s *Store) RetentionRules(ctx context.Context) ([]RetentionRule, error) {
	var rows []struct {
		Class Kept
		By    string
		Days  int
		At    int64
	}
	if err := s.reads.SelectContext(ctx, &rows, `SELECT class, days, by, at FROM retention_rule ORDER BY n DESC LIMIT 500`); err != nil {
		return nil, fmt.Errorf("retention: %w", classify(err))
	}
	rules := make([]RetentionRule, len(rows))
	for i, r := range rows {
		rules[i] = RetentionRule{Class: r.Class, Days: r.Days, By: r.By, At: fromMillis(r.At)}
	}
	return rules, nil
}

// RetentionDays gives for how many days a class is kept now; 0 is for ever.
func (s *Store) RetentionDays(ctx context.Context, class Kept) (int, error) {
	var days int
	err := s.reads.GetContext(ctx, &days, `SELECT days FROM retention_rule WHERE class = ? ORDER BY n DESC LIMIT 1`, string(class))
	if err = notFound(err); err != nil && !errors.Is(err, ErrNotFound) {
		return 0, fmt.Errorf("retention of %s: %w", class, err)
	}
	return days, nil
}
