package webhook

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"heed/internal/event"
	"heed/internal/ingest/wire"
	"heed/internal/strict"
)

// Provider says how a call-tracking service's webhooks read that has no dialect
// here.
type Provider struct {
	// Call names the field with the service's id of the call.
	Call string `yaml:"call"`
	// Event names the fields that tell an event from others and are the same when
	// it is sent again; none means the whole body.
	Event []string `yaml:"event"`
	// Time names the field with the moment of the event, and Corrects that with the
	// id of the event that this one replaces; both may be empty.
	Time     string `yaml:"time"`
	Corrects string `yaml:"corrects"`
	// Touch is the model of the fields without one: first, last or lead.
	Touch string `yaml:"touch"`
	// Fields gives what the service's fields are called here.
	Fields map[string]string `yaml:"fields"`
}

// Mapping says so by the services' names.
type Mapping map[string]Provider

// ReadMapping reads a mapping from a file. Its error names the file, the line and
// the field at fault.
func ReadMapping(path string) (Mapping, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("mapping of call tracking: %w", err)
	}
	var file struct {
		Providers Mapping `yaml:"providers"`
	}
	doc, err := strict.Read(path, raw, &file)
	if err != nil {
		return nil, fmt.Errorf("mapping of call tracking: %w", err)
	}
	if field, err := file.Providers.validate(); err != nil {
		return nil, doc.Problem(field, err.Error(), "doors/tracking.yaml is an example")
	}
	return file.Providers, nil
}

// validate says what is wrong with the mapping, for its author: the field at
// fault and the reason.
func (m Mapping) validate() (field string, err error) {
	ours := event.FieldNames()
	for _, name := range slices.Sorted(maps.Keys(m)) {
		p, at := m[name], "providers."+name
		switch {
		case !isName(name) || slices.ContainsFunc(dialects(), func(d dialect) bool { return d.name == name }):
			return at, errors.New("the name must be of small letters, digits and -, and none that is built in")
		case p.Call == "":
			return at + ".call", errors.New("it must name the field with the id of the call")
		case p.Touch != "" && !slices.Contains(event.TouchModels(), p.Touch):
			return at + ".touch", fmt.Errorf("it must be one of %v", event.TouchModels())
		case p.Corrects != "" && len(p.Event) != 1:
			return at + ".corrects", errors.New("an event can be named by another only when event is one field")
		}
		for theirs, our := range p.Fields {
			if !ours[our] {
				return at + ".fields." + theirs, fmt.Errorf("%q is none of our names", our)
			}
		}
	}
	return "", nil
}

func isName(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func (m Mapping) has(name string) bool {
	_, ok := m[name]
	return ok
}

func (m Mapping) dialects() []dialect {
	out := make([]dialect, 0, len(m))
	for name, p := range m {
		out = append(out, dialect{name: name, told: p.reader(name)})
	}
	return out
}

// reader gives what reads the service's bodies.
func (p Provider) reader(name string) func(facts, string) ([]event.Told, *wire.Problem) {
	from := make(map[string][]string)
	for _, theirs := range slices.Sorted(maps.Keys(p.Fields)) {
		from[p.Fields[theirs]] = append(from[p.Fields[theirs]], strings.ToLower(theirs))
	}
	lower := strings.ToLower
	return func(f facts, id string) ([]event.Told, *wire.Problem) {
		t := event.Told{
			Provider: name, Call: f[lower(p.Call)], Tracking: true, ID: id,
			At: wire.Moment(f[lower(p.Time)]), Corrects: f[lower(p.Corrects)],
		}
		if !isID(t.Call) {
			return nil, noCall(p.Call)
		}
		if parts := p.parts(f); len(parts) == 1 {
			t.ID = parts[0]
		} else if len(parts) > 1 {
			t.ID = wire.EventID(parts...)
		}
		f.fill(&t, from, lower(p.Call), lower(p.Time), lower(p.Corrects))
		if t.Fields[event.FieldTouch] == "" {
			t.Fields[event.FieldTouch] = p.Touch
		}
		return []event.Told{t}, nil
	}
}

// parts gives what tells an event from others; nothing when a part is missing.
func (p Provider) parts(f facts) []string {
	var out []string
	for _, name := range p.Event {
		v := f[strings.ToLower(name)]
		if v == "" || len(v) > 256 {
			return nil
		}
		out = append(out, v)
	}
	return out
}
