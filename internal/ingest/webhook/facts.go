package webhook

import (
	"encoding/json"
	"errors"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"heed/internal/event"
	"heed/internal/ingest/wire"
)

// facts are the fields of a body by their names in lower case; those of objects
// in it have the object's name before them: "milestones.first_touch.source".
type facts map[string]string

// Bounds of a body.
const (
	maxFields = 500
	maxDepth  = 8
)

var errBody = errors.New("no object")

// factsOf reads a JSON object or a form.
func factsOf(kind string, raw []byte) (facts, error) {
	out := facts{}
	if kind, _, _ = mime.ParseMediaType(kind); kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(raw))
		if err != nil || len(form) > maxFields {
			return nil, errBody
		}
		for name := range form {
			out[strings.ToLower(name)] = form.Get(name)
		}
		return out, nil
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil || all == nil {
		return nil, errBody
	}
	return out, out.take("", all, 0)
}

// take notes the text, numbers and truth values of an object.
func (f facts) take(prefix string, all map[string]any, depth int) error {
	if len(f)+len(all) > maxFields || depth > maxDepth {
		return errBody
	}
	delete(all, "")
	for name, v := range all {
		name = prefix + strings.ToLower(name)
		switch v := v.(type) {
		case string:
			f[name] = v
		case float64:
			f[name] = strconv.FormatFloat(v, 'f', -1, 64)
		case bool:
			f[name] = strconv.FormatBool(v)
		case map[string]any:
			if err := f.take(name+".", v, depth+1); err != nil {
				return err
			}
		case []any:
			f[name] = "" // that it is there; nothing of ours is a list
		}
	}
	return nil
}

// of gives the first of some fields that is not empty.
func (f facts) of(names ...string) string {
	for _, n := range names {
		if f[n] != "" {
			return f[n]
		}
	}
	return ""
}

// fill gives the fields of ours that are told, from theirs; each of ours is the
// first of those named for it. It counts what is not read.
func (f facts) fill(t *event.Told, from map[string][]string, also ...string) {
	t.Fields = map[string]string{}
	read := map[string]bool{}
	for _, n := range also {
		read[n] = true
	}
	for ours, theirs := range from {
		t.Fields[ours] = f.of(theirs...)
		for _, n := range theirs {
			read[n] = true
		}
	}
	for _, n := range event.TimeFields() {
		if v := t.Fields[n]; v != "" {
			t.Fields[n] = wire.Written(wire.Moment(v))
		}
	}
	for name := range f {
		if !read[name] {
			t.Unknown++
		}
	}
}

// isID accepts the identifiers of providers.
func isID(s string) bool {
	return s != "" && len(s) <= 128 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// noCall refuses a body of a call that does not name it.
func noCall(field string) *wire.Problem {
	return wire.Missing(field, "must be the provider's id of the call, at most 128 characters")
}
