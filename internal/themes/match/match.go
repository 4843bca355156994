// Package match says which themes a turn has: those of rules, those that
// people define and those that were discovered, all at once. It compiles
// definitions and holds what discovery has learned, and is the same for what
// is said now and for all history.
//
// It stores and counts nothing.
package match

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"

	"heed/insights"
	"heed/insights/phrase"
	"heed/insights/spoken"
	"heed/insights/theme"
	"heed/insights/theme/discover"
)

// Definition is what a theme means, when a person or a rule file says so.
type Definition = theme.Definition

// The ways to define a theme.
const (
	ByWords = theme.ByWords
	ByQuery = theme.ByQuery
	ByLike  = theme.ByLike
)

// Subject is a turn.
type Subject = theme.Subject

// Tools are what definitions and discovery need.
type Tools = theme.Tools

// Encoder turns a text into a vector of Dim numbers; see insights/embed.
type Encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Spec is a theme to look for.
type Spec struct {
	ID string
	// As is the theme for which it counts: another one that it was merged into,
	// or its own ID.
	As string
	// Definition is nil for a discovered theme, which the model knows by ID.
	Definition *Definition
}

// Hit is a theme found in a turn.
type Hit struct {
	Theme    string
	Score    float64 // 0..1
	Evidence []insights.Span
}

// Compiler makes sets. It is safe for concurrent use.
type Compiler struct {
	tools   Tools
	encoder Encoder

	mu    sync.Mutex
	raw   []byte // that model was made of
	model *discover.Model
}

// NewCompiler makes a compiler. A nil encoder compares words alone; query
// compiles saved queries and may be nil.
func NewCompiler(enc Encoder, query func(string) (theme.Matcher, error)) *Compiler {
	c := &Compiler{encoder: enc, tools: Tools{Query: query}}
	if enc != nil { // a nil of this type would be one that is there
		c.tools.Encoder = enc
	}
	return c
}

// Check says what is wrong with a definition: an error that holds a
// [*theme.InvalidError], or nil.
func (c *Compiler) Check(d Definition) error {
	_, err := d.Compile(c.tools)
	return err
}

// Invalid gives the field of a definition that is wrong, and what is wanted.
func Invalid(err error) (field, want string, ok bool) {
	var e *theme.InvalidError
	if !errors.As(err, &e) {
		return "", "", false
	}
	return e.Field, e.Want, true
}

// Set knows the themes of one moment. It is never changed.
type Set struct {
	rules []phrase.Rule // what words is made of
	words *phrase.Matcher
	as    map[string]string // by the ID of a spec
	found map[string]bool   // specs of discovered themes
	more  []compiled
	model *discover.Model
}

type compiled struct {
	as      string
	matcher theme.Matcher
}

// Build compiles specs with what discovery has learned (empty: nothing). What
// does not compile is left out and named in the error; the set is good all
// the same.
func (c *Compiler) Build(specs []Spec, learned []byte) (*Set, error) {
	s := &Set{as: make(map[string]string), found: make(map[string]bool)}
	var errs []error
	for _, spec := range specs {
		s.as[spec.ID] = cmp.Or(spec.As, spec.ID)
		d := spec.Definition
		if d == nil {
			s.found[spec.ID] = true
			continue
		}
		m, err := d.Compile(c.tools)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("theme %s: %w", spec.ID, err))
		case d.How == theme.ByWords: // all of them in one pass over the words
			s.rules = append(s.rules, phrase.Rule{Name: spec.ID, Title: d.Title, Speaker: d.Speaker, Phrases: d.Phrases, Unless: d.Unless})
		default:
			s.more = append(s.more, compiled{s.as[spec.ID], m})
		}
	}
	s.words = phrase.Compile(s.rules)
	var err error
	if s.model, err = c.load(learned); err != nil {
		errs = append(errs, err)
	}
	return s, errors.Join(errs...)
}

// load reads a model, or gives the one that it read before.
func (c *Compiler) load(learned []byte) (*discover.Model, error) {
	if len(learned) == 0 {
		return nil, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.model != nil && bytes.Equal(c.raw, learned) {
		return c.model, nil
	}
	m, err := discover.Load(learned, c.encoder)
	if err != nil {
		return nil, fmt.Errorf("discovered themes: %w", err)
	}
	c.raw, c.model = learned, m
	return m, nil
}

// Only gives a set that knows those themes alone of which wanted says so,
// quicker than all.
func (s *Set) Only(wanted func(theme string) bool) *Set {
	o := &Set{as: make(map[string]string), found: make(map[string]bool)}
	for id, as := range s.as {
		if !wanted(as) {
			continue
		}
		o.as[id] = as
		if s.found[id] {
			o.found[id], o.model = true, s.model
		}
	}
	for _, r := range s.rules {
		if o.as[r.Name] != "" {
			o.rules = append(o.rules, r)
		}
	}
	o.words = phrase.Compile(o.rules)
	for _, c := range s.more {
		if wanted(c.as) {
			o.more = append(o.more, c)
		}
	}
	return o
}

// Read gives the themes of a turn, each once, in order of their IDs.
func (s *Set) Read(about Subject) []Hit {
	var hits []Hit
	u := about.Utterance
	for _, m := range s.words.Find(u.Speaker, spoken.Words(u.Text)) {
		hits = add(hits, Hit{Theme: s.as[m.Rule.Name], Score: 1, Evidence: m.Spans})
	}
	for _, c := range s.more {
		if score, evidence := c.matcher.Matches(about); score > 0 {
			hits = add(hits, Hit{Theme: c.as, Score: score, Evidence: evidence})
		}
	}
	if s.model != nil {
		m, ok := s.model.Assign(u.Text, u.Language)
		if as := s.as[m.Theme]; ok && as != "" {
			hits = add(hits, Hit{Theme: as, Score: m.Score, Evidence: m.Evidence})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Theme, b.Theme) })
	return hits
}

// add keeps the best of what counts for the same theme.
func add(hits []Hit, h Hit) []Hit {
	i := slices.IndexFunc(hits, func(o Hit) bool { return o.Theme == h.Theme })
	if i < 0 {
		return append(hits, h)
	}
	if hits[i].Score < h.Score {
		hits[i] = h
	}
	return hits
}
