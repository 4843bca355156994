package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"heed/internal/event"
)

// SaveCall stores a call, new or changed. A second call with the platform's
// own id of another one is [ErrDuplicate].
func (tx *Tx) SaveCall(c event.Call) error {
	op := "save call " + c.ID
	if c.ID == "" {
		return errors.New("save call: no id")
	}
	raw, err := tx.seal(op, cmp.Or(c.CustomerID, c.ID), c)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO call (id, platform, platform_call, status, customer, started, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET platform = excluded.platform, platform_call = excluded.platform_call,
			status = excluded.status, customer = excluded.customer, started = excluded.started, doc = excluded.doc`,
		c.ID, c.Platform, c.PlatformCall, string(c.Status), c.CustomerID, millis(c.StartedAt), raw)
	return err
}

// Call gives a call by its id.
func (s *Store) Call(ctx context.Context, id string) (event.Call, error) {
	return one[event.Call](ctx, s.reads, "call "+id, `SELECT doc FROM call WHERE id = ?`, id)
}

// Call is [Store.Call] within a write.
func (tx *Tx) Call(id string) (event.Call, error) {
	return doc[event.Call](tx, "call "+id, `SELECT doc FROM call WHERE id = ?`, id)
}

// CallByPlatform gives a call by the id that its platform knows it by.
func (s *Store) CallByPlatform(ctx context.Context, platform, platformCall string) (event.Call, error) {
	return one[event.Call](ctx, s.reads, "call "+platform+" "+platformCall,
		`SELECT doc FROM call WHERE platform = ? AND platform_call = ? AND platform_call <> ''`,
		platform, platformCall)
}

// OpenCalls gives all calls that are live or being heard from a recording,
// oldest first: after a crash, those that it left open.
func (s *Store) OpenCalls(ctx context.Context) ([]event.Call, error) {
	return many[event.Call](ctx, s.reads, "open calls",
		`SELECT doc FROM call WHERE status IN (?, ?) ORDER BY started, id`, string(event.CallLive), string(event.CallHearing))
}

// CallQuery selects calls. Empty fields select all.
type CallQuery struct {
	Status       event.CallStatus
	CustomerID   string
	People       []string // customers who are one; all of their calls
	PlatformCall string
	// After is the next of the page before; Limit is 1..500, 0 means 100.
	After string
	Limit int
}

// Calls gives a page of calls, newest first, and the mark of the next page,
// which is empty at the end of the list.
func (s *Store) Calls(ctx context.Context, q CallQuery) (calls []event.Call, next string, err error) {
	after, err := parseMark(q.After)
	if err != nil {
		return nil, "", fmt.Errorf("calls: %w", err)
	}
	limit := clampLimit(q.Limit)
	query, args := callQuery(q, after, limit+1)
	calls, err = many[event.Call](ctx, s.reads, "calls", query, args...)
	if err != nil {
		return nil, "", err
	}
	if len(calls) > limit {
		calls = calls[:limit]
		last := calls[limit-1]
		next = mark{at: millis(last.StartedAt), id: last.ID}.String()
	}
	return calls, next, nil
}

// callQuery writes the query; each filter alone has an index in the order of
// the list.
func callQuery(q CallQuery, after mark, limit int) (string, []any) {
	where := []string{`(started, id) < (?, ?)`, `status <> 'erased'`}
	args := []any{after.at, after.id}
	for _, c := range []struct{ is, value string }{
		{`status = ?`, string(q.Status)},
		{`customer = ?`, q.CustomerID},
		{`platform_call = ?`, q.PlatformCall},
	} {
		if c.value != "" {
			where = append(where, c.is)
			args = append(args, c.value)
		}
	}
	if len(q.People) > 0 {
		where = append(where, `customer IN (?`+strings.Repeat(`, ?`, len(q.People)-1)+`)`)
		for _, id := range q.People {
			args = append(args, id)
		}
	}
	return `SELECT doc FROM call WHERE ` + strings.Join(where, ` AND `) +
		` ORDER BY started DESC, id DESC LIMIT ?`, append(args, limit)
}
