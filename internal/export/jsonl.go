package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strconv"
)

// lines are JSON Lines being written. Every line has every column, in the
// table's order; what is not known is null.
type lines struct {
	w     *bufio.Writer
	heads []heading
	names []string // quoted, with the colon
	buf   bytes.Buffer
	enc   *json.Encoder
}

func newLines(w io.Writer, heads []heading) *lines {
	l := &lines{w: bufio.NewWriterSize(w, 32<<10), heads: heads}
	l.enc = json.NewEncoder(&l.buf)
	l.enc.SetEscapeHTML(false) // no page shows it, and people read it
	for _, h := range heads {
		l.names = append(l.names, strconv.Quote(h.name)+":")
	}
	return l
}

func (l *lines) row(cells []cell) error {
	l.buf.Reset()
	for i, c := range cells {
		l.buf.WriteByte("{,"[min(i, 1)])
		l.buf.WriteString(l.names[i])
		if err := l.value(l.heads[i].kind, c); err != nil {
			return err
		}
	}
	l.buf.WriteString("}\n")
	_, err := l.w.Write(l.buf.Bytes())
	return err
}

func (l *lines) value(k kind, c cell) error {
	switch {
	case c.none:
		l.buf.WriteString("null")
		return nil
	case k == whole:
		return l.encode(c.whole)
	case k == number:
		return l.encode(c.num)
	case k == moment:
		return l.encode(c.at.Format(clock))
	case k == list && c.list == nil:
		return l.encode([]string{})
	case k == list:
		return l.encode(c.list)
	}
	return l.encode(c.text)
}

// encode writes a value without the line's end that the encoder adds.
func (l *lines) encode(v any) error {
	if err := l.enc.Encode(v); err != nil {
		return err
	}
	l.buf.Truncate(l.buf.Len() - 1)
	return nil
}

// close tells of what is missing in a last line.
func (l *lines) close(e End) error {
	if e.Partial != "" {
		l.buf.Reset()
		err := l.enc.Encode(struct {
			Partial string `json:"partial"`
			Rows    int64  `json:"rows"`
		}{e.Partial, e.Rows})
		if err != nil {
			return err
		}
		if _, err := l.w.Write(l.buf.Bytes()); err != nil {
			return err
		}
	}
	return l.w.Flush()
}
