// Package seed reads the customers that the demonstration starts with: who
// they are, what they bought and what they allowed.
//
// It only reads: whoever starts the demonstration stores what it gives, and a
// second start must find the same ids. It invents nobody who could be real:
// telephone numbers outside the ranges set aside for fiction are refused.
package seed

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/strict"
)

// Seed is one customer of the demonstration.
type Seed struct {
	Profile customer.Profile // with the facts folded in, Version 0
	Consent []consent.Row    // sealed, in the order of writing
	Facts   []customer.Fact  // the same facts one by one, oldest first
}

// file is one YAML file.
type file struct {
	Version   int      `yaml:"version"`
	Customers []person `yaml:"customers"`
}

type person struct {
	ID       string         `yaml:"id"`
	Name     string         `yaml:"name"`
	Phone    string         `yaml:"phone"`
	Email    string         `yaml:"email"`
	Language string         `yaml:"language"`
	Since    time.Time      `yaml:"since"`
	Products []string       `yaml:"products"`
	Traits   map[string]any `yaml:"traits"`
	Facts    []fact         `yaml:"facts"`
	Consent  []permission   `yaml:"consent"`
}

// fact is a happening some days before the demonstration starts.
type fact struct {
	Name    string         `yaml:"name"`
	DaysAgo float64        `yaml:"days_ago"`
	Props   map[string]any `yaml:"props"`
}

type permission struct {
	Purpose consent.Purpose `yaml:"purpose"`
	Channel string          `yaml:"channel"`
	Topic   string          `yaml:"topic"`
	State   consent.State   `yaml:"state"`
	At      time.Time       `yaml:"at"`
	Expires time.Time       `yaml:"expires"`
	Source  string          `yaml:"source"`
	Actor   string          `yaml:"actor"`
	Wording string          `yaml:"wording"`
}

// source is what the traits of a seed say they come from.
const source = "demonstration"

