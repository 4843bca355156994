package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
)

// component walks the links from one person to all who are one with them.
const component = `WITH RECURSIVE one(id) AS (VALUES (?)
	UNION SELECT iif(l.customer = one.id, l.other, l.customer)
		FROM one JOIN link l ON l.active = 1 AND (l.customer = one.id OR l.other = one.id))`

// Members gives the people who are one with a person, the person included, the
// oldest first: its id is that of all of them together. Somebody who is not
// stored is alone.
func (s *Store) Members(ctx context.Context, id string) ([]string, error) {
	if !s.linked.has(id) {
		return []string{id}, nil
	}
	var out []string
	err := s.reads.SelectContext(ctx, &out, component+`
		SELECT c.id FROM one JOIN customer c ON c.id = one.id ORDER BY c.created, c.id`, id)
	if err != nil {
		return nil, fmt.Errorf("members of %s: %w", id, classify(err))
	}
	if len(out) == 0 {
		out = append(out, id)
	}
	return out, nil
}

// linked are the people who were ever joined to others while the store is
// open, or are when it opens: for all else, who are most, nobody need be asked.
type linked struct {
	mu  sync.RWMutex
	ids map[string]bool
}

func (l *linked) has(id string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.ids[id]
}

func (l *linked) add(ids ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ids == nil {
		l.ids = make(map[string]bool)
	}
	for _, id := range ids {
		l.ids[id] = true
	}
}

// loadLinked finds who is joined to others when the store opens.
func (s *Store) loadLinked(ctx context.Context) error {
	var ids []string
	const query = `SELECT customer FROM link WHERE active = 1 UNION SELECT other FROM link WHERE active = 1`
	if err := s.reads.SelectContext(ctx, &ids, query); err != nil {
		return fmt.Errorf("read who are one: %w", classify(err))
	}
	s.linked.add(ids...)
	return nil
}

// Merges gives every link of some people, those that ended as well, oldest first.
func (s *Store) Merges(ctx context.Context, people []string) ([]customer.Merge, error) {
	if len(people) == 0 {
		return []customer.Merge{}, nil
	}
	marks, args := anyOf(people)
	return many[customer.Merge](ctx, s.reads, "links", `SELECT doc FROM link
		WHERE customer IN (`+marks+`) OR other IN (`+marks+`) ORDER BY at, id`, append(args, args...)...)
}

// Merge gives a link by id.
func (s *Store) Merge(ctx context.Context, id string) (customer.Merge, error) {
	return one[customer.Merge](ctx, s.reads, "link "+id, `SELECT doc FROM link WHERE id = ?`, id)
}

// SaveMerge stores a link, new or ended. People who are not stored are [ErrNotFound].
func (tx *Tx) SaveMerge(l customer.Merge) error {
	op := "save link " + l.ID
	raw, err := tx.seal(op, l.People[0], l)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO link (id, customer, other, active, at, doc) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET active = excluded.active, doc = excluded.doc`,
		l.ID, l.People[0], l.People[1], l.RemovedAt.IsZero(), millis(l.At), raw)
	if err == nil {
		tx.w.linked.add(l.People[0], l.People[1]) // too many do no harm, should the commit fail
	}
	return err
}

// Owner gives who has an identifier and whether it is shared, or [ErrNotFound].
func (s *Store) Owner(ctx context.Context, typ, value string) (id string, shared bool, err error) {
	var row struct {
		Customer string
		Shared   bool
	}
	err = s.reads.GetContext(ctx, &row, `SELECT customer, shared FROM identifier WHERE type = ? AND value = ?`, typ, value)
	if err != nil {
		return "", false, fmt.Errorf("owner of a %s: %w", typ, notFound(err))
	}
	return row.Customer, row.Shared, nil
}

// Shared gives which identifiers of some people more than one person uses, as
// their type and value.
func (s *Store) Shared(ctx context.Context, people []string) (map[[2]string]bool, error) {
	var rows []struct{ Type, Value string }
	marks, args := anyOf(people)
	err := s.reads.SelectContext(ctx, &rows, `SELECT type, value FROM identifier WHERE shared = 1 AND customer IN (`+marks+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("shared identifiers: %w", classify(err))
	}
	out := make(map[[2]string]bool, len(rows))
	for _, r := range rows {
		out[[2]string{r.Type, r.Value}] = true
	}
	return out, nil
}

// Share marks an identifier as one that more than one person uses.
func (tx *Tx) Share(typ, value string) error {
	_, err := tx.exec("share a "+typ, `UPDATE identifier SET shared = 1 WHERE type = ? AND value = ?`, typ, value)
	return err
}

// sum stands for a value where values are only counted.
func sum(value string) string {
	h := sha256.Sum256([]byte(value))
	return hex.EncodeToString(h[:16])
}

// Sight remembers that a device was seen with a user id, whose person is given.
func (tx *Tx) Sight(device, user, customerID string) error {
	_, err := tx.exec("sight a device", `INSERT INTO sighting (device, user, customer) VALUES (?, ?, ?)
		ON CONFLICT (device, user) DO NOTHING`, sum(device), sum(user), customerID)
	return err
}

// Sighted gives with how many user ids beside the one given a device was seen,
// and whether it was seen with that one.
func (s *Store) Sighted(ctx context.Context, device, user string) (others int, with bool, err error) {
	var row struct{ Others, Same int }
	err = s.reads.GetContext(ctx, &row, `SELECT count(*) FILTER (WHERE user <> ?) AS others,
		count(*) FILTER (WHERE user = ?) AS same FROM sighting WHERE device = ?`, sum(user), sum(user), sum(device))
	if err != nil {
		return 0, false, fmt.Errorf("sightings of a device: %w", classify(err))
	}
	return row.Others, row.Same > 0, nil
}

// SaveReview stores what shall be decided. What was asked before is counted
// there and stays as it was decided.
func (tx *Tx) SaveReview(r customer.Review) error {
	op := "save review " + r.ID
	var known []byte
	err := tx.get(op, &known, `SELECT doc FROM review WHERE key = ? AND id <> ?`, r.Key(), r.ID)
	switch {
	case err == nil:
		var first customer.Review
		if err := decode(tx.w.vault, op, known, &first); err != nil {
			return err
		}
		first.Again(r)
		r = first
	case !errors.Is(err, ErrNotFound):
		return err
	}
	raw, err := tx.seal(op, r.CustomerID, r)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO review (id, key, customer, state, at, doc) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, doc = excluded.doc`,
		r.ID, r.Key(), r.CustomerID, r.State, millis(r.At), raw)
	return err
}

