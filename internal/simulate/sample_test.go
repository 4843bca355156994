package simulate

import (
	"fmt"
	"slices"
	"testing"
)

// TestASampleIsDrawnEvenlyAndTheSame, whatever the order of the people.
func TestASampleIsDrawnEvenlyAndTheSame(t *testing.T) {
	t.Parallel()
	people := make([]string, 1000)
	for i := range people {
		people[i] = fmt.Sprintf("person-%04d", i)
	}
	first := sample(people, 200)
	turned := slices.Clone(people)
	slices.Reverse(turned)
	if !slices.Equal(first, sample(turned, 200)) || len(first) != 200 {
		t.Error("another order draws others")
	}
	early := 0
	for _, id := range first {
		if id < "person-0500" {
			early++
		}
	}
	if early < 70 || early > 130 {
		t.Errorf("%d of 200 are of the first half", early)
	}
	if len(sample(people, 0)) != 1000 || len(sample(people, 5000)) != 1000 {
		t.Error("no bound takes some away")
	}
}
