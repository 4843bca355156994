package store

import (
	"context"
	"fmt"
	"time"

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

// UnlistNumber takes a hashed number off a list, and says whether it was on it.
func (tx *Tx) UnlistNumber(list string, number []byte) (bool, error) {
	res, err := tx.exec("take off do-not-call list "+list, `DELETE FROM do_not_call WHERE number = ?
		AND list = (SELECT n FROM do_not_call_list WHERE name = ?)`, number, list)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// EndImport takes off a list what a whole import of it did not name, and says
// how many numbers that was.
func (tx *Tx) EndImport(list string, round int64) (int64, error) {
	res, err := tx.exec("end the import of do-not-call list "+list, `DELETE FROM do_not_call
		WHERE list = (SELECT n FROM do_not_call_list WHERE name = ?) AND round <> ?`, list, round)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

const listedQuery = `SELECT l.name, l.national, l.source, d.since FROM do_not_call d
	JOIN do_not_call_list l ON l.n = d.list WHERE d.number = ? ORDER BY l.n`

// Listed gives the lists that hold a hashed number.
func (s *Store) Listed(ctx context.Context, number []byte) ([]decide.Listing, error) {
	var rows []struct {
		Name     string
		National bool
		Source   string
		Since    int64
	}
	look, err := s.listed() //nolint:sqlclosecheck // it closes with the connections
	if err == nil {
		err = look.SelectContext(ctx, &rows, number)
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
