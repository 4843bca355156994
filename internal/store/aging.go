package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
)

// ErrKept says that a call is not to lose anything for its age: it is on hold,
// not so old, or not over.
var ErrKept = errors.New("it is kept: on hold, or not so old")

// ErrAged says that what was said on a call went for its age.
var ErrAged = errors.New("what was said on this call is not kept any more, so nothing is written of it")

// OldCall is a call of which what is of a class is to be deleted.
type OldCall struct {
	ID      string
	Started int64
	// Begun says that its rows are gone already; files and what is derived may
	// not be.
	Begun bool
}

// held are the people on hold, with all who are one with them.
const held = `WITH RECURSIVE held(id) AS (SELECT customer FROM legal_hold WHERE customer <> '' AND lifted IS NULL
		UNION SELECT iif(l.customer = held.id, l.other, l.customer)
			FROM held JOIN link l ON l.active = 1 AND (l.customer = held.id OR l.other = held.id))`

// free says that a call is not on hold.
const free = `(c.customer NOT IN (SELECT id FROM held) AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.call = c.id AND h.lifted IS NULL))`

// old says which calls are of an age, over, not held, and still have what is of
// a class.
const old = held + `, old(id, started, begun) AS (SELECT c.id, c.started, a.call IS NOT NULL
		FROM call c LEFT JOIN aged a ON a.class = ? AND a.call = c.id
		WHERE c.started < ? AND c.status IN ('ended', 'recovered') AND a.settled IS NULL AND (a.call IS NOT NULL OR ` + free + `)) `

// IsHeld says whether a call is on hold.
func (s *Store) IsHeld(ctx context.Context, callID string) (bool, error) {
	var n int
	if err := s.reads.GetContext(ctx, &n, held+` SELECT count(*) FROM call c WHERE c.id = ? AND NOT `+free, callID); err != nil {
		return false, fmt.Errorf("is call %s on hold: %w", callID, classify(err))
	}
	return n > 0, nil
}

// OldCalls gives calls that began before a moment and of which what is of a
// class is still to be deleted, the oldest first, behind one of them, at most
// limit.
func (s *Store) OldCalls(ctx context.Context, class Kept, before time.Time, after OldCall, limit int) ([]OldCall, error) {
	calls := []OldCall{}
	err := s.reads.SelectContext(ctx, &calls, old+`SELECT id, started, begun FROM old WHERE (started, id) > (?, ?) ORDER BY started, id LIMIT ?`,
		string(class), millis(before), after.Started, after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("old calls: %w", classify(err))
	}
	return calls, nil
}

// CountOldCalls counts those of OldCalls.
func (s *Store) CountOldCalls(ctx context.Context, class Kept, before time.Time) (int, error) {
	var n int
	if err := s.reads.GetContext(ctx, &n, old+`SELECT count(*) FROM old`, string(class), millis(before)); err != nil {
		return 0, fmt.Errorf("count old calls: %w", classify(err))
	}
	return n, nil
}

// beginAging notes that a call loses what is of a class, or is [ErrKept]: what
// was true when it was looked for may not be any more. Nobody can hold it
// between this and the end of the write.
func (tx *Tx) beginAging(op string, class Kept, callID string, before, at time.Time) error {
	var n int
	if err := tx.get(op, &n, old+`SELECT count(*) FROM old WHERE id = ? AND NOT begun`, string(class), millis(before), callID); err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%s: %w", op, ErrKept)
	}
	_, err := tx.exec(op, `INSERT INTO aged (class, call, at) VALUES (?, ?, ?)`, string(class), callID, millis(at))
	return err
}

// AgeTranscript deletes what was said and understood on a call for its age, if
// it began before a moment and is not held, else it is [ErrKept]. It gives the
// ids of the utterances. Figures of many calls stay, and what was concluded of
// the customer.
func (tx *Tx) AgeTranscript(callID string, before, at time.Time) (said []string, err error) {
	op := "age the transcript of " + callID
	if err := tx.beginAging(op, KeptTranscripts, callID, before, at); err != nil {
		return nil, err
	}
	said = []string{}
	if err := tx.list(op, &said, `SELECT id FROM utterance WHERE call = ? ORDER BY seq`, callID); err != nil {
		return nil, err
	}
	if err := tx.dropWords(op, callID); err != nil {
		return nil, err
	}
	// What a profile is folded from stays, but for the words: folding it again
	// ends where it was.
	if err := tx.silence(op, callID, event.SignalRaised, event.SignalRevised); err != nil {
		return nil, err
	}
	return said, tx.forgetDecisions(op, callID, decide.Aged)
}

// AgeRecording notes that the recording of a call goes for its age, and in the
// call why, if there is one. It is [ErrKept] as AgeTranscript is. The files are
// to be destroyed once it is committed.
func (tx *Tx) AgeRecording(callID string, there bool, why string, before, at time.Time) error {
	op := "age the recording of " + callID
	if err := tx.beginAging(op, KeptRecordings, callID, before, at); err != nil || !there {
		return err
	}
	c, err := tx.Call(callID)
	if err != nil {
		return err
	}
	c.Recording.State, c.Recording.Bytes = "none", 0
	c.Health.Notes = append(c.Health.Notes, why)
	return tx.SaveCall(c)
}

// SettleAged writes down that nothing is left of what is of a class of a call.
func (tx *Tx) SettleAged(class Kept, callID string, at time.Time) error {
	_, err := tx.exec("settle aged call "+callID, `UPDATE aged SET settled = ? WHERE class = ? AND call = ?`, millis(at), string(class), callID)
	return err
}

const aged = `SELECT count(*) FROM aged WHERE class = ? AND call = ?`

// isAged is [Store.IsAged] within a write.
func (tx *Tx) isAged(op string, class Kept, callID string) (bool, error) {
	var n int
	err := tx.get(op, &n, aged, string(class), callID)
	return n > 0, err
}

// wordsKept is [ErrAged] for a call whose words went for their age: nothing
// would take away what is written of it now.
func (tx *Tx) wordsKept(op, callID string) error {
	gone, err := tx.isAged(op, KeptTranscripts, callID)
	if err == nil && gone {
		err = fmt.Errorf("%s: %w", op, ErrAged)
	}
	return err
}

// IsAged says whether what is of a class of a call went for its age.
func (s *Store) IsAged(ctx context.Context, class Kept, callID string) (bool, error) {
	var n int
	err := s.reads.GetContext(ctx, &n, aged, string(class), callID)
	if err != nil {
		return false, fmt.Errorf("%s of call %s: %w", class, callID, classify(err))
	}
	return n > 0, nil
}

// Aged is how many calls lost what is of a class on a day (UTC).
type Aged struct {
	Class Kept   `json:"class"`
	Day   string `json:"day"`
	Calls int    `json:"calls"`
}

// AgedByDay gives what was deleted on the last days on which anything was.
func (s *Store) AgedByDay(ctx context.Context) ([]Aged, error) {
	days := []Aged{}
	err := s.reads.SelectContext(ctx, &days, `SELECT class, date(at / 1000, 'unixepoch') AS day, count(*) AS calls FROM aged
		GROUP BY class, day ORDER BY day DESC, class LIMIT 60`)
	if err != nil {
		return nil, fmt.Errorf("what was deleted: %w", classify(err))
	}
	return days, nil
}
