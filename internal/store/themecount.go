package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/vault"
)

// Count is how often something was counted.
type Count struct {
	Turns int64 `json:"turns"`
	Calls int64 `json:"calls"`
}

// Bucket is a stretch of slots; To is exclusive.
type Bucket struct{ From, To int64 }

// ThemeCounts gives the counts of themes in buckets: for each theme one count
// a bucket, or no entry when all are zero. The theme "" is the volume. No ids
// means all themes and the volume.
func (s *Store) ThemeCounts(ctx context.Context, buckets []Bucket, ids ...string) (map[string][]Count, error) {
	bounds := make([][2]int64, len(buckets))
	for i, b := range buckets {
		bounds[i] = [2]int64{b.From, b.To}
	}
	if ids == nil {
		ids = []string{}
	}
	about, err := json.Marshal(map[string]any{"bounds": bounds, "ids": ids})
	if err != nil {
		return nil, fmt.Errorf("theme counts: %w", err)
	}
	var rows []struct {
		Theme        string
		Bucket       int
		Turns, Calls int64
	}
	err = s.reads.SelectContext(ctx, &rows, countQuery, string(about), len(ids))
	if err != nil {
		return nil, fmt.Errorf("theme counts: %w", classify(err))
	}
	out := make(map[string][]Count)
	for _, r := range rows {
		if out[r.Theme] == nil {
			out[r.Theme] = make([]Count, len(buckets))
		}
		out[r.Theme][r.Bucket] = Count{r.Turns, r.Calls}
	}
	return out, nil
}

// countQuery walks each theme's own stretch of the counters' key.
const countQuery = `WITH about (doc) AS (SELECT ?1),
	wanted (id) AS (
		SELECT value FROM about, json_each(about.doc, '$.ids')
		UNION ALL SELECT id FROM theme WHERE ?2 = 0
		UNION ALL SELECT '' WHERE ?2 = 0),
	bucket (i, lo, hi) AS MATERIALIZED (
		SELECT key, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM about, json_each(about.doc, '$.bounds'))
	SELECT c.name AS theme, b.i AS bucket, sum(c.turns) AS turns, sum(c.calls) AS calls
	FROM wanted w CROSS JOIN bucket b CROSS JOIN tally c
	WHERE c.kind = CASE w.id WHEN '' THEN 'volume' ELSE 'theme' END AND c.name = w.id AND c.origin = 0 AND c.slot >= b.lo AND c.slot < b.hi
	GROUP BY c.name, b.i`

// ThemeSpan gives the first and the last slot in which anything was counted;
// ok is false when nothing was.
func (s *Store) ThemeSpan(ctx context.Context) (b Bucket, ok bool, err error) {
	var row struct{ Lo, Hi *int64 }
	err = s.reads.GetContext(ctx, &row, `SELECT min(slot) AS lo, max(slot) AS hi FROM tally WHERE kind = 'volume' AND name = '' AND origin = 0`)
	if err != nil {
		return b, false, fmt.Errorf("span of themes: %w", classify(err))
	}
	if row.Lo == nil || row.Hi == nil {
		return b, false, nil
	}
	return Bucket{*row.Lo, *row.Hi}, true, nil
}

// Quote is a turn of a theme.
type Quote struct {
	CallID      string           `json:"call_id"`
	UtteranceID string           `json:"utterance_id"`
	Customer    string           `json:"customer_name,omitempty"`
	Start       insights.Seconds `json:"start" doc:"Play from this second of the call"`
	At          time.Time        `json:"at" doc:"When it was said"`
	Text        string           `json:"text" doc:"Redacted, as it was heard or corrected"`
	Score       float64          `json:"score"`
	Evidence    []insights.Span  `json:"evidence" doc:"Bytes of the text that carried it; empty: all"`
	N           int64            `json:"-"`
}

// QuoteQuery selects quotes of a theme. From and To bound when the call began,
// in slots; To is exclusive and 0 for no bound.
type QuoteQuery struct {
	Theme    string
	From, To int64
	After    string // the next of the page before
	Limit    int    // 1..500, 0 means 100
}

// ThemeQuotes gives a page of what was said on a theme, the latest first, and
// the mark of the next page.
func (s *Store) ThemeQuotes(ctx context.Context, q QuoteQuery) (quotes []Quote, next string, err error) {
	after, err := parseMark(q.After)
	if err != nil {
		return nil, "", fmt.Errorf("quotes: %w", err)
	}
	limit := clampLimit(q.Limit)
	var rows []quoteRow
	err = s.reads.SelectContext(ctx, &rows, quoteQuery, q.Theme, after.at, markNumber(after), q.From, q.To, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("quotes of theme %s: %w", q.Theme, classify(err))
	}
	quotes = make([]Quote, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		quote, err := r.quote(s.reads.vault)
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			return nil, "", fmt.Errorf("quotes of theme %s: %w", q.Theme, err)
		}
		quotes = append(quotes, quote)
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.At, id: fmt.Sprint(last.N)}.String()
	}
	return quotes, next, nil
}

