// Package spend keeps what advertising cost: by day, source and campaign, as
// people and programs upload it. An upload counts whole or not at all, the
// latest word on a day, source and campaign counts, and who uploaded what stays
// to be looked up.
//
// It keeps one currency and converts none. It knows no person and no call: what
// the money brought is told by internal/campaigns.
package spend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"time"

	"heed/internal/event"
	"heed/internal/money"
	"heed/internal/store"
)

const (
	// MostRows is how many rows one upload may have.
	MostRows = 1_000_000
	// MostWrong is how many wrong rows a refusal names.
	MostWrong = 20
	// sample is how many rows of a look are shown.
	sample = 10
	// chunk is how many rows share a write, so that others get in between.
	chunk = 2000

	deletion = "delete"
)

// Options is what a service needs; all but Now are required.
type Options struct {
	Store    *store.Store
	Currency money.Currency
	Now      func() time.Time // nil means time.Now
}

// Service takes uploads and gives what counts. It is safe for concurrent use.
type Service struct{ o Options }

// New makes a service and drops the uploads that a crash cut off.
func New(ctx context.Context, o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := o.Store.SweepSpend(ctx); err != nil {
		return nil, fmt.Errorf("spend: %w", err)
	}
	return &Service{o}, nil
}

// Currency is the one in which costs are kept.
func (s *Service) Currency() money.Currency { return s.o.Currency }

// Refused says what is wrong with an upload, of which nothing was kept.
type Refused struct {
	Wrong []Wrong // the first [MostWrong]
	More  int     // wrong rows beyond these
}

func (e *Refused) Error() string {
	if len(e.Wrong) == 0 {
		return "nothing to upload"
	}
	if n := len(e.Wrong) + e.More; n > 1 {
		return fmt.Sprintf("%s, and %d more; nothing was kept", e.Wrong[0].Error(), n-1)
	}
	return e.Wrong[0].Error() + "; nothing was kept"
}

func (e *Refused) add(w *Wrong) {
	if len(e.Wrong) < MostWrong {
		e.Wrong = append(e.Wrong, *w)
		return
	}
	e.More++
}

// Asked is by whom an upload is made, and how.
type Asked struct {
	By  string
	Key string // idempotency key, with the caller; may be empty
	// Dry looks at the rows and keeps nothing.
	Dry bool
}

// Result is what came of an upload.
type Result struct {
	store.SpendUpload
	Unknown []string         // columns that mean nothing here
	First   []store.SpendRow // the first rows, where it was a look
	Again   bool             // the key was used before: this is what came of it then
}

// File takes a CSV as it comes. The error is a [Refused] where rows are wrong.
func (s *Service) File(ctx context.Context, a Asked, from io.Reader) (Result, error) {
	var unknown []string
	sum := sha256.New()
	from = io.TeeReader(from, sum)
	if a.Key != "" {
		if done, again, err := s.before(ctx, a.Key, func() error { _, err := io.Copy(io.Discard, from); return err }, sum); again || err != nil {
			return done, err
		}
	}
	r, err := s.take(ctx, a, "file", s.reader().file(from, &unknown), sum)
	r.Unknown = unknown
	return r, err
}

// before gives what came of an upload with the same key. Rest reads what the
// sum is of; another sum is [store.ErrMismatch].
func (s *Service) before(ctx context.Context, key string, rest func() error, sum hash.Hash) (Result, bool, error) {
	done, err := s.o.Store.SpendByKey(ctx, key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Result{}, false, nil
	case err != nil:
		return Result{}, false, fmt.Errorf("upload spend: %w", err)
	}
	if err := rest(); err != nil {
		return Result{}, false, fmt.Errorf("upload spend: %w", err)
	}
	if done.Hash != hex.EncodeToString(sum.Sum(nil)) {
		return Result{}, false, fmt.Errorf("upload spend: %w", store.ErrMismatch)
	}
	return Result{SpendUpload: done, Again: true}, true, nil
}

// sumOf is the sum of what is told at once.
func sumOf(v any) hash.Hash {
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode(v) // texts and numbers always encode
	return sum
}

// Rows takes rows, whose costs have a point before the cents.
func (s *Service) Rows(ctx context.Context, a Asked, rows []Row) (Result, error) {
	reader, sum := s.reader(), sumOf(rows)
	if a.Key != "" {
		if done, again, err := s.before(ctx, a.Key, none, sum); again || err != nil {
			return done, err
		}
	}
	return s.take(ctx, a, "rows", func(yield func(line) bool) {
		for i, r := range rows {
			if !yield(reader.row(r, i+1, '.')) {
				return
			}
		}
	}, sum)
}

func none() error { return nil }

func (s *Service) reader() reader { return reader{s.o.Currency, s.o.Now()} }

