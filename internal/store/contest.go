package store

import (
	"context"
	"fmt"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
)

// Contest is a person's word against a decision about them, and the answer
// that somebody gave.
type Contest struct {
	DecisionID string    `json:"decision_id"`
	CustomerID string    `json:"customer_id"`
	At         time.Time `json:"at"`
	Words      string    `json:"words"`
	// Answer is empty and AnsweredAt zero until a person has looked at it.
	Answer     string    `json:"answer,omitempty"`
	AnsweredBy string    `json:"answered_by,omitempty"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
}

// SaveContest stores a contest, new or changed.
func (tx *Tx) SaveContest(c Contest) error {
	op := "save contest of decision " + c.DecisionID
	raw, err := tx.seal(op, c.CustomerID, c)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO contest (decision, customer, at, answered, doc) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (decision) DO UPDATE SET answered = excluded.answered, doc = excluded.doc`,
		c.DecisionID, c.CustomerID, millis(c.At), !c.AnsweredAt.IsZero(), raw)
	return err
}

// Contest gives what was said against a decision.
func (s *Store) Contest(ctx context.Context, decisionID string) (Contest, error) {
	return one[Contest](ctx, s.reads, "contest of decision "+decisionID, `SELECT doc FROM contest WHERE decision = ?`, decisionID)
}

// OpenContests gives those that nobody has answered, oldest first, 500 at most.
func (s *Store) OpenContests(ctx context.Context) ([]Contest, error) {
	return many[Contest](ctx, s.reads, "open contests",
		`SELECT doc FROM contest WHERE answered = 0 ORDER BY at, decision LIMIT 500`)
}

// ContestsOf gives what people said against decisions, oldest first.
func (s *Store) ContestsOf(ctx context.Context, people []string) ([]Contest, error) {
	list, err := plain("contests of people", people)
	if err != nil {
		return nil, err
	}
	return many[Contest](ctx, s.reads, "contests of people",
		`SELECT doc FROM contest WHERE customer IN (SELECT value FROM json_each(?)) ORDER BY at, decision`, list)
}

// DecisionsOf gives a page of the decisions about people, newest first, and
// the mark of the next page. Limit is 1..500, 0 means 100.
func (s *Store) DecisionsOf(ctx context.Context, people []string, after string, limit int) (found []decide.Decision, next string, err error) {
	const op = "decisions of people"
	m, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", op, err)
	}
	list, err := plain(op, people)
	if err != nil {
		return nil, "", err
	}
	limit = clampLimit(limit)
	found, err = many[decide.Decision](ctx, s.reads, op,
		`SELECT doc FROM decision WHERE subject IN (SELECT value FROM json_each(?)) AND (at, id) < (?, ?)
		ORDER BY at DESC, id DESC LIMIT ?`, list, m.at, m.id, limit+1)
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

// EventsOf gives the events about a person after one of them, the zero one for
// the first, in the order in which they happened. Limit is 1..500, 0 means 100.
func (s *Store) EventsOf(ctx context.Context, subject string, after event.Event, limit int) ([]event.Event, error) {
	from := int64(-1 << 62)
	if after.ID != "" {
		from = millis(after.Time)
	}
	return s.eventsWhere(ctx, "events of "+subject, eventColumns+` WHERE subject = ? AND (time, id) > (?, ?) ORDER BY time, id LIMIT ?`,
		subject, from, after.ID, clampLimit(limit))
}
