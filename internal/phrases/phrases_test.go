package phrases

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/fixtures"
	"heed/internal/strict"
)

func folder(files ...string) fs.FS {
	f := fstest.MapFS{"README.md": {Data: []byte("not YAML: {")}}
	for i, text := range files {
		f[fmt.Sprintf("%d.yaml", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func TestLoad(t *testing.T) {
	got, err := Load(folder(
		"version: 1\nboost:\n  - northwind telecom\n  - o'malley\nspot: [cancel]\n",
		"version: 1\nspot: [warranty, cancel]\n",
	))
	want := Set{Boost: []string{"northwind telecom", "o'malley"}, Spot: []string{"cancel", "warranty"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if got, err := Load(folder()); err != nil || cmp.Diff(Set{}, got) != "" {
		t.Errorf("no files: %+v, %v", got, err)
	}
}

func TestBuiltIn(t *testing.T) {
	got, err := Load(fixtures.Phrases())
	if err != nil || len(got.Boost) < 5 || len(got.Spot) < 10 {
		t.Errorf("%d boosted and %d spotted phrases, %v", len(got.Boost), len(got.Spot), err)
	}
}

// TestRefusals name the file and the line.
func TestRefusals(t *testing.T) {
	var many strings.Builder
	for i := range MaxPhrases + 1 {
		fmt.Fprintf(&many, "  - %s\n", strings.Repeat("a", i%20+1)+" "+strings.Repeat("b", i/20+1))
	}
	for text, want := range map[string]string{
		"version: 1\nspot:\n  - cancel\n  - Cancel\n":               "0.yaml:4: spot[1]: has capital letters",
		"version: 1\nboost:\n  - fibre 500\n":                       "0.yaml:3: boost[0]: has a sign",
		"version: 1\nboost:\n  - a b c d e f g h i\n":               "0.yaml:3: boost[0]: has 9 words",
		"version: 1\nboost:\n  - " + strings.Repeat("a", 81) + "\n": "0.yaml:3: boost[0]: has 81 letters",
		"version: 1\nspot:\n  - 'two  spaces'\n":                    "0.yaml:3: spot[0]: has a space too many",
		"version: 1\nspot:\n  - ''\n":                               "0.yaml:3: spot[0]: is empty",
		"version: 1\nspot:\n  - \"a '\"\n":                          "0.yaml:3: spot[0]: has a word without letters",
		"version: 1\nspot:\n  - naïve\n":                            "0.yaml:3: spot[0]: has a sign",
		"version: 1\nspot:\n" + many.String():                       "0.yaml:203: spot[200]: is one more than 200",
		"version: 2\nspot: [a]\n":                                   "0.yaml:1: version: is 2",
		"spot: [a]\n":                                               "0.yaml:1: version: is 0",
		"version: 1\nspots: [a]\n":                                  "0.yaml:2: spots",
		"version: 1\nspot:\n  cancel: yes\n":                        "0.yaml:3: ",
		"":                                                          "0.yaml: is empty",
	} {
		_, err := Load(folder(text))
		var p *strict.Problem
		if !errors.As(err, &p) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

func TestNamesComeFirst(t *testing.T) {
	s := Set{Boost: []string{"northwind telecom", "keller"}, Spot: []string{"cancel"}}
	for name, want := range map[string]string{
		"Maria Keller":          "maria keller, maria, keller, northwind telecom",
		"Dr. José O’Neil-Ruiz":  "dr jose o'neil ruiz, jose, o'neil, ruiz, northwind telecom, keller",
		"Al":                    "northwind telecom, keller",
		"":                      "northwind telecom, keller",
		"Μαρία":                 "northwind telecom, keller",
		"Acme 24/7 (customer!)": "acme customer, acme, customer, northwind telecom, keller",
	} {
		h := s.Hints(name)
		if got := strings.Join(h.Phrases, ", "); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
		if cmp.Diff(s.Spot, h.Spot) != "" {
			t.Errorf("%q: spots %v", name, h.Spot)
		}
	}
	h := s.Hints()
	h.Spot[0], h.Phrases[0] = "x", "x"
	if s.Spot[0] != "cancel" || s.Boost[0] != "northwind telecom" {
		t.Error("the hints share the set's memory")
	}
}

// TestAnyName: whatever a name holds, what is told is sound.
func TestAnyName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.String(), 0, 100).Draw(t, "names")
		h := Set{Boost: []string{"warranty"}}.Hints(names...)
		if len(h.Phrases) == 0 || len(h.Phrases) > MaxPhrases {
			t.Fatalf("%d phrases", len(h.Phrases))
		}
		for _, phrase := range h.Phrases {
			if reason, _ := fault(phrase); reason != "" {
				t.Fatalf("%q %s", phrase, reason)
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add("version: 1\nboost: [northwind]\nspot: [cancel my account]\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Load(folder(text))
		if err != nil {
			return
		}
		for _, phrase := range append(s.Boost, s.Spot...) {
			if reason, _ := fault(phrase); reason != "" {
				t.Errorf("%q %s", phrase, reason)
			}
		}
	})
}
