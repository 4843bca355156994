package logged

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"heed/insights/dataset"
)

// maxLine bounds one line, in bytes: 500 survivors fill a quarter of a megabyte.
const maxLine = 4 << 20

// form is what a line looks like.
const form = `{"chosen": "a", "reward": 1, "survivors": [{"action": "a", "pi": 0.5}, {"action": "b", "pi": 0.5}]}`

// ReadFile reads a log whole; see [Read].
func ReadFile(path string) ([]Line, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the log: %w; want a file of JSON lines", err)
	}
	defer func() { _ = f.Close() }() // read only
	return Read(f, path)
}

// Read reads a log, plain or compressed with gzip, to its end; name is the file
// in errors, which tell the line and what was expected there. Every line that
// it gives can be judged. It does not close.
func Read(r io.Reader, name string) ([]Line, error) {
	plain, err := dataset.Unpack(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w; want JSON lines, plain or gzip", name, err)
	}
	lines := bufio.NewScanner(plain)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	var all []Line
	n := 0
	for lines.Scan() {
		n++
		raw := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(raw) == 0 {
			continue
		}
		l, err := parse(raw)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		all = append(all, l)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: a line of more than %d MB, want one decision a line", name, n+1, maxLine>>20)
	case err != nil:
		return nil, fmt.Errorf("read %s: %w; want JSON lines, plain or gzip", name, err)
	case len(all) == 0:
		return nil, fmt.Errorf("read %s: no decisions, want one a line such as %s", name, form)
	}
	return all, nil
}

func parse(raw []byte) (l Line, err error) {
	if raw[0] != '{' {
		return l, fmt.Errorf("%.20q is no JSON object, want one decision a line such as %s", raw, form)
	}
	var wrong *json.UnmarshalTypeError
	var broken *json.SyntaxError
	switch err := json.Unmarshal(raw, &l); {
	case errors.As(err, &wrong):
		return l, fmt.Errorf("%q is a %s, want it as in %s", wrong.Field, wrong.Value, form)
	case errors.As(err, &broken):
		return l, fmt.Errorf("%w at byte %d, want one decision a line such as %s", err, broken.Offset, form)
	case err != nil:
		return l, err
	}
	return l, l.Check()
}
