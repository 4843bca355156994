package bulk

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/insights"
	"heed/internal/intake"
	"heed/internal/sheet"
)

// Columns are those of a CSV that mean something, with what they mean.
func Columns() [][2]string {
	return [][2]string{
		{"file", "the recording, from the CSV's folder; required"},
		{"started", "its begin, 2026-03-02T09:15:00Z or, in calls-time-zone, 2026-03-02 09:15"},
		{"from, to", "the numbers of who called and who was called"},
		{"agent", "who spoke for the company"},
		{"direction", "inbound (default) or outbound"},
		{"language", "of the call, such as en or de-AT"},
		{"channels", "1 where two channels carry the same"},
		{"first", "who is on the first channel: agent (default of two) or customer"},
		{"platform", "where the call was made, such as twilio"},
		{"call", "the platform's id of the call: one that was heard live is not made again"},
		{"id", "the platform's id of the recording"},
	}
}

// field puts a value of a column where it belongs.
type field func(i *Item, value string) error

func fields(dir string, zone *time.Location) map[string]field {
	text := func(at func(*Item) *string) field {
		return func(i *Item, value string) error { *at(i) = value; return nil }
	}
	return map[string]field{
		"file": func(i *Item, value string) error {
			if i.Name, i.File = value, value; !filepath.IsAbs(value) {
				i.File = filepath.Join(dir, value)
			}
			return nil
		},
		"started": func(i *Item, value string) (err error) {
			i.About.Started, err = moment(value, zone)
			return err
		},
		"channels": func(i *Item, value string) (err error) {
			if i.About.Channels, err = strconv.Atoi(value); err != nil {
				return fmt.Errorf("channels is %q, want 1 or 2", value)
			}
			return nil
		},
		"first": func(i *Item, value string) error {
			i.About.First = insights.Speaker(strings.ToLower(value))
			return nil
		},
		"direction": func(i *Item, value string) error { i.About.Direction = strings.ToLower(value); return nil },
		"from":      text(func(i *Item) *string { return &i.About.From }),
		"to":        text(func(i *Item) *string { return &i.About.To }),
		"agent":     text(func(i *Item) *string { return &i.About.Agent }),
		"language":  text(func(i *Item) *string { return &i.About.Language }),
		"platform":  text(func(i *Item) *string { return &i.Platform }),
		"call":      text(func(i *Item) *string { return &i.About.Call }),
		"id":        text(func(i *Item) *string { return &i.Source }),
	}
}

// moment reads a time, in a zone where it names none.
func moment(s string, zone *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at.UTC(), nil
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(form, s, zone); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("started is %q, want a time such as 2026-03-02T09:15:00Z or 2026-03-02 09:15", s)
}

// openSheet looks at a CSV.
func openSheet(path string, zone *time.Location) (*Source, error) {
	known := fields(filepath.Dir(path), zone)
	s := &Source{}
	heads, err := s.scan(path, known)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrSource, path, err)
	}
	s.items = func() iter.Seq2[Item, error] {
		return func(yield func(Item, error) bool) {
			for row, err := range rows(path) {
				i := Item{Line: row.Line, Name: fmt.Sprintf("line %d", row.Line), Submission: intake.Submission{Bulk: true}}
				if err == nil {
					err = i.fill(row.Cells, heads, known)
				}
				if row.Line > 1 && !yield(i, err) {
					return
				}
			}
		}
	}
	return s, nil
}

// scan reads a CSV once: its header must make sense, and all of it be text.
func (s *Source) scan(path string, known map[string]field) (heads []string, err error) {
	for row, err := range rows(path) {
		if err != nil && !sheet.IsParse(err) {
			return nil, err
		}
		if row.Line > 1 {
			s.Total++
			continue
		}
		if err != nil {
			return nil, err
		}
		if heads, err = sheet.Heads(row.Cells); err != nil {
			return nil, err
		}
	}
	for _, head := range heads {
		if known[head] == nil {
			s.Unknown = append(s.Unknown, head)
		}
	}
	if !slices.Contains(heads, "file") {
		return nil, errors.New("no column is named file; the first line must name the columns")
	}
	if s.Total == 0 {
		return nil, errors.New("it has no rows")
	}
	return heads, nil
}

// fill takes a row.
func (i *Item) fill(cells, heads []string, known map[string]field) error {
	if len(cells) != len(heads) {
		return fmt.Errorf("the row has %d fields, the header %d", len(cells), len(heads))
	}
	var errs []error
	for n, head := range heads {
		if value := strings.TrimSpace(cells[n]); value != "" && known[head] != nil {
			errs = append(errs, known[head](i, value))
		}
	}
	if i.File == "" {
		errs = append(errs, errors.New("no file is named"))
	}
	return errors.Join(errs...)
}

// rows reads the CSV of a path row by row; see [sheet.Rows].
func rows(path string) iter.Seq2[sheet.Row, error] {
	return func(yield func(sheet.Row, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(sheet.Row{Line: 1}, err)
			return
		}
		defer func() { _ = f.Close() }() // read only
		sheet.Rows(f)(yield)
	}
}
