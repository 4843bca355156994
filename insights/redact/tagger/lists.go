package tagger

import (
	"slices"
	"strings"
)

// Names gives the names of people that the tagger knows, in order of the
// alphabet. They are a hint only: "will" is one.
func Names() []string {
	out := make([]string, 0, len(people))
	for n := range people {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func wordSet(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// Never changed.
var (
	people = wordSet(givenNames + surnames)
	lands  = wordSet(placeNames)
)
