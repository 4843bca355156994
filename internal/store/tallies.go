package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// Tally is what was counted: turns and calls, and for moods the sum of their
// values, each -1 to 1.
type Tally struct {
	Name                    string
	Origin                  int64
	Source, Campaign, Queue string
	Turns, Calls            int64
	Sum                     float64
}

// TallyQuery selects counters of a time.
type TallyQuery struct {
	Kind string
	// Name is of a theme, an intent and so on; with Each, all names but the empty
	// one are given.
	Name   string
	Each   bool
	Bucket Bucket
}

type tallyRow struct {
	Name                    string
	Origin                  int64
	Source, Campaign, Queue string
	Turns, Calls, Sum       int64
}

func (r tallyRow) tally() Tally {
	return Tally{r.Name, r.Origin, r.Source, r.Campaign, r.Queue, r.Turns, r.Calls, float64(r.Sum) / moodUnit}
}

// Tallies sums counters over a time, by name and origin.
func (s *Store) Tallies(ctx context.Context, q TallyQuery) ([]Tally, error) {
	which, args := `t.name = ?4`, []any{q.Kind, q.Bucket.From, q.Bucket.To, q.Name}
	if q.Each {
		which = `t.name <> ''`
		args = args[:3]
	}
	var rows []tallyRow
	//nolint:gosec // one of two texts
	err := s.reads.SelectContext(ctx, &rows, `SELECT t.name, t.origin, o.source, o.campaign, o.queue, t.turns, t.calls, t.sum FROM (
			SELECT name, origin, sum(turns) AS turns, sum(calls) AS calls, sum(sum) AS sum FROM tally t
			WHERE kind = ?1 AND `+which+` AND origin > 0 AND slot >= ?2 AND slot < ?3 GROUP BY name, origin) t
		JOIN origin o ON o.id = t.origin`, args...)
	if err != nil {
		return nil, fmt.Errorf("tallies of %s: %w", q.Kind, classify(err))
	}
	out := make([]Tally, len(rows))
	for i, r := range rows {
		out[i] = r.tally()
	}
	return out, nil
}

// TallyCourse gives counters in buckets, summed over origins; nil origins mean
// all of them.
func (s *Store) TallyCourse(ctx context.Context, kind, name string, origins []int64, buckets []Bucket) ([]Tally, error) {
	if origins == nil {
		origins = []int64{allOrigins}
	}
	bounds := make([][2]int64, len(buckets))
	for i, b := range buckets {
		bounds[i] = [2]int64{b.From, b.To}
	}
	about, err := json.Marshal(map[string]any{"bounds": bounds, "origins": origins})
	if err != nil {
		return nil, fmt.Errorf("course of %s: %w", kind, err)
	}
	var rows []struct {
		Bucket            int
		Turns, Calls, Sum int64
	}
	err = s.reads.SelectContext(ctx, &rows, `WITH about (doc) AS (SELECT ?1),
			bucket (i, lo, hi) AS MATERIALIZED (
				SELECT key, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM about, json_each(about.doc, '$.bounds'))
		SELECT b.i AS bucket, sum(t.turns) AS turns, sum(t.calls) AS calls, sum(t.sum) AS sum
		FROM about CROSS JOIN json_each(about.doc, '$.origins') o CROSS JOIN bucket b CROSS JOIN tally t
		WHERE t.kind = ?2 AND t.name = ?3 AND t.origin = o.value AND t.slot >= b.lo AND t.slot < b.hi GROUP BY b.i`,
		string(about), kind, name)
	if err != nil {
		return nil, fmt.Errorf("course of %s: %w", kind, classify(err))
	}
	out := make([]Tally, len(buckets))
	for _, r := range rows {
		out[r.Bucket] = tallyRow{Turns: r.Turns, Calls: r.Calls, Sum: r.Sum}.tally()
	}
	return out, nil
}
