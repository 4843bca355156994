package wer

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAlign(t *testing.T) {
	for _, c := range []struct {
		said, heard string
		want        []Pair
	}{
		{"", "", nil},
		{"a b", "", []Pair{{"a", ""}, {"b", ""}}},
		{"", "a", []Pair{{"", "a"}}},
		{"cancel my contract", "council my contract", []Pair{{"cancel", "council"}, {"my", "my"}, {"contract", "contract"}}},
		{"i want my money", "i my own money", []Pair{{"i", "i"}, {"want", ""}, {"my", "my"}, {"", "own"}, {"money", "money"}}},
	} {
		got := Align(strings.Fields(c.said), strings.Fields(c.heard))
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q, %q (-want +got):\n%s", c.said, c.heard, d)
		}
	}
}

// TestAlignIsLeast holds the alignment to the count, and to both its texts.
func TestAlignIsLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 12)
		said, heard := words.Draw(t, "said"), words.Draw(t, "heard")
		var s, h []string
		edits := 0
		for _, p := range Align(said, heard) {
			if p.Said != "" {
				s = append(s, p.Said)
			}
			if p.Heard != "" {
				h = append(h, p.Heard)
			}
			if !p.Same() {
				edits++
			}
		}
		if !slices.Equal(s, said) || !slices.Equal(h, heard) || edits != Count(said, heard).Sum() {
			t.Fatalf("%d edits, want %d; %v and %v", edits, Count(said, heard).Sum(), s, h)
		}
	})
}
