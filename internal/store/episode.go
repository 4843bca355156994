package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Episode is a time in which a theme was new or growing.
type Episode struct {
	Theme string
	Began time.Time
	Seen  time.Time  // when it was last found so
	Ended *time.Time // nil while it is open
	Doc   json.RawMessage
}

// SeeEpisode notes that a theme is new or growing now. It says whether that
// began an episode; else the open one goes on, as it began.
func (tx *Tx) SeeEpisode(theme string, at time.Time, doc []byte) (began bool, err error) {
	op := "episode of theme " + theme
	res, err := tx.exec(op, `UPDATE theme_episode SET seen = max(seen, ?) WHERE theme = ? AND ended IS NULL`, millis(at), theme)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return false, err
	}
	sealed, err := tx.sealQuotes(op, doc)
	if err != nil {
		return false, err
	}
	_, err = tx.exec(op, `INSERT INTO theme_episode (theme, began, seen, doc) VALUES (?, ?, ?, ?)`,
		theme, millis(at), millis(at), sealed)
	return err == nil, err
}

// EndEpisodes ends the open episodes that were last seen before a moment.
func (tx *Tx) EndEpisodes(before, now time.Time) error {
	_, err := tx.exec("end episodes", `UPDATE theme_episode SET ended = ? WHERE ended IS NULL AND seen < ?`,
		millis(now), millis(before))
	return err
}

// Episodes gives a page of episodes, the latest first, and the mark of the
// next page. With open, only those that go on.
func (s *Store) Episodes(ctx context.Context, open bool, after string, limit int) (found []Episode, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("episodes: %w", err)
	}
	limit = clampLimit(limit)
	var rows []struct {
		N           int64
		Theme       string
		Began, Seen int64
		Ended       *int64
		Doc         []byte
	}
	err = s.reads.SelectContext(ctx, &rows, `SELECT n, theme, began, seen, ended, doc FROM theme_episode
		WHERE (began, n) < (?1, ?2) AND (?3 = 0 OR ended IS NULL) ORDER BY began DESC, n DESC LIMIT ?4`,
		from.at, markNumber(from), open, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("episodes: %w", classify(err))
	}
	found = make([]Episode, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		doc, err := openQuotes(s.reads.vault, r.Doc)
		if err != nil {
			return nil, "", fmt.Errorf("episode %d: %w", r.N, err)
		}
		e := Episode{Theme: r.Theme, Began: fromMillis(r.Began), Seen: fromMillis(r.Seen), Doc: doc}
		if r.Ended != nil {
			at := fromMillis(*r.Ended)
			e.Ended = &at
		}
		found = append(found, e)
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.Began, id: strconv.FormatInt(last.N, 10)}.String()
	}
	return found, next, nil
}

// markNumber is the number in a mark whose ids are numbers.
func markNumber(m mark) int64 {
	n, err := strconv.ParseInt(m.id, 10, 64)
	if err != nil {
		return 0 // the list's beginning: its time is behind all
	}
	return n
}
