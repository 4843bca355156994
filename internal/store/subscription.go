package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/event"
)

// SubscriptionState says whether somebody is told.
type SubscriptionState string

// The states of a subscription. A deleted one can be brought back.
const (
	SubscriptionActive  SubscriptionState = "active"
	SubscriptionPaused  SubscriptionState = "paused"
	SubscriptionDeleted SubscriptionState = "deleted"
)

// Subscription is what somebody wants to be told of, and how that stands.
type Subscription struct {
	ID     string
	Owner  string // id of a user or of a key
	Search string // a saved search; empty: of a theme, or a digest
	Theme  string // a theme's id, "*" for any; empty: of a search, or a digest
	State  SubscriptionState
	// Created and Changed are of what is wanted, not of how it stands.
	Created, Changed time.Time
	Wanted
	Standing
}

// Wanted is kept sealed: addresses are in it.
type Wanted struct {
	// Kind is "threshold", "change", "new" or "digest".
	Kind string `json:"kind"`
	// Least, of Unit ("calls" or "lines") in Period ("hour", "day" or "week").
	Least  int    `json:"least,omitempty"`
	Unit   string `json:"unit,omitempty"`
	Period string `json:"period,omitempty"`
	// Direction of a change: "up", "down" or "either".
	Direction string `json:"direction,omitempty"`
	// Weeks without any before something is new.
	Weeks int `json:"weeks,omitempty"`
	// Rest is how long after an alert there is no other.
	Rest time.Duration `json:"rest,omitempty"`

	Mail     string `json:"mail,omitempty"`
	Language string `json:"language,omitempty"` // of mails
	Webhook  string `json:"webhook,omitempty"`
	Secret   string `json:"secret,omitempty"` // that webhooks are signed with
}

// Standing is how a subscription stands.
type Standing struct {
	Checked time.Time // up to when it was looked at
	Above   bool      // it was told, and what was told of goes on
	Alerted time.Time // when it was last told; zero: never
	Note    string    // what the last look came to; nothing personal
}

// Alert is what somebody was told. That is kept sealed: a name is in it.
type Alert struct {
	Owner string
	At    time.Time
	event.Alert
}

