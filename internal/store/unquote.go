package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"heed/internal/event"
	"heed/internal/vault"
)

// kin walks from the customer of a call to all who are or were one with them:
// what was decided for one of them may rest on what another one said.
const kin = `WITH RECURSIVE kin(id) AS (SELECT customer FROM call WHERE id = ? AND customer <> ''
	UNION SELECT iif(l.customer = kin.id, l.other, l.customer)
		FROM kin JOIN link l ON l.customer = kin.id OR l.other = kin.id)`

// quotes is a place where documents may quote a call: rows are those documents,
// by an id and for a call's id, and write puts one in the place of an old one.
type quotes struct {
	rows, write string
	place       func(id string) string
}

func placeOfDecision(string) string { return "decision" }

// quotings are all of them, but for profiles, which only who holds the lock of
// a person may write.
func quotings() []quotes {
	const write = `UPDATE event SET data = ? WHERE id = ?`
	return []quotes{
		{`SELECT id, data AS doc FROM event WHERE call = ? AND +type IN ('signal.raised', 'signal.revised')`, write, placeOfEvent},
		{kin + ` SELECT e.id, e.data AS doc FROM kin CROSS JOIN event e INDEXED BY event_subject ON e.subject = kin.id
			WHERE e.type IN ('signal.revised', 'profile.carried', 'profile.changed', 'decision.made')`, write, placeOfEvent},
		{kin + ` SELECT d.id, d.doc FROM kin CROSS JOIN decision d ON d.subject = kin.id`, `UPDATE decision SET doc = ? WHERE id = ?`, placeOfDecision},
	}
}

// unquote takes the words of a call out of what quotes them elsewhere: later
// decisions, what was told of profiles, new readings, themes. That something
// was said there stays, and what was concluded from it.
func (tx *Tx) unquote(op, callID string) error {
	for _, q := range quotings() {
		if err := tx.unquoteRows(op, callID, q); err != nil {
			return err
		}
	}
	for _, q := range []quotes{
		{`SELECT id, data AS doc FROM event WHERE type = 'theme.emerged' AND instr(data, ?) > 0`, `UPDATE event SET data = ? WHERE id = ?`, nil},
		{`SELECT CAST(n AS TEXT) AS id, doc FROM theme_episode WHERE instr(doc, ?) > 0`, `UPDATE theme_episode SET doc = ? WHERE n = ?`, nil},
	} {
		if err := tx.dropQuotes(op, callID, q); err != nil {
			return err
		}
	}
	return nil
}

type quotingRow struct{ ID, Doc string }

func (tx *Tx) unquoteRows(op, callID string, q quotes) error {
	var rows []quotingRow
	if err := tx.list(op, &rows, q.rows, callID); err != nil {
		return err
	}
	for _, r := range rows {
		raw, err := open(tx.w.vault, op, q.place(r.ID), r.Doc)
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			return err
		}
		rest, had, err := unquoted(raw, callID)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", op, r.ID, err)
		}
		if !had {
			continue
		}
		doc := string(rest)
		if vault.Sealed(r.Doc) {
			if doc, err = tx.sealRaw(op, vault.Person(r.Doc), q.place(r.ID), rest); err != nil {
				return err
			}
		}
		if _, err := tx.exec(op, q.write, doc, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// dropQuotes takes what a call said out of what is told of themes, whose quotes
// are sealed one by one.
func (tx *Tx) dropQuotes(op, callID string, q quotes) error {
	var rows []quotingRow
	if err := tx.list(op, &rows, q.rows, callID); err != nil {
		return err
	}
	for _, r := range rows {
		var e event.Emergence
		if json.Unmarshal([]byte(r.Doc), &e) != nil {
			continue // it quotes nobody, see sealQuotes
		}
		e.Quotes = slices.DeleteFunc(e.Quotes, func(q event.ThemeQuote) bool { return q.CallID == callID })
		doc, err := plain(op, e)
		if err != nil {
			return err
		}
		if _, err := tx.exec(op, q.write, doc, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// unquoted gives a document without what it quotes of a call, and says whether
// there was anything.
func unquoted(raw []byte, callID string) (rest []byte, had bool, err error) {
	if !bytes.Contains(raw, []byte(callID)) {
		return raw, false, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // as it was written, to the last digit
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, false, fmt.Errorf("decode: %w", err)
	}
	if !dropQuote(doc, callID) {
		return raw, false, nil
	}
	rest, err = json.Marshal(doc)
	if err != nil {
		return nil, false, fmt.Errorf("encode: %w", err)
	}
	return rest, true, nil
}

// dropQuote takes the quotes of a call out of all that is inside a value.
func dropQuote(v any, callID string) (had bool) {
	switch v := v.(type) {
	case map[string]any:
		if _, quotes := v["quote"]; quotes && v["call_id"] == callID {
			delete(v, "quote")
			had = true
		}
		for _, inner := range v {
			had = dropQuote(inner, callID) || had
		}
	case []any:
		for _, inner := range v {
			had = dropQuote(inner, callID) || had
		}
	}
	return had
}
