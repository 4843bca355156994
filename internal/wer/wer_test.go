package wer

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNormalize(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"Okay, OK.":                      "okay okay",
		"Mr. Smith's well-known colour!": "mister smith's well known color",
		"I cannot wait forever":          "i can not wait for ever",
		"'quoted' -- don't":              "quoted don't",
		"Tom & Jerry's TVs":              "tom jerry's tv",
		"room 101 … naïve":               "room 101 na ve",
	} {
		if got := strings.Join(Normalize(text), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		said, heard string
		want        Errors
	}{
		{"", "", Errors{}},
		{"one two three", "one two three", Errors{Words: 3}},
		{"one two three", "one to three", Errors{Words: 3, Substitutions: 1}},
		{"one two three", "one three", Errors{Words: 3, Deletions: 1}},
		{"one two three", "one two and three", Errors{Words: 3, Insertions: 1}},
		{"one two three", "", Errors{Words: 3, Deletions: 3}},
		{"", "uh huh", Errors{Insertions: 2}},
		{"a b c d", "b c d e", Errors{Words: 4, Deletions: 1, Insertions: 1}},
		{"please hold", "peas old one", Errors{Words: 2, Substitutions: 2, Insertions: 1}},
	} {
		if got := Compare(c.said, c.heard); got != c.want {
			t.Errorf("Compare(%q, %q) = %+v, want %+v", c.said, c.heard, got, c.want)
		}
	}
}

func TestRate(t *testing.T) {
	e := Errors{Words: 8, Substitutions: 1}.Add(Errors{Words: 2, Deletions: 1, Insertions: 1})
	if e.Rate() != 0.3 || e.Sum() != 3 {
		t.Errorf("rate %v of %+v, want 0.3", e.Rate(), e)
	}
	if r := Compare("", "ghost").Rate(); r != 1 {
		t.Errorf("rate of an insertion into nothing is %v, want 1", r)
	}
}

// TestCountIsDistance checks the laws of an edit distance.
func TestCountIsDistance(t *testing.T) {
	texts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := texts.Draw(t, "a"), texts.Draw(t, "b"), texts.Draw(t, "c")
		ab, ba := Count(a, b), Count(b, a)
		if ab.Sum() != ba.Sum() {
			t.Fatalf("not symmetric: %+v and %+v", ab, ba)
		}
		if (ab.Sum() == 0) != slices.Equal(a, b) {
			t.Fatalf("%+v for %v and %v", ab, a, b)
		}
		if ab.Sum() > Count(a, c).Sum()+Count(c, b).Sum() {
			t.Fatal("longer than by way of a third text")
		}
		if len(a)-ab.Deletions+ab.Insertions != len(b) {
			t.Fatalf("%+v does not turn %v into %v", ab, a, b)
		}
	})
}
