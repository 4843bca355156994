package store

import (
	"context"
	"fmt"
	"time"

	"heed/internal/event"
)

// SaveComment stores a comment on a call, new or changed. A call that is not
// stored is [ErrNotFound], one that was erased [ErrErased], one whose words went
// for their age [ErrAged].
func (tx *Tx) SaveComment(c event.Comment) error {
	op := "comment " + c.ID
	if err := tx.wordsKept(op, c.CallID); err != nil {
		return err
	}
	raw, err := tx.sealFor(op, c.CallID, c)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO comment (id, call, at, removed, doc) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET removed = excluded.removed, doc = excluded.doc`,
		c.ID, c.CallID, millis(c.At), orNever(c.Removed), raw)
	return err
}

// CountComments counts what stands on a call, as this write sees it.
func (tx *Tx) CountComments(callID string) (int, error) {
	var n int
	err := tx.get("count comments", &n, `SELECT count(*) FROM comment WHERE call = ? AND removed IS NULL`, callID)
	return n, err
}

// PurgeComments forgets what was removed before a moment.
func (tx *Tx) PurgeComments(before time.Time) error {
	_, err := tx.exec("purge comments", `DELETE FROM comment WHERE removed < ?`, millis(before))
	return err
}

// Comment gives one by id, also one that was removed and can be brought back.
func (s *Store) Comment(ctx context.Context, id string) (event.Comment, error) {
	return one[event.Comment](ctx, s.reads, "comment "+id, `SELECT doc FROM comment WHERE id = ?`, id)
}

const commentQuery = `SELECT doc FROM comment WHERE call = ? AND removed IS NULL AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?`

// Comments gives a page of what stands on a call, the oldest first, and the
// mark of the next page, which is empty at the end. Limit is 1..500, 0 means
// 100.
func (s *Store) Comments(ctx context.Context, callID, after string, limit int) (found []event.Comment, next string, err error) {
	from := mark{}
	if after != "" {
		if from, err = parseMark(after); err != nil {
			return nil, "", fmt.Errorf("comments: %w", err)
		}
	}
	limit = clampLimit(limit)
	found, err = many[event.Comment](ctx, s.reads, "comments of call "+callID, commentQuery, callID, from.at, from.id, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(found) > limit {
		found = found[:limit]
		last := found[limit-1]
		next = mark{at: millis(last.At), id: last.ID}.String()
	}
	return found, next, nil
}
