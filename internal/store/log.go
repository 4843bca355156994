package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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
	stored, err := tx.sealEvent(op, e, data)
	if err != nil {
		return err
	}
	res, err := tx.exec(op, `INSERT INTO event (id, type, source, subject, call, time, data)
		VALUES (?, ?, ?, ?, ?, ?, ?)`,
		e.ID, string(e.Type), e.Source, e.Subject, e.Call, millis(e.Time), stored)
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

// sealEvent seals what an event tells of a person. Only what is about nobody
// stays as it is, so that a new type of event is sealed.
func (tx *Tx) sealEvent(op string, e event.Event, data string) (string, error) {
	switch {
	case e.Type == event.ProfileErased:
		return data, nil
	case e.Type == event.ThemeEmerged:
		return tx.sealQuotes(op, []byte(data))
	case e.Type == event.AlertRaised, e.Type == event.UserAdded, e.Type == event.UserChanged, e.Type == event.KeyChanged: // people are named
		return tx.sealRaw(op, nobody, placeOfEvent(e.ID), []byte(data))
	case e.Call == "" && e.Subject == "":
		return data, nil
	case e.Call == "" && e.Type == event.CallTracked: // nobody's yet
		return tx.sealRaw(op, toldKey(e.Time), placeOfEvent(e.ID), []byte(data))
	}
	person := e.Subject
	if e.Call != "" {
		owner, err := tx.owner(op, e.Call)
		if err != nil {
			return "", err
		}
		person = owner
	}
	return tx.sealRaw(op, person, placeOfEvent(e.ID), []byte(data))
}

// placeOfEvent binds what an event tells to the event.
func placeOfEvent(id string) string { return "event/" + id }

// HasEvents says which of some ids are in the log.
func (s *Store) HasEvents(ctx context.Context, ids []string) (map[string]bool, error) {
	found := make(map[string]bool, len(ids))
	for part := range slices.Chunk(ids, 500) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		var have []string
		query := `SELECT id FROM event WHERE id IN (?` + strings.Repeat(`, ?`, len(part)-1) + `)`
		if err := s.reads.SelectContext(ctx, &have, query, args...); err != nil {
			return nil, fmt.Errorf("known events: %w", classify(err))
		}
		for _, id := range have {
			found[id] = true
		}
	}
	return found, nil
}

// Events gives committed events of the log, oldest first. What an event told
// of a person who was erased is null.
func (s *Store) Events(ctx context.Context, q EventQuery) ([]event.Event, error) {
	query, args := eventQuery(q, s.lastSeq.Load())
	return s.eventsWhere(ctx, fmt.Sprintf("events after %d", q.After), query, args...)
}

func (s *Store) eventsWhere(ctx context.Context, op, query string, args ...any) ([]event.Event, error) {
	var rows []eventRow
	if err := s.reads.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	events := make([]event.Event, len(rows))
	for i, r := range rows {
		data, err := s.reads.eventData(r)
		if err != nil {
			return nil, fmt.Errorf("%s: event %d: %w", op, r.Seq, err)
		}
		events[i] = event.Event{
			Seq: r.Seq, ID: r.ID, Type: event.Type(r.Type), Source: r.Source,
			Time: fromMillis(r.Time), Subject: r.Subject, Call: r.Call, Data: data,
		}
	}
	return events, nil
}

const eventColumns = `SELECT seq, id, type, source, subject, call, time, data FROM event`

type eventRow struct {
	Seq                             int64
	ID, Type, Source, Subject, Call string
	Time                            int64
	Data                            string
}

// eventData opens what an event tells.
func (r *reader) eventData(row eventRow) ([]byte, error) {
	if event.Type(row.Type) == event.ThemeEmerged {
		return openQuotes(r.vault, []byte(row.Data))
	}
	data, err := open(r.vault, "event "+row.ID, placeOfEvent(row.ID), row.Data)
	if errors.Is(err, ErrErased) {
		return []byte("null"), nil
	}
	return data, err
}

// near is how close to the end of the log a reader is who walks along it. One
// who follows the log is so, and would otherwise have all that it reads sorted.
const near = 2000

// eventQuery writes the query for a log that ends at last. Far from there each
// type is read by its own index and stops at the limit, so that a rare type does
// not cost a walk through the whole log.
func eventQuery(q EventQuery, last int64) (string, []any) {
	const columns = eventColumns + ` WHERE seq > ?`
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
	if last-q.After <= near {
		args := []any{q.After}
		for _, t := range q.Types {
			args = append(args, string(t))
		}
		// The plus keeps SQLite in the order of the log.
		return columns + ` AND +type IN (?` + strings.Repeat(`, ?`, len(q.Types)-1) + `) ORDER BY seq LIMIT ?`, append(args, limit)
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

// Cursor is up to where a consumer's effect is durable.
type Cursor struct {
	Consumer string
	Seq      int64
}

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
