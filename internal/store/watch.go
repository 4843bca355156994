package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/event"
	"heed/internal/vault"
)

// WatchRule is of what supervisors are told while a call goes on.
type WatchRule struct {
	ID      string
	Owner   string // id of a user or of a key
	Created time.Time
	// Deleted is when it was, zero: it is not. It can be brought back.
	Deleted time.Time
	WatchWanted
}

// WatchWanted is what a rule waits for. It is kept sealed: a phrase may name a
// person.
type WatchWanted struct {
	Name      string    `json:"name"`
	By        string    `json:"by,omitempty"` // the name of who made it
	Kind      string    `json:"kind"`
	Level     float64   `json:"level,omitempty"`   // of a mood, a risk or an amount of talk over the other
	Seconds   float64   `json:"seconds,omitempty"` // how long
	Phrase    string    `json:"phrase,omitempty"`
	Theme     string    `json:"theme,omitempty"`
	Speaker   string    `json:"speaker,omitempty"` // empty: either
	Agent     string    `json:"agent,omitempty"`   // empty: all
	Queue     string    `json:"queue,omitempty"`   // empty: all
	Changed   time.Time `json:"changed"`
	ChangedBy string    `json:"changed_by,omitempty"`
	WatchWays
}

// WatchWays is where a rule tells beside the screens.
type WatchWays struct {
	Mail     string `json:"mail,omitempty"`
	Language string `json:"language,omitempty"` // of mails
	Webhook  string `json:"webhook,omitempty"`
	Secret   string `json:"secret,omitempty"` // that webhooks are signed with
	// WebhookOff is why nothing is sent to the webhook any more; empty: it is.
	WebhookOff string `json:"webhook_off,omitempty"`
}

// WatchAlert says that a rule came true on a call.
type WatchAlert struct {
	ID   string
	Rule string
	Call string
	At   time.Time
	// Acked is when somebody saw to it; zero: nobody has.
	Acked time.Time
	WatchTold
}

// WatchTold is what is told. There are numbers and names in it, no words of the
// call.
type WatchTold struct {
	Name    string  `json:"name"` // of the rule
	Kind    string  `json:"kind"`
	Agent   string  `json:"agent,omitempty"`
	Seconds float64 `json:"seconds"`         // of the call
	Value   float64 `json:"value,omitempty"` // that the rule compared
	AckedBy string  `json:"acked_by,omitempty"`
}