// Review gives what shall be decided, by id.
func (s *Store) Review(ctx context.Context, id string) (customer.Review, error) {
	return one[customer.Review](ctx, s.reads, "review "+id, `SELECT doc FROM review WHERE id = ?`, id)
}

// Reviews gives a page of what shall be decided, newest first: of one state,
// and of one person, where they are given.
func (s *Store) Reviews(ctx context.Context, state, customerID, after string, limit int) (list []customer.Review, next string, err error) {
	m, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("reviews: %w", err)
	}
	limit = clampLimit(limit)
	query, args := `SELECT doc FROM review WHERE (at, id) < (?, ?)`, []any{m.at, m.id}
	if state != "" {
		query, args = query+` AND state = ?`, append(args, state)
	}
	if customerID != "" {
		query, args = query+` AND customer = ?`, append(args, customerID)
	}
	list, err = many[customer.Review](ctx, s.reads, "reviews", query+` ORDER BY at DESC, id DESC LIMIT ?`, append(args, limit+1)...)
	if err == nil && len(list) > limit {
		list = list[:limit]
		next = mark{at: millis(list[limit-1].At), id: list[limit-1].ID}.String()
	}
	return list, next, err
}

// HistoryQuery selects what happened to a person.
type HistoryQuery struct {
	CustomerID string
	Types      []event.Type // all of these; at least one
	From, To   time.Time    // From included, To not; zero is open
	// Before is the place in the order (time, id) before which events are
	// wanted; zero is the end.
	Before   time.Time
	BeforeID string
	Limit    int // 1..500, 0 means 100
}

// History gives what happened to a person, newest first.
func (s *Store) History(ctx context.Context, q HistoryQuery) ([]event.Event, error) {
	from, to := int64(-1<<62), int64(1<<62)
	if !q.From.IsZero() {
		from = millis(q.From)
	}
	if !q.To.IsZero() {
		to = millis(q.To)
	}
	before := int64(1 << 62)
	if !q.Before.IsZero() {
		before = millis(q.Before)
	}
	query, args := historyOf(q.CustomerID, q.Types)
	return s.eventsWhere(ctx, "history of "+q.CustomerID, query+` AND time >= ? AND time < ? AND (time, id) < (?, ?)
		ORDER BY time DESC, id DESC LIMIT ?`, append(args, from, to, before, q.BeforeID, clampLimit(q.Limit))...)
}

// HistoryOf gives all that happened to a person of some types, in the order of
// the log.
func (s *Store) HistoryOf(ctx context.Context, customerID string, types []event.Type) ([]event.Event, error) {
	query, args := historyOf(customerID, types)
	return s.eventsWhere(ctx, "history of "+customerID, query+` ORDER BY seq`, args...)
}

func historyOf(customerID string, types []event.Type) (string, []any) {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	marks, args := anyOf(names)
	return `SELECT seq, id, type, source, subject, call, time, data FROM event INDEXED BY event_subject
		WHERE subject = ? AND type IN (` + marks + `)`, append([]any{customerID}, args...)
}

// anyOf gives the marks and arguments of a list in a query.
func anyOf(list []string) (string, []any) {
	args := make([]any, len(list))
	for i, v := range list {
		args[i] = v
	}
	return strings.TrimSuffix(strings.Repeat("?, ", len(list)), ", "), args
}
