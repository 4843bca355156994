package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/event"
)

// Origin gives where a call came from by all that was told of it until now.
// [ErrErased] when its person was erased.
func (tx *Tx) Origin(callID string) (event.Origin, error) {
	op := "origin of call " + callID
	details, err := docs[event.Detail](tx, op, detailColumn+`WHERE call = ? AND call <> '' ORDER BY provider, id`, callID)
	if err != nil {
		return event.Origin{}, err
	}
	var records []event.Tracking
	queue := ""
	for i := range details {
		if details[i].Tracking {
			records = append(records, details[i].Tracked())
		} else if q := details[i].Facts().Queue; q != "" {
			queue = q
		}
	}
	return event.OriginOf(records, queue), nil
}

// SaveOrigin keeps where a call came from, and counts it there. A call that is not stored is
// [ErrNotFound], one whose person was erased [ErrErased].
func (tx *Tx) SaveOrigin(callID string, o event.Origin) error {
	op := "origin of call " + callID
	var c struct {
		Started int64
		Status  event.CallStatus
	}
	if err := tx.get(op, &c, `SELECT started, status FROM call WHERE id = ?`, callID); err != nil {
		return err
	}
	if c.Status == callErased {
		return fmt.Errorf("%s: %w", op, ErrErased)
	}
	raw, err := tx.sealFor(op, callID, o)
	if err != nil {
		return err
	}
	slot := Slot(fromMillis(c.Started))
	from, err := tx.originOf(op, callID)
	if err != nil {
		return err
	}
	to, err := tx.originID(op, o.Source, o.Campaign, o.Queue)
	if err != nil {
		return err
	}
	if err := tx.moveTallies(op, callID, slot, from, to); err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO call_origin (call, started, slot, source, medium, campaign, queue, origin, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (call) DO UPDATE SET started = excluded.started, slot = excluded.slot, source = excluded.source,
			medium = excluded.medium, campaign = excluded.campaign, queue = excluded.queue, origin = excluded.origin, doc = excluded.doc`,
		callID, c.Started, slot, o.Source, o.Medium, o.Campaign, o.Queue, to, raw)
	return err
}

// CallOrigin gives where a call came from, or [ErrNotFound] when that was not
// asked yet, as for a call that has just begun.
func (s *Store) CallOrigin(ctx context.Context, callID string) (event.Origin, error) {
	return one[event.Origin](ctx, s.reads, "origin of call "+callID, `SELECT doc FROM call_origin WHERE call = ?`, callID)
}

// CameFrom is a call with where it came from.
type CameFrom struct {
	Call   event.Call
	Origin event.Origin
}

// OriginQuery selects calls by when they began; To is not included, and zero
// times are no bounds.
type OriginQuery struct {
	From, To time.Time
	// After is the next of the page before; Limit is 1..5000, 0 means 100.
	After string
	Limit int
}

// CallOrigins gives a page of calls with their origins, the latest first, and
// the mark of the next page, which is empty at the end. Calls of people who were
// erased are left out: a page may be shorter than its limit.
func (s *Store) CallOrigins(ctx context.Context, q OriginQuery) (page []CameFrom, next string, err error) {
	const op = "origins of calls"
	after, err := parseMark(q.After)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", op, err)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	limit = min(limit, 5000)
	var from, to int64 = -1 << 62, 1 << 62
	if !q.From.IsZero() {
		from = millis(q.From)
	}
	if !q.To.IsZero() {
		to = millis(q.To)
	}
	var rows []struct {
		ID        string
		Started   int64
		Doc, Call string
	}
	err = s.reads.SelectContext(ctx, &rows, `SELECT o.call AS id, o.started, o.doc, c.doc AS call FROM call_origin o JOIN call c ON c.id = o.call
		WHERE (o.started, o.call) < (?1, ?2) AND o.started >= ?3 AND o.started < ?4 ORDER BY o.started DESC, o.call DESC LIMIT ?5`,
		after.at, after.id, from, to, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", op, classify(err))
	}
	page = make([]CameFrom, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		var one CameFrom
		err := errors.Join(decode(s.reads.vault, op, r.Call, &one.Call), decode(s.reads.vault, op, r.Doc, &one.Origin))
		switch {
		case errors.Is(err, ErrErased):
		case err != nil:
			return nil, "", err
		default:
			page = append(page, one)
		}
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.Started, id: last.ID}.String()
	}
	return page, next, nil
}
