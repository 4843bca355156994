package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/event"
)

// Recipient is a system that is told of changes of consent.
type Recipient struct {
	Name     string            // unique, also the name of its key
	Key      string            // id of the API key by which it asks
	Purposes []consent.Purpose // none means all
	Channels []string          // none means all
	Since    time.Time
	Asked    time.Time // when it last asked; zero: never
}

// Telling is one row on its way to one recipient.
type Telling struct {
	N         int64 // the row's place in the table of all rows
	Row       string
	Customer  string
	Recipient string
	Closes    bool
	Due       time.Time // since when it is to be told
	Told      time.Time // zero: not yet
	Confirmed time.Time // zero: not yet
	Seen      string    // the state that it said it sees
}

// serves is the condition that a recipient serves a cell; its arguments are
// the purpose and the channel, this twice.
const serves = `(purposes = '' OR instr(' ' || purposes || ' ', ' ' || ? || ' ') > 0)
	AND (channels = '' OR ? = '' OR instr(' ' || channels || ' ', ' ' || ? || ' ') > 0)`

// announce puts a new row on its way to whoever is to be told.
func (tx *Tx) announce(r consent.Row, n int64) error {
	if r.Provisional && !closing(r.State) {
		return nil // it changes nothing
	}
	_, err := tx.exec("announce consent "+r.ID, `INSERT INTO consent_told (recipient, n, id, person, closes, due)
		SELECT name, ?, ?, ?, ?, ? FROM recipient WHERE `+serves,
		n, r.ID, r.CustomerID, closing(r.State), millis(r.RecordedAt), string(r.Purpose), r.Channel, r.Channel)
	return err
}

func closing(s consent.State) bool { return s == consent.Denied || s == consent.Withdrawn }

