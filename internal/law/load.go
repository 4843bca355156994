package law

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"heed/internal/strict"
)

// file is the YAML of the rules.
type file struct {
	Version    int                 `yaml:"version"` // of the format: 1
	Places     map[string]place    `yaml:"places"`
	Groups     map[string][]string `yaml:"groups"`
	Windows    []window            `yaml:"windows"`
	Holidays   []holidays          `yaml:"holidays"`
	Written    []scoped            `yaml:"written"`
	Recording  []assent            `yaml:"recording"`
	Revocation []revocation        `yaml:"revocation"`
	Emotion    []scoped            `yaml:"emotion"`
}

// place is a country (ISO 3166-1) or a part of one (ISO 3166-2).
type place struct {
	Name  string   `yaml:"name"`
	Zones []string `yaml:"zones"`
}

// scoped is a rule for a place and some channels, all when empty.
type scoped struct {
	Place    string   `yaml:"place" json:"place"`
	Channels []string `yaml:"channels" json:"channels,omitempty"`
	Source   string   `yaml:"source" json:"source"`
}

// window says when somebody may be reached.
type window struct {
	scoped `yaml:",inline"`

	Weekdays string   `yaml:"weekdays"`
	Saturday string   `yaml:"saturday"`
	Sunday   string   `yaml:"sunday"`
	Holidays []string `yaml:"holidays"` // on which nobody is; see readHoliday and public

	days [7][]span // by time.Weekday
	off  []holiday
}

// span is a part of a day, in minutes since midnight.
type span struct{ from, to int }

// assent says how a call may be recorded.
type assent struct {
	scoped `yaml:",inline"`

	Assent string `yaml:"assent"`
}

// revocation says how far a "stop" reaches.
type revocation struct {
	scoped `yaml:",inline"`

	Scope string `yaml:"scope"`
}

// Parse reads rules. The name is that of the file, for errors, which say the
// line and the field.
func Parse(name string, data []byte) (*Rules, error) {
	f, err := read(name, data)
	if err != nil {
		return nil, err
	}
	return &Rules{
		places: f.Places, groups: f.Groups, windows: f.Windows, holidays: f.Holidays, written: f.Written,
		recording: f.Recording, revocation: f.Revocation, emotion: f.Emotion,
	}, nil
}

// Extend gives the rules with those of a file of the operator on top: an entry
// takes the place of those of the same place and channels, the others stay.
func (r *Rules) Extend(name string, data []byte) (*Rules, error) {
	f, err := read(name, data)
	if err != nil {
		return nil, err
	}
	out := &Rules{
		places: merge(r.places, f.Places), groups: merge(r.groups, f.Groups),
		windows:    over(r.windows, f.Windows, func(w window) scoped { return w.scoped }),
		holidays:   over(r.holidays, f.Holidays, func(h holidays) scoped { return h.scoped }),
		written:    over(r.written, f.Written, func(s scoped) scoped { return s }),
		recording:  over(r.recording, f.Recording, func(a assent) scoped { return a.scoped }),
		revocation: over(r.revocation, f.Revocation, func(v revocation) scoped { return v.scoped }),
		emotion:    over(r.emotion, f.Emotion, func(s scoped) scoped { return s }),
	}
	return out, nil
}

func merge[V any](below, above map[string]V) map[string]V {
	out := make(map[string]V, len(below)+len(above))
	for _, m := range []map[string]V{below, above} {
		maps.Copy(out, m)
	}
	return out
}

// over puts entries on top of others.
func over[T any](below, above []T, of func(T) scoped) []T {
	same := func(a, b scoped) bool {
		return a.Place == b.Place && slices.Equal(slices.Sorted(slices.Values(a.Channels)), slices.Sorted(slices.Values(b.Channels)))
	}
	kept := slices.DeleteFunc(slices.Clone(below), func(old T) bool {
		return slices.ContainsFunc(above, func(now T) bool { return same(of(old), of(now)) })
	})
	return append(kept, above...)
}

