// Package phrases reads an organisation's own words: those that its callers
// say and a general speech model would miss, and those that it wants to hear
// of whenever they are said. They are YAML files that people write by hand.
//
// It reads and checks; which engine can use the words, and what follows from
// hearing one, is decided elsewhere.
package phrases

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"heed/internal/strict"
	"heed/transcribe"
)

const (
	// MaxPhrases is how long each of the two lists may be, over all files.
	MaxPhrases = 200
	// MaxWords is how long one phrase may be, and maxLetters how many bytes
	// that may take.
	MaxWords, maxLetters = 8, 80
	// shortName is the shortest part of a name that is told on its own: a
	// likelier "al" would be heard everywhere.
	shortName = 3
	version   = 1
)

// Set is what one organisation's files hold, in their order, each phrase once.
// The zero Set is of an organisation without any.
type Set struct {
	Boost []string // made likelier to be heard
	Spot  []string // listened for
}

// file is the layout of one YAML file.
type file struct {
	Version int      `yaml:"version"`
	Boost   []string `yaml:"boost"`
	Spot    []string `yaml:"spot"`
}

// Load reads the *.yaml files of a folder in the order of their names. No
// file gives an empty Set. The error is a [strict.Problem] with file, line,
// field, reason and hint.
func Load(folder fs.FS) (Set, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return Set{}, fmt.Errorf("phrases: %w", err)
	}
	var s Set
	for _, name := range names {
		if err := s.read(folder, name); err != nil {
			return Set{}, err
		}
	}
	return s, nil
}

func (s *Set) read(folder fs.FS, name string) error {
	raw, err := fs.ReadFile(folder, name)
	if err != nil {
		return fmt.Errorf("phrases: %w", err)
	}
	var f file
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return err
	}
	if f.Version != version {
		return doc.Problem("version", fmt.Sprintf("is %d", f.Version), "this Heed reads version: 1")
	}
	for _, list := range []struct {
		field string
		from  []string
		to    *[]string
	}{{"boost", f.Boost, &s.Boost}, {"spot", f.Spot, &s.Spot}} {
		for i, phrase := range list.from {
			field := fmt.Sprintf("%s[%d]", list.field, i)
			if reason, hint := fault(phrase); reason != "" {
				return doc.Problem(field, reason, hint)
			}
			if slices.Contains(*list.to, phrase) {
				continue // two files may name the same product
			}
			if len(*list.to) == MaxPhrases {
				return doc.Problem(field, fmt.Sprintf("is one more than %d phrases", MaxPhrases), "the more are likelier, the less it helps")
			}
			*list.to = append(*list.to, phrase)
		}
	}
	return nil
}

// fault says what is wrong with a phrase, if anything is.
func fault(phrase string) (reason, hint string) {
	words := strings.Split(phrase, " ")
	switch {
	case phrase == "":
		return "is empty", ""
	case strings.ToLower(phrase) != phrase:
		return "has capital letters", "write it as it is spoken, in lower case"
	case len(words) > MaxWords:
		return fmt.Sprintf("has %d words", len(words)), fmt.Sprintf("at most %d", MaxWords)
	case len(phrase) > maxLetters:
		return fmt.Sprintf("has %d letters", len(phrase)), fmt.Sprintf("at most %d", maxLetters)
	}
	for _, word := range words {
		switch {
		case word == "":
			return "has a space too many", "one space between words, none around them"
		case strings.Trim(word, "abcdefghijklmnopqrstuvwxyz'") != "":
			return "has a sign that is not spoken", "letters a to z and apostrophes: four k, not 4k"
		case strings.Trim(word, "'") == "":
			return "has a word without letters", ""
		}
	}
	return "", ""
}

// Hints tells an engine the phrases, with the names of people of one call in
// front: each as a whole, and its parts of three letters or more.
func (s Set) Hints(names ...string) transcribe.Hints {
	var boost []string
	add := func(phrase string) {
		if reason, _ := fault(phrase); reason == "" && !slices.Contains(boost, phrase) && len(boost) < MaxPhrases {
			boost = append(boost, phrase)
		}
	}
	for _, name := range names {
		words := spoken(name)
		if whole := strings.Join(words, " "); len(whole) >= shortName {
			add(whole)
		}
		for _, word := range words {
			if len(word) >= shortName {
				add(word)
			}
		}
	}
	for _, phrase := range s.Boost {
		add(phrase)
	}
	return transcribe.Hints{Phrases: boost, Spot: slices.Clone(s.Spot)}
}

// spoken gives the words of a name as plain letters: "Dr. José O’Neil-Ruiz" is
// dr jose o'neil ruiz. Other scripts give none.
func spoken(name string) []string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r == '\'' || r == '’':
			b.WriteByte('\'')
		case unicode.Is(unicode.Mn, r):
			// an accent: the letter alone is what the model writes
		case unicode.IsLetter(r):
			return nil
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}