// AddRecipient registers a system and puts all rows so far that concern it on
// their way. A name in use is [ErrDuplicate].
func (tx *Tx) AddRecipient(r Recipient) error {
	op := "add recipient " + r.Name
	purposes := make([]string, len(r.Purposes))
	for i, p := range r.Purposes {
		purposes[i] = string(p)
	}
	_, err := tx.exec(op, `INSERT INTO recipient (name, key, purposes, channels, since) VALUES (?, ?, ?, ?, ?)`,
		r.Name, r.Key, strings.Join(purposes, " "), strings.Join(r.Channels, " "), millis(r.Since))
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO consent_told (recipient, n, id, person, closes, due)
		SELECT r.name, c.n, c.id, c.customer, c.state IN ('denied', 'withdrawn'), r.since FROM recipient r JOIN consent c
		WHERE r.name = ? AND (r.purposes = '' OR instr(' ' || r.purposes || ' ', ' ' || c.purpose || ' ') > 0)
		AND (r.channels = '' OR c.channel = '' OR instr(' ' || r.channels || ' ', ' ' || c.channel || ' ') > 0)`, r.Name)
	return err
}

// DropRecipient forgets a system, its key and what it was told; nothing waits
// for it from at on. One that is not there is [ErrNotFound].
func (tx *Tx) DropRecipient(name string, at time.Time, by event.By) error {
	op := "drop recipient " + name
	var key string
	if err := tx.get(op, &key, `SELECT key FROM recipient WHERE name = ?`, name); err != nil {
		return err
	}
	if _, err := tx.exec(op, `UPDATE consent_told SET confirmed = ? WHERE recipient = ? AND confirmed IS NULL`, millis(at), name); err != nil {
		return err
	}
	if _, err := tx.exec(op, `DELETE FROM consent_told WHERE recipient = ?`, name); err != nil {
		return err
	}
	if _, err := tx.exec(op, `DELETE FROM recipient WHERE name = ?`, name); err != nil {
		return err
	}
	if err := tx.dropKey(key, by); !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil // it was revoked, and long enough ago
}

// Recipients gives all registered systems by name.
func (s *Store) Recipients(ctx context.Context) ([]Recipient, error) {
	var rows []struct {
		Name, Key, Purposes, Channels string
		Since, Asked                  int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT name, key, purposes, channels, since, asked FROM recipient ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("recipients: %w", classify(err))
	}
	out := make([]Recipient, len(rows))
	for i, r := range rows {
		out[i] = Recipient{Name: r.Name, Key: r.Key, Channels: strings.Fields(r.Channels), Since: fromMillis(r.Since)}
		for p := range strings.FieldsSeq(r.Purposes) {
			out[i].Purposes = append(out[i].Purposes, consent.Purpose(p))
		}
		if r.Asked > 0 {
			out[i].Asked = fromMillis(r.Asked)
		}
	}
	return out, nil
}

// tellings reads rows on their way by a condition.
func (s *Store) tellings(ctx context.Context, op, where string, args ...any) ([]Telling, error) {
	var rows []struct {
		N                           int64
		ID, Person, Recipient, Seen string
		Closes                      bool
		Due, Told, Confirmed        int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT n, id, person, recipient, seen, closes, due,
		COALESCE(told, 0) AS told, COALESCE(confirmed, 0) AS confirmed FROM consent_told WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, classify(err))
	}
	out := make([]Telling, len(rows))
	for i, r := range rows {
		out[i] = Telling{N: r.N, Row: r.ID, Customer: r.Person, Recipient: r.Recipient, Seen: r.Seen, Closes: r.Closes, Due: fromMillis(r.Due)}
		if r.Told > 0 {
			out[i].Told = fromMillis(r.Told)
		}
		if r.Confirmed > 0 {
			out[i].Confirmed = fromMillis(r.Confirmed)
		}
	}
	return out, nil
}

// Unconfirmed gives what a recipient has not confirmed, of the rows that close
// or of the others, after a place in the table of all rows, oldest first. What
// it was never told is given wherever it is.
func (s *Store) Unconfirmed(ctx context.Context, recipient string, closes bool, after int64, limit int) ([]Telling, error) {
	return s.tellings(ctx, "unconfirmed by "+recipient,
		`recipient = ? AND closes = ? AND (n > ? OR told IS NULL) AND confirmed IS NULL ORDER BY n LIMIT ?`,
		recipient, closes, after, clampLimit(limit))
}

// TellingsOf gives what became of a person's rows at each recipient.
func (s *Store) TellingsOf(ctx context.Context, customerID string) ([]Telling, error) {
	return s.tellings(ctx, "told of "+customerID, `person = ? ORDER BY n, recipient`, customerID)
}

// Unsettled gives the ids of a person's rows that some recipient has not
// confirmed, oldest first.
func (s *Store) Unsettled(ctx context.Context, customerID string) ([]string, error) {
	var ids []string
	err := s.reads.SelectContext(ctx, &ids,
		`SELECT id FROM consent_told WHERE person = ? AND confirmed IS NULL GROUP BY id ORDER BY min(n)`, customerID)
	if err != nil {
		return nil, fmt.Errorf("unsettled rows of %s: %w", customerID, classify(err))
	}
	return ids, nil
}

// Wait is a time for which a row of a ledger was not confirmed by some system.
type Wait struct {
	Row   string
	Since time.Time
	Until time.Time // zero: it waits still
}

// Waits gives the times for which a person's rows waited for confirmations, the
// earliest first: those whose times cover a moment were unsettled then.
func (s *Store) Waits(ctx context.Context, customerID string) ([]Wait, error) {
	var rows []struct {
		ID           string
		Since, Until int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT id, due AS since, COALESCE(confirmed, 0) AS until FROM consent_told WHERE person = ?1
		UNION SELECT id, since, until FROM consent_waited WHERE customer = ?1 ORDER BY since, id, until`, customerID)
	if err != nil {
		return nil, fmt.Errorf("waits of %s: %w", customerID, classify(err))
	}
	out := make([]Wait, len(rows))
	for i, r := range rows {
		out[i] = Wait{Row: r.ID, Since: fromMillis(r.Since)}
		if r.Until > 0 {
			out[i].Until = fromMillis(r.Until)
		}
	}
	return out, nil
}

// Telling gives what a recipient was told of one row, or [ErrNotFound].
func (s *Store) Telling(ctx context.Context, recipient, row string) (Telling, error) {
	found, err := s.tellings(ctx, "told "+recipient, `id = ? AND recipient = ?`, row, recipient)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("row %s for %s: %w", row, recipient, ErrNotFound)
	}
	if err != nil {
		return Telling{}, err
	}
	return found[0], nil
}

