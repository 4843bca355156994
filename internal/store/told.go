package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/event"
)

// toldKey is whose key seals what was told of a call while nobody knows whose
// that is: one for each day, which [Store.SweepTold] destroys.
func toldKey(at time.Time) string { return "told/" + at.UTC().Format("20060102") }

// Lengths for which what was told is kept.
const (
	// toldRepeats is how long a repeat of an event is known. Nobody sends one
	// again for longer.
	toldRepeats = 14 * 24 * time.Hour
	// toldAlone is how long it is kept what a platform told of a call that never
	// came.
	toldAlone = 2 * 24 * time.Hour
)

// mark is the keyed sum of parts, by which rows are found that must not hold
// the parts themselves; nil when one of them is empty.
func (tx *Tx) mark(what string, parts ...string) []byte { return tx.w.mark(what, parts...) }

func (w *writer) mark(what string, parts ...string) []byte {
	return (&reader{vault: w.vault}).mark(what, parts...)
}

func (r *reader) mark(what string, parts ...string) []byte {
	if slices.Contains(parts, "") {
		return nil
	}
	return r.vault.Mark(what, strings.Join(parts, "\x00"))
}

// AddTold keeps an event of a call until its consequences are committed. One
// that came before is [ErrDuplicate].
func (tx *Tx) AddTold(t event.Told) error {
	op := "event of a " + t.Provider + " call"
	raw, err := tx.seal(op, toldKey(t.Received), t)
	if err != nil {
		return err
	}
	at := millis(t.Received)
	_, err = tx.exec(op, `INSERT INTO told (event, call, received, due, doc) VALUES (?, ?, ?, ?, ?)`,
		tx.mark("event", t.Provider, t.ID), tx.mark("call", t.Provider, t.Call), at, at, raw)
	return err
}

// OpenTold is an event whose consequences are not committed.
type OpenTold struct {
	N int64
	event.Told
}

type openTold struct {
	N   int64
	Doc string
}

// OpenTold gives events whose consequences are due, the oldest first. One that
// cannot be opened any more is left out and closed by the sweep.
func (s *Store) OpenTold(ctx context.Context, limit int) ([]OpenTold, error) {
	return s.openTold(ctx, `SELECT n, doc FROM told WHERE doc IS NOT NULL AND due <= ? ORDER BY due, n LIMIT ?`, millis(s.now()), limit)
}

// OpenToldOf gives the events of a provider's call whose consequences are not
// committed.
func (s *Store) OpenToldOf(ctx context.Context, provider, call string) ([]OpenTold, error) {
	return s.openTold(ctx, `SELECT n, doc FROM told WHERE doc IS NOT NULL AND call = ? ORDER BY n LIMIT 100`, s.reads.mark("call", provider, call))
}

func (s *Store) openTold(ctx context.Context, query string, args ...any) ([]OpenTold, error) {
	var rows []openTold
	if err := s.reads.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("events of calls: %w", classify(err))
	}
	out := make([]OpenTold, 0, len(rows))
	for _, r := range rows {
		o := OpenTold{N: r.N}
		switch err := decode(s.reads.vault, "event of a call", r.Doc, &o.Told); {
		case errors.Is(err, ErrErased):
		case err != nil:
			return nil, err
		default:
			out = append(out, o)
		}
	}
	return out, nil
}

// CloseTold empties an event whose consequences are committed with it, and says
// whether it was open.
func (tx *Tx) CloseTold(n int64) (bool, error) {
	res, err := tx.exec("close an event of a call", `UPDATE told SET doc = NULL WHERE n = ? AND doc IS NOT NULL`, n)
	if err != nil {
		return false, err
	}
	was, err := res.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("close an event of a call: %w", err)
	}
	return was > 0, nil
}

// PostponeTold has the consequences of an event tried again later.
func (tx *Tx) PostponeTold(n int64, until time.Time) error {
	_, err := tx.exec("postpone an event of a call", `UPDATE told SET due = ? WHERE n = ?`, millis(until), n)
	return err
}

// ForestallTold has an event that was corrected before it came be a repeat when
// it does, and gives the key of the call that it was told of if it has come.
func (tx *Tx) ForestallTold(provider, id, call string, at time.Time) (came []byte, err error) {
	op := "correct an event of a " + provider + " call"
	key := tx.mark("event", provider, id)
	err = tx.get(op, &came, `SELECT call FROM told WHERE event = ?`, key)
	if !errors.Is(err, ErrNotFound) {
		return came, err
	}
	_, err = tx.exec(op, `INSERT INTO told (event, call, received, due) VALUES (?, ?, ?, 0)`, key, tx.mark("call", provider, call), millis(at))
	return nil, err
}

// SweepTold deletes what was told of calls that nobody heard and what a repeat
// was known by, and destroys the keys of days that are over. Keep is how long a
// tracked call is kept that was not heard.
func (s *Store) SweepTold(ctx context.Context, keep time.Duration) error {
	now := s.now()
	for _, part := range []struct {
		query string
		older time.Duration
	}{
		{`DELETE FROM told WHERE n IN (SELECT n FROM told WHERE received < ? LIMIT 500)`, toldRepeats},
		{`DELETE FROM call_detail WHERE id IN (SELECT id FROM call_detail WHERE call = '' AND made < ? AND tracking = 0 LIMIT 500)`, toldAlone},
		{`DELETE FROM call_detail WHERE id IN (SELECT id FROM call_detail WHERE call = '' AND made < ? LIMIT 500)`, keep},
		{`DELETE FROM call_line WHERE call IN (SELECT call FROM call_line WHERE started < ? LIMIT 500)`, keep},
	} {
		for more := true; more; {
			err := s.Write(ctx, func(tx *Tx) error {
				res, err := tx.exec("sweep what was told of calls", part.query, millis(now.Add(-part.older)))
				if err != nil {
					return err
				}
				n, err := res.RowsAffected()
				more = n == 500
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return s.destroyToldKeys(ctx, now.Add(-max(keep, toldRepeats)))
}

// destroyToldKeys destroys the keys of all days before a moment.
func (s *Store) destroyToldKeys(ctx context.Context, before time.Time) error {
	const cursor, most = "told.keys", 400
	until := before.Unix() / 86400 // the day of the moment stays
	done, err := s.Cursor(ctx, cursor)
	if err != nil || done >= until {
		return err
	}
	var days []string
	for day := max(done, until-most); day < until && done > 0; day++ {
		days = append(days, toldKey(time.Unix(day*86400, 0)))
	}
	if len(days) > 0 {
		if err := s.DestroyKeys(days); err != nil {
			return err
		}
	}
	return s.Write(ctx, func(tx *Tx) error { return tx.SetCursor(cursor, until) })
}
