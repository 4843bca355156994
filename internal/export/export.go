// Package export writes rows as a file that other programs read: CSV, JSON
// Lines or Parquet. A [Table] says once what its columns are called, hold and
// mean; every format is written from that.
//
// Rows are written as they come and nothing of them is kept, but for one row
// group of Parquet, which has a bound. A file that does not hold all says so at
// its end, see [End]. The package reads no store, serves no HTTP and decides
// nobody's rights: what may not leave the house must not be given to it.
package export

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// Format is a kind of file.
type Format string

// The formats, by the names that people ask for.
const (
	CSV     Format = "csv"     // RFC 4180, UTF-8, safe to open in a spreadsheet
	JSONL   Format = "jsonl"   // one JSON object a line
	Parquet Format = "parquet" // typed columns, Snappy
)

// Formats lists them.
func Formats() []Format { return []Format{CSV, JSONL, Parquet} }

// Type is the media type of a file of the format.
func (f Format) Type() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case JSONL:
		return "application/x-ndjson"
	case Parquet:
		return "application/vnd.apache.parquet"
	}
	return "application/octet-stream"
}

// ErrFormat is a format that there is not.
var ErrFormat = errors.New("want csv, jsonl or parquet")

// kind is what a column holds.
type kind int

const (
	text kind = iota
	whole
	number
	moment
	list
)

// cell is one value; which of its parts counts is the column's kind. None is a
// value that is not known.
type cell struct {
	none  bool
	text  string
	whole int64
	num   float64
	at    time.Time
	list  []string
}

// Column is one column of a table of T.
type Column[T any] struct {
	Name  string // lower case, words joined by _
	About string // one sentence, for the description of the API
	kind  kind
	of    func(*T) cell
}

// Text is a column of texts; an empty one stays empty.
func Text[T any](name, about string, of func(*T) string) Column[T] {
	return Column[T]{name, about, text, func(row *T) cell { return cell{text: of(row)} }}
}

// Whole is a column of whole numbers.
func Whole[T any](name, about string, of func(*T) int64) Column[T] {
	return Column[T]{name, about, whole, func(row *T) cell { return cell{whole: of(row)} }}
}

// Number is a column of numbers, of which some may not be known.
func Number[T any](name, about string, of func(*T) (v float64, known bool)) Column[T] {
	return Column[T]{name, about, number, func(row *T) cell {
		v, known := of(row)
		return cell{num: v, none: !known || math.IsNaN(v) || math.IsInf(v, 0)}
	}}
}

// Time is a column of moments, in UTC to the millisecond; the zero time is not
// known.
func Time[T any](name, about string, of func(*T) time.Time) Column[T] {
	return Column[T]{name, about, moment, func(row *T) cell {
		at := of(row)
		return cell{at: at.UTC().Truncate(time.Millisecond), none: at.IsZero()}
	}}
}

// List is a column of several texts, such as themes.
func List[T any](name, about string, of func(*T) []string) Column[T] {
	return Column[T]{name, about, list, func(row *T) cell { return cell{list: of(row)} }}
}

// Table says what rows of T are as a file.
type Table[T any] struct {
	Name    string // of the file, without an ending, and of the Parquet schema
	Columns []Column[T]
}

// About describes the columns, for the description of the API.
func (t Table[T]) About() string {
	var b strings.Builder
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s (%s)", c.Name, c.About)
	}
	return b.String()
}

// Options are how a file is written.
type Options struct {
	// BOM begins a CSV with a byte order mark, by which Excel knows UTF-8.
	BOM bool
}

// End says at the end of a file whether it holds all.
type End struct {
	Rows int64
	// Partial says why the file does not hold all that was asked for; empty
	// when it does.
	Partial string
}

// sink is a format being written.
type sink interface {
	row(cells []cell) error
	// close ends the file; it does not close what it is written to.
	close(End) error
}

// heading is what a format needs to know of a column.
type heading struct {
	name string
	kind kind
}

// Writer writes a table's rows to a file. It is not safe for concurrent use.
type Writer[T any] struct {
	columns []Column[T]
	cells   []cell
	to      sink
	rows    int64
}

// Writer begins a file. An unknown format is [ErrFormat].
func (t Table[T]) Writer(w io.Writer, f Format, o Options) (*Writer[T], error) {
	heads := make([]heading, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = heading{c.Name, c.kind}
	}
	out := &Writer[T]{columns: slices.Clone(t.Columns), cells: make([]cell, len(t.Columns))}
	var err error
	switch f {
	case CSV:
		out.to, err = newCSV(w, heads, o.BOM)
	case JSONL:
		out.to = newLines(w, heads)
	case Parquet:
		out.to, err = newParquet(w, t.Name, heads)
	default:
		err = fmt.Errorf("format %q: %w", f, ErrFormat)
	}
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", t.Name, err)
	}
	return out, nil
}

// Write adds a row.
func (w *Writer[T]) Write(row *T) error {
	for i, c := range w.columns {
		w.cells[i] = c.of(row)
	}
	if err := w.to.row(w.cells); err != nil {
		return fmt.Errorf("export row %d: %w", w.rows+1, err)
	}
	w.rows++
	return nil
}

// Rows is how many rows were written.
func (w *Writer[T]) Rows() int64 { return w.rows }

// Close ends the file; partial says why it does not hold all, empty when it
// does. It does not close what the file is written to.
func (w *Writer[T]) Close(partial string) (End, error) {
	end := End{Rows: w.rows, Partial: partial}
	if err := w.to.close(end); err != nil {
		return end, fmt.Errorf("export: end: %w", err)
	}
	return end, nil
}
