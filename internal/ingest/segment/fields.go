package segment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// deepest is how far objects and lists may nest.
const deepest = 32

// fields is an object whose values were not looked at yet. An absent field and
// one that is null are the same.
type fields map[string]json.RawMessage

// parseObject reads an object; name is what it is called in a complaint.
func parseObject(raw []byte, name string) (fields, *bad) {
	var f fields
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, wrongJSON(err, raw, name)
	}
	return f, nil
}

func wrongJSON(err error, raw []byte, name string) *bad {
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &bad{name, "must be an object"}
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		if len(bytes.TrimSpace(raw)) == 0 {
			return &bad{name, "is empty"}
		}
		return &bad{name, fmt.Sprintf("is not JSON at byte %d", syntax.Offset)}
	}
	return &bad{name, "is not JSON"}
}

func (f fields) has(name string) bool {
	raw, ok := f[name]
	return ok && string(raw) != "null"
}

// text gives a text of at most most bytes without control characters, "" when
// it is absent.
func (f fields) text(name string, most int) (string, *bad) {
	if !f.has(name) {
		return "", nil
	}
	var s string
	if json.Unmarshal(f[name], &s) != nil {
		return "", &bad{name, "must be text"}
	}
	return s, checkText(s, name, most)
}

func checkText(s, name string, most int) *bad {
	switch {
	case len(s) > most:
		return &bad{name, fmt.Sprintf("is longer than %d bytes", most)}
	case strings.ContainsFunc(s, unicode.IsControl):
		return &bad{name, "holds a control character"}
	case strings.ContainsRune(s, utf8.RuneError):
		return &bad{name, "holds half a character"}
	}
	return nil
}

// id gives a text that names somebody or something: blank is absent.
func (f fields) id(name string) (string, *bad) {
	s, err := f.text(name, 255)
	return strings.TrimSpace(s), err
}

// object gives an object as it is, numbers as float64.
func (f fields) object(name string) (map[string]any, *bad) {
	if !f.has(name) {
		return nil, nil
	}
	if depth(f[name]) > deepest {
		return nil, &bad{name, fmt.Sprintf("nests deeper than %d", deepest)}
	}
	var m map[string]any
	if json.Unmarshal(f[name], &m) != nil {
		return nil, &bad{name, "must be an object of numbers that fit and texts"}
	}
	return m, nil
}

// part gives an object's fields; an absent one has none.
func (f fields) part(name, path string) (fields, *bad) {
	if !f.has(name) {
		return nil, nil
	}
	return parseObject(f[name], path)
}

// moment gives a time of ISO 8601 with its zone, in UTC; zero when absent.
func (f fields) moment(name string) (time.Time, *bad) {
	s, err := f.text(name, 64)
	if err != nil || s == "" {
		return time.Time{}, err
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00"} {
		at, wrong := time.Parse(layout, s)
		if wrong != nil {
			continue
		}
		if at.Year() < 1970 || at.Before(time.Unix(0, 0)) {
			return time.Time{}, &bad{name, "is before 1970"}
		}
		return at.UTC(), nil
	}
	return time.Time{}, &bad{name, "must be a time of ISO 8601 with its zone, such as 2026-05-03T10:12:00.000Z"}
}

// depth is how far JSON nests. Raw is valid.
func depth(raw []byte) int {
	deep, most, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			deep++
			most = max(most, deep)
		case c == '}' || c == ']':
			deep--
		}
	}
	return most
}
