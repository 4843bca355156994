package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"heed/internal/customer"
	"heed/internal/event"
)

// callErased is the state of a call whose customer was erased: what is left
// of it is that there was one.
const callErased event.CallStatus = "erased"

// Holdings is what is kept of a person, by number. Nothing in it tells who.
type Holdings struct {
	Calls       int `json:"calls"`
	Utterances  int `json:"utterances"`
	Corrections int `json:"corrections"`
	Comments    int `json:"comments,omitempty"`
	Decisions   int `json:"decisions"`
	Outcomes    int `json:"outcomes"`
	ConsentRows int `json:"consent_rows"`
	Identifiers int `json:"identifiers"`
	Events      int `json:"events"`
	// LiveCalls are among the calls.
	LiveCalls    int `json:"-"`
	ProfileFound int `json:"-"`
}

// Holdings counts what is kept of people.
func (s *Store) Holdings(ctx context.Context, people []string) (Holdings, error) {
	var h Holdings
	list, err := json.Marshal(people)
	if err != nil {
		return h, fmt.Errorf("holdings: %w", err)
	}
	err = s.reads.GetContext(ctx, &h, `WITH who (id) AS (SELECT value FROM json_each(?1)),
			mine (id) AS (SELECT c.id FROM call c JOIN who ON c.customer = who.id)
		SELECT (SELECT count(*) FROM mine) AS calls,
			(SELECT count(*) FROM call c JOIN mine USING (id) WHERE c.status IN ('live', 'hearing')) AS livecalls,
			(SELECT count(*) FROM utterance u JOIN mine ON u.call = mine.id) AS utterances,
			(SELECT count(*) FROM correction x JOIN mine ON x.call = mine.id) AS corrections,
			(SELECT count(*) FROM comment x JOIN mine ON x.call = mine.id) AS comments,
			(SELECT count(*) FROM decision d JOIN who ON d.subject = who.id) AS decisions,
			(SELECT count(*) FROM outcome o JOIN who ON o.subject = who.id) AS outcomes,
			(SELECT count(*) FROM consent r JOIN who ON r.customer = who.id) AS consentrows,
			(SELECT count(*) FROM identifier i JOIN who ON i.customer = who.id) AS identifiers,
			(SELECT count(*) FROM event e JOIN mine ON e.call = mine.id)
				+ (SELECT count(*) FROM event e JOIN who ON e.subject = who.id WHERE e.call = '') AS events,
			(SELECT count(*) FROM customer c JOIN who USING (id)) AS profilefound`, string(list))
	if err != nil {
		return h, fmt.Errorf("holdings: %w", classify(err))
	}
	return h, nil
}

// OwnedCalls gives the ids of all calls of people, live ones too.
func (s *Store) OwnedCalls(ctx context.Context, people []string) ([]string, error) {
	return s.ids(ctx, "calls of people", `SELECT id FROM call WHERE customer IN (SELECT value FROM json_each(?)) ORDER BY id`, people)
}

// SaidOn gives the ids of the utterances of calls.
func (s *Store) SaidOn(ctx context.Context, calls []string) ([]string, error) {
	return s.ids(ctx, "utterances of calls", `SELECT id FROM utterance WHERE call IN (SELECT value FROM json_each(?)) ORDER BY id`, calls)
}

func (s *Store) ids(ctx context.Context, op, query string, of []string) ([]string, error) {
	list, err := json.Marshal(of)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	found := []string{}
	if err := s.reads.SelectContext(ctx, &found, query, string(list)); err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	return found, nil
}

// Identifiers gives what people are known by.
func (s *Store) Identifiers(ctx context.Context, people []string) ([]customer.Identifier, error) {
	list, err := json.Marshal(people)
	if err != nil {
		return nil, fmt.Errorf("identifiers: %w", err)
	}
	var rows []struct{ Type, Value string }
	err = s.reads.SelectContext(ctx, &rows, `SELECT type, value FROM identifier WHERE customer IN (SELECT value FROM json_each(?))`, string(list))
	if err != nil {
		return nil, fmt.Errorf("identifiers: %w", classify(err))
	}
	out := make([]customer.Identifier, len(rows))
	for i, r := range rows {
		out[i] = customer.Identifier{Type: r.Type, Value: r.Value}
	}
	return out, nil
}

