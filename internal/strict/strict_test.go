package strict_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/internal/strict"
)

type inner struct {
	Margin float64 `yaml:"margin"`
}

type more struct {
	Note string `yaml:"note"`
}

type thing struct {
	Name  string         `yaml:"name"`
	Items []inner        `yaml:"items"`
	Props map[string]any `yaml:"props"`
	At    time.Time      `yaml:"at"`
	more  `yaml:",inline"`
}

func TestReadsWhatIsRight(t *testing.T) {
	t.Parallel()
	var got thing
	doc, err := strict.Read("a.yaml", []byte("name: x\nitems:\n  - margin: 1.5\n  - {margin: 2}\nprops: {a: 1, b: [1, 2]}\nat: 2026-01-02\n"), &got)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "x" || len(got.Items) != 2 || got.Items[1].Margin != 2 || got.At.Year() != 2026 {
		t.Errorf("%+v", got)
	}
	want := strict.Problem{File: "a.yaml", Line: 4, Field: "items[1].margin", Reason: "must be above 3", Hint: "h"}
	if diff := cmp.Diff(want, *doc.Problem("items[1].margin", "must be above 3", "h")); diff != "" {
		t.Error(diff)
	}
	if p := doc.Problem("items[1].cost", "is missing", ""); p.Line != 4 {
		t.Errorf("a missing field is reported at line %d, want its parent's", p.Line)
	}
	if got, want := doc.Problem("name", "is odd", "try y").Error(), "a.yaml:1: name: is odd (try y)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRefusesTheRest(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text    string
		line          int
		field, reason string
		hint          string
	}{
		{"empty", "", 0, "", "is empty", ""},
		{"only a comment", "# x\n", 0, "", "is empty", ""},
		{"unknown key", "name: x\nitmes: []\n", 2, "itmes", "is not a known key", "did you mean items?"},
		{"unknown key deep down", "items:\n  - margin: 1\n  - price: 2\n", 3, "items[1].price", "is not a known key", "known keys: margin"},
		{"given twice", "name: x\nname: y\n", 2, "name", "is given twice", ""},
		{"wrong kind", "items:\n  - margin: lots\n", 2, "items[0].margin", "cannot unmarshal", ""},
		{"a list for a text", "name: [1]\n", 1, "name", "cannot unmarshal", ""},
		{"a text for a list", "items: x\n", 1, "items", "cannot unmarshal", ""},
		{"a list on top", "- x\n", 1, "", "cannot unmarshal", ""},
		{"two documents", "name: x\n---\nname: y\n", 2, "", "more than one document", ""},
		{"alias", "name: &a x\nnote: *a\n", 2, "note", "uses an alias", ""},
		{"no YAML", "name: x\n  y: [\n", 2, "", "mapping values", ""},
		{"too deep", "props: " + strings.Repeat("{a: ", 60) + "1" + strings.Repeat("}", 60), 1, "", "nested too deeply", ""},
		{"too large", "name: " + strings.Repeat("x", strict.MaxSize), 0, "", "larger than", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got thing
			_, err := strict.Read("a.yaml", []byte(c.text), &got)
			var p *strict.Problem
			if !errors.As(err, &p) {
				t.Fatalf("got %v", err)
			}
			if p.File != "a.yaml" || p.Line != c.line || (c.field != "" && p.Field != c.field) || !strings.Contains(p.Reason, c.reason) || !strings.Contains(p.Hint, c.hint) {
				t.Errorf("got %+v", *p)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"churn_risk", "mood", "a"}
	for got, want := range map[string]string{"churn_rsik": "churn_risk", "moood": "mood", "weather": "", "b": "", strings.Repeat("x", 100): ""} {
		if name, ok := strict.Nearest(got, known); name != want || ok != (want != "") {
			t.Errorf("%q: got %q, want %q", got, name, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"name: x\nitems: [{margin: 1}]", "- x", "a: &a [*a]", "---\n---", "name: !!binary x", "<<: {name: x}", "? [a]\n: b", "items: [1, {margin: .nan}]", "at: 2026-13-45"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got thing
		doc, err := strict.Read("a.yaml", data, &got)
		if err == nil {
			_ = doc.Problem("items[0].margin", "x", "")
			return
		}
		var p *strict.Problem
		if !errors.As(err, &p) || p.File != "a.yaml" || p.Reason == "" {
			t.Fatalf("got %v", err)
		}
	})
}
