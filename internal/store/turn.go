package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// SlotLength is the time that one counter stands for: the largest step of
// which every time zone's days are made.
const SlotLength = 15 * time.Minute

// Slot is the number of the slot in which a moment lies.
func Slot(t time.Time) int64 { return t.UnixMilli() / SlotLength.Milliseconds() }

// Turn is what a customer said in one go, as it now reads.
type Turn struct {
	N         int64 // in the order in which turns were first seen
	Utterance string
	Call      string
	// Start is the place in the call; At, when the turn was said, is found
	// from it when the turn is stored.
	Start time.Duration
	At    time.Time
	// Rev is the sequence number of the event that Text comes from.
	Rev      int64
	Language string
	Text     string
	Labels   string // what was understood, such as "intent:cancel theme:price"
}

// PutTurn stores a turn, or the new text of one when its event is a later one
// than that of the text that is stored. It says whether anything changed and
// gives the turn's number. A call that is not stored is [ErrNotFound].
func (tx *Tx) PutTurn(t Turn) (n int64, changed bool, err error) {
	op := "turn " + t.Utterance
	var old struct{ N, Rev int64 }
	switch err := tx.get(op, &old, `SELECT n, rev FROM turn WHERE utterance = ?`, t.Utterance); {
	case errors.Is(err, ErrNotFound):
		n, err := tx.addTurn(op, t)
		return n, err == nil, err
	case err != nil:
		return 0, false, err
	case old.Rev >= t.Rev:
		return old.N, false, nil
	}
	text, err := tx.sealTurn(op, t)
	if err != nil {
		return 0, false, err
	}
	_, err = tx.exec(op, `UPDATE turn SET rev = ?, text = ?, language = ?, labels = ? WHERE n = ?`,
		t.Rev, text, t.Language, t.Labels, old.N)
	return old.N, err == nil, err
}

func (tx *Tx) addTurn(op string, t Turn) (int64, error) {
	var started int64
	if err := tx.get(op, &started, `SELECT started FROM call WHERE id = ?`, t.Call); err != nil {
		return 0, err
	}
	var others int
	if err := tx.get(op, &others, `SELECT count(*) FROM (SELECT 1 FROM turn WHERE call = ? LIMIT 1)`, t.Call); err != nil {
		return 0, err
	}
	text, err := tx.sealTurn(op, t)
	if err != nil {
		return 0, err
	}
	slot := started / SlotLength.Milliseconds()
	res, err := tx.exec(op, `INSERT INTO turn (utterance, call, slot, at, rev, language, text, labels)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		t.Utterance, t.Call, slot, started+t.Start.Milliseconds(), t.Rev, t.Language, text, t.Labels)
	if err != nil {
		return 0, err
	}
	origin, err := tx.originOf(op, t.Call)
	if err != nil {
		return 0, err
	}
	c := changes{}
	c.count(tallyKey{TallyVolume, "", origin, slot}, amount{turns: 1, calls: int64(1 - others)})
	if err := tx.tally(op, c); err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// DropTurns forgets what a customer said on a call and mends the counters.
// Erasing a call begins with it.
// Discovery is due again then, for what it has learned may quote the call.
func (tx *Tx) DropTurns(callID string) error {
	op := "drop turns of call " + callID
	var slots []int64
	if err := tx.list(op, &slots, `SELECT slot FROM turn WHERE call = ? LIMIT 1`, callID); err != nil || len(slots) == 0 {
		return err
	}
	origin, err := tx.originOf(op, callID)
	if err != nil {
		return err
	}
	spoken, err := tx.spokenOn(op, callID)
	if err != nil {
		return err
	}
	c := changes{}
	for _, one := range spoken {
		c.count(one.at(origin, slots[0]), one.amount().times(-1)) // a call begins once
	}
	if err := tx.tally(op, c); err != nil {
		return err
	}
	if _, err := tx.exec(op, `DELETE FROM theme_turn WHERE turn IN (SELECT n FROM turn WHERE call = ?)`, callID); err != nil {
		return err
	}
	if _, err := tx.exec(op, `DELETE FROM turn WHERE call = ?`, callID); err != nil {
		return err
	}
	// What discovery has learned may hold quotes of the call: it is due again.
	_, err = tx.exec(op, `UPDATE theme_model SET turns = 0`)
	return err
}

// DropThemeCounts forgets all that was derived from the log for themes. With
// the cursor set back, it is built again.
func (tx *Tx) DropThemeCounts() error {
	const op = "drop theme counts"
	for _, query := range []string{
		`DELETE FROM theme_turn`, `DELETE FROM tally WHERE kind IN ('theme', 'volume')`, `DELETE FROM turn`,
		`UPDATE theme SET scanned = 0, until = 0`,
	} {
		if _, err := tx.exec(op, query); err != nil {
			return err
		}
	}
	return tx.touchThemes(op)
}

// maxTurns bounds how many turns are read at once.
const maxTurns = 5000

// Turns gives turns behind a number, in order, at most limit (1..5000).
func (s *Store) Turns(ctx context.Context, after int64, limit int) ([]Turn, error) {
	return s.turns(ctx, after, 1<<62, limit)
}

// TurnsBetween gives the turns behind a number up to another one, in order: the
// first 5000 of them.
func (s *Store) TurnsBetween(ctx context.Context, after, upTo int64) ([]Turn, error) {
	return s.turns(ctx, after, upTo, maxTurns)
}

func (s *Store) turns(ctx context.Context, after, upTo int64, limit int) ([]Turn, error) {
	op := fmt.Sprintf("turns after %d", after)
	rows, err := s.reads.QueryContext(ctx, `SELECT t.n, t.utterance, t.call, t.at, c.started, t.rev, t.language, t.text, t.labels
		FROM turn t JOIN call c ON c.id = t.call WHERE t.n > ? AND t.n <= ? ORDER BY t.n LIMIT ?`, after, upTo, min(max(limit, 1), maxTurns))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	defer func() { _ = rows.Close() }()
	turns := []Turn{}
	for rows.Next() { // by hand: all of history comes this way when a theme is defined
		var t Turn
		var at, started int64
		if err := rows.Scan(&t.N, &t.Utterance, &t.Call, &at, &started, &t.Rev, &t.Language, &t.Text, &t.Labels); err != nil {
			return nil, fmt.Errorf("%s: %w", op, classify(err))
		}
		t.At, t.Start = fromMillis(at), time.Duration(at-started)*time.Millisecond
		t.Text, err = openTurn(s.reads.vault, t.Utterance, t.Text)
		switch {
		case errors.Is(err, ErrErased):
		case err != nil:
			return nil, err
		default:
			turns = append(turns, t)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	return turns, nil
}

// LastTurn gives the number of the latest turn, 0 when there is none.
func (s *Store) LastTurn(ctx context.Context) (int64, error) {
	var n int64
	if err := s.reads.GetContext(ctx, &n, `SELECT coalesce(max(n), 0) FROM turn`); err != nil {
		return 0, fmt.Errorf("last turn: %w", classify(err))
	}
	return n, nil
}

// TurnCount says how many turns there are and on how many calls.
func (s *Store) TurnCount(ctx context.Context) (turns, calls int64, err error) {
	var n struct{ Turns, Calls int64 }
	err = s.reads.GetContext(ctx, &n, `SELECT coalesce(sum(turns), 0) AS turns, coalesce(sum(calls), 0) AS calls
		FROM tally WHERE kind = 'volume' AND name = '' AND origin = 0`)
	if err != nil {
		return 0, 0, fmt.Errorf("count turns: %w", classify(err))
	}
	return n.Turns, n.Calls, nil
}
