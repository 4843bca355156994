package decide

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"heed/internal/customer"
	"heed/internal/strict"
)

// TraitsFile is the file of a catalogue's folder that declares what may be kept
// of a person. A folder without it takes any trait, and its rules may ask for
// any.
const TraitsFile = "traits.yaml"

// The types of trait.
const (
	textTrait   = "string"
	numberTrait = "number"
	yesNoTrait  = "boolean"
	dateTrait   = "date"
	enumTrait   = "enum"
)

// traitTypes are all of them with how people say it.
var traitTypes = map[string]string{
	textTrait: "a text", numberTrait: "a number", yesNoTrait: "true or false", dateTrait: "a date", enumTrait: "one of its values",
}

// traitKinds are the ways in which something is known of a person.
var traitKinds = []string{customer.Declared, customer.Verified, customer.Observed, customer.Inferred}

// traitSpec declares one trait, or with a name such as "product.*" a family.
type traitSpec struct {
	Name   string   `yaml:"name" json:"name"`
	Type   string   `yaml:"type" json:"type"`
	Values []string `yaml:"values" json:"values,omitempty"` // of an enum
	Unit   string   `yaml:"unit" json:"unit,omitempty"`     // of a number
	Least  *float64 `yaml:"least" json:"least,omitempty"`
	Most   *float64 `yaml:"most" json:"most,omitempty"`
	From   []string `yaml:"from" json:"from,omitempty"` // kinds; none is all
	// Sensitive is kept and never used: no rule may name it, no model is told.
	Sensitive bool `yaml:"sensitive" json:"sensitive,omitempty"`
	// Tell names it to the person; without it they are not told that it counted.
	Tell string `yaml:"tell" json:"tell,omitempty"`
	// Keep is for how long after it was said it holds; 0 is for ever.
	Keep lasting `yaml:"keep" json:"keep,omitzero"`
}

// traitsFile is the form of [TraitsFile].
type traitsFile struct {
	Version int         `yaml:"version" json:"-"` // of the format: 1
	Traits  []traitSpec `yaml:"traits" json:"traits"`
}

// builtinTraits are those that Heed's own rules and doors know; they need not
// be declared, and cannot be declared to be something else.
var builtinTraits = []traitSpec{
	{Name: "product.*", Type: yesNoTrait},
	{Name: "vulnerable", Type: yesNoTrait},
	{Name: "bereaved", Type: yesNoTrait},
	{Name: "do_not_call", Type: yesNoTrait},
	{Name: "time_zone", Type: textTrait},
	{Name: "timezone", Type: textTrait},
	{Name: "country", Type: textTrait},
	{Name: "region", Type: textTrait},
	{Name: "state", Type: textTrait},
	{Name: "language", Type: textTrait},
	{Name: "name", Type: textTrait},
}

// traits are what a catalogue declares; nil declares nothing and takes all.
type traits struct{ list []traitSpec }

