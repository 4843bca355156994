package wer

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMixed(t *testing.T) {
	for _, c := range []struct {
		one, other, heard string
		want              Errors
	}{
		{"", "", "", Errors{}},
		{"i want to cancel", "one moment", "i want one moment to cancel", Errors{Words: 6}},
		{"i want to cancel", "one moment", "one moment i want to cancel", Errors{Words: 6}},
		{"i want to cancel", "one moment", "i want to cancel", Errors{Words: 6, Deletions: 2}},
		{"i want", "one moment", "want i one moment", Errors{Words: 4, Deletions: 1, Insertions: 1}},
		{"i want", "one moment", "i won one moment", Errors{Words: 4, Substitutions: 1}},
		{"", "", "uh huh", Errors{Insertions: 2}},
	} {
		if got := Mixed(c.one, c.other, c.heard); got != c.want {
			t.Errorf("Mixed(%q, %q, %q) = %+v, want %+v", c.one, c.other, c.heard, got, c.want)
		}
	}
}

var few = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 6)

func TestMixedIsAnyInterleaving(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other, heard := few.Draw(t, "one"), few.Draw(t, "other"), few.Draw(t, "heard")
		got := countMixed(one, other, heard)
		if got.Sum() != countMixed(other, one, heard).Sum() {
			t.Fatalf("%v and %v differ when exchanged", one, other)
		}
		if countMixed(one, nil, heard).Sum() != Count(one, heard).Sum() {
			t.Fatalf("%v alone is not an ordinary comparison with %v", one, heard)
		}
		// Never worse than a particular order, and an interleaving is free of errors.
		if got.Sum() > Count(slices.Concat(one, other), heard).Sum() {
			t.Fatalf("%v then %v is better than %+v", one, other, got)
		}
		mixed := interleave(one, other, rand.New(rand.NewPCG(1, uint64(rapid.Uint32().Draw(t, "seed")))))
		if e := countMixed(one, other, mixed); e.Sum() != 0 {
			t.Fatalf("%v out of %v and %v: %+v", mixed, one, other, e)
		}
	})
}

func interleave(one, other []string, random *rand.Rand) []string {
	var out []string
	for len(one)+len(other) > 0 {
		if len(other) == 0 || len(one) > 0 && random.IntN(2) == 0 {
			one, other = other, one
		}
		out, other = append(out, other[0]), other[1:]
	}
	return out
}

func TestRight(t *testing.T) {
	for _, c := range []struct {
		said, heard string
		want        []bool
	}{
		{"a b c", "a b c", []bool{true, true, true}},
		{"a b c", "a x c", []bool{true, false, true}},
		{"a b c", "c", []bool{true}},
		{"a", "x a y", []bool{false, true, false}},
		{"", "x", []bool{false}},
		{"a", "", []bool{}},
	} {
		if diff := cmp.Diff(c.want, Right(strings.Fields(c.said), strings.Fields(c.heard))); diff != "" {
			t.Errorf("%q as %q (-want +got):\n%s", c.said, c.heard, diff)
		}
	}
}

func TestRightCountsAsTheRateDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said, heard := few.Draw(t, "said"), few.Draw(t, "heard")
		right := 0
		for _, r := range Right(said, heard) {
			if r {
				right++
			}
		}
		// Edits are at least the words on either side that found no partner.
		if e := Count(said, heard); e.Sum() < max(len(said), len(heard))-right {
			t.Fatalf("%v as %v: %d right, %+v", said, heard, right, e)
		}
	})
}
