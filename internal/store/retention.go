package store

import (
	"context"
	"fmt"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
)

// RetentionRule says for how long a class of what is kept of calls stays.
type RetentionRule struct {
	Class string
	Days  int // 0 is for ever
	By    string
	At    time.Time
}

// SetRetention keeps a rule; the latest of a class holds.
func (s *Store) SetRetention(ctx context.Context, r RetentionRule) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("retention of "+r.Class, `INSERT INTO retention_rule (class, days, by, at) VALUES (?, ?, ?, ?)`, r.Class, r.Days, r.By, millis(r.At))
		return err
	})
}

// RetentionRules gives all that were set, the latest first, 500 at most.
func (s *Store) RetentionRules(ctx context.Context) ([]RetentionRule, error) {
	var rows []struct {
		Class, By string
		Days      int
		At        int64
	}
	if err := s.reads.SelectContext(ctx, &rows, `SELECT class, days, by, at FROM retention_rule ORDER BY n DESC LIMIT 500`); err != nil {
		return nil, fmt.Errorf("retention: %w", classify(err))
	}
	rules := make([]RetentionRule, len(rows))
	for i, r := range rows {
		rules[i] = RetentionRule{Class: r.Class, Days: r.Days, By: r.By, At: fromMillis(r.At)}
	}
	return rules, nil
}

// Hold keeps what is of a call or of a customer from being deleted for its age.
type Hold struct {
	ID             string
	Customer, Call string // one of them
	Why, By        string
	At             time.Time
}

const placeOfHold = "legal_hold/why"

// AddHold keeps a hold; an id in use is [ErrDuplicate], a call or a customer who
// is not stored [ErrNotFound].
func (s *Store) AddHold(ctx context.Context, h Hold) error {
	return s.Write(ctx, func(tx *Tx) error {
		op := "hold " + h.ID
		person := h.Customer
		table, id := "customer", h.Customer
		if h.Call != "" {
			table, id = "call", h.Call
			var err error
			if person, err = tx.owner(op, h.Call); err != nil {
				return err
			}
		}
		var there int
		if err := tx.get(op, &there, `SELECT 1 FROM `+table+` WHERE id = ?`, id); err != nil {
			return err
		}
		why, err := tx.sealRaw(op, person, placeOfHold, []byte(h.Why))
		if err != nil {
			return err
		}
		_, err = tx.exec(op, `INSERT INTO legal_hold (id, customer, call, why, by, at) VALUES (?, ?, ?, ?, ?, ?)`, h.ID, h.Customer, h.Call, why, h.By, millis(h.At))
		return err
	})
}

// Holds gives all holds, the latest first, 500 at most. Of somebody who was
// erased meanwhile no reason is left.
func (s *Store) Holds(ctx context.Context) ([]Hold, error) {
	var rows []struct {
		ID, Customer, Call, Why, By string
		At                          int64
	}
	if err := s.reads.SelectContext(ctx, &rows, `SELECT id, customer, call, why, by, at FROM legal_hold ORDER BY at DESC, id DESC LIMIT 500`); err != nil {
		return nil, fmt.Errorf("holds: %w", classify(err))
	}
	holds := make([]Hold, len(rows))
	for i, r := range rows {
		holds[i] = Hold{ID: r.ID, Customer: r.Customer, Call: r.Call, By: r.By, At: fromMillis(r.At)}
		if why, err := open(s.reads.vault, "hold "+r.ID, placeOfHold, r.Why); err == nil {
			holds[i].Why = string(why)
		}
	}
	return holds, nil
}

// LiftHold ends a hold; one that is not there is [ErrNotFound].
func (s *Store) LiftHold(ctx context.Context, id string) error {
	op := "lift hold " + id
	return s.Write(ctx, func(tx *Tx) error {
		res, err := tx.exec(op, `DELETE FROM legal_hold WHERE id = ?`, id)
		return changedOne(op, res, err)
	})
}

// old says which calls are of an age, over, not held, and still have what is
// of a class.
const old = ` FROM call c WHERE c.started < ? AND c.status IN ('ended', 'recovered')
	AND NOT EXISTS (SELECT 1 FROM aged a WHERE a.class = ? AND a.call = c.id)
	AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.call = c.id)
	AND NOT EXISTS (SELECT 1 FROM legal_hold h WHERE h.customer = c.customer AND h.customer <> '')`

// OldCalls gives calls that began before a moment and of which what is of a
// class is still to be deleted, the oldest first.
func (s *Store) OldCalls(ctx context.Context, class string, before time.Time, limit int) ([]string, error) {
	ids := []string{}
	if err := s.reads.SelectContext(ctx, &ids, `SELECT c.id`+old+` ORDER BY c.started, c.id LIMIT ?`, millis(before), class, limit); err != nil {
		return nil, fmt.Errorf("old calls: %w", classify(err))
	}
	return ids, nil
}

// CountOldCalls counts those of OldCalls.
func (s *Store) CountOldCalls(ctx context.Context, class string, before time.Time) (int, error) {
	var n int
	if err := s.reads.GetContext(ctx, &n, `SELECT count(*)`+old, millis(before), class); err != nil {
		return 0, fmt.Errorf("count old calls: %w", classify(err))
	}
	return n, nil
}

// AgeTranscript deletes what was said and understood on a call for its age.
// Figures of many calls stay, as with an erasure: nobody is in them.
func (tx *Tx) AgeTranscript(callID string, decisions []decide.Decision) error {
	op := "age transcript of " + callID
	for _, query := range []string{
		`DELETE FROM theme_turn WHERE turn IN (SELECT n FROM turn WHERE call = ?)`,
		`DELETE FROM turn WHERE call = ?`,
		`DELETE FROM correction WHERE call = ?`,
		`DELETE FROM summary WHERE call = ?`,
		`DELETE FROM proposal WHERE call = ?`,
		`DELETE FROM insight WHERE call = ?`,
		`DELETE FROM utterance WHERE call = ?`,
	} {
		if _, err := tx.exec(op, query, callID); err != nil {
			return err
		}
	}
	for _, t := range contents {
		if _, err := tx.exec(op, `UPDATE event SET data = 'null' WHERE call = ? AND +type = ?`, callID, string(t)); err != nil {
			return err
		}
	}
	for _, d := range decisions {
		if err := tx.ReplaceDecision(decide.Forgotten(d, decide.Aged)); err != nil {
			return err
		}
	}
	return nil
}

// AgeRecording notes in a call why its recording is not there any more.
func (tx *Tx) AgeRecording(c event.Call, why string) error {
	c.Recording.State, c.Recording.Bytes = "none", 0
	c.Health.Notes = append(c.Health.Notes, why)
	return tx.SaveCall(c)
}

// NoteAged writes down that what is of a class was deleted of a call.
func (tx *Tx) NoteAged(class, callID string, at time.Time) error {
	_, err := tx.exec("aged call "+callID, `INSERT INTO aged (class, call, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, class, callID, millis(at))
	return err
}

// Aged is how many calls lost what is of a class on a day (UTC).
type Aged struct {
	Class string `json:"class"`
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
