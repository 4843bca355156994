package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/internal/event"
)

// owning gives whose key seals a detail.
func (tx *Tx) owning(op string, d *event.Detail) (string, error) {
	if d.CallID == "" {
		return toldKey(d.MadeAt), nil
	}
	return tx.owner(op, d.CallID)
}

// SaveDetail stores what a provider told of a call, new or changed, under the
// key of the person whose call it is.
func (tx *Tx) SaveDetail(d event.Detail) error {
	op := "details of a " + d.Provider + " call"
	owner, err := tx.owning(op, &d)
	if err != nil {
		return err
	}
	raw, err := tx.seal(op, owner, d)
	if err != nil {
		return err
	}
	row := struct {
		caller, line, lineTo, hint []byte
		started                    time.Time
		source, campaign           string
	}{started: d.MadeAt}
	if d.Tracking {
		t := d.Tracked()
		row.caller, row.line, row.lineTo = tx.mark("phone", t.Caller), tx.mark("line", t.Number, t.Caller), tx.mark("line", t.Destination, t.Caller)
		row.hint, row.source, row.campaign = tx.mark("tracked", d.Call), t.Source, t.Campaign
		if !t.StartedAt.IsZero() {
			row.started = t.StartedAt
		}
	} else if f := d.Facts(); d.CallID == "" {
		row.caller = tx.mark("phone", callerOf(f.Direction, f.From, f.To))
	}
	_, err = tx.exec(op, `INSERT INTO call_detail
		(id, key, provider, tracking, call, state, caller, line, line_to, hint, started, made, source, campaign, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET call = excluded.call, state = excluded.state, caller = excluded.caller, line = excluded.line,
			line_to = excluded.line_to, hint = excluded.hint, started = excluded.started, source = excluded.source,
			campaign = excluded.campaign, doc = excluded.doc`,
		d.ID, tx.mark("call", d.Provider, d.Call), d.Provider, d.Tracking, d.CallID, string(d.State), row.caller, row.line, row.lineTo,
		row.hint, millis(row.started), millis(d.MadeAt), row.source, row.campaign, raw)
	return err
}

// callerOf gives the customer's number of two.
func callerOf(direction, from, to string) string {
	if direction == "outbound" {
		return to
	}
	return from
}

const detailColumn = `SELECT doc FROM call_detail `

// Detail gives what a provider told of a call, within the transaction.
func (tx *Tx) Detail(provider, call string) (event.Detail, error) {
	return tx.detail(`WHERE key = ?`, tx.mark("call", provider, call))
}

// DetailByKey is [Tx.Detail] by the key that [Tx.ForestallTold] gave.
func (tx *Tx) DetailByKey(key []byte) (event.Detail, error) { return tx.detail(`WHERE key = ?`, key) }

// DetailByID gives a detail by its own id.
func (tx *Tx) DetailByID(id string) (event.Detail, error) { return tx.detail(`WHERE id = ?`, id) }

func (tx *Tx) detail(where string, arg any) (event.Detail, error) {
	const op = "details of a call"
	found, err := docs[event.Detail](tx, op, detailColumn+where, arg)
	if err != nil {
		return event.Detail{}, err
	}
	if len(found) == 0 {
		return event.Detail{}, fmt.Errorf("%s: %w", op, ErrNotFound)
	}
	return found[0], nil
}

// Detail gives what a provider told of a call, or [ErrNotFound].
func (s *Store) Detail(ctx context.Context, provider, call string) (event.Detail, error) {
	return one[event.Detail](ctx, s.reads, "details of a "+provider+" call", detailColumn+`WHERE key = ?`, s.reads.mark("call", provider, call))
}

// DetailsOf gives what was told of a call of ours, by provider.
func (s *Store) DetailsOf(ctx context.Context, callID string) ([]event.Detail, error) {
	return many[event.Detail](ctx, s.reads, "details of call "+callID, detailColumn+`WHERE call = ? AND call <> '' ORDER BY provider, id`, callID)
}

// CallOf gives our id of a platform's call, or [ErrNotFound].
func (tx *Tx) CallOf(platform, platformCall string) (string, error) {
	var id string
	err := tx.get("call of "+platform, &id, `SELECT id FROM call WHERE platform = ? AND platform_call = ? AND platform_call <> ''`, platform, platformCall)
	return id, err
}

// OwnerOf gives the person whose a call is.
func (tx *Tx) OwnerOf(callID string) (string, error) {
	return tx.owner("owner of call "+callID, callID)
}

// CallLine is by what a call that was heard is recognised.
type CallLine struct {
	CallID       string
	StartedAt    time.Time
	Ours, Caller string // E.164; empty where it is not known
	Hint         string // a call-tracking service's id of it; may be empty
}

// SaveCallLine keeps by what a call is recognised. What is known already stays.
func (tx *Tx) SaveCallLine(l CallLine) error {
	_, err := tx.exec("line of call "+l.CallID, `INSERT INTO call_line (call, started, line, hint) VALUES (?, ?, ?, ?)
		ON CONFLICT (call) DO UPDATE SET line = coalesce(line, excluded.line), hint = coalesce(hint, excluded.hint)`,
		l.CallID, millis(l.StartedAt), tx.mark("line", l.Ours, l.Caller), tx.mark("tracked", l.Hint))
	return err
}

