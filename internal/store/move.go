package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
)

// MoveCall makes a call and all that was said on it the person's that it names
// now, under whose key it is sealed anew; from was thought to be the caller
// before. events are those of that person's history that came from the call.
//
// What the first person's screen showed is not the other's to see: those
// events keep their place with null for their data, and decisions stay without
// what they tell (see [decide.Forgotten]).
func (tx *Tx) MoveCall(c event.Call, from string, events []string) error {
	callID, to := c.ID, c.CustomerID
	op := "move call " + callID
	if err := tx.SaveCall(c); err != nil {
		return err
	}
	for _, table := range []struct{ name, key, doc, place string }{
		{"utterance", "id", "doc", "utterance"},
		{"insight", "n", "doc", "insight"},
		{"correction", "utterance", "doc", "correction"},
		{"comment", "id", "doc", "comment"},
		{"summary", "call", "doc", "summary"},
		{"proposal", "action", "doc", "proposal"},
		{"handling", "call", "doc", "handling"},
		{"call_detail", "id", "doc", "detail"},
		{"call_origin", "call", "doc", "origin"},
		{"turn", "utterance", "text", "turn/"},
	} {
		if err := tx.resealRows(op, callID, to, table.name, table.key, table.doc, table.place); err != nil {
			return err
		}
	}
	if err := tx.moveAnswers(op, callID, to); err != nil {
		return err
	}
	return tx.moveEvents(op, c, from, events)
}

// resealRows seals what a table holds of a call under another key.
func (tx *Tx) resealRows(op, callID, to, table, key, doc, place string) error {
	var rows []struct {
		Key string
		Doc []byte
	}
	//nolint:gosec // the names are written out above
	if err := tx.list(op, &rows, `SELECT CAST(`+key+` AS TEXT) AS key, `+doc+` AS doc FROM `+table+` WHERE call = ?`, callID); err != nil {
		return err
	}
	for _, r := range rows {
		at := place
		if strings.HasSuffix(at, "/") {
			at += r.Key // bound to the row by its name
		}
		sealed, err := tx.reseal(op, to, at, r.Doc)
		if err != nil {
			return err
		}
		//nolint:gosec // the names are written out above
		if _, err := tx.exec(op, `UPDATE `+table+` SET `+doc+` = ? WHERE CAST(`+key+` AS TEXT) = ? AND call = ?`, sealed, r.Key, callID); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) reseal(op, to, place string, stored []byte) (string, error) {
	raw, err := open(tx.w.vault, op, place, stored)
	if err != nil {
		return "", err
	}
	return tx.sealRaw(op, to, place, raw)
}

// moveAnswers gives the call's decisions and outcomes to the person.
func (tx *Tx) moveAnswers(op, callID, to string) error {
	decisions, err := docs[decide.Decision](tx, op, `SELECT doc FROM decision WHERE call = ?`, callID)
	if err != nil {
		return err
	}
	for _, d := range decisions {
		d = decide.Forgotten(d, decide.Misplaced)
		d.Subject = to
		if err := tx.replaceDecision(d); err != nil {
			return err
		}
	}
	outcomes, err := docs[decide.Outcome](tx, op, `SELECT doc FROM outcome WHERE call = ?`, callID)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		o.Subject = to
		raw, err := tx.sealAbout(op, to, callID, o)
		if err != nil {
			return err
		}
		if _, err := tx.exec(op, `UPDATE outcome SET subject = ?, doc = ? WHERE id = ?`, to, raw, o.ID); err != nil {
			return err
		}
	}
	return nil
}

// doc reads a row that is stored whole, within the transaction.
func doc[T any](tx *Tx, op, query string, args ...any) (v T, err error) {
	var raw []byte
	if err := tx.get(op, &raw, query, args...); err != nil {
		return v, err
	}
	return v, decode(tx.w.vault, op, raw, &v)
}

// docs reads what is stored whole, within the transaction.
func docs[T any](tx *Tx, op, query string, args ...any) ([]T, error) {
	var raws [][]byte
	if err := tx.list(op, &raws, query, args...); err != nil {
		return nil, err
	}
	out := make([]T, len(raws))
	for i, raw := range raws {
		if err := decode(tx.w.vault, op, raw, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// moveEvents gives the call's events to the person, and those of the first
// person's history that came from it.
func (tx *Tx) moveEvents(op string, c event.Call, from string, also []string) error {
	ids, err := json.Marshal(also)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	var rows []eventRow
	err = tx.list(op, &rows, eventColumns+` WHERE (call = ?1 AND type <> ?2) OR id IN (SELECT value FROM json_each(?3))`,
		c.ID, string(event.ConsentChanged), string(ids))
	if err != nil {
		return err
	}
	for _, r := range rows {
		data, err := open(tx.w.vault, op, placeOfEvent(r.ID), r.Data)
		if err != nil {
			return err
		}
		if data, err = moved(event.Type(r.Type), data, c, from); err != nil {
			return fmt.Errorf("%s: event %s: %w", op, r.ID, err)
		}
		stored := "null"
		if data != nil {
			if stored, err = tx.sealRaw(op, c.CustomerID, placeOfEvent(r.ID), data); err != nil {
				return err
			}
		}
		_, err = tx.exec(op, `UPDATE event SET data = ?, subject = CASE subject WHEN ? THEN ? ELSE subject END WHERE id = ?`, stored, from, c.CustomerID, r.ID)
		if err == nil && event.Type(r.Type) == event.FactObserved {
			err = tx.movePurchase(op, r.ID, c.CustomerID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// moved gives what an event of a call tells once the call is another person's;
// nil for nothing.
func moved(t event.Type, data []byte, c event.Call, from string) ([]byte, error) {
	switch t { //nolint:exhaustive // all others tell only of the call
	case event.ProfileChanged, event.DecisionMade:
		return nil, nil
	case event.CallStarted, event.CallChanged, event.CallEnded:
		var was event.Call
		if err := json.Unmarshal(data, &was); err != nil || was.ID == "" {
			return nil, err
		}
		was.CustomerID, was.CustomerName = c.CustomerID, c.CustomerName
		return json.Marshal(was)
	case event.FactObserved:
		var was customer.Fact
		if err := json.Unmarshal(data, &was); err != nil || was.Name == "" {
			return nil, err
		}
		was.Via = nil // the number is not theirs
		return json.Marshal(was)
	}
	if string(data) == "null" {
		return nil, nil
	}
	return bytes.ReplaceAll(data, []byte(`"`+from+`"`), []byte(`"`+c.CustomerID+`"`)), nil
}

// Unshare takes back that several people use an identifier.
func (tx *Tx) Unshare(typ, value string) error {
	_, err := tx.exec("unshare a "+typ, `UPDATE identifier SET shared = 0 WHERE type = ? AND value = ?`, typ, value)
	return err
}

// Called remembers that somebody called from a number that several people use.
func (tx *Tx) Called(number, customerID string, at time.Time) error {
	_, err := tx.exec("remember a caller", `INSERT INTO caller (number, customer, at) VALUES (?, ?, ?)
		ON CONFLICT (number, customer) DO UPDATE SET at = max(at, excluded.at)`, sum(number), customerID, millis(at))
	return err
}

// Callers gives who has called from a number that several people use, the
// latest first, at most 20.
func (s *Store) Callers(ctx context.Context, number string) ([]string, error) {
	var ids []string
	err := s.reads.SelectContext(ctx, &ids, `SELECT customer FROM caller WHERE number = ? ORDER BY at DESC, customer LIMIT 20`, sum(number))
	if err != nil {
		return nil, fmt.Errorf("callers: %w", classify(err))
	}
	return ids, nil
}
