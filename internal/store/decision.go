package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"heed/internal/decide"
)

// AddDecision stores a decision whole. The same id twice is [ErrDuplicate]; a
// call that is not stored is [ErrNotFound].
func (tx *Tx) AddDecision(d decide.Decision) error {
	op := "add decision " + d.ID
	raw, err := tx.sealAbout(op, d.Subject, d.CallID, d)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO decision (id, call, subject, slot, at, doc) VALUES (?, ?, ?, ?, ?, ?)`,
		d.ID, orNull(d.CallID), d.Subject, d.Slot, millis(d.At), raw)
	return err
}

// AddOutcome stores what became of a decision. The same id or the same key
// twice is [ErrDuplicate]; an unknown decision or call is [ErrNotFound].
func (tx *Tx) AddOutcome(o decide.Outcome) error {
	op := "add outcome " + o.ID
	subject := o.Subject
	if subject == "" && o.CallID == "" {
		err := tx.get(op, &subject, `SELECT subject FROM decision WHERE id = ?`, o.DecisionID)
		if err != nil {
			return err
		}
	}
	raw, err := tx.sealAbout(op, subject, o.CallID, o)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO outcome (id, decision, call, subject, action, outcome, key, at, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.ID, o.DecisionID, orNull(o.CallID), o.Subject, o.Action, o.Outcome, o.Key, millis(o.At), raw)
	return err
}

// Decision gives a decision by id.
func (s *Store) Decision(ctx context.Context, id string) (decide.Decision, error) {
	return one[decide.Decision](ctx, s.reads, "decision "+id, `SELECT doc FROM decision WHERE id = ?`, id)
}

// LaterDecision gives the latest decision for the same slot that was made
// after d about one of people; [ErrNotFound] when d is the latest.
func (s *Store) LaterDecision(ctx context.Context, d decide.Decision, people []string) (decide.Decision, error) {
	op := "decision after " + d.ID
	list, err := json.Marshal(people)
	if err != nil {
		return decide.Decision{}, fmt.Errorf("%s: %w", op, err)
	}
	return one[decide.Decision](ctx, s.reads, op,
		`SELECT doc FROM decision WHERE subject IN (SELECT value FROM json_each(?)) AND slot = ? AND (at, id) > (?, ?) ORDER BY at DESC, id DESC LIMIT 1`,
		string(list), d.Slot, millis(d.At), d.ID)
}

// Decisions gives the decisions of a call, oldest first.
func (s *Store) Decisions(ctx context.Context, callID string) ([]decide.Decision, error) {
	return many[decide.Decision](ctx, s.reads, "decisions of call "+callID,
		`SELECT doc FROM decision WHERE call = ? ORDER BY at, id`, callID)
}

// Outcomes gives the outcomes of a call, oldest first.
func (s *Store) Outcomes(ctx context.Context, callID string) ([]decide.Outcome, error) {
	return many[decide.Outcome](ctx, s.reads, "outcomes of call "+callID,
		`SELECT doc FROM outcome WHERE call = ? ORDER BY at, id`, callID)
}

// OutcomesOf gives what became of the suggestions to a person since a moment,
// oldest first, the latest 500 at most.
func (s *Store) OutcomesOf(ctx context.Context, subject string, since time.Time) ([]decide.Outcome, error) {
	return many[decide.Outcome](ctx, s.reads, "outcomes of customer "+subject,
		`SELECT doc FROM (SELECT doc, at, id FROM outcome WHERE subject = ? AND at >= ? ORDER BY at DESC, id DESC LIMIT 500)
		ORDER BY at, id`, subject, millis(since))
}

// OutcomeByKey gives the outcome that was stored under an idempotency key.
func (s *Store) OutcomeByKey(ctx context.Context, key string) (decide.Outcome, error) {
	if key == "" {
		return decide.Outcome{}, fmt.Errorf("outcome by key: %w", ErrNotFound)
	}
	return one[decide.Outcome](ctx, s.reads, "outcome by key",
		`SELECT doc FROM outcome WHERE key = ? AND key <> ''`, key)
}
