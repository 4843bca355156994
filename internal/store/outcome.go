package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"heed/internal/decide"
)

// Awaited is a suggestion that was shown and not answered.
type Awaited struct {
	Decision, Action, Customer, Channel string
	Due                                 time.Time // until then an answer is waited for
}

// Await waits for the answer to a suggestion; one that is waited for already
// stays as it is.
func (tx *Tx) Await(a Awaited) error {
	_, err := tx.exec("await an answer", `INSERT INTO awaited (decision, action, customer, channel, due) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (decision, action) DO NOTHING`, a.Decision, a.Action, a.Customer, a.Channel, millis(a.Due))
	return err
}

// Postpone waits longer for an answer.
func (tx *Tx) Postpone(a Awaited) error {
	_, err := tx.exec("postpone an answer", `UPDATE awaited SET due = ? WHERE decision = ? AND action = ?`, millis(a.Due), a.Decision, a.Action)
	return err
}

// Answered waits no more for an answer.
func (tx *Tx) Answered(decision, action string) error {
	_, err := tx.exec("an answer has come", `DELETE FROM awaited WHERE decision = ? AND action = ?`, decision, action)
	return err
}

// Overdue gives what has not been answered in time, the longest overdue first.
func (s *Store) Overdue(ctx context.Context, now time.Time, limit int) ([]Awaited, error) {
	var rows []struct {
		Decision, Action, Customer, Channel string
		Due                                 int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT decision, action, customer, channel, due FROM awaited WHERE due <= ? ORDER BY due LIMIT ?`, millis(now), limit)
	if err != nil {
		return nil, fmt.Errorf("overdue answers: %w", classify(err))
	}
	out := make([]Awaited, len(rows))
	for i, r := range rows {
		out[i] = Awaited{r.Decision, r.Action, r.Customer, r.Channel, fromMillis(r.Due)}
	}
	return out, nil
}

// HasAnswer says whether a suggestion was answered by an act of somebody.
func (s *Store) HasAnswer(ctx context.Context, decision, action string) (bool, error) {
	var words []string
	err := s.reads.SelectContext(ctx, &words, `SELECT outcome FROM outcome WHERE decision = ? AND action = ?`, decision, action)
	if err != nil {
		return false, fmt.Errorf("answers to %s: %w", decision, classify(err))
	}
	return slices.ContainsFunc(words, decide.Answered), nil
}

// Unanswered counts the suggestions whose answer is waited for, and the
// outcomes that wait for their decision.
func (s *Store) Unanswered(ctx context.Context) (awaited, parked int, err error) {
	var n struct{ Awaited, Parked int }
	err = s.reads.GetContext(ctx, &n, `SELECT (SELECT count(*) FROM awaited) AS awaited, (SELECT count(*) FROM parked_outcome) AS parked`)
	if err != nil {
		return 0, 0, fmt.Errorf("unanswered: %w", classify(err))
	}
	return n.Awaited, n.Parked, nil
}

func placeOfParked(key string) string { return "parked/" + key }

// Park keeps an outcome whose decision is not known. The same key again
// changes nothing.
func (tx *Tx) Park(o decide.Outcome, at time.Time) error {
	const op = "park an outcome"
	raw, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	sealed, err := tx.sealRaw(op, nobody, placeOfParked(o.Key), raw)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO parked_outcome (key, decision, at, doc) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
		o.Key, o.DecisionID, millis(at), sealed)
	return err
}

// Unpark lets go of a parked outcome.
func (tx *Tx) Unpark(key string) error {
	_, err := tx.exec("unpark an outcome", `DELETE FROM parked_outcome WHERE key = ?`, key)
	return err
}

// Parked is an outcome that waits for its decision.
type Parked struct {
	decide.Outcome
	Since time.Time
	Known bool // the decision has come
}

// Parked gives the outcomes that wait for their decision, those whose has come
// and the oldest first.
func (s *Store) Parked(ctx context.Context, limit int) ([]Parked, error) {
	var rows []struct {
		Key   string
		At    int64
		Known bool
		Doc   []byte
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT p.key, p.at, p.doc, EXISTS (SELECT 1 FROM decision d WHERE d.id = p.decision) AS known
		FROM parked_outcome p ORDER BY known DESC, p.at LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("parked outcomes: %w", classify(err))
	}
	out := make([]Parked, len(rows))
	for i, r := range rows {
		raw, err := open(s.reads.vault, "parked outcome", placeOfParked(r.Key), r.Doc)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &out[i].Outcome); err != nil {
			return nil, fmt.Errorf("parked outcome: %w", err)
		}
		out[i].Since, out[i].Known = fromMillis(r.At), r.Known
	}
	return out, nil
}
