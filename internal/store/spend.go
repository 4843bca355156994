package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// SpendUpload is one upload of what advertising cost.
type SpendUpload struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	By    string    `json:"by"`    // who uploaded it
	Kind  string    `json:"kind"`  // "file", "rows" or "delete"
	Key   string    `json:"-"`     // caller and idempotency key; may be empty
	Hash  string    `json:"-"`     // of what was sent
	Rows  int64     `json:"rows"`  // that it named
	Total int64     `json:"total"` // of its costs, in the currency's smallest unit
}

// SpendRow is what one campaign of a source cost on a day. Source and campaign
// are the same in any case of letters.
type SpendRow struct {
	Day              string // 2026-03-01
	Source, Campaign string
	Cost             int64 // in the currency's smallest unit
	Gone             bool  // takes back what was uploaded before
	Line             int   // of the file, 0 where there is none
	Upload           string
	At               time.Time
	By               string
}

// SpendRepeat refuses a row whose day, source and campaign stand in the same
// upload already.
type SpendRepeat struct{ Line, First int }

func (e *SpendRepeat) Error() string {
	return fmt.Sprintf("line %d names the day, source and campaign of line %d: add them up", e.Line, e.First)
}

// BeginSpend opens an upload, of which nothing counts before
// [Tx.FinishSpend]. A key that was used is [ErrDuplicate].
func (tx *Tx) BeginSpend(u SpendUpload) (n int64, err error) {
	res, err := tx.exec("begin upload of spend", `INSERT INTO spend_upload (id, at, by, kind, key, hash, done, rows, total) VALUES (?, ?, ?, ?, ?, '', 0, 0, 0)`,
		u.ID, millis(u.At), u.By, u.Kind, orNull(u.Key))
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// AddSpend adds rows to an open upload. The error is a [SpendRepeat] where one
// of them is in it already.
func (tx *Tx) AddSpend(upload int64, rows []SpendRow) error {
	const op = "add spend"
	for _, r := range rows {
		var cost any
		if !r.Gone {
			cost = r.Cost
		}
		res, err := tx.exec(op, `INSERT INTO spend (day, source, campaign, upload, line, cost) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			r.Day, r.Source, r.Campaign, upload, r.Line, cost)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			if err != nil {
				return fmt.Errorf("%s: %w", op, err)
			}
			continue
		}
		first := 0
		if err := tx.get(op, &first, `SELECT line FROM spend WHERE day = ? AND source = ? AND campaign = ? AND upload = ?`, r.Day, r.Source, r.Campaign, upload); err != nil {
			return err
		}
		return &SpendRepeat{r.Line, first}
	}
	return nil
}

// FinishSpend makes all rows of an upload count.
func (tx *Tx) FinishSpend(upload int64, u SpendUpload) error {
	_, err := tx.exec("finish upload of spend", `UPDATE spend_upload SET done = 1, rows = ?, total = ?, hash = ? WHERE n = ?`, u.Rows, u.Total, u.Hash, upload)
	return err
}

// spendAtOnce is how many rows one write deletes, so that others get in between.
const spendAtOnce = 5000

// DropSpend takes an upload back that is not done.
func (s *Store) DropSpend(ctx context.Context, upload int64) error {
	const op = "drop upload of spend"
	for more := true; more; {
		err := s.Write(ctx, func(tx *Tx) error {
			res, err := tx.exec(op, `DELETE FROM spend WHERE (day, source, campaign, upload) IN (SELECT day, source, campaign, upload FROM spend
				WHERE upload = ? AND upload IN (SELECT n FROM spend_upload WHERE done = 0) LIMIT ?)`, upload, spendAtOnce)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if more = n == spendAtOnce; more || err != nil {
				return err
			}
			_, err = tx.exec(op, `DELETE FROM spend_upload WHERE n = ? AND done = 0`, upload)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// SweepSpend drops the uploads that a crash cut off. No upload may be open.
func (s *Store) SweepSpend(ctx context.Context) error {
	var open []int64
	if err := s.reads.SelectContext(ctx, &open, `SELECT n FROM spend_upload WHERE done = 0`); err != nil {
		return fmt.Errorf("open uploads of spend: %w", classify(err))
	}
	for _, n := range open {
		if err := s.DropSpend(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

type uploadRow struct {
	N, At, Rows, Total int64
	ID, By, Kind, Hash string
}

func (r uploadRow) upload() SpendUpload {
	return SpendUpload{ID: r.ID, At: fromMillis(r.At), By: r.By, Kind: r.Kind, Hash: r.Hash, Rows: r.Rows, Total: r.Total}
}

// SpendByKey gives the upload that was made with an idempotency key, or
// [ErrNotFound].
func (s *Store) SpendByKey(ctx context.Context, key string) (SpendUpload, error) {
	var r uploadRow
	err := s.reads.GetContext(ctx, &r, `SELECT n, id, at, by, kind, hash, rows, total FROM spend_upload WHERE key = ? AND done = 1`, key)
	if err != nil {
		return SpendUpload{}, fmt.Errorf("upload of spend: %w", notFound(err))
	}
	return r.upload(), nil
}

// SpendUploads gives a page of uploads, the latest first, and the mark of the
// next page.
func (s *Store) SpendUploads(ctx context.Context, after string, limit int) (page []SpendUpload, next string, err error) {
	from, err := parseMark(after)
	if err != nil {
		return nil, "", fmt.Errorf("uploads of spend: %w", err)
	}
	limit = clampLimit(limit)
	var rows []uploadRow
	err = s.reads.SelectContext(ctx, &rows, `SELECT n, id, at, by, kind, hash, rows, total FROM spend_upload
		WHERE done = 1 AND n < ? ORDER BY n DESC LIMIT ?`, from.at, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("uploads of spend: %w", classify(err))
	}
	page = make([]SpendUpload, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		page = append(page, r.upload())
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = mark{at: last.N, id: last.ID}.String()
	}
	return page, next, nil
}

// SpendQuery selects what counts now. Empty fields select all.
type SpendQuery struct {
	From, To         string // days, both included
	Source, Campaign string // in any case of letters
	// After is the next of the page before; Limit is 1..500, 0 means 100.
	After string
	Limit int
}

// spendNow is what counts now of the days from ?1 to ?2: SQLite takes cost from
// the row of the greatest upload.
const spendNow = `SELECT day, source, campaign, cost, max(upload) AS upload FROM spend
	WHERE day >= ?1 AND day <= ?2 AND upload NOT IN (SELECT n FROM spend_upload WHERE done = 0)`

// Spend gives a page of what campaigns cost, in order of days, sources and
// campaigns, and the mark of the next page.
func (s *Store) Spend(ctx context.Context, q SpendQuery) (page []SpendRow, next string, err error) {
	after, err := parsePlace(q.After)
	if err != nil {
		return nil, "", fmt.Errorf("spend: %w", err)
	}
	limit := clampLimit(q.Limit)
	var rows []struct {
		Day, Source, Campaign, ID, By string
		Cost, At                      int64
	}
	err = s.reads.SelectContext(ctx, &rows, `SELECT s.day, s.source, s.campaign, s.cost, u.id, u.at, u.by FROM (`+spendNow+`
			AND (day, source, campaign) > (?3, ?4, ?5) AND (?6 = '' OR source = ?6) AND (?7 = '' OR campaign = ?7)
			GROUP BY day, source, campaign HAVING cost IS NOT NULL ORDER BY day, source, campaign LIMIT ?8) s
		JOIN spend_upload u ON u.n = s.upload ORDER BY s.day, s.source, s.campaign`,
		q.From, q.to(), after[0], after[1], after[2], q.Source, q.Campaign, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("spend: %w", classify(err))
	}
	page = make([]SpendRow, 0, len(rows))
	for _, r := range rows[:min(len(rows), limit)] {
		page = append(page, SpendRow{Day: r.Day, Source: r.Source, Campaign: r.Campaign, Cost: r.Cost, Upload: r.ID, At: fromMillis(r.At), By: r.By})
	}
	if len(rows) > limit {
		last := rows[limit-1]
		next = placeMark(last.Day, last.Source, last.Campaign)
	}
	return page, next, nil
}

func (q SpendQuery) to() string {
	if q.To == "" {
		return "9999-12-31"
	}
	return q.To
}

// SpendTotals gives what each campaign of each source cost from one day to
// another, both included.
func (s *Store) SpendTotals(ctx context.Context, from, to string) ([]SpendRow, error) {
	rows := []SpendRow{}
	err := s.reads.SelectContext(ctx, &rows, `SELECT source, campaign, sum(cost) AS cost FROM (`+spendNow+` GROUP BY day, source, campaign)
		WHERE cost IS NOT NULL GROUP BY source, campaign ORDER BY source, campaign`, from, to)
	if err != nil {
		return nil, fmt.Errorf("spend of campaigns: %w", classify(err))
	}
	return rows, nil
}

// placeMark is the place in a list that is ordered by texts.
func placeMark(at ...string) string {
	raw, _ := json.Marshal(at) // texts always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

// parsePlace reads what placeMark gave of three; the empty string is the
// list's beginning.
func parsePlace(s string) (at [3]string, err error) {
	if s == "" {
		return at, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if len(s) > 4096 || err != nil || json.Unmarshal(raw, &at) != nil {
		return at, fmt.Errorf("page mark: %w", ErrBadPage)
	}
	return at, nil
}
