// Package texts holds the words of the customer's own pages: one file a
// language, with its direction, its plural forms and its dates.
//
// It is strict where it is made and quiet where it is used: a language that
// lacks a text, or has one too many, is refused when it is loaded, and so is
// a plural that lacks a form of its language. It formats nothing but text:
// escaping is the page's.
package texts

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"heed/internal/strict"
)

//go:embed *.yaml
var builtin embed.FS

// Builtin gives the languages that come with Heed, English first.
func Builtin() (*Set, error) { return Load(builtin) }

// Set is the languages there are. It is safe for concurrent use.
type Set struct {
	all     []*Language // the source language first, then by tag
	matcher language.Matcher
}

// Language is one language's texts.
type Language struct {
	Tag       string // BCP 47
	Name      string // as its speakers write it
	Direction string // ltr or rtl

	tag     language.Tag
	printer *message.Printer
	texts   map[string]string
	plurals map[string]map[string]string // key -> form -> text
	months  []string
}

// file is a language as it is written down.
type file struct {
	Name      string                       `yaml:"name"`
	Direction string                       `yaml:"direction"`
	Months    []string                     `yaml:"months"`
	Texts     map[string]string            `yaml:"texts"`
	Counted   map[string]map[string]string `yaml:"counted"`
}

// source is the language that the others must match.
const source = "en"

// Load reads a file a language, such as ar.yaml, and checks them all against
// the English one.
func Load(fsys fs.FS) (*Set, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("texts: %w", err)
	}
	s := &Set{}
	for _, name := range names {
		l, err := read(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("texts: %w", err)
		}
		s.all = append(s.all, l)
	}
	at := slices.IndexFunc(s.all, func(l *Language) bool { return l.Tag == source })
	if at < 0 {
		return nil, errors.New("texts: en.yaml is missing; the others are checked against it")
	}
	first := s.all[at]
	s.all = slices.Insert(slices.Delete(s.all, at, at+1), 0, first)
	var tags []language.Tag
	var errs []error
	for _, l := range s.all {
		tags = append(tags, l.tag)
		errs = append(errs, l.check(first))
	}
	s.matcher = language.NewMatcher(tags)
	return s, errors.Join(errs...)
}

func read(fsys fs.FS, name string) (*Language, error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	var f file
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return nil, err
	}
	tag, err := language.Parse(strings.TrimSuffix(path.Base(name), ".yaml"))
	switch {
	case err != nil:
		return nil, doc.Problem("", "its name is no language tag", "such as pt-BR.yaml")
	case f.Name == "":
		return nil, doc.Problem("name", "is missing", "the language's own name for itself")
	case f.Direction != "ltr" && f.Direction != "rtl":
		return nil, doc.Problem("direction", "must be ltr or rtl", "")
	case len(f.Months) != monthCount:
		return nil, doc.Problem("months", "must be the twelve names", "as they stand in a date")
	}
	return &Language{
		Tag: tag.String(), Name: f.Name, Direction: f.Direction, months: f.Months,
		tag: tag, printer: message.NewPrinter(tag), texts: f.Texts, plurals: f.Counted,
	}, nil
}

// check refuses what differs from the source language.
func (l *Language) check(first *Language) error {
	var errs []error
	errs = append(errs, l.compare(keys(first.texts), keys(l.texts)), l.compare(keys(first.plurals), keys(l.plurals)))
	for key, text := range l.texts {
		if want, got := slots(first.texts[key]), slots(text); first.texts[key] != "" && !slices.Equal(want, got) {
			errs = append(errs, fmt.Errorf("%s.yaml: %s has the places %v, want %v", l.Tag, key, got, want))
		}
	}
	for key, forms := range l.plurals {
		for _, form := range l.forms() {
			if forms[form] == "" {
				errs = append(errs, fmt.Errorf("%s.yaml: %s lacks the form %q", l.Tag, key, form))
			}
		}
		if len(forms) != len(l.forms()) {
			errs = append(errs, fmt.Errorf("%s.yaml: %s has forms beside %v", l.Tag, key, l.forms()))
		}
	}
	return errors.Join(errs...)
}

func (l *Language) compare(want, got []string) error {
	var errs []error
	for _, key := range want {
		if !slices.Contains(got, key) {
			errs = append(errs, fmt.Errorf("%s.yaml: %s is missing", l.Tag, key))
		}
	}
	for _, key := range got {
		if !slices.Contains(want, key) {
			errs = append(errs, fmt.Errorf("%s.yaml: %s is in no page; remove it", l.Tag, key))
		}
	}
	return errors.Join(errs...)
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// slots gives the names in braces of a text, each once, sorted.
func slots(text string) []string {
	var names []string
	for _, part := range strings.Split(text, "{")[1:] {
		if name, _, closed := strings.Cut(part, "}"); closed && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Languages gives all of them, English first.
func (s *Set) Languages() []*Language { return s.all }

// Pick gives the language that suits best: the first of the wishes that there
// is, each in the form of an Accept-Language header, or English.
func (s *Set) Pick(wishes ...string) *Language {
	for _, w := range wishes {
		tags, _, err := language.ParseAcceptLanguage(w)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, i, sure := s.matcher.Match(tags...); sure > language.No {
			return s.all[i]
		}
	}
	return s.all[0]
}

// Has tells whether a key is known.
func (l *Language) Has(key string) bool { return l.texts[key] != "" || l.plurals[key] != nil }

// T gives a text with its places filled, named and given in turn: T("hello",
// "name", "Ann"). A key that is not there is given back as it is.
func (l *Language) T(key string, places ...string) string {
	text, ok := l.texts[key]
	if !ok {
		return key
	}
	return fill(text, places)
}

func fill(text string, places []string) string {
	pairs := make([]string, 0, len(places))
	for i := 0; i+1 < len(places); i += 2 {
		pairs = append(pairs, "{"+places[i]+"}", places[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
