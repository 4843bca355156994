package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/internal/decide"
)

// BarredList is a do-not-call list.
type BarredList struct {
	Name     string    `json:"name"`
	National bool      `json:"national"` // of an authority, not our own
	Source   string    `json:"source"`
	Changed  time.Time `json:"changed"`
	Numbers  int64     `json:"numbers"`
}

// SaveCallList makes a do-not-call list or changes what it says of itself.
func (tx *Tx) SaveCallList(l BarredList) error {
	_, err := tx.exec("save do-not-call list "+l.Name, `INSERT INTO do_not_call_list (name, national, source, changed)
		VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET national = excluded.national,
			source = excluded.source, changed = excluded.changed`, l.Name, l.National, l.Source, millis(l.Changed))
	return err
}

// ListNumbers puts hashed numbers on a list. One that is on it keeps since
// when; round marks them as named by an import. A list that is not stored is
// [ErrNotFound].
func (tx *Tx) ListNumbers(list string, numbers [][]byte, since time.Time, round int64) error {
	op := "add to do-not-call list " + list
	var n int64
	if err := tx.get(op, &n, `SELECT n FROM do_not_call_list WHERE name = ?`, list); err != nil {
		return err
	}
	for _, number := range numbers {
		_, err := tx.exec(op, `INSERT INTO do_not_call (number, list, since, round) VALUES (?, ?, ?, ?)
			ON CONFLICT (number, list) DO UPDATE SET round = excluded.round`, number, n, millis(since), round)
		if err != nil {
			return err
		}
	}
	return nil
}

// offList is how long it is kept that a number was on a list: as long as the
// decisions that it may have been asked about for.
const offList = 396 * 24 * time.Hour

// UnlistNumber takes a hashed number off a list, and says whether it was on it.
// That it was stays known for questions about past moments, for thirteen months.
func (tx *Tx) UnlistNumber(list string, number []byte, at time.Time) (bool, error) {
	n, err := tx.unlist("take off do-not-call list "+list, list, `number = ?`, number, at)
	return n > 0, err
}

// unlist takes off a list what a condition with one argument names.
func (tx *Tx) unlist(op, list, where string, arg any, at time.Time) (int64, error) {
	if _, err := tx.exec(op, `DELETE FROM do_not_call_past WHERE until < ?`, millis(at.Add(-offList))); err != nil {
		return 0, err
	}
	where = ` FROM do_not_call WHERE list = (SELECT n FROM do_not_call_list WHERE name = ?) AND ` + where
	//nolint:gosec // the condition is written out by the callers
	_, err := tx.exec(op, `INSERT OR REPLACE INTO do_not_call_past (number, list, since, until) SELECT number, list, since, ?`+where, millis(at), list, arg)
	if err != nil {
		return 0, err
	}
	res, err := tx.exec(op, `DELETE`+where, list, arg)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// EndImport takes off a list what a whole import of it did not name, and says
// how many numbers that was; see [Tx.UnlistNumber].
func (tx *Tx) EndImport(list string, round int64, at time.Time) (int64, error) {
	return tx.unlist("end the import of do-not-call list "+list, list, `round <> ?`, round, at)
}

const listedQuery = `SELECT l.name, l.national, l.source, d.since FROM do_not_call d
	JOIN do_not_call_list l ON l.n = d.list WHERE d.number = ? ORDER BY l.n`

// listedThen looks at a past moment: at the entries of then, and at what their
// lists said of themselves then.
const listedThen = `WITH d AS (
		SELECT list, since FROM do_not_call WHERE number = ?1 AND since <= ?2
		UNION SELECT list, since FROM do_not_call_past WHERE number = ?1 AND since <= ?2 AND until > ?2)
	SELECT l.name, COALESCE(w.national, l.national) AS national, COALESCE(w.source, l.source) AS source, d.since
	FROM d JOIN do_not_call_list l ON l.n = d.list
	LEFT JOIN do_not_call_list_past w ON w.list = l.n
		AND w.until = (SELECT MIN(until) FROM do_not_call_list_past WHERE list = l.n AND until > ?2) ORDER BY l.n`

// Listed gives the lists that hold a hashed number now, where at is zero, or
// held it at a past moment of the last thirteen months.
func (s *Store) Listed(ctx context.Context, number []byte, at time.Time) ([]decide.Listing, error) {
	var rows []struct {
		Name     string
		National bool
		Source   string
		Since    int64
	}
	var err error
	if at.IsZero() {
		var look *sqlx.Stmt
		if look, err = s.listed(); err == nil { //nolint:sqlclosecheck // it closes with the connections
			err = look.SelectContext(ctx, &rows, number)
		}
	} else {
		err = s.reads.SelectContext(ctx, &rows, listedThen, number, millis(at))
	}
	if err != nil {
		return nil, fmt.Errorf("look up a number: %w", classify(err))
	}
	var out []decide.Listing
	for _, r := range rows {
		out = append(out, decide.Listing{List: r.Name, National: r.National, Source: r.Source, Since: fromMillis(r.Since)})
	}
	return out, nil
}

// CallLists gives the do-not-call lists with their sizes.
func (s *Store) CallLists(ctx context.Context) ([]BarredList, error) {
	var rows []struct {
		Name     string
		National bool
		Source   string
		Changed  int64
		Numbers  int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT l.name, l.national, l.source, l.changed,
		(SELECT count(*) FROM do_not_call d WHERE d.list = l.n) AS numbers FROM do_not_call_list l ORDER BY l.n`)
	if err != nil {
		return nil, fmt.Errorf("do-not-call lists: %w", classify(err))
	}
	out := make([]BarredList, len(rows))
	for i, r := range rows {
		out[i] = BarredList{r.Name, r.National, r.Source, fromMillis(r.Changed), r.Numbers}
	}
	return out, nil
}
