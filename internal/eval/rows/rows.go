// Package rows reads labelled rows for evaluation: JSON lines, one object a
// line, plain or gzip. It checks what it reads and says file, line and what
// was expected; it knows nothing of what the rows are for.
//
// The keys, of which a task needs some; others are ignored:
//
//	text        what was said or written; also "full_text", "utterance"
//	label       a string, a number, true or false, or a list of them; also
//	            "labels", "intent", "intents"
//	oos         true: out of scope, no label fits; the label "oos" says the same
//	spans       personal data: a list of {"start", "end", "label"}, or
//	            {"start_position", "end_position", "entity_type"}; the places
//	            count Unicode code points, the end is the first one after it
//	reference, hypothesis, audio
//	            for word error rates: what was said, what was heard, the recording
//	id          any name, for reports
package rows

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// OutOfScope is the label that says that no label fits.
const OutOfScope = "oos"

// Row is one labelled row.
type Row struct {
	Text string
	// Labels holds each label once, in the order of the file; it is empty for a
	// row that is out of scope.
	Labels []string
	OOS    bool
	// Spans are sorted by Start, then End, lie inside Text and are not empty.
	Spans []Span
	// Marked says that the row had "spans", be it an empty list.
	Marked bool

	Reference  string
	Hypothesis string
	Heard      bool   // there is a hypothesis, be it empty: nothing was heard
	Audio      string // as written: relative to the file's folder unless absolute

	ID   string
	File string // where the row was read, and Line from 1
	Line int
}

// Span is a stretch of Text in Unicode code points, End exclusive.
type Span struct {
	Start, End int
	Label      string
}

// Label is the only label, or "" when there is none. More than one is an
// error for tasks that answer one.
func (r *Row) Label() (string, error) {
	if len(r.Labels) > 1 {
		return "", r.Errorf("%d labels, want one", len(r.Labels))
	}
	if len(r.Labels) == 0 {
		return "", nil
	}
	return r.Labels[0], nil
}

// Gold is what a classifier of one label is asked for: the label, or
// [OutOfScope].
func (r *Row) Gold() (string, error) {
	if r.OOS {
		return OutOfScope, nil
	}
	label, err := r.Label()
	if err == nil && label == "" {
		err = r.Errorf(`no label, want "label" or "oos": true`)
	}
	return label, err
}

// Bytes gives a span of the row as byte offsets of Text.
func (r *Row) Bytes(s Span) (from, to int) {
	n := 0
	from, to = len(r.Text), len(r.Text)
	for i := range r.Text {
		switch n {
		case s.Start:
			from = i
		case s.End:
			return from, i
		}
		n++
	}
	return from, to
}

// Errorf makes an error that names the file and line of the row.
func (r *Row) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", r.File, r.Line, fmt.Errorf(format, args...))
}

// Need says what each row of a task must have.
type Need uint

// What a row may need to have.
const (
	Text   Need = 1 << iota // a text that is not empty
	Label                   // at least one label, or out of scope
	Spans                   // "spans", be it an empty list
	Speech                  // a reference, with a hypothesis or a recording
)

// check holds what must be true of every row, then what this task needs.
func (r *Row) check(need Need) error {
	if err := r.checkSpans(); err != nil {
		return err
	}
	switch {
	case need&Text != 0 && r.Text == "":
		return r.Errorf(`no text, want "text": "..."`)
	case need&Label != 0 && len(r.Labels) == 0 && !r.OOS:
		return r.Errorf(`no label, want "label": "..." or a list of them, or "oos": true`)
	case need&Spans != 0 && !r.Marked:
		return r.Errorf(`no spans, want "spans": [{"start": 0, "end": 4, "label": "NAME"}], or [] where there are none`)
	case need&Speech != 0:
		return r.checkSpeech()
	}
	return nil
}

func (r *Row) checkSpeech() error {
	switch {
	case r.Reference == "":
		return r.Errorf(`no reference, want "reference": what was said`)
	case !r.Heard && r.Audio == "":
		return r.Errorf(`neither audio nor hypothesis, want "audio": a file or "hypothesis": what was heard`)
	}
	return nil
}

func (r *Row) checkSpans() error {
	length := utf8.RuneCountInString(r.Text)
	for _, s := range r.Spans {
		if s.Start < 0 || s.End <= s.Start || s.End > length {
			return r.Errorf("span %d to %d, want 0 <= start < end <= %d code points", s.Start, s.End, length)
		}
		if s.Label == "" {
			return r.Errorf(`span %d to %d has no label, want "label": what it is`, s.Start, s.End)
		}
	}
	return nil
}

// Labels gives the distinct labels of the rows, sorted.
func Labels(all []Row) []string {
	var labels []string
	for i := range all {
		labels = append(labels, all[i].Labels...)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// ErrNone is the error of a file without a row.
var ErrNone = errors.New("no rows, want JSON lines")

// Differ refuses rows that all have one label: nothing can be told apart.
func Differ(all []Row) error {
	if known := Labels(all); len(known) == 1 && !slices.ContainsFunc(all, func(r Row) bool { return r.OOS }) {
		return fmt.Errorf("%s: every row has the label %q, want at least two labels", all[0].File, known[0])
	}
	return nil
}
