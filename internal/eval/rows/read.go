package rows

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"unicode/utf8"

	"heed/insights/dataset"
)

// maxLine bounds one line, in bytes: a call of hours is below it.
const maxLine = 16 << 20

// ReadFile reads a file whole. Every row has what need asks for; the first
// that has not is the error.
func ReadFile(path string, need Need) ([]Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read rows: %w; want a file of JSON lines", err)
	}
	defer func() { _ = f.Close() }() // read only
	return Read(f, path, need)
}

// Read reads rows from r, which may be compressed with gzip; name is the file
// in errors. It reads to the end and does not close.
func Read(r io.Reader, name string, need Need) ([]Row, error) {
	plain, err := dataset.Unpack(r)
	if err != nil {
		return nil, unreadable(name, err)
	}
	lines := bufio.NewScanner(plain)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	var all []Row
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(line) == 0 {
			continue
		}
		row := Row{File: name, Line: n}
		if err := row.parse(line); err != nil {
			return nil, err
		}
		if err := row.check(need); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("read %s: a line of more than %d MB after %d rows, want one object a line", name, maxLine>>20, len(all))
	} else if err != nil {
		return nil, unreadable(name, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("read %s: %w", name, ErrNone)
	}
	return all, nil
}

// unreadable says of which file the bytes cannot be had. The system may have
// named it already.
func unreadable(name string, err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("read %s: %w; want a file of JSON lines, plain or gzip", name, err)
}

// form is what a row looks like.
const form = `{"text": "...", "label": "..."}`

// line is a row as written.
type line struct {
	Text      *string `json:"text"`
	FullText  *string `json:"full_text"`
	Utterance *string `json:"utterance"`

	Label   labels `json:"label"`
	Labels  labels `json:"labels"`
	Intent  labels `json:"intent"`
	Intents labels `json:"intents"`
	OOS     bool   `json:"oos"`

	Spans *[]place `json:"spans"`

	Reference  string          `json:"reference"`
	Hypothesis *string         `json:"hypothesis"`
	Audio      string          `json:"audio"`
	ID         json.RawMessage `json:"id"`
}

// place is a span as written, in either vocabulary.
type place struct {
	Start         *int   `json:"start"`
	End           *int   `json:"end"`
	Label         string `json:"label"`
	StartPosition *int   `json:"start_position"`
	EndPosition   *int   `json:"end_position"`
	EntityType    string `json:"entity_type"`
}

// labels takes one label or a list; numbers and booleans become their text.
type labels []string

// UnmarshalJSON implements [json.Unmarshaler].
func (l *labels) UnmarshalJSON(data []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		list = []json.RawMessage{data}
	}
	*l = nil
	for _, raw := range list {
		text, err := scalar(raw)
		if err != nil {
			return err
		}
		if text != "" {
			*l = append(*l, text)
		}
	}
	return nil
}

// scalar is the text of a string, number or boolean; null is "".
func scalar(raw json.RawMessage) (string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return "", nil
	}
	switch raw[0] {
	case '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", fmt.Errorf("label: %w", err)
		}
		return s, nil
	case '{', '[':
		return "", fmt.Errorf("label is %.20s, want a string or a list of strings", raw)
	}
	return string(raw), nil
}

func (r *Row) parse(data []byte) error {
	if data[0] != '{' {
		return r.Errorf("%.20q is no JSON object, want one object a line such as %s", data, form)
	}
	if !utf8.Valid(data) {
		return r.Errorf("not a row: the text is not UTF-8, want %s in UTF-8", form)
	}
	var in line
	var wrong *json.UnmarshalTypeError
	var broken *json.SyntaxError
	switch err := json.Unmarshal(data, &in); {
	case errors.As(err, &wrong):
		return r.Errorf("%q is a %s, want %s", wrong.Field, wrong.Value, kindOf(wrong.Type))
	case errors.As(err, &broken):
		return r.Errorf("not a row: %w at byte %d, want one object a line such as %s", err, broken.Offset, form)
	case err != nil:
		return r.Errorf("not a row: %w", err)
	}
	for _, text := range []*string{in.Text, in.FullText, in.Utterance} {
		if text != nil {
			r.Text = *text
			break
		}
	}
	r.Reference, r.Audio = in.Reference, in.Audio
	if in.Hypothesis != nil {
		r.Hypothesis, r.Heard = *in.Hypothesis, true
	}
	r.ID, _ = scalar(in.ID) // an id that is an object is no name
	r.setLabels(&in)
	return r.parseSpans(in.Spans)
}

// setLabels takes the labels of a line, each once.
func (r *Row) setLabels(in *line) {
	for _, label := range slices.Concat(in.Label, in.Labels, in.Intent, in.Intents) {
		if label == OutOfScope {
			in.OOS = true
		} else if !slices.Contains(r.Labels, label) {
			r.Labels = append(r.Labels, label)
		}
	}
	if r.OOS = in.OOS; r.OOS {
		r.Labels = nil // what it was about instead, which nobody is asked for
	}
}

// kindOf names what a field holds, as JSON has it.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.Struct:
		return `an object such as {"start": 0, "end": 4, "label": "NAME"}`
	default:
		return "a string"
	}
}

func (r *Row) parseSpans(in *[]place) error {
	if in == nil {
		return nil
	}
	r.Marked = true
	for _, p := range *in {
		if p.Start == nil {
			p.Start = p.StartPosition
		}
		if p.End == nil {
			p.End = p.EndPosition
		}
		if p.Label == "" {
			p.Label = p.EntityType
		}
		if p.Start == nil || p.End == nil {
			return r.Errorf(`span without its place, want {"start": 0, "end": 4, "label": "NAME"}`)
		}
		r.Spans = append(r.Spans, Span{Start: *p.Start, End: *p.End, Label: p.Label})
	}
	slices.SortFunc(r.Spans, func(a, b Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	return nil
}
