package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heed/insights"
	"heed/internal/event"
)

// SaveReanalysis stores a run over history, new or changed. A second one that
// is running is [ErrDuplicate].
func (tx *Tx) SaveReanalysis(r event.Reanalysis) error {
	op := "save reanalysis " + r.ID
	if r.ID == "" {
		return errors.New("save reanalysis: no id")
	}
	raw, err := plain(op, r)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO reanalysis (id, state, started, doc) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, doc = excluded.doc`,
		r.ID, string(r.State), millis(r.StartedAt), raw)
	return err
}

// LastReanalysis gives the run that was started last, or [ErrNotFound].
func (s *Store) LastReanalysis(ctx context.Context) (event.Reanalysis, error) {
	return one[event.Reanalysis](ctx, s.reads, "last reanalysis",
		`SELECT doc FROM reanalysis ORDER BY started DESC, id DESC LIMIT 1`)
}

// endedCalls are the calls that began in a stretch of time and are over.
const endedCalls = ` FROM call WHERE started >= ? AND started < ? AND status NOT IN ('live', 'hearing', 'erased')`

// EndedCalls gives calls that are over, in the order of their start, that
// began from since up to but not at until, after a mark. Limit is 1..500, 0
// means 100.
func (s *Store) EndedCalls(ctx context.Context, since, until time.Time, after event.ReanalysisMark, limit int) ([]event.Call, error) {
	started := millis(since)
	if after.Call != "" {
		started = max(started, millis(after.Started))
	}
	return many[event.Call](ctx, s.reads, "ended calls", `SELECT doc`+endedCalls+`
		AND (started, id) > (?, ?) ORDER BY started, id LIMIT ?`,
		started, millis(until), millis(after.Started), after.Call, clampLimit(limit))
}

// CountEndedCalls counts what [Store.EndedCalls] gives from the beginning.
func (s *Store) CountEndedCalls(ctx context.Context, since, until time.Time) (int, error) {
	var n int
	if err := s.reads.GetContext(ctx, &n, `SELECT count(*)`+endedCalls, millis(since), millis(until)); err != nil {
		return 0, fmt.Errorf("count ended calls: %w", classify(err))
	}
	return n, nil
}

// StoredInsight is an insight as it is stored, so that it can be replaced.
type StoredInsight struct {
	insights.Insight

	n   int64
	doc string
}

// StoredInsights gives what was understood on a call, in order of commit.
func (s *Store) StoredInsights(ctx context.Context, callID string) ([]StoredInsight, error) {
	op := "insights of call " + callID
	var rows []struct {
		N   int64
		Doc []byte
	}
	if err := s.reads.SelectContext(ctx, &rows, `SELECT n, doc FROM insight WHERE call = ? ORDER BY n`, callID); err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	out := make([]StoredInsight, len(rows))
	for i, r := range rows {
		out[i].n, out[i].doc = r.N, string(r.Doc)
		if err := decode(s.reads.vault, op, r.Doc, &out[i].Insight); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// DropInsight takes one insight away. One that is not there any more is
// [ErrConflict].
func (tx *Tx) DropInsight(s StoredInsight) error {
	op := "drop an insight of " + cmp.Or(s.UtteranceID, "the whole call")
	// The number alone may have gone to another one since.
	res, err := tx.exec(op, `DELETE FROM insight WHERE n = ? AND utterance = ? AND doc = ?`, s.n, s.UtteranceID, s.doc)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("%s: %w", op, ErrConflict)
	}
	return nil
}

// Said is what the log tells of one utterance.
type Said struct {
	Spoken time.Time // when it was first committed
	// Raised are the events that told of its signals: those that raised them
	// and those that read it again.
	Raised []string
}

// SaidOf gives what the log tells of the utterances of a call, by their id.
func (s *Store) SaidOf(ctx context.Context, callID string) (map[string]Said, error) {
	events, err := s.eventsWhere(ctx, "events of call "+callID, eventColumns+` WHERE call = ? AND +type IN (?, ?, ?) ORDER BY seq`,
		callID, string(event.UtteranceSpoken), string(event.SignalRaised), string(event.UtteranceReanalyzed))
	if err != nil {
		return nil, err
	}
	out := make(map[string]Said)
	for _, e := range events {
		var about struct {
			Utterance struct{ ID string } `json:"utterance"`
			ID        string              `json:"utterance_id"`
		}
		if err := json.Unmarshal(e.Data, &about); err != nil {
			return nil, fmt.Errorf("event %d: decode: %w", e.Seq, err)
		}
		id := cmp.Or(about.Utterance.ID, about.ID)
		said := out[id]
		switch {
		case e.Type != event.UtteranceSpoken:
			said.Raised = append(said.Raised, e.ID)
		case said.Spoken.IsZero():
			said.Spoken = e.Time
		}
		out[id] = said
	}
	return out, nil
}