// find gives what is declared of a name: by itself, by its family, by Heed.
func (t *traits) find(name string) *traitSpec {
	if t == nil {
		return nil
	}
	for _, list := range [][]traitSpec{t.list, builtinTraits} {
		var best *traitSpec
		for i := range list {
			s := &list[i]
			family, wild := strings.CutSuffix(s.Name, "*")
			if s.Name == name {
				return s
			}
			if wild && strings.HasPrefix(name, family) && len(name) > len(family) && (best == nil || len(s.Name) > len(best.Name)) {
				best = s
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
}

func (t *traits) names() []string {
	var out []string
	for _, list := range [][]traitSpec{t.list, builtinTraits} {
		for i := range list {
			if !slices.Contains(out, list[i].Name) {
				out = append(out, list[i].Name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// sensitive says that nothing may be decided by a trait.
func (t *traits) sensitive(name string) bool {
	s := t.find(name)
	return s != nil && s.Sensitive
}

// silent says that a person may not be told that a trait of theirs counted.
func (t *traits) silent(name string) bool {
	s := t.find(name)
	return s != nil && s.Tell == "" && !slices.ContainsFunc(builtinTraits, func(b traitSpec) bool { return b.Name == s.Name })
}

// wrong says why a value cannot be one of the trait's; empty when it can.
func (s *traitSpec) wrong(v any) string {
	text, isText := v.(string)
	switch s.Type {
	case numberTrait:
		return s.wrongNumber(v)
	case yesNoTrait:
		if _, ok := v.(bool); !ok {
			return "must be true or false"
		}
	case dateTrait:
		if _, ok := dateOf(text); !ok {
			return "must be a date such as 2026-03-01"
		}
	case enumTrait:
		if !isText || !slices.Contains(s.Values, text) {
			return "must be one of " + strings.Join(s.Values, ", ")
		}
	case textTrait:
		if !isText {
			return "must be a text"
		}
	}
	return ""
}

func (s *traitSpec) wrongNumber(v any) string {
	x, ok := v.(float64)
	switch {
	case !ok || math.IsNaN(x) || math.IsInf(x, 0):
		return "must be a number"
	case s.Least != nil && x < *s.Least, s.Most != nil && x > *s.Most:
		return "must be " + s.span()
	}
	return ""
}

func (s *traitSpec) span() string {
	switch {
	case s.Most == nil:
		return fmt.Sprint("at least ", *s.Least)
	case s.Least == nil:
		return fmt.Sprint("at most ", *s.Most)
	}
	return fmt.Sprint("between ", *s.Least, " and ", *s.Most)
}

// dateOf reads a day, or a moment.
func dateOf(text string) (time.Time, bool) {
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(form, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// Takes says why a trait may not be kept of a person, by what the catalogue
// declares of it; empty when it may. What is not declared may.
func (c *Catalogue) Takes(t customer.Trait) (why string) {
	s := c.traits.find(t.Name)
	if s == nil {
		return ""
	}
	if why := s.wrong(t.Value); why != "" {
		return why
	}
	if kind := cmp.Or(t.Kind, customer.Observed); len(s.From) > 0 && !slices.Contains(s.From, kind) {
		return fmt.Sprintf("is not taken as %q; it is taken as %s", kind, strings.Join(s.From, ", "))
	}
	return ""
}

// Declared is how many traits and families of traits are declared.
func (c *Catalogue) Declared() int {
	if c.traits == nil {
		return 0
	}
	return len(c.traits.list)
}

// Keeps gives a trait with the time until which it holds, by what the catalogue
// declares of it.
func (c *Catalogue) Keeps(t customer.Trait) customer.Trait {
	if s := c.traits.find(t.Name); s != nil && s.Keep > 0 {
		if end := t.At.Add(time.Duration(s.Keep)); t.Expires.IsZero() || t.Expires.After(end) {
			t.Expires = end
		}
	}
	return t
}

// readTraits reads a whole document.
func readTraits(name string, raw []byte) (*traits, error) {
	var f traitsFile
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return nil, err
	}
	if f.Version != 1 {
		return nil, doc.Problem("version", "must be 1", "the version of the format, on the first line")
	}
	if len(f.Traits) > mostTraits {
		return nil, doc.Problem("traits", fmt.Sprintf("has more than %d", mostTraits), "")
	}
	for i := range f.Traits {
		s := &f.Traits[i]
		at := complaints{doc, fmt.Sprintf("traits[%d]", i)}
		if slices.ContainsFunc(f.Traits[:i], func(o traitSpec) bool { return o.Name == s.Name }) {
			return nil, at.of("name", fmt.Sprintf("%q is there twice", s.Name), "each once")
		}
		for _, check := range []func(complaints, *traitSpec) error{checkTraitName, checkTraitRange, checkTraitValues, checkTraitUse} {
			if err := check(at, s); err != nil {
				return nil, err
			}
		}
	}
	return &traits{f.Traits}, nil
}

// mostTraits bounds a document.
const mostTraits = 500

func checkTraitName(at complaints, s *traitSpec) error {
	if !factShape.MatchString(s.Name) || len(s.Name) > 80 {
		return at.of("name", fmt.Sprintf("%q is not the name of a trait", s.Name), "such as monthly_fee, address.city or product.*")
	}
	if traitTypes[s.Type] == "" {
		return at.of("type", fmt.Sprintf("%q is not a type", s.Type), "string, number, boolean, date or enum")
	}
	for i := range builtinTraits {
		if b := &builtinTraits[i]; b.Name == s.Name && (b.Type != s.Type || s.Sensitive) {
			return at.of("type", fmt.Sprintf("Heed's own rules read it as %s", traitTypes[b.Type]), "declare it as "+b.Type+" and not as sensitive, or leave it out")
		}
	}
	return nil
}

func checkTraitRange(at complaints, s *traitSpec) error {
	switch {
	case s.Type != numberTrait && (s.Unit != "" || s.Least != nil || s.Most != nil):
		return at.of("unit", "goes with the type number, as least and most do", "")
	case s.Least != nil && s.Most != nil && !(*s.Least <= *s.Most):
		return at.of("most", "is below least", "")
	}
	return nil
}

func checkTraitValues(at complaints, s *traitSpec) error {
	if (s.Type == enumTrait) != (len(s.Values) > 0) {
		return at.of("values", "go with the type enum", "an enum names what it can be; the other types do not")
	}
	for i, v := range s.Values {
		if v == "" || len(v) > maxText || slices.Contains(s.Values[:i], v) {
			return at.of(fmt.Sprintf("values[%d]", i), fmt.Sprintf("%q is not a new value", v), "each once, and none empty")
		}
	}
	return nil
}

func checkTraitUse(at complaints, s *traitSpec) error {
	for i, kind := range s.From {
		if !slices.Contains(traitKinds, kind) {
			return at.of(fmt.Sprintf("from[%d]", i), fmt.Sprintf("%q is not a way to know something", kind), strings.Join(traitKinds, ", "))
		}
	}
	switch {
	case s.Sensitive && s.Tell != "":
		return at.of("tell", "is for what is decided by, and nothing is by a sensitive trait", "leave one of them out")
	case len(s.Tell) > maxText:
		return at.of("tell", fmt.Sprintf("is longer than %d bytes", maxText), "")
	case s.Keep < 0 || time.Duration(s.Keep) > 40*366*day:
		return at.of("keep", fmt.Sprintf("is %v, and must be between 0s and 14640d", s.Keep), "such as 365d; left out it holds for ever")
	}
	return nil
}

func traitsDocument(doc json.RawMessage) (*traits, error) {
	raw, err := versioned(doc)
	if err != nil {
		return nil, err
	}
	t, err := readTraits(editFile, raw)
	return t, alone(err)
}

// CheckTraits says what is wrong with declarations in JSON over this catalogue,
// as [Catalogue.CheckAction] does: all rules have to check under them.
func (c *Catalogue) CheckTraits(doc json.RawMessage) error {
	t, err := traitsDocument(doc)
	if err != nil {
		return err
	}
	b, err := newBuilder(t)
	if err != nil {
		return err
	}
	bare, err := strict.Read(editFile, []byte("version: 1"), new(traitsFile))
	if err != nil {
		return err
	}
	for _, a := range c.actions {
		if _, err := b.action(complaints{doc: bare}, a.actionSpec); err != nil {
			return &strict.Problem{File: editFile, Field: "traits", Reason: fmt.Sprintf("action %s would not check any more: %v", a.ID, err), Hint: "change the action first, or declare what it asks for"}
		}
	}
	return nil
}