const quoteQuery = `SELECT t.n, t.utterance, t.call, t.at, t.text, m.score, m.evidence, c.started,
		c.doc
	FROM theme_turn m JOIN turn t ON t.n = m.turn JOIN call c ON c.id = t.call
	WHERE m.theme = ?1 AND (m.at, m.turn) < (?2, ?3) AND m.slot >= ?4 AND (?5 = 0 OR m.slot < ?5)
	ORDER BY m.at DESC, m.turn DESC LIMIT ?6`

type quoteRow struct {
	N               int64
	Utterance, Call string
	At, Started     int64
	Text, Evidence  string
	Score           float64
	Doc             []byte
}

// quote opens a row. [ErrErased] when its person was.
func (r quoteRow) quote(v *vault.Vault) (Quote, error) {
	var c event.Call
	if err := decode(v, "call "+r.Call, r.Doc, &c); err != nil {
		return Quote{}, err
	}
	text, err := openTurn(v, r.Utterance, r.Text)
	if err != nil {
		return Quote{}, err
	}
	q := Quote{
		CallID: r.Call, UtteranceID: r.Utterance, Customer: c.CustomerName, At: fromMillis(r.At), Text: text, Score: r.Score,
		Start: insights.SecondsOf(time.Duration(r.At-r.Started) * time.Millisecond), Evidence: []insights.Span{}, N: r.N,
	}
	if r.Evidence != "" {
		if err := json.Unmarshal([]byte(r.Evidence), &q.Evidence); err != nil {
			return q, fmt.Errorf("evidence of turn %d: %w", r.N, err)
		}
	}
	return q, nil
}

// ThemeCall is a call behind a theme's number.
type ThemeCall struct {
	ID        string    `json:"id"`
	Customer  string    `json:"customer_name,omitempty"`
	StartedAt time.Time `json:"started_at"`
	Turns     int64     `json:"turns" doc:"How often the theme comes up in the call"`
}

// ThemeCalls gives a page of the calls that have a theme, the latest first,
// and the mark of the next page. The query is read as that of quotes.
func (s *Store) ThemeCalls(ctx context.Context, q QuoteQuery) (calls []ThemeCall, next string, err error) {
	after, err := parseMark(q.After)
	if err != nil {
		return nil, "", fmt.Errorf("calls of a theme: %w", err)
	}
	limit := clampLimit(q.Limit)
	var rows []struct {
		ID      string
		Started int64
		Turns   int64
		Doc     []byte
	}
	err = s.reads.SelectContext(ctx, &rows, `SELECT c.id, c.started, count(*) AS turns, c.doc
		FROM theme_turn m JOIN call c ON c.id = m.call
		WHERE m.theme = ?1 AND (c.started, c.id) < (?2, ?3) AND m.slot >= ?4 AND (?5 = 0 OR m.slot < ?5)
		GROUP BY c.id ORDER BY c.started DESC, c.id DESC LIMIT ?6`, q.Theme, after.at, after.id, q.From, q.To, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("calls of theme %s: %w", q.Theme, classify(err))
	}
	calls = make([]ThemeCall, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		var c event.Call
		if err := decode(s.reads.vault, "call "+r.ID, r.Doc, &c); errors.Is(err, ErrErased) {
			continue
		} else if err != nil {
			return nil, "", err
		}
		calls = append(calls, ThemeCall{ID: r.ID, Customer: c.CustomerName, StartedAt: fromMillis(r.Started), Turns: r.Turns})
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.Started, id: last.ID}.String()
	}
	return calls, next, nil
}

// ThemeCallers gives the ids of the people who said something of a theme at or
// after a moment, sorted, at most so many. Who was erased is not among them.
func (s *Store) ThemeCallers(ctx context.Context, theme string, since time.Time, most int) ([]string, error) {
	people := []string{}
	err := s.reads.SelectContext(ctx, &people, `SELECT DISTINCT c.customer FROM theme_turn m JOIN call c ON c.id = m.call
		WHERE m.theme = ? AND m.at >= ? AND c.status <> ? AND c.customer <> '' ORDER BY c.customer LIMIT ?`,
		theme, millis(since), string(callErased), most)
	if err != nil {
		return nil, fmt.Errorf("callers of theme %s: %w", theme, classify(err))
	}
	return people, nil
}