// StartOf gives when a call began by whose line it is recognised, or
// [ErrNotFound].
func (tx *Tx) StartOf(callID string) (time.Time, error) {
	var at int64
	err := tx.get("line of call "+callID, &at, `SELECT started FROM call_line WHERE call = ?`, callID)
	return fromMillis(at), err
}

// HintedCalls gives the calls that came with the id that a call-tracking
// service gave a call.
func (tx *Tx) HintedCalls(serviceCall string) ([]string, error) {
	return tx.callIDs(`SELECT call FROM call_line WHERE hint = ? ORDER BY call LIMIT 3`, tx.mark("tracked", serviceCall))
}

// CallsLike gives the calls between the caller and either number that began so
// close to a tracked call, and came with no service's id.
func (tx *Tx) CallsLike(t event.Tracking, within time.Duration) ([]string, error) {
	at, by := millis(t.StartedAt), within.Milliseconds()
	return tx.callIDs(`SELECT call FROM call_line WHERE line IN (?, ?) AND started BETWEEN ? AND ? AND hint IS NULL ORDER BY call LIMIT 3`,
		tx.mark("line", t.Number, t.Caller), tx.mark("line", t.Destination, t.Caller), at-by, at+by)
}

func (tx *Tx) callIDs(query string, args ...any) ([]string, error) {
	var ids []string
	err := tx.list("calls like a tracked one", &ids, query, args...)
	return ids, err
}

// RivalsFor gives the other records of a service that fit a call by its numbers
// as well.
func (tx *Tx) RivalsFor(d event.Detail, callID string, within time.Duration) ([]string, error) {
	return tx.callIDs(`WITH c AS (SELECT line, started FROM call_line WHERE call = ?1)
		SELECT d.id FROM call_detail d, c WHERE (d.line = c.line OR d.line_to = c.line) AND d.provider = ?2 AND d.id <> ?3
			AND d.started BETWEEN c.started - ?4 AND c.started + ?4
			AND NOT EXISTS (SELECT 1 FROM call_line h WHERE h.hint = d.hint) LIMIT 1`, callID, d.Provider, d.ID, within.Milliseconds())
}

// TouchedBy gives the tracking records that may have to be joined anew when a
// record changed: those of calls on its lines at about its time.
func (tx *Tx) TouchedBy(t event.Tracking, within time.Duration) ([]string, error) {
	at, by := millis(t.StartedAt), 2*within.Milliseconds()
	a, b := tx.mark("line", t.Number, t.Caller), tx.mark("line", t.Destination, t.Caller)
	return tx.callIDs(`SELECT id FROM call_detail WHERE line IN (?1, ?2) AND started BETWEEN ?3 AND ?4
		UNION SELECT id FROM call_detail WHERE line_to IN (?1, ?2) AND started BETWEEN ?3 AND ?4 LIMIT 50`, a, b, at-by, at+by)
}

// TouchedByCall gives the tracking records that may be of a call.
func (tx *Tx) TouchedByCall(callID string, within time.Duration) ([]string, error) {
	return tx.callIDs(`WITH c AS (SELECT line, hint, started FROM call_line WHERE call = ?1)
		SELECT d.id FROM call_detail d, c WHERE d.line = c.line AND d.started BETWEEN c.started - ?2 AND c.started + ?2
		UNION SELECT d.id FROM call_detail d, c WHERE d.line_to = c.line AND d.started BETWEEN c.started - ?2 AND c.started + ?2
		UNION SELECT d.id FROM call_detail d, c WHERE d.hint = c.hint LIMIT 50`, callID, within.Milliseconds())
}

// TrackingQuery selects tracking records. Empty fields select all.
type TrackingQuery struct {
	State, Source, Campaign string
	From, To                time.Time // of the start; the end is not included
	// After is the next of the page before; Limit is 1..500, 0 means 100.
	After string
	Limit int
}

// Tracking gives a page of tracking records, the latest first, and the mark of
// the next page.
func (s *Store) Tracking(ctx context.Context, q TrackingQuery) (page []event.Tracking, next string, err error) {
	after, err := parseMark(q.After)
	if err != nil {
		return nil, "", fmt.Errorf("tracking: %w", err)
	}
	limit := clampLimit(q.Limit)
	where, args := []string{`tracking = 1`, `(started, id) < (?, ?)`}, []any{after.at, after.id}
	for _, c := range []struct{ is, value string }{
		{`state = ?`, q.State}, {`source = ? COLLATE NOCASE`, q.Source}, {`campaign = ? COLLATE NOCASE`, q.Campaign},
	} {
		if c.value != "" {
			where, args = append(where, c.is), append(args, c.value)
		}
	}
	if !q.From.IsZero() {
		where, args = append(where, `started >= ?`), append(args, millis(q.From))
	}
	if !q.To.IsZero() {
		where, args = append(where, `started < ?`), append(args, millis(q.To))
	}
	var rows []struct {
		ID      string
		Started int64
		Doc     string
	}
	err = s.reads.SelectContext(ctx, &rows, `SELECT id, started, doc FROM call_detail WHERE `+strings.Join(where, ` AND `)+
		` ORDER BY started DESC, id DESC LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("tracking: %w", classify(err))
	}
	page = []event.Tracking{}
	for _, r := range rows[:min(len(rows), limit)] {
		var d event.Detail
		switch err := decode(s.reads.vault, "tracking", r.Doc, &d); {
		case errors.Is(err, ErrErased):
		case err != nil:
			return nil, "", err
		default:
			page = append(page, d.Tracked())
		}
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.Started, id: last.ID}.String()
	}
	return page, next, nil
}