// EraseCall deletes what is kept of a call but that there was one. Counters
// stay: nobody is in them. Destroy the key first.
func (tx *Tx) EraseCall(callID string) error {
	op := "erase call " + callID
	if err := tx.dropWords(op, callID); err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM outcome WHERE call = ?`,
		`UPDATE event SET data = 'null' WHERE call = '' AND subject IN (SELECT id FROM call_detail WHERE call = ?)`, // from before it was theirs
		`DELETE FROM call_detail WHERE call = ?`,
		`DELETE FROM call_tally WHERE call = ?`,
		`DELETE FROM call_origin WHERE call = ?`,
		`DELETE FROM call_line WHERE call = ?`,
		`DELETE FROM legal_hold WHERE call = ?`, // an erasure goes on, whatever is held
	} {
		if _, err := tx.exec(op, query, callID); err != nil {
			return err
		}
	}
	_, err := tx.exec(op, `UPDATE call SET status = ?, platform_call = '' WHERE id = ?`, string(callErased), callID)
	return err
}

// ErasePerson deletes what is kept of a person outside calls: every row of
// every table that says whose it is. Decisions stay as sealed rows, so that
// who asks for one hears that it was erased.
func (tx *Tx) ErasePerson(id string) error {
	op := "erase person " + id
	if _, err := tx.exec(op, `DELETE FROM link WHERE other = ?`, id); err != nil {
		return err
	}
	if _, err := tx.exec(op, `DELETE FROM outcome WHERE subject = ?`, id); err != nil {
		return err
	}
	if err := tx.eraseTold(op, id); err != nil {
		return err
	}
	var owned []string
	// The younger tables refer to the older ones.
	err := tx.list(op, &owned, `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name = 'customer' AND m.name NOT IN ('call', 'customer') ORDER BY m.rowid DESC`)
	if err != nil {
		return err
	}
	for _, table := range owned {
		if _, err := tx.exec(op, `DELETE FROM "`+strings.ReplaceAll(table, `"`, `""`)+`" WHERE customer = ?`, id); err != nil {
			return err
		}
	}
	_, err = tx.exec(op, `DELETE FROM customer WHERE id = ?`, id)
	return err
}

// eraseTold deletes what was told of calls that nobody heard, from the numbers
// that a person has.
func (tx *Tx) eraseTold(op, id string) error {
	var numbers []string
	if err := tx.list(op, &numbers, `SELECT value FROM identifier WHERE customer = ? AND type = ?`, id, customer.Phone); err != nil {
		return err
	}
	for _, n := range numbers {
		for _, query := range []string{
			`UPDATE event SET data = 'null' WHERE call = '' AND subject IN (SELECT id FROM call_detail WHERE caller = ? AND call = '')`,
			`DELETE FROM call_detail WHERE caller = ? AND call = ''`,
		} {
			if _, err := tx.exec(op, query, tx.mark("phone", n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ForgetReplies deletes the remembered answers that name one of the ids.
func (s *Store) ForgetReplies(ctx context.Context, ids []string) error {
	const op = "forget answers"
	var rows []struct {
		Key      string
		Response []byte
	}
	if err := s.reads.SelectContext(ctx, &rows, `SELECT key, response FROM idempotency`); err != nil {
		return fmt.Errorf("%s: %w", op, classify(err))
	}
	return s.Write(ctx, func(tx *Tx) error {
		for _, r := range rows {
			body, err := open(tx.w.vault, op, placeOfReply(r.Key), r.Response)
			if err == nil && !names(string(body), ids) {
				continue
			}
			if _, err := tx.exec(op, `DELETE FROM idempotency WHERE key = ?`, r.Key); err != nil {
				return err
			}
		}
		return nil
	})
}

func names(text string, ids []string) bool {
	for _, id := range ids {
		if strings.Contains(text, id) {
			return true
		}
	}
	return false
}

// Settle leaves no byte of what was deleted in the files of the store: pages
// are overwritten, and the write-ahead log is moved into them and emptied.
func (s *Store) Settle(ctx context.Context) error {
	if err := s.rewriteSearched(ctx); err != nil {
		return err
	}
	db, err := s.folder.connect("rw", 1)
	if err != nil {
		return err
	}
	return errors.Join(truncateWAL(ctx, db), db.Close())
}

// rewriteSearched writes the columns that are kept in plain text to be
// searched anew: SQLite overwrites what is deleted, but not the copies that it
// leaves behind when it moves rows from page to page.
func (s *Store) rewriteSearched(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		for _, table := range []string{"identifier", "customer_name"} {
			for _, query := range []string{
				`CREATE TEMP TABLE kept AS SELECT * FROM main.` + table,
				`DELETE FROM main.` + table,
				`INSERT INTO main.` + table + ` SELECT * FROM temp.kept`,
				`DROP TABLE temp.kept`,
			} {
				if _, err := tx.exec("rewrite "+table, query); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
