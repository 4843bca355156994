package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"heed/insights"
)

// ThemeHit is a theme found in a turn.
type ThemeHit struct {
	Theme    string
	Score    float64 // 0..1
	Evidence []insights.Span
}

// ReadTurn says which themes a turn has, read from the text of an event.
type ReadTurn struct {
	N, Rev int64
	Hits   []ThemeHit
}

// member is a turn of a theme, as the counters need it.
type member struct {
	Theme, Call string
	Turn, Slot  int64
}

// PutThemeHits stores what was found in turns for the themes of which looked
// says so; those not found any more leave their theme, and other themes are
// not touched. A turn whose text has changed since it was read is passed over:
// whoever changed it has read it again. Reads are in order of N.
func (tx *Tx) PutThemeHits(reads []ReadTurn, looked func(theme string) bool) error {
	const op = "put theme hits"
	if len(reads) == 0 {
		return nil
	}
	var had []member
	err := tx.list(op, &had, `SELECT theme, call, turn, slot FROM theme_turn WHERE turn BETWEEN ? AND ? ORDER BY turn`,
		reads[0].N, reads[len(reads)-1].N)
	if err != nil {
		return err
	}
	for _, r := range reads {
		at, _ := slices.BinarySearchFunc(had, r.N, func(m member, n int64) int { return int(m.Turn - n) })
		to := at
		for to < len(had) && had[to].Turn == r.N {
			to++
		}
		if err := tx.putHits(op, r, had[at:to], looked); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putHits(op string, r ReadTurn, had []member, looked func(string) bool) error {
	if len(had) == 0 && len(r.Hits) == 0 {
		return nil
	}
	var now struct {
		Call          string
		Slot, At, Rev int64
	}
	if err := tx.turnNow(op, &now, r.N); err != nil || now.Rev != r.Rev {
		return err
	}
	for _, m := range had {
		gone := looked(m.Theme) && !slices.ContainsFunc(r.Hits, func(h ThemeHit) bool { return h.Theme == m.Theme })
		if !gone {
			continue
		}
		if err := tx.leave(op, m); err != nil {
			return err
		}
	}
	for _, h := range r.Hits {
		if !looked(h.Theme) {
			continue
		}
		m := member{Theme: h.Theme, Call: now.Call, Turn: r.N, Slot: now.Slot}
		known := slices.ContainsFunc(had, func(o member) bool { return o.Theme == h.Theme })
		if err := tx.join(op, m, now.At, h, known); err != nil {
			return err
		}
	}
	return nil
}

// turnNow reads a turn into dest and leaves dest alone when there is none.
func (tx *Tx) turnNow(op string, dest any, n int64) error {
	err := tx.get(op, dest, `SELECT call, slot, at, rev FROM turn WHERE n = ?`, n)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// join makes a turn one of a theme's, or renews what was found in it.
func (tx *Tx) join(op string, m member, at int64, h ThemeHit, known bool) error {
	evidence, err := spans(h.Evidence)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if known {
		_, err := tx.exec(op, `UPDATE theme_turn SET score = ?, evidence = ? WHERE theme = ? AND call = ? AND turn = ?`,
			h.Score, evidence, m.Theme, m.Call, m.Turn)
		return err
	}
	others, err := tx.others(op, m)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO theme_turn (theme, call, turn, slot, at, score, evidence) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		m.Theme, m.Call, m.Turn, m.Slot, at, h.Score, evidence)
	if err != nil {
		return err
	}
	return tx.count(op, m.Theme, m.Slot, 1, 1-others)
}

// leave takes a turn out of a theme.
func (tx *Tx) leave(op string, m member) error {
	others, err := tx.others(op, m)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `DELETE FROM theme_turn WHERE theme = ? AND call = ? AND turn = ?`, m.Theme, m.Call, m.Turn)
	if err != nil {
		return err
	}
	return tx.count(op, m.Theme, m.Slot, -1, others-1)
}

// others is 1 when the call has the theme in another turn too, else 0.
func (tx *Tx) others(op string, m member) (int, error) {
	var n int
	err := tx.get(op, &n, `SELECT count(*) FROM (SELECT 1 FROM theme_turn
		WHERE theme = ? AND call = ? AND turn <> ? LIMIT 1)`, m.Theme, m.Call, m.Turn)
	return n, err
}

// spans writes evidence; none is the empty text.
func spans(e []insights.Span) (string, error) {
	if len(e) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(e)
	return string(raw), err
}

// DropThemeTurns empties a theme, as when it is deleted.
func (tx *Tx) DropThemeTurns(id string) error {
	op := "empty theme " + id
	if _, err := tx.exec(op, `DELETE FROM theme_turn WHERE theme = ?`, id); err != nil {
		return err
	}
	_, err := tx.exec(op, `DELETE FROM theme_count WHERE theme = ?`, id)
	return err
}