// SaveWatchRule stores a rule, new or changed.
func (tx *Tx) SaveWatchRule(r WatchRule) error {
	op := "save rule " + r.ID
	if r.ID == "" || r.Owner == "" {
		return errors.New("save rule: no id or no owner")
	}
	raw, err := tx.seal(op, nobody, r.WatchWanted)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO watch_rule (id, owner, created, deleted, doc) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET deleted = excluded.deleted, doc = excluded.doc`,
		r.ID, r.Owner, millis(r.Created), orNever(r.Deleted), raw)
	return err
}

// CountWatchRules counts those that are not deleted, as this write sees them.
func (tx *Tx) CountWatchRules() (int, error) {
	var n int
	err := tx.get("count rules", &n, `SELECT count(*) FROM watch_rule WHERE deleted IS NULL`)
	return n, err
}

// PurgeWatch forgets alerts from before a moment, and rules that were deleted
// before it.
func (tx *Tx) PurgeWatch(before time.Time) error {
	for _, query := range []string{
		`DELETE FROM watch_alert WHERE at < ?1 OR rule IN (SELECT id FROM watch_rule WHERE deleted < ?1)`,
		`DELETE FROM watch_rule WHERE deleted < ?1`,
	} {
		if _, err := tx.exec("purge rules", query, millis(before)); err != nil {
			return err
		}
	}
	return nil
}

type watchRow struct {
	ID, Owner, Doc string
	Created        int64
	Deleted        *int64
}

const watchColumns = `SELECT id, owner, created, deleted, doc FROM watch_rule `

func (r watchRow) rule(v *vault.Vault) (WatchRule, error) {
	w := WatchRule{ID: r.ID, Owner: r.Owner, Created: fromMillis(r.Created)}
	if r.Deleted != nil {
		w.Deleted = fromMillis(*r.Deleted)
	}
	return w, decode(v, "rule "+r.ID, r.Doc, &w.WatchWanted)
}

// WatchRule gives a rule as this write sees it, also one that is deleted.
func (tx *Tx) WatchRule(id string) (WatchRule, error) {
	var row watchRow
	if err := tx.get("rule "+id, &row, watchColumns+`WHERE id = ?`, id); err != nil {
		return WatchRule{}, err
	}
	return row.rule(tx.w.vault)
}

// WatchRules gives those that are not deleted, in order of their making. Their
// number is bounded where they are made.
func (s *Store) WatchRules(ctx context.Context) ([]WatchRule, error) {
	var rows []watchRow
	if err := s.reads.SelectContext(ctx, &rows, watchColumns+`WHERE deleted IS NULL ORDER BY created, id`); err != nil {
		return nil, fmt.Errorf("rules: %w", classify(err))
	}
	out := make([]WatchRule, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.rule(s.reads.vault); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AddWatchAlert writes down what is told; a second one of a rule on a call is
// [ErrDuplicate].
func (tx *Tx) AddWatchAlert(a WatchAlert) error {
	op := "alert " + a.ID
	raw, err := tx.seal(op, nobody, a.WatchTold)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `INSERT INTO watch_alert (id, rule, call, at, acked, doc) VALUES (?, ?, ?, ?, ?, ?)`,
		a.ID, a.Rule, a.Call, millis(a.At), orNever(a.Acked), raw)
	return err
}

// AckWatchAlert notes who saw to an alert, or with a zero Acked that it is open
// again.
func (tx *Tx) AckWatchAlert(a WatchAlert) error {
	op := "see to alert " + a.ID
	raw, err := tx.seal(op, nobody, a.WatchTold)
	if err != nil {
		return err
	}
	_, err = tx.exec(op, `UPDATE watch_alert SET acked = ?, doc = ? WHERE id = ?`, orNever(a.Acked), raw, a.ID)
	return err
}

type watchAlertRow struct {
	ID, Rule, Call, Doc string
	At                  int64
	Acked               *int64
}

const watchAlertColumns = `SELECT id, rule, call, at, acked, doc FROM watch_alert `

func (r watchAlertRow) alert(v *vault.Vault) (WatchAlert, error) {
	a := WatchAlert{ID: r.ID, Rule: r.Rule, Call: r.Call, At: fromMillis(r.At)}
	if r.Acked != nil {
		a.Acked = fromMillis(*r.Acked)
	}
	return a, decode(v, "alert "+r.ID, r.Doc, &a.WatchTold)
}

// WatchAlert gives an alert as this write sees it.
func (tx *Tx) WatchAlert(id string) (WatchAlert, error) {
	var row watchAlertRow
	if err := tx.get("alert "+id, &row, watchAlertColumns+`WHERE id = ?`, id); err != nil {
		return WatchAlert{}, err
	}
	return row.alert(tx.w.vault)
}

// WatchAlerts gives a page of alerts since a moment, the latest first, and the
// mark of the next page; only those that nobody saw to, or all.
func (s *Store) WatchAlerts(ctx context.Context, since time.Time, open bool, after string, limit int) (page []WatchAlert, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("alerts: %w", err)
	}
	limit = clampLimit(limit)
	var rows []watchAlertRow
	err = s.reads.SelectContext(ctx, &rows, watchAlertColumns+`WHERE at >= ?1 AND (NOT ?2 OR acked IS NULL) AND (at, id) < (?3, ?4)
		ORDER BY at DESC, id DESC LIMIT ?5`, millis(since), open, from.at, from.id, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("alerts: %w", classify(err))
	}
	page = make([]WatchAlert, 0, min(len(rows), limit))
	for _, r := range rows[:min(len(rows), limit)] {
		a, err := r.alert(s.reads.vault)
		if err != nil {
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

// WorkedCall is a call with what was counted of it.
type WorkedCall struct {
	event.Call

	// Moods is how many turns of the customer have a mood, and Mood their sum.
	Moods int
	Mood  float64
	// Outcomes are what came of suggestions, by name.
	Outcomes map[string]int
}

// WorkedCalls gives the calls that began from a moment on and before another,
// the latest first, at most so many; more says that there are others.
func (s *Store) WorkedCalls(ctx context.Context, from, to time.Time, most int) (calls []WorkedCall, more bool, err error) {
	var rows []struct{ ID, Doc string }
	err = s.reads.SelectContext(ctx, &rows, `SELECT id, doc FROM call WHERE started >= ? AND started < ? AND status <> 'erased'
		ORDER BY started DESC, id DESC LIMIT ?`, millis(from), millis(to), most+1)
	if err != nil {
		return nil, false, fmt.Errorf("worked calls: %w", classify(err))
	}
	if more = len(rows) > most; more {
		rows = rows[:most]
	}
	at := make(map[string]int, len(rows))
	for _, r := range rows {
		w := WorkedCall{}
		if err := decode(s.reads.vault, "call "+r.ID, r.Doc, &w.Call); err != nil {
			if errors.Is(err, ErrErased) {
				continue // its person was erased meanwhile
			}
			return nil, false, err
		}
		at[r.ID] = len(calls)
		calls = append(calls, w)
	}
	return calls, more, s.countWorked(ctx, from, to, calls, at)
}

// countWorked puts in what was counted of calls; at says where each one is.
func (s *Store) countWorked(ctx context.Context, from, to time.Time, calls []WorkedCall, at map[string]int) error {
	var tallies []struct {
		Call, Kind, Name string
		Turns, Sum       int64
	}
	err := s.reads.SelectContext(ctx, &tallies, `SELECT t.call, t.kind, t.name, t.turns, t.sum FROM call c JOIN call_tally t ON t.call = c.id
		WHERE c.started >= ? AND c.started < ? AND (t.kind = 'outcome' OR t.kind = 'sentiment' AND t.name = '')`, millis(from), millis(to))
	if err != nil {
		return fmt.Errorf("worked calls: %w", classify(err))
	}
	for _, t := range tallies {
		i, there := at[t.Call]
		switch {
		case !there:
		case t.Kind == TallySentiment:
			calls[i].Moods, calls[i].Mood = int(t.Turns), float64(t.Sum)/moodUnit
		default:
			if calls[i].Outcomes == nil {
				calls[i].Outcomes = make(map[string]int)
			}
			calls[i].Outcomes[t.Name] += int(t.Turns)
		}
	}
	return nil
}
