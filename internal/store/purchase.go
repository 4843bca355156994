package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Purchase is one thing that another system told of an order: that it was
// placed, that money of it was given back, or that it was called off.
type Purchase struct {
	Event    string    `json:"event"` // id of the event that tells it
	Customer string    `json:"-"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"` // placed, refunded or cancelled
	Order    string    `json:"order,omitempty"`
	Amount   float64   `json:"amount"` // in the currency's main unit, as it was sent
	Stated   bool      `json:"stated"` // whether an amount was sent
	Currency string    `json:"currency,omitempty"`
}

// SavePurchase keeps what was told of an order, sealed under the key of its
// person; telling it again changes nothing.
func (tx *Tx) SavePurchase(p Purchase) error {
	op := "purchase of event " + p.Event
	raw, err := tx.seal(op, p.Customer, p)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO purchase (event, customer, at, kind, mark, doc) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (event) DO UPDATE SET customer = excluded.customer, at = excluded.at, kind = excluded.kind, mark = excluded.mark, doc = excluded.doc`,
		p.Event, p.Customer, millis(p.At), p.Kind, tx.mark("order", p.Order), raw)
	return err
}

// movePurchase gives what an event told of an order to another person.
func (tx *Tx) movePurchase(op, event, to string) error {
	var rows []struct{ Doc []byte }
	if err := tx.list(op, &rows, `SELECT doc FROM purchase WHERE event = ?`, event); err != nil || len(rows) == 0 {
		return err
	}
	sealed, err := tx.reseal(op, to, placeOf(Purchase{}), rows[0].Doc)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `UPDATE purchase SET customer = ?, doc = ? WHERE event = ?`, to, sealed, event)
	return err
}

// Purchases gives all that was told of the orders of which something was told
// from one moment to another, which is not included, also before and after
// that, in order of time. What people bought who were erased is not among it.
func (s *Store) Purchases(ctx context.Context, from, to time.Time) ([]Purchase, error) {
	var rows []struct{ Customer, Doc string }
	err := s.reads.SelectContext(ctx, &rows, `SELECT customer, doc FROM purchase WHERE mark IS NULL AND at >= ?1 AND at < ?2
		UNION ALL SELECT customer, doc FROM purchase WHERE mark IN (SELECT mark FROM purchase WHERE at >= ?1 AND at < ?2 AND mark IS NOT NULL)`,
		millis(from), millis(to))
	if err != nil {
		return nil, fmt.Errorf("purchases: %w", classify(err))
	}
	out := make([]Purchase, 0, len(rows))
	for _, r := range rows {
		p := Purchase{Customer: r.Customer}
		switch err := decode(s.reads.vault, "purchase", r.Doc, &p); {
		case errors.Is(err, ErrErased):
		case err != nil:
			return nil, err
		default:
			out = append(out, p)
		}
	}
	return out, nil
}

// CallOriginsOf gives where the calls of people came from that began from one
// moment to another, which is not included.
func (s *Store) CallOriginsOf(ctx context.Context, people []string, from, to time.Time) ([]CameFrom, error) {
	const op = "origins of people's calls"
	list, err := json.Marshal(people)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	var rows []struct{ Doc, Call string }
	err = s.reads.SelectContext(ctx, &rows, `SELECT o.doc, c.doc AS call FROM call c JOIN call_origin o ON o.call = c.id
		WHERE c.customer IN (SELECT value FROM json_each(?)) AND c.started >= ? AND c.started < ? ORDER BY c.started, c.id`,
		string(list), millis(from), millis(to))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	out := make([]CameFrom, 0, len(rows))
	for _, r := range rows {
		var one CameFrom
		err := errors.Join(decode(s.reads.vault, op, r.Call, &one.Call), decode(s.reads.vault, op, r.Doc, &one.Origin))
		switch {
		case errors.Is(err, ErrErased):
		case err != nil:
			return nil, err
		default:
			out = append(out, one)
		}
	}
	return out, nil
}

// CallLabel is that a call has something: a theme, an intent of the customer or
// an outcome.
type CallLabel struct{ Call, Kind, Name string }

// CallLabels gives what the calls have that began from one moment to another,
// which is not included, each once: kind is theme, intent or outcome.
func (s *Store) CallLabels(ctx context.Context, from, to time.Time) ([]CallLabel, error) {
	labels := []CallLabel{}
	err := s.reads.SelectContext(ctx, &labels, `WITH c (id) AS MATERIALIZED (SELECT call FROM call_origin WHERE started >= ?1 AND started < ?2)
		SELECT DISTINCT m.call AS call, 'theme' AS kind, m.theme AS name FROM c CROSS JOIN turn t ON t.call = c.id CROSS JOIN theme_turn m ON m.turn = t.n
		UNION ALL SELECT DISTINCT i.call, 'intent', i.name FROM c CROSS JOIN insight i ON i.call = c.id WHERE i.kind = 'intent' AND i.speaker = 'customer'
		UNION ALL SELECT DISTINCT o.call, 'outcome', o.outcome FROM c CROSS JOIN outcome o ON o.call = c.id`,
		millis(from), millis(to))
	if err != nil {
		return nil, fmt.Errorf("what calls have: %w", classify(err))
	}
	return labels, nil
}
