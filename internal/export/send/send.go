// Package send answers a request with a table, as a file that is written while
// it is read: however many rows there are, a page of them is in memory.
//
// What is sent is noted in the log before its first byte. An export ends with
// the rows, at a limit, when the caller goes or may no longer read, or when
// something breaks; but for the first it says so at its end, in the file and in
// trailers. The package knows no table and decides no rights: routes do.
package send

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/internal/event"
	"heed/internal/export"
	"heed/internal/mount"
)

const (
	// together is how many exports run at once: they read the disk that live
	// calls write to.
	together = 4
	// patience is how long a caller may take nothing of what is sent.
	patience = time.Minute
	// watched is after how many rows it is looked again whether the caller may
	// still read.
	watched = 2000
)

// Trailers of an answer: how many rows it has, and why they are not all, which
// is empty when they are.
const (
	RowsTrailer    = "Heed-Export-Rows"
	PartialTrailer = "Heed-Export-Partial"
)

// Sender sends tables. It is safe for concurrent use.
type Sender struct {
	kit  mount.Kit
	most int64
	note Note
	busy chan struct{}
}

// Note keeps in the log that somebody takes data out; callID is empty where it
// is of many calls.
type Note func(ctx context.Context, callID string, t event.Taken) error

// New makes a sender of at most so many rows an export.
func New(k mount.Kit, most int64, n Note) *Sender {
	return &Sender{kit: k, most: most, note: n, busy: make(chan struct{}, together)}
}

// Ask is what every export is asked with.
type Ask struct {
	Format string `query:"format" enum:"csv,jsonl,parquet" default:"csv" doc:"csv (UTF-8, RFC 4180; what a spreadsheet would calculate has an apostrophe before it), jsonl (an object a line) or parquet"`
	BOM    bool   `query:"bom" doc:"Begin a csv with a byte order mark, by which Excel knows UTF-8"`
}

// Source gives rows to take, in order, until there are no more or take fails;
// take's error is to be given back. Partial says why they are not all.
type Source[T any] func(ctx context.Context, take func(*T) error) (partial string, err error)

var (
	errEnough = errors.New("the limit is reached")
	errBarred = errors.New("the caller may no longer read")
)

// Answer notes an export and begins it. What can be refused must have been
// refused before: from its first byte on an answer can only break off.
func Answer[T any](ctx context.Context, s *Sender, t export.Table[T], ask Ask, what string, rows Source[T]) (*huma.StreamResponse, error) {
	select {
	case s.busy <- struct{}{}:
	default:
		return nil, huma.ErrorWithHeaders(huma.Error503ServiceUnavailable(
			fmt.Sprintf("%d exports are being written; ask again when one has ended", together)), http.Header{"Retry-After": {"30"}})
	}
	taken := event.Taken{By: s.kit.Caller(ctx), Role: s.kit.Role(ctx), What: what, Format: ask.Format}
	if err := s.note(ctx, "", taken); err != nil {
		<-s.busy
		return nil, s.kit.Fail(err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer func() { <-s.busy }()
		head(c, t.Name, export.Format(ask.Format))
		w, done := patiently(c.BodyWriter())
		defer done()
		end, err := write(c.Context(), s, t, ask, w, rows)
		if err != nil && c.Context().Err() == nil {
			_ = s.kit.Fail(err) // it is logged there; the answer has begun already
		}
		c.SetHeader(RowsTrailer, strconv.FormatInt(end.Rows, 10))
		c.SetHeader(PartialTrailer, end.Partial)
	}}, nil
}

func head(c huma.Context, name string, f export.Format) {
	c.SetHeader("Content-Type", f.Type())
	c.SetHeader("Content-Disposition", `attachment; filename="`+name+"."+string(f)+`"`)
	c.SetHeader("Cache-Control", "no-store")
	c.SetHeader("Trailer", RowsTrailer+", "+PartialTrailer)
}

// write sends the rows and the end. The error is what broke it.
func write[T any](ctx context.Context, s *Sender, t export.Table[T], ask Ask, to io.Writer, rows Source[T]) (export.End, error) {
	w, err := t.Writer(to, export.Format(ask.Format), export.Options{BOM: ask.BOM})
	if err != nil {
		return export.End{Partial: "it could not begin"}, err
	}
	partial, err := rows(ctx, func(row *T) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case w.Rows() >= s.most:
			return errEnough
		case w.Rows()%watched == 0 && !s.kit.Still(ctx):
			return errBarred
		}
		return w.Write(row)
	})
	switch {
	case errors.Is(err, errEnough):
		partial, err = fmt.Sprintf("only the first %d rows are here; narrow what is asked for, or raise limits-export-rows", s.most), nil
	case errors.Is(err, errBarred):
		partial, err = "the key or the session that asked for it has ended", nil
	case err != nil:
		partial = "it broke off here; the reason is in the server's log"
	}
	end, endErr := w.Close(partial)
	return end, errors.Join(err, endErr)
}

// patient gives a caller a while for each stretch of the answer: one who reads
// nothing must not hold a place for ever.
type patient struct {
	io.Writer

	control *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	// A writer without deadlines has nobody to wait for.
	_ = p.control.SetWriteDeadline(time.Now().Add(patience))
	return p.Writer.Write(b)
}

// patiently wraps an answer's writer; done takes the deadline off the
// connection, which the next request may use.
func patiently(w io.Writer) (_ io.Writer, done func()) {
	to, ok := w.(http.ResponseWriter)
	if !ok {
		return w, func() {}
	}
	c := http.NewResponseController(to)
	return patient{w, c}, func() { _ = c.SetWriteDeadline(time.Time{}) }
}

// Describe says in the description of the API what an export answers, with an
// example row.
func Describe[T any](op *huma.Operation, t export.Table[T], example T) {
	op.Description = strings.TrimSpace(op.Description + "\n\nColumns: " + t.About() + ".\n\n" +
		"The rows are sent as they are read. An answer that does not hold all says so in its last line (csv: a row that begins with PARTIAL; jsonl: " +
		`{"partial": why}; parquet: heed.partial in the file's metadata), and in the trailers ` + RowsTrailer + " and " + PartialTrailer + ".")
	op.Errors = append(op.Errors, http.StatusServiceUnavailable)
	content := map[string]*huma.MediaType{}
	for _, f := range export.Formats() {
		m := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
		if f == export.Parquet {
			m.Schema.Format = "binary"
		} else {
			m.Example = sample(t, f, example)
		}
		name, _, _ := strings.Cut(f.Type(), ";")
		content[name] = m
	}
	op.Responses = map[string]*huma.Response{"200": {Description: "The rows, as a file", Content: content}}
}

func sample[T any](t export.Table[T], f export.Format, row T) string {
	var b bytes.Buffer
	w, err := t.Writer(&b, f, export.Options{})
	if err == nil {
		err = w.Write(&row)
	}
	if err == nil {
		_, err = w.Close("")
	}
	if err != nil {
		panic(err) // a table that cannot be written is the programmer's error
	}
	return b.String()
}
