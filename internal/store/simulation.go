package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heed/internal/decide"
)

// keptSimulations is how many runs are kept, the latest.
const keptSimulations = 100

// Simulation is a run over the decisions of the past. Doc is all of it, and
// tells of nobody.
type Simulation struct {
	ID        string
	State     string // "running" while it is
	StartedAt time.Time
	Doc       json.RawMessage
}

// SaveSimulation stores a run, new or changed; beyond 100 the oldest goes. A
// second one that is running is [ErrDuplicate].
func (tx *Tx) SaveSimulation(s Simulation) error {
	op := "save simulation " + s.ID
	if s.ID == "" || !json.Valid(s.Doc) {
		return errors.New(op + ": no id or no document")
	}
	_, err := tx.exec(op, `INSERT INTO simulation (id, state, started, doc) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, doc = excluded.doc`,
		s.ID, s.State, millis(s.StartedAt), string(s.Doc))
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `DELETE FROM simulation WHERE id IN
		(SELECT id FROM simulation ORDER BY started DESC, id DESC LIMIT -1 OFFSET ?)`, keptSimulations)
	return err
}

// Simulation gives a run by id, or [ErrNotFound].
func (s *Store) Simulation(ctx context.Context, id string) (json.RawMessage, error) {
	return one[json.RawMessage](ctx, s.reads, "simulation "+id, `SELECT doc FROM simulation WHERE id = ?`, id)
}

// Simulations gives the runs that are kept, the latest first.
func (s *Store) Simulations(ctx context.Context) ([]json.RawMessage, error) {
	return many[json.RawMessage](ctx, s.reads, "simulations", `SELECT doc FROM simulation ORDER BY started DESC, id DESC`)
}

// Decided gives the people about whom decisions were made from since up to but
// not at until, by id.
func (s *Store) Decided(ctx context.Context, since, until time.Time) ([]string, error) {
	out := []string{}
	err := s.reads.SelectContext(ctx, &out,
		`SELECT DISTINCT subject FROM decision WHERE at >= ? AND at < ? ORDER BY subject`, millis(since), millis(until))
	if err != nil {
		return nil, fmt.Errorf("people decided about: %w", classify(err))
	}
	return out, nil
}

// DecisionMark is a place in the order of decisions: by time, then id.
type DecisionMark struct {
	At time.Time
	ID string
}

// DecisionsFrom gives decisions from since up to but not at until, the oldest
// first, after a mark, with what became of them. Limit is 1..500, 0 means 100;
// next is where the page ends, and there is no more where it did not move.
func (s *Store) DecisionsFrom(ctx context.Context, since, until time.Time, after DecisionMark, limit int) (_ []decide.Decision, _ []decide.Outcome, next DecisionMark, err error) {
	op := "decisions from " + since.Format(time.RFC3339)
	const where = ` WHERE at >= ? AND at < ? AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?`
	args := []any{millis(since), millis(until), millis(after.At), after.ID, clampLimit(limit)}
	var places []struct {
		ID string
		At int64
	}
	if err := s.reads.SelectContext(ctx, &places, `SELECT id, at FROM decision`+where, args...); err != nil {
		return nil, nil, after, fmt.Errorf("%s: %w", op, classify(err))
	}
	if len(places) == 0 {
		return nil, nil, after, nil
	}
	ids := make([]string, len(places))
	for i := range places {
		ids[i] = places[i].ID
	}
	marks, in := anyOf(ids)
	decisions, err := many[decide.Decision](ctx, s.reads, op, `SELECT doc FROM decision WHERE id IN (`+marks+`) ORDER BY at, id`, in...)
	if err != nil {
		return nil, nil, after, err
	}
	outcomes, err := many[decide.Outcome](ctx, s.reads, op, `SELECT doc FROM outcome WHERE decision IN (`+marks+`) ORDER BY at, id`, in...)
	last := places[len(places)-1]
	return decisions, outcomes, DecisionMark{fromMillis(last.At), last.ID}, err
}
