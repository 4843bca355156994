package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kept is a class of what is kept of calls, which has a period of its own.
type Kept string

// The classes.
const (
	KeptRecordings  Kept = "recordings"
	KeptTranscripts Kept = "transcripts"
)

// RetentionRule says for how long a class stays.
type RetentionRule struct {
	Class Kept
	Days  int // 0 is for ever
	By    string
	At    time.Time
}

// SetRetention keeps a rule; the latest of a class holds.
func (s *Store) SetRetention(ctx context.Context, r RetentionRule) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("retention of "+string(r.Class), `INSERT INTO retention_rule (class, days, by, at) VALUES (?, ?, ?, ?)`, string(r.Class), r.Days, r.By, millis(r.At))
		return err
	})
}

// RetentionRules gives all that were set, the latest first, 500 at most.
func (s *Store) RetentionRules(ctx context.Context) ([]RetentionRule, error) {
	var rows []struct {
		Class Kept
		By    string
		Days  int
		At    int64
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

// RetentionDays gives for how many days a class is kept now; 0 is for ever.
func (s *Store) RetentionDays(ctx context.Context, class Kept) (int, error) {
	var days int
	err := s.reads.GetContext(ctx, &days, `SELECT days FROM retention_rule WHERE class = ? ORDER BY n DESC LIMIT 1`, string(class))
	if err = notFound(err); err != nil && !errors.Is(err, ErrNotFound) {
		return 0, fmt.Errorf("retention of %s: %w", class, err)
	}
	return days, nil
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
	return s.Write(ctx, func(tx *Tx) error { return tx.changeKey("lift hold "+id, `DELETE FROM legal_hold WHERE id = ?`, id) })
}
