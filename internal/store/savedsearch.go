package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// SavedSearch is a search that somebody keeps by a name.
type SavedSearch struct {
	ID     string
	Owner  string // id of a user or of a key
	Shared bool
	// Deleted is when it was, zero: it is not. It can be brought back.
	Deleted time.Time
	Created time.Time
	SavedAs
}

// SavedAs is what a saved search is. It is kept sealed: a query may name a
// person.
type SavedAs struct {
	Name    string    `json:"name"`
	Query   string    `json:"query"`
	Sort    string    `json:"sort,omitempty"`
	Changed time.Time `json:"changed"`
}

// SaveSearch stores a search, new or changed.
func (tx *Tx) SaveSearch(s SavedSearch) error {
	op := "save search " + s.ID
	if s.ID == "" || s.Owner == "" {
		return errors.New("save search: no id or no owner")
	}
	raw, err := tx.seal(op, nobody, s.SavedAs)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO saved_search (id, owner, shared, created, deleted, doc) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET shared = excluded.shared, deleted = excluded.deleted, doc = excluded.doc`,
		s.ID, s.Owner, s.Shared, millis(s.Created), orNever(s.Deleted), raw)
	return err
}

// orNever stores a moment that never came as null.
func orNever(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return millis(t)
}

// CountSavedSearches counts those of an owner that are not deleted, as this
// write sees them.
func (tx *Tx) CountSavedSearches(owner string) (int, error) {
	var n int
	err := tx.get("count searches", &n, `SELECT count(*) FROM saved_search WHERE owner = ? AND deleted IS NULL`, owner)
	return n, err
}

// PurgeSearches forgets what was deleted before a moment, but for what alerts
// still refer to.
func (tx *Tx) PurgeSearches(before time.Time) error {
	_, err := tx.exec("purge searches", `DELETE FROM saved_search WHERE deleted < ?
		AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.search = saved_search.id)`, millis(before))
	return err
}

type savedRow struct {
	ID, Owner, Doc string
	Shared         bool
	Created        int64
	Deleted        *int64
}

const savedColumns = `SELECT id, owner, shared, created, deleted, doc FROM saved_search `

func (r savedRow) saved(db *reader) (SavedSearch, error) {
	s := SavedSearch{ID: r.ID, Owner: r.Owner, Shared: r.Shared, Created: fromMillis(r.Created)}
	if r.Deleted != nil {
		s.Deleted = fromMillis(*r.Deleted)
	}
	return s, decode(db.vault, "search "+r.ID, r.Doc, &s.SavedAs)
}

// SavedSearch gives a search by id, also one that is deleted.
func (s *Store) SavedSearch(ctx context.Context, id string) (SavedSearch, error) {
	var row savedRow
	if err := s.reads.GetContext(ctx, &row, savedColumns+`WHERE id = ?`, id); err != nil {
		return SavedSearch{}, fmt.Errorf("search %s: %w", id, notFound(err))
	}
	return row.saved(s.reads)
}

// SavedSearches gives a page of what somebody sees: their own and what others
// share, but what is deleted; the latest first, and the mark of the next page.
func (s *Store) SavedSearches(ctx context.Context, who, after string, limit int) (page []SavedSearch, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("searches: %w", err)
	}
	limit = clampLimit(limit)
	var rows []savedRow
	err = s.reads.SelectContext(ctx, &rows, savedColumns+`WHERE deleted IS NULL AND (owner = ?1 OR shared = 1) AND (created, id) < (?2, ?3)
		ORDER BY created DESC, id DESC LIMIT ?4`, who, from.at, from.id, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("searches: %w", classify(err))
	}
	page = make([]SavedSearch, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		one, err := r.saved(s.reads)
		if err != nil {
			return nil, "", err
		}
		page = append(page, one)
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.Created, id: last.ID}.String()
	}
	return page, next, nil
}
