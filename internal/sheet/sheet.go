// Package sheet reads CSV as people export it: UTF-8 with or without a mark,
// UTF-16 with one, and a comma, a semicolon or a tab between the fields. It
// reads row by row and never holds more than one.
//
// It does not know what columns mean, and guesses no encoding: text that is not
// what it says is refused, because a wrong guess would change names silently.
package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ErrEncoding refuses text that is neither UTF-8 nor marked UTF-16.
var ErrEncoding = errors.New("it is not UTF-8: save it as \"CSV UTF-8\"")

// Row is one of a CSV; the header is the first.
type Row struct {
	Line  int      // 1-based, where it begins
	Cells []string // until the next row
	// Comma is what stands between the fields: a comma, semicolon or tab.
	Comma rune
}

// Rows reads a CSV row by row. A row that cannot be read comes as an error, and
// the next follows; any other error is the last.
func Rows(from io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		// By their mark UTF-16 and UTF-8 are known; what has none must be UTF-8.
		in := bufio.NewReaderSize(transform.NewReader(from, unicode.BOMOverride(encoding.UTF8Validator)), 64<<10)
		r := csv.NewReader(in)
		r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma(in), -1, true
		last := 0
		for first := true; ; first = false {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			at := last + 1 // at the earliest
			if p := (*csv.ParseError)(nil); errors.As(err, &p) {
				at = p.StartLine
			} else if err == nil {
				at, _ = r.FieldPos(0)
			}
			if first {
				at = 1 // blank lines may come before
			}
			if errors.Is(err, encoding.ErrInvalidUTF8) {
				err = ErrEncoding
			}
			last = max(at, 1)
			if !yield(Row{last, cells, r.Comma}, err) || err != nil && !IsParse(err) {
				return
			}
		}
	}
}

// IsParse says that an error is about one row only.
func IsParse(err error) bool {
	p := (*csv.ParseError)(nil)
	return errors.As(err, &p)
}

// comma tells what stands between the fields: what the header has most of.
func comma(in *bufio.Reader) rune {
	head, _ := in.Peek(4096) // a short one is all there is
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best := ','
	for _, c := range []rune{';', '\t'} {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// Heads gives the names of the columns in lower case. Two of one name are
// refused: nobody could say which is meant.
func Heads(cells []string) ([]string, error) {
	heads := make([]string, 0, len(cells))
	seen := make(map[string]bool, len(cells))
	for _, cell := range cells {
		head := strings.ToLower(strings.TrimSpace(cell))
		if seen[head] {
			return nil, fmt.Errorf("two columns are named %q", head)
		}
		seen[head] = true
		heads = append(heads, head)
	}
	return heads, nil
}
