package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"heed/internal/event"
)

// EventQuery selects events of the log; see [event.Query].
type EventQuery = event.Query

// Append adds an event to the log. Its sequence number is known after the
// commit. A second event with the same id is [ErrDuplicate].
func (tx *Tx) Append(e event.Event) error {
	op := "append event " + e.ID
	if e.ID == "" || e.Type == "" {
		return fmt.Errorf("%s: no id or no type", op)
	}
	data := string(e.Data)
	if data == "" {
		data = "null"
	}
	res, err := tx.exec(op, `INSERT INTO event (id, type, source, subject, call, time, data)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		e.ID, string(e.Type), e.Source, e.Subject, e.Call, millis(e.Time), data)
	if err != nil {
		return err
	}
	if e.Seq, err = res.LastInsertId(); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	e.Time = fromMillis(millis(e.Time)) // as a reader of the log will see it
	e.Data = []byte(data)
	tx.events = append(tx.events, e)
	return nil
}

// Events gives committed events of the log, oldest first.
func (s *Store) Events(ctx context.Context, q EventQuery) ([]event.Event, error) {
	query, args := eventQuery(q)
	return s.events(ctx, query, args...)
}

// eventColumns begins every query for events; its first argument is the
// sequence number after which they are wanted.
const eventColumns = `SELECT seq, id, type, source, subject, call, time, data FROM event WHERE seq > ?`

// events reads events; after is the first argument.
func (s *Store) events(ctx context.Context, query string, args ...any) ([]event.Event, error) {
	var rows []struct {
		Seq                             int64
		ID, Type, Source, Subject, Call string
		Time                            int64
		Data                            []byte
	}
	if err := s.reads.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("events after %d: %w", args[0], classify(err))
	}
	events := make([]event.Event, len(rows))
	for i, r := range rows {
		events[i] = event.Event{
			Seq: r.Seq, ID: r.ID, Type: event.Type(r.Type), Source: r.Source,
			Time: fromMillis(r.Time), Subject: r.Subject, Call: r.Call, Data: r.Data,
		}
	}
	return events, nil
}

// eventQuery writes the query. Each type is read by its own index and stops at
// the limit, so that a rare type does not cost a walk through the whole log.
func eventQuery(q EventQuery) (string, []any) {
	const columns = eventColumns
	limit := clampLimit(q.Limit)
	if q.Call != "" {
		args := []any{q.After, q.Call}
		query := columns + ` AND call = ?`
		if len(q.Types) > 0 {
			// The plus keeps SQLite on the call's index.
			query += ` AND +type IN (?` + strings.Repeat(`, ?`, len(q.Types)-1) + `)`
			for _, t := range q.Types {
				args = append(args, string(t))
			}
		}
		return query + ` ORDER BY seq LIMIT ?`, append(args, limit)
	}
	if len(q.Types) == 0 {
		return columns + ` ORDER BY seq LIMIT ?`, []any{q.After, limit}
	}
	var parts []string
	var args []any
	seen := map[event.Type]bool{}
	for _, t := range q.Types {
		if !seen[t] {
			seen[t] = true
			parts = append(parts, `SELECT * FROM (`+columns+` AND type = ? ORDER BY seq LIMIT ?)`)
			args = append(args, q.After, string(t), limit)
		}
	}
	return strings.Join(parts, ` UNION ALL `) + ` ORDER BY seq LIMIT ?`, append(args, limit)
}

// LastSeq is the number of the newest committed event, 0 in an empty log.
func (s *Store) LastSeq(context.Context) (int64, error) { return s.lastSeq.Load(), nil }

// SetCursor remembers up to where a consumer's effect is durable. Call it in
// the transaction of the effect.
func (tx *Tx) SetCursor(consumer string, seq int64) error {
	_, err := tx.exec("cursor of "+consumer, `INSERT INTO cursor (consumer, seq) VALUES (?, ?)
		ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq`, consumer, seq)
	return err
}

// Cursor is what SetCursor remembered, 0 for a consumer that never began.
func (s *Store) Cursor(ctx context.Context, consumer string) (int64, error) {
	var seq int64
	err := s.reads.GetContext(ctx, &seq, `SELECT seq FROM cursor WHERE consumer = ?`, consumer)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("cursor of %s: %w", consumer, classify(err))
	}
	return seq, nil
}