// take keeps what rows there are, all or none.
func (s *Service) take(ctx context.Context, a Asked, kind string, lines iter.Seq[line], sum hash.Hash) (Result, error) {
	u := &upload{
		store: s.o.Store,
		out:   Result{SpendUpload: store.SpendUpload{ID: event.NewID(), At: s.o.Now().UTC().Truncate(time.Millisecond), By: a.By, Kind: kind, Key: a.Key}},
	}
	if a.Dry {
		u.out.Key = "" // it is still to be used
	}
	err := u.read(ctx, lines)
	if err == nil && u.out.Rows == 0 && kind != deletion {
		err = &Refused{Wrong: []Wrong{{Reason: "there are no rows"}}}
	}
	u.out.Hash = hex.EncodeToString(sum.Sum(nil))
	if err == nil && !a.Dry && u.n != 0 {
		if err = u.store.Write(ctx, func(tx *store.Tx) error { return tx.FinishSpend(u.n, u.out.SpendUpload) }); err == nil {
			return u.out, nil
		}
	}
	if u.n != 0 {
		err = errors.Join(err, u.store.DropSpend(context.WithoutCancel(ctx), u.n))
	}
	return u.out, err
}

// upload is one on its way.
type upload struct {
	store   *store.Store
	n       int64 // 0 before anything is written
	out     Result
	wait    []store.SpendRow // for a write
	refused Refused
}

// read stages all rows. Once one is wrong the others are only looked at.
func (u *upload) read(ctx context.Context, lines iter.Seq[line]) error {
	for l := range lines {
		if err := ctx.Err(); err != nil {
			return err
		}
		if l.failed != nil {
			return l.failed
		}
		if l.wrong != nil {
			u.refused.add(l.wrong)
			continue
		}
		if u.out.Rows++; u.out.Rows > MostRows {
			u.refused.add(&Wrong{Line: l.Line, Reason: fmt.Sprintf("an upload has at most %d rows: make two of it", MostRows)})
			break
		}
		u.out.Total += l.Cost
		if len(u.out.First) < sample {
			u.out.First = append(u.out.First, l.SpendRow)
		}
		if u.wait = append(u.wait, l.SpendRow); len(u.wait) == chunk {
			if err := u.flush(ctx); err != nil {
				return err
			}
		}
	}
	if err := u.flush(ctx); err != nil {
		return err
	}
	if len(u.refused.Wrong) > 0 {
		return &u.refused
	}
	return nil
}

// flush writes what waits. A look writes too, as only the store tells which
// rows are there twice, and takes it back.
func (u *upload) flush(ctx context.Context) error {
	rows := u.wait
	u.wait = u.wait[:0]
	if len(u.refused.Wrong) > 0 || len(rows) == 0 {
		return nil
	}
	n := u.n
	err := u.store.Write(ctx, func(tx *store.Tx) (err error) {
		if n == 0 {
			if n, err = tx.BeginSpend(u.out.SpendUpload); err != nil {
				return err
			}
		}
		return tx.AddSpend(n, rows)
	})
	if twice, ok := errors.AsType[*store.SpendRepeat](err); ok {
		u.refused.add(&Wrong{Line: twice.Line, Reason: twice.Error()})
		return nil
	}
	if err != nil {
		return fmt.Errorf("upload spend: %w", err)
	}
	u.n = n
	return nil
}

// Page gives what counts; see [store.Store.Spend].
func (s *Service) Page(ctx context.Context, q store.SpendQuery) ([]store.SpendRow, string, error) {
	return s.o.Store.Spend(ctx, q)
}

// Uploads gives who uploaded what, the latest first.
func (s *Service) Uploads(ctx context.Context, after string, limit int) ([]store.SpendUpload, string, error) {
	return s.o.Store.SpendUploads(ctx, after, limit)
}

// Delete takes back what counts of the days, source and campaign of a query,
// as an upload of its own.
func (s *Service) Delete(ctx context.Context, a Asked, q store.SpendQuery) (Result, error) {
	sum := sumOf(q)
	if a.Key != "" {
		if done, again, err := s.before(ctx, a.Key, none, sum); again || err != nil {
			return done, err
		}
	}
	return s.take(ctx, a, deletion, func(yield func(line) bool) {
		for q.Limit = 500; ; {
			rows, next, err := s.o.Store.Spend(ctx, q)
			for _, r := range rows {
				if !yield(line{SpendRow: store.SpendRow{Day: r.Day, Source: r.Source, Campaign: r.Campaign, Gone: true}}) {
					return
				}
			}
			if err != nil {
				yield(line{failed: err})
			}
			if q.After = next; next == "" {
				return
			}
		}
	}, sum)
}