// Told remembers that a recipient asked, and which rows it was given. The
// first time counts.
func (tx *Tx) Told(recipient string, rows []Telling, at time.Time) error {
	op := "told " + recipient
	if _, err := tx.exec(op, `UPDATE recipient SET asked = ? WHERE name = ?`, millis(at), recipient); err != nil {
		return err
	}
	for _, t := range rows {
		_, err := tx.exec(op, `UPDATE consent_told SET told = ? WHERE recipient = ? AND n = ? AND told IS NULL`, millis(at), recipient, t.N)
		if err != nil {
			return err
		}
	}
	return nil
}

// ConfirmTold remembers the state that a recipient sees for a row that it was
// told of, and whether that is right. What it had confirmed and now sees
// otherwise is due anew. A row that it was not told of is [ErrNotFound].
func (tx *Tx) ConfirmTold(recipient, row, seen string, right bool, at time.Time) error {
	op := "confirm " + row + " by " + recipient
	var confirmed any
	if right {
		confirmed = millis(at)
	}
	res, err := tx.exec(op, `UPDATE consent_told SET seen = ?1, confirmed = ?2,
		due = CASE WHEN ?2 IS NULL AND confirmed IS NOT NULL THEN ?3 ELSE due END WHERE recipient = ?4 AND id = ?5 AND told IS NOT NULL`,
		seen, confirmed, millis(at), recipient, row)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	return nil
}

// AnnounceErased puts the last that each recipient was to know of a person on
// its way again, as the word that the person was erased, and settles the rest.
func (tx *Tx) AnnounceErased(customerID string, at time.Time) error {
	op := "announce that " + customerID + " was erased"
	const last = `(SELECT MAX(t.n) FROM consent_told t WHERE t.recipient = consent_told.recipient AND t.person = consent_told.person)`
	_, err := tx.exec(op, `UPDATE consent_told SET confirmed = ? WHERE person = ? AND confirmed IS NULL AND n <> `+last,
		millis(at), customerID)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `UPDATE consent_told SET told = NULL, confirmed = NULL, seen = '', closes = 1, due = ? WHERE person = ? AND n = `+last,
		millis(at), customerID)
	return err
}

// AnnounceAgain puts all that recipients were to know of a person on its way
// again, because another answer holds without a new row.
func (tx *Tx) AnnounceAgain(customerID string, at time.Time) error {
	_, err := tx.exec("announce "+customerID+" again",
		`UPDATE consent_told SET told = NULL, confirmed = NULL, seen = '', due = ? WHERE person = ?`, millis(at), customerID)
	return err
}

// Backlog is how far a recipient is behind.
type Backlog struct {
	Recipient string    `db:"recipient"`
	Waiting   int       `db:"waiting"`  // rows that it has not confirmed
	Late      int       `db:"late"`     // of those that close, older than the first bound
	Overdue   int       `db:"overdue"`  // and older than the second
	Mismatch  int       `db:"mismatch"` // it says that it sees something else
	Oldest    time.Time `db:"-"`        // since when the oldest that closes waits; zero: none
}

// Backlogs tells how far each recipient is behind. Rows that close are late
// when they were due before the first moment, overdue before the second.
func (s *Store) Backlogs(ctx context.Context, late, overdue time.Time) ([]Backlog, error) {
	var rows []struct {
		Backlog

		Since int64 `db:"since"`
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT recipient, COUNT(*) AS waiting,
		SUM(closes AND due < ?) AS late, SUM(closes AND due < ?) AS overdue, SUM(seen <> '') AS mismatch,
		COALESCE(MIN(CASE WHEN closes THEN due END), 0) AS since
		FROM consent_told WHERE confirmed IS NULL GROUP BY recipient ORDER BY recipient`, millis(late), millis(overdue))
	if err != nil {
		return nil, fmt.Errorf("backlogs: %w", classify(err))
	}
	out := make([]Backlog, len(rows))
	for i, r := range rows {
		out[i] = r.Backlog
		if r.Since > 0 {
			out[i].Oldest = fromMillis(r.Since)
		}
	}
	return out, nil
}
