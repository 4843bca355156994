package spend

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"heed/internal/money"
	"heed/internal/sheet"
	"heed/internal/store"
)

// LongestName bounds the name of a source or campaign, in bytes.
const LongestName = 256

// Row is what a campaign of a source cost on a day, as it is told.
type Row struct {
	Date, Source, Campaign, Cost, Currency string
}

// Wrong is what is wrong with a row, a column or a file.
type Wrong struct {
	Line   int    `json:"line,omitempty" doc:"Of the file, or of the rows from 1; 0 where it is all of it" example:"7"`
	Column string `json:"column,omitempty" example:"cost"`
	Reason string `json:"reason" example:"\"12,50 EUR\" is no amount such as 1234.50"`
}

func (w *Wrong) Error() string {
	var b strings.Builder
	if w.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", w.Line)
	}
	if w.Column != "" {
		b.WriteString(w.Column + ": ")
	}
	return b.String() + w.Reason
}

// names are the names under which ad platforms export a column; the first is
// ours.
var names = map[string][]string{
	"date":     {"date", "day", "gregorian date"},
	"source":   {"source", "platform"},
	"campaign": {"campaign", "campaign name"},
	"cost":     {"cost", "spend", "amount spent"},
	"currency": {"currency", "currency code"},
}

// columns is where the columns of a file are.
type columns map[string]int

// columnsOf finds the columns by the names in the header. Unknown names the
// others.
func columnsOf(cells []string) (found columns, unknown []string, err error) {
	heads, err := sheet.Heads(cells)
	if err != nil {
		return nil, nil, &Wrong{Line: 1, Reason: err.Error()}
	}
	found = columns{}
	for i, head := range heads {
		column := ""
		for name, all := range names {
			if slices.Contains(all, head) {
				column = name
			}
		}
		if column == "" {
			unknown = append(unknown, head)
			continue
		}
		if at, twice := found[column]; twice {
			return nil, nil, &Wrong{Line: 1, Column: column, Reason: fmt.Sprintf("stands in two columns, %q and %q", heads[at], head)}
		}
		found[column] = i
	}
	for _, name := range []string{"date", "source", "campaign", "cost"} {
		if _, ok := found[name]; !ok {
			return nil, nil, &Wrong{Line: 1, Column: name, Reason: "no column is named so; the first line must name date, source, campaign and cost"}
		}
	}
	return found, unknown, nil
}

func (c columns) row(cells []string) Row {
	at := func(name string) string {
		if i, ok := c[name]; ok {
			return cells[i]
		}
		return ""
	}
	return Row{at("date"), at("source"), at("campaign"), at("cost"), at("currency")}
}

// reader puts rows into the form in which they are kept.
type reader struct {
	currency money.Currency
	now      time.Time
}

// line is a row of a file in the form in which it is kept, or what is wrong.
// What failed ends the upload.
type line struct {
	store.SpendRow
	wrong  *Wrong
	failed error
}

// file reads a CSV row by row. What is wrong with the header is the last of it;
// unknown is set with the first row.
func (r reader) file(from io.Reader, unknown *[]string) iter.Seq[line] {
	return func(yield func(line) bool) {
		var heads int
		var at columns
		for row, err := range sheet.Rows(from) {
			if err != nil {
				if !yield(wrongFile(row.Line, err)) || heads == 0 {
					return
				}
				continue
			}
			if heads == 0 {
				if at, *unknown, err = columnsOf(row.Cells); err != nil {
					w, _ := errors.AsType[*Wrong](err)
					yield(line{wrong: w})
					return
				}
				heads = len(row.Cells)
				continue
			}
			if !yield(r.line(row, heads, at)) {
				return
			}
		}
		if heads == 0 {
			yield(line{wrong: &Wrong{Reason: "the file is empty"}})
		}
	}
}

func wrongFile(at int, err error) line {
	switch {
	case errors.Is(err, sheet.ErrEncoding):
		return line{wrong: &Wrong{Line: at, Reason: sheet.ErrEncoding.Error()}}
	case sheet.IsParse(err):
		return line{wrong: &Wrong{Line: at, Reason: "a quote is not closed, or stands within a field"}}
	}
	return line{failed: fmt.Errorf("read line %d: %w", at, err)}
}

func (r reader) line(row sheet.Row, heads int, at columns) line {
	if len(row.Cells) != heads {
		return line{wrong: &Wrong{Line: row.Line, Reason: fmt.Sprintf("the row has %d fields, the header %d", len(row.Cells), heads)}}
	}
	return r.row(at.row(row.Cells), row.Line, 0)
}

// row puts a row into the form in which it is kept.
func (r reader) row(in Row, at int, decimal rune) line {
	out := store.SpendRow{Line: at}
	bad := func(column, value string, err error) line {
		return line{wrong: &Wrong{Line: at, Column: column, Reason: fmt.Sprintf("%q %v", short(value), err)}}
	}
	day, err := dayOf(in.Date, r.now)
	if err != nil {
		return bad("date", in.Date, err)
	}
	if out.Source, err = nameOf(in.Source); err != nil {
		return bad("source", in.Source, err)
	}
	if out.Campaign, err = nameOf(in.Campaign); err != nil {
		return bad("campaign", in.Campaign, err)
	}
	if c := strings.TrimSpace(in.Currency); c != "" && !strings.EqualFold(c, r.currency.String()) {
		return bad("currency", c, fmt.Errorf("is not %s, in which costs are kept here: convert them first", r.currency))
	}
	if out.Cost, err = r.currency.Read(in.Cost, decimal); err != nil {
		return bad("cost", in.Cost, err)
	}
	if out.Cost < 0 {
		return bad("cost", in.Cost, errors.New("is less than nothing"))
	}
	out.Day = day
	return line{SpendRow: out}
}

var (
	errDay   = errors.New("is no day such as 2026-03-01")
	errOrder = errors.New("may be the day or the month first: write 2026-03-01")
	errRange = errors.New("is before 2000 or more than a year ahead")
)

// dayOf reads a day. What might be a day and a month, or a month and a day, is
// refused.
func dayOf(text string, now time.Time) (string, error) {
	text = strings.TrimSpace(text)
	for _, form := range []string{time.DateOnly, "20060102", "2006/01/02", "02.01.2006", "2.1.2006"} {
		day, err := time.Parse(form, text)
		if err != nil {
			continue
		}
		if day.Year() < 2000 || day.After(now.AddDate(1, 0, 0)) {
			return "", errRange
		}
		return day.Format(time.DateOnly), nil
	}
	if _, err := time.Parse("1/2/2006", text); err == nil {
		return "", errOrder
	}
	if _, err := time.Parse("2/1/2006", text); err == nil {
		return "", errOrder
	}
	return "", errDay
}

// nameOf puts a name into the form in which names are compared.
func nameOf(text string) (string, error) {
	name := strings.Join(strings.Fields(text), " ")
	switch {
	case name == "":
		return "", errors.New("is missing")
	case len(name) > LongestName:
		return "", fmt.Errorf("is longer than %d bytes", LongestName)
	case strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name):
		return "", errors.New("holds a control character")
	}
	return name, nil
}

// short cuts what is quoted in a complaint.
func short(s string) string {
	if s = strings.ToValidUTF8(s, "?"); len(s) <= 60 {
		return s
	}
	cut := 60
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}