// SaveSubscription stores what is wanted, new or changed. How it stands is that
// of a new one, or kept; see [Tx.SetStanding].
func (tx *Tx) SaveSubscription(s Subscription) error {
	op := "save subscription " + s.ID
	if s.ID == "" || s.Owner == "" {
		return errors.New("save subscription: no id or no owner")
	}
	raw, err := tx.seal(op, nobody, s.Wanted)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO subscription (id, owner, search, theme, state, created, changed, checked, above, alerted, note, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '', ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, changed = excluded.changed, doc = excluded.doc`,
		s.ID, s.Owner, orNull(s.Search), s.Theme, string(s.State), millis(s.Created), millis(s.Changed), millis(s.Checked), raw)
	return err
}

// SetStanding notes how a subscription stands, unless what is wanted was
// changed after it was read: then it is [ErrConflict], and the next look decides.
func (tx *Tx) SetStanding(s Subscription) error {
	op := "standing of " + s.ID
	res, err := tx.exec(op, `UPDATE subscription SET checked = ?, above = ?, alerted = ?, note = ? WHERE id = ? AND changed = ? AND state = 'active'`,
		millis(s.Checked), s.Above, max(0, millis(s.Alerted)), s.Note, s.ID, millis(s.Changed))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fmt.Errorf("%s: %w", op, ErrConflict)
}

// BeginStanding has a subscription looked at as if it were new.
func (tx *Tx) BeginStanding(id string, at time.Time) error {
	_, err := tx.exec("standing of "+id, `UPDATE subscription SET checked = ?, above = 0, note = '' WHERE id = ?`, millis(at), id)
	return err
}

// PauseSubscription has somebody told no more, and gives up what is on its way
// to them; why is shown to them. One that is paused or deleted stays so.
func (tx *Tx) PauseSubscription(id, why string, at time.Time) error {
	_, err := tx.exec("pause subscription "+id, `UPDATE subscription SET state = 'paused', note = ?, changed = ? WHERE id = ? AND state = 'active'`,
		why, millis(at), id)
	if err != nil {
		return err
	}
	return tx.DropPosts(id, "")
}

// CountSubscriptions counts those that are not deleted: of an owner, and all.
func (tx *Tx) CountSubscriptions(owner string) (own, every int, err error) {
	var n struct{ Own, Every int }
	err = tx.get("count subscriptions", &n, `SELECT count(*) FILTER (WHERE owner = ?) AS own, count(*) AS every
		FROM subscription WHERE state <> 'deleted'`, owner)
	return n.Own, n.Every, err
}

// PurgeSubscriptions forgets those that were deleted before a moment, with
// their alerts, and messages of the past.
func (tx *Tx) PurgeSubscriptions(before time.Time) error {
	const gone = `(SELECT id FROM subscription WHERE state = 'deleted' AND changed < ?)`
	for _, from := range []string{
		`DELETE FROM post WHERE subscription IN ` + gone, `DELETE FROM alert WHERE subscription IN ` + gone,
		`DELETE FROM subscription WHERE id IN ` + gone, `DELETE FROM post WHERE state <> 'waiting' AND due < ?`,
	} {
		if _, err := tx.exec("purge subscriptions", from, millis(before)); err != nil {
			return err
		}
	}
	return nil
}

type subscriptionRow struct {
	ID, Owner, Theme, State, Note, Doc string
	Search                             *string
	Created, Changed, Checked, Alerted int64
	Above                              bool
}

const subscriptionColumns = `SELECT id, owner, search, theme, state, created, changed, checked, above, alerted, note, doc FROM subscription `

func (r subscriptionRow) subscription(db *reader) (Subscription, error) {
	s := Subscription{
		ID: r.ID, Owner: r.Owner, Theme: r.Theme, State: SubscriptionState(r.State), Created: fromMillis(r.Created), Changed: fromMillis(r.Changed),
		Standing: Standing{Checked: fromMillis(r.Checked), Above: r.Above, Note: r.Note},
	}
	if r.Search != nil {
		s.Search = *r.Search
	}
	if r.Alerted > 0 {
		s.Alerted = fromMillis(r.Alerted)
	}
	return s, decode(db.vault, "subscription "+r.ID, r.Doc, &s.Wanted)
}

// Subscription gives one by id, also one that is deleted.
func (s *Store) Subscription(ctx context.Context, id string) (Subscription, error) {
	var row subscriptionRow
	if err := s.reads.GetContext(ctx, &row, subscriptionColumns+`WHERE id = ?`, id); err != nil {
		return Subscription{}, fmt.Errorf("subscription %s: %w", id, notFound(err))
	}
	return row.subscription(s.reads)
}

// Subscriptions gives those of an owner, or of all for "", in order of their
// making; of one state, or all that are not deleted for "". Their number is
// bounded where they are made.
func (s *Store) Subscriptions(ctx context.Context, owner string, state SubscriptionState) ([]Subscription, error) {
	var rows []subscriptionRow
	err := s.reads.SelectContext(ctx, &rows, subscriptionColumns+`WHERE (?1 = '' OR owner = ?1)
		AND (state = ?2 OR ?2 = '' AND state <> 'deleted') ORDER BY created, id`, owner, string(state))
	if err != nil {
		return nil, fmt.Errorf("subscriptions: %w", classify(err))
	}
	out := make([]Subscription, 0, len(rows))
	for _, r := range rows {
		one, err := r.subscription(s.reads)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// AddAlert writes down what is told; an id in use is [ErrDuplicate].
func (tx *Tx) AddAlert(a Alert) error {
	op := "alert " + a.AlertID
	raw, err := tx.seal(op, nobody, a.Alert)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO alert (id, subscription, owner, at, doc) VALUES (?, ?, ?, ?, ?)`,
		a.AlertID, a.Subscription, a.Owner, millis(a.At), raw)
	return err
}

// Alerts gives a page of what an owner was told, or all for "", of one
// subscription or of any; the latest first, and the mark of the next page.
func (s *Store) Alerts(ctx context.Context, owner, subscription, after string, limit int) (page []Alert, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("alerts: %w", err)
	}
	limit = clampLimit(limit)
	var rows []struct {
		ID, Owner, Doc string
		At             int64
	}
	err = s.reads.SelectContext(ctx, &rows, `SELECT id, owner, at, doc FROM alert
		WHERE (?1 = '' OR owner = ?1) AND (?2 = '' OR subscription = ?2) AND (at, id) < (?3, ?4)
		ORDER BY at DESC, id DESC LIMIT ?5`, owner, subscription, from.at, from.id, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("alerts: %w", classify(err))
	}
	page = make([]Alert, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		a := Alert{Owner: r.Owner, At: fromMillis(r.At)}
		if err := decode(s.reads.vault, "alert "+r.ID, r.Doc, &a.Alert); err != nil {
			return nil, "", err
		}
		page = append(page, a)
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.At, id: last.ID}.String()
	}
	return page, next, nil
}

// CallStarts says when calls began, of those from a moment on and before
// another.
func (s *Store) CallStarts(ctx context.Context, from, to time.Time) (map[string]time.Time, error) {
	var rows []struct {
		ID      string
		Started int64
	}
	err := s.reads.SelectContext(ctx, &rows, `SELECT id, started FROM call WHERE started >= ? AND started < ?`, millis(from), millis(to))
	if err != nil {
		return nil, fmt.Errorf("when calls began: %w", classify(err))
	}
	out := make(map[string]time.Time, len(rows))
	for _, r := range rows {
		out[r.ID] = fromMillis(r.Started)
	}
	return out, nil
}
