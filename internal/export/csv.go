package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode"
)

const (
	// mark begins a file of UTF-8 for programs that would take it for something
	// else.
	mark = "\ufeff"
	// between stands between the texts of a list in one field.
	between = "|"
	// clock is how moments are written: RFC 3339 with milliseconds.
	clock = "2006-01-02T15:04:05.000Z"
)

// table is a CSV being written.
type table struct {
	w      *csv.Writer
	heads  []heading
	fields []string
}

func newCSV(w io.Writer, heads []heading, bom bool) (*table, error) {
	if bom {
		if _, err := io.WriteString(w, mark); err != nil {
			return nil, err
		}
	}
	t := &table{w: csv.NewWriter(w), heads: heads, fields: make([]string, len(heads))}
	t.w.UseCRLF = true
	for i, h := range heads {
		t.fields[i] = h.name
	}
	return t, t.w.Write(t.fields)
}

func (t *table) row(cells []cell) error {
	for i, c := range cells {
		t.fields[i] = field(t.heads[i].kind, c)
	}
	return t.w.Write(t.fields)
}

// close tells of what is missing in a last row, in its first field: the format
// has no other place for it.
func (t *table) close(e End) error {
	if e.Partial != "" {
		clear(t.fields)
		t.fields[0] = "PARTIAL: " + e.Partial
		if err := t.w.Write(t.fields); err != nil {
			return err
		}
	}
	t.w.Flush()
	return t.w.Error()
}

func field(k kind, c cell) string {
	if c.none {
		return ""
	}
	switch k {
	case whole:
		return strconv.FormatInt(c.whole, 10)
	case number: // a number is none that a spreadsheet would calculate
		return strconv.FormatFloat(c.num, 'f', -1, 64)
	case moment:
		return c.at.Format(clock)
	case list:
		return Harmless(strings.Join(c.list, between))
	case text:
	}
	return Harmless(c.text)
}

// Harmless puts an apostrophe before a text that a spreadsheet would take for
// a formula (OWASP, "CSV Injection"): one that begins with = + - @, a tab or a
// line's end, also in full width, also behind spaces and what cannot be seen.
func Harmless(s string) string {
	for _, r := range s {
		if strings.ContainsRune("=+-@\t\r\n＝＋－＠−", r) {
			return "'" + s
		}
		if !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Cc) {
			break
		}
	}
	return s
}