var (
	idShape   = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)
	nameShape = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*$`)
	// fictional matches numbers that are set aside for films and examples: the
	// 555-01xx of North America and Ofcom's drama numbers.
	fictional = regexp.MustCompile(`^(\+1\d{3}55501\d{2}|\+44207946\d{4}|\+447700900\d{3})$`)
)

// Load reads every *.yaml file of a folder. Facts are dated back from now, so
// that a demonstration is as fresh next year; the same now gives the same
// seeds. The error is a [strict.Problem] with file, line, field and hint.
func Load(fsys fs.FS, now time.Time) ([]Seed, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("seed customers: %w", err)
	}
	r := reader{now: now.UTC().Truncate(time.Millisecond), taken: make(map[string]string)}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("seed customers %s: %w", name, err)
		}
		if err := r.file(path.Base(name), raw); err != nil {
			return nil, fmt.Errorf("seed customers: %w", err)
		}
	}
	return r.seeds, nil
}

// reader gathers the seeds of all files.
type reader struct {
	now   time.Time
	seeds []Seed
	taken map[string]string // ids, numbers and addresses -> who has them
}

func (r *reader) file(name string, raw []byte) error {
	var f file
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return err
	}
	if f.Version != 1 {
		return doc.Problem("version", "must be 1", "the version of the format, on the first line")
	}
	for i := range f.Customers {
		s, err := r.person(place{doc, fmt.Sprintf("customers[%d]", i)}, &f.Customers[i])
		if err != nil {
			return err
		}
		r.seeds = append(r.seeds, s)
	}
	return nil
}

// place makes refusals about one customer of a file.
type place struct {
	doc  *strict.Document
	path string
}

func (p place) of(field, reason, hint string) error {
	return p.doc.Problem(p.path+"."+field, reason, hint)
}

func (r *reader) person(at place, p *person) (Seed, error) {
	switch {
	case !idShape.MatchString(p.ID):
		return Seed{}, at.of("id", fmt.Sprintf("%q is not an id", p.ID), `such as "demo-maria"`)
	case strings.TrimSpace(p.Name) == "" || len(p.Name) > 100:
		return Seed{}, at.of("name", "is missing or too long", "")
	case p.Since.IsZero() || p.Since.After(r.now):
		return Seed{}, at.of("since", "is missing or in the future", "the day they became a customer, such as 2021-05-03")
	}
	s := Seed{Profile: customer.New(p.ID, p.Since)}
	for _, step := range []func(place, *person, *Seed) error{r.identify, r.describe, r.remember, r.permit} {
		if err := step(at, p, &s); err != nil {
			return Seed{}, err
		}
	}
	return s, nil
}

// identify takes the ways to recognise the person.
func (r *reader) identify(at place, p *person, s *Seed) error {
	phone, ok := customer.NormalizePhone(p.Phone, "")
	if !ok {
		return at.of("phone", fmt.Sprintf("%q is not an international number", p.Phone), "such as +1 202 555 0143")
	}
	if !fictional.MatchString(phone) {
		return at.of("phone", "could be somebody's", "use a range set aside for fiction, such as +1 202 555 01xx")
	}
	email := strings.ToLower(strings.TrimSpace(p.Email))
	if email != "" && !strings.HasSuffix(email, "@example.com") {
		return at.of("email", "could be somebody's", "use an address at example.com")
	}
	for _, x := range []struct{ field, value string }{{"id", p.ID}, {"phone", phone}, {"email", email}} {
		if who, taken := r.taken[x.value]; taken && x.value != "" {
			return at.of(x.field, "already belongs to "+who, "")
		}
		r.taken[x.value] = p.ID
	}
	s.Profile.Seen(customer.Identifier{Type: "phone", Value: phone, Verified: true, FirstSeen: p.Since, LastSeen: p.Since})
	if email != "" {
		s.Profile.Seen(customer.Identifier{Type: "email", Value: email, Verified: true, FirstSeen: p.Since, LastSeen: p.Since})
	}
	return nil
}

// describe takes the traits.
func (r *reader) describe(at place, p *person, s *Seed) error {
	set := func(name string, value any) {
		s.Profile.SetTrait(customer.Trait{Name: name, Value: value, Source: source, At: p.Since, Confidence: 1})
	}
	set("name", p.Name)
	set("customer_since", p.Since.Format(time.DateOnly))
	if p.Language != "" {
		set("language", p.Language)
	}
	for i, product := range p.Products {
		if !nameShape.MatchString(product) {
			return at.of(fmt.Sprintf("products[%d]", i), fmt.Sprintf("%q is not a product", product), "small letters, as in the actions' owns()")
		}
		set("product."+product, true)
	}
	for name, value := range p.Traits {
		if !nameShape.MatchString(name) {
			return at.of("traits."+name, "is not a trait's name", "small letters, digits and _")
		}
		v, ok := plain(value)
		if !ok {
			return at.of("traits."+name, "is not a text, a number, true or false", "")
		}
		set(name, v)
	}
	return nil
}

// plain gives a YAML value as a profile keeps it.
func plain(v any) (any, bool) {
	switch x := v.(type) {
	case string, bool, float64:
		return x, true
	case int:
		return float64(x), true
	case time.Time:
		return x.Format(time.DateOnly), true
	default:
		return nil, false
	}
}

// remember takes the facts and folds them in.
func (r *reader) remember(at place, p *person, s *Seed) error {
	for i, f := range p.Facts {
		field := fmt.Sprintf("facts[%d].", i)
		if !nameShape.MatchString(f.Name) {
			return at.of(field+"name", fmt.Sprintf("%q is not a fact", f.Name), "such as purchase, page.cancel or complaint.opened")
		}
		if !(f.DaysAgo >= 0 && f.DaysAgo <= 3650) {
			return at.of(field+"days_ago", "must be between 0 and 3650", "how long before the demonstration starts")
		}
		props := make(map[string]any, len(f.Props))
		for name, value := range f.Props {
			v, ok := plain(value)
			if !ok {
				return at.of(field+"props."+name, "is not a text, a number, true or false", "")
			}
			props[name] = v
		}
		s.Facts = append(s.Facts, customer.Fact{
			EventID: fmt.Sprintf("%s.fact.%d", p.ID, i+1), Name: f.Name, Props: props,
			At: r.now.Add(-time.Duration(f.DaysAgo * float64(24*time.Hour))).Truncate(time.Millisecond),
		})
	}
	slices.SortStableFunc(s.Facts, func(a, b customer.Fact) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.EventID, b.EventID))
	})
	for _, f := range s.Facts {
		s.Profile.Observe(f)
	}
	return nil
}

var errPermission = errors.New("not a permission")

// permit takes the ledger.
func (r *reader) permit(at place, p *person, s *Seed) error {
	for i, c := range p.Consent {
		field := fmt.Sprintf("consent[%d].", i)
		if err := c.check(r.now); err != nil {
			return at.of(field+"state", err.Error(), "purpose, state, at, source and wording of every row are needed: who said what to which text")
		}
		s.Consent = append(s.Consent, consent.Seal(s.Consent, consent.Row{
			ID: fmt.Sprintf("%s.consent.%d", p.ID, i+1), CustomerID: p.ID,
			Cell:  consent.Cell{Purpose: c.Purpose, Channel: c.Channel, Topic: c.Topic},
			State: c.State, At: c.At, RecordedAt: c.At, Expires: c.Expires,
			Source: c.Source, Actor: cmp.Or(c.Actor, "customer"), Wording: c.Wording, Language: cmp.Or(p.Language, "en"),
		}))
	}
	return nil
}

func (c *permission) check(now time.Time) error {
	purposes := []consent.Purpose{consent.Service, consent.Marketing, consent.Profiling, consent.Research, consent.Recording}
	states := []consent.State{consent.Granted, consent.Denied, consent.Withdrawn}
	switch {
	case !slices.Contains(purposes, c.Purpose):
		return fmt.Errorf("%w: %q is not a purpose", errPermission, c.Purpose)
	case !slices.Contains(states, c.State):
		return fmt.Errorf("%w: %q is not granted, denied or withdrawn", errPermission, c.State)
	case c.At.IsZero() || c.At.After(now):
		return fmt.Errorf("%w: at is missing or in the future", errPermission)
	case c.Source == "" || c.Wording == "":
		return fmt.Errorf("%w: source or wording is missing", errPermission)
	}
	return nil
}