// read decodes a file and checks what is in it.
func read(name string, data []byte) (*file, error) {
	var f file
	doc, err := strict.Read(name, data, &f)
	if err != nil {
		return nil, fmt.Errorf("legal rules: %w", err)
	}
	c := checker{doc: doc}
	if f.Version != 1 {
		c.refuse("version", "is not 1", "")
	}
	for code, p := range f.Places {
		c.place("places."+code, p)
	}
	for i := range f.Windows {
		c.window(fmt.Sprintf("windows[%d]", i), &f.Windows[i])
	}
	for i := range f.Holidays {
		c.holidays(fmt.Sprintf("holidays[%d]", i), &f.Holidays[i])
	}
	for i, a := range f.Recording {
		field := fmt.Sprintf("recording[%d]", i)
		c.scoped(field, a.scoped)
		c.oneOf(field+".assent", a.Assent, assents)
	}
	for i, v := range f.Revocation {
		field := fmt.Sprintf("revocation[%d]", i)
		c.scoped(field, v.scoped)
		c.oneOf(field+".scope", v.Scope, scopes)
	}
	for i, s := range f.Written {
		c.scoped(fmt.Sprintf("written[%d]", i), s)
	}
	for i, s := range f.Emotion {
		c.scoped(fmt.Sprintf("emotion[%d]", i), s)
	}
	if c.first != nil {
		return nil, fmt.Errorf("legal rules: %w", c.first)
	}
	return &f, nil
}

// The values of assent, from the weakest, and of scope, from the narrowest.
var (
	assents = []string{"none", "announce", "ask"}
	scopes  = []string{"topic", "channel", "number"}
)

// checker keeps the first refusal.
type checker struct {
	doc   *strict.Document
	first error
}

func (c *checker) refuse(field, reason, hint string) {
	if c.first == nil {
		c.first = c.doc.Problem(field, reason, hint)
	}
}

func (c *checker) oneOf(field, v string, known []string) {
	if !slices.Contains(known, v) {
		c.refuse(field, fmt.Sprintf("%q is not known", v), "one of "+strings.Join(known, ", "))
	}
}

func (c *checker) place(field string, p place) {
	if p.Name == "" || len(p.Zones) == 0 {
		c.refuse(field, "needs a name and its zones", "")
	}
	for _, z := range p.Zones {
		if _, err := time.LoadLocation(z); err != nil {
			c.refuse(field+".zones", fmt.Sprintf("%q is no time zone", z), "such as America/New_York")
		}
	}
}

func (c *checker) scoped(field string, s scoped) {
	if s.Place == "" {
		c.refuse(field, "names no place", `such as "US", "US-FL", "EU" or "*"`)
	}
	if s.Source == "" {
		c.refuse(field, "names no source", "the law, or who decided it")
	}
	for _, ch := range s.Channels {
		c.oneOf(field+".channels", ch, []string{"agent", "web", "email", "sms", "call", "push"})
	}
}

func (c *checker) window(field string, w *window) {
	c.scoped(field, w.scoped)
	weekday := c.spans(field+".weekdays", w.Weekdays)
	for d := range w.days {
		w.days[d] = weekday
	}
	if w.Saturday != "" {
		w.days[time.Saturday] = c.spans(field+".saturday", w.Saturday)
	}
	if w.Sunday != "" {
		w.days[time.Sunday] = c.spans(field+".sunday", w.Sunday)
	}
	w.off = c.days(field+".holidays", w.Holidays)
}

// spans reads "10:00-13:00 14:00-20:00".
func (c *checker) spans(field, text string) []span {
	if text == "closed" {
		return nil
	}
	var out []span
	for part := range strings.FieldsSeq(text) {
		from, to, _ := strings.Cut(part, "-")
		a, okA := minutes(from)
		b, okB := minutes(to)
		if !okA || !okB || b <= a {
			c.refuse(field, fmt.Sprintf("%q is no part of a day", part), `such as "08:00-21:00", or closed`)
			return nil
		}
		out = append(out, span{a, b})
	}
	if len(out) == 0 {
		c.refuse(field, "is missing", `such as "08:00-21:00", or closed`)
	}
	return out
}

func minutes(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}
