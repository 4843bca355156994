package decide_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/internal/decide"
)

// Every order of the same outcomes, and every repetition, ends in the same.
func TestTruthIsTheSameInEveryOrder(t *testing.T) {
	t.Parallel()
	words := []string{
		decide.Impression, decide.Clicked, decide.Accepted, decide.Converted, decide.Dismissed, decide.Later, decide.Rejected,
		decide.OptedOut, decide.NoResponse, "nonsense",
	}
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) decide.Outcome {
			return decide.Outcome{
				ID: rapid.StringMatching(`[a-f]{3}`).Draw(t, "id"), Outcome: rapid.SampledFrom(words).Draw(t, "outcome"),
				At: noon.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "at")) * time.Minute),
			}
		}), 1, 8).Draw(t, "outcomes")
		var one, two decide.Truth
		for _, o := range all {
			one.Take(o)
		}
		for _, o := range append(rapid.Permutation(all).Draw(t, "order"), all[0], all[len(all)-1]) {
			before := two.Outcome()
			if changed := two.Take(o); changed != !cmp.Equal(before, two.Outcome()) {
				t.Fatalf("%+v changed %v", o, changed)
			}
		}
		if diff := cmp.Diff(one, two); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhatIsTrueOfASuggestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		took []string // a minute apart
		want string
	}{
		{"nothing", nil, ""},
		{"shown", []string{decide.Impression}, decide.Impression},
		{"the time is over", []string{decide.Impression, decide.NoResponse}, decide.NoResponse},
		{"a late click", []string{decide.Impression, decide.NoResponse, decide.Clicked}, decide.Clicked},
		{"the last word stands", []string{decide.Accepted, decide.Rejected}, decide.Rejected},
		{"and the other way round", []string{decide.Rejected, decide.Accepted}, decide.Accepted},
		{"a click after a yes is no less", []string{decide.Accepted, decide.Clicked}, decide.Accepted},
		{"bought after all", []string{decide.Converted, decide.Rejected}, decide.Converted},
		{"put off", []string{decide.Impression, decide.NoResponse, decide.Later}, decide.Later},
		{"enough of it", []string{decide.Clicked, decide.OptedOut}, decide.OptedOut},
	} {
		var truth decide.Truth
		for i, o := range c.took {
			truth.Take(decide.Outcome{Outcome: o, At: noon.Add(time.Duration(i) * time.Minute)})
		}
		if got := truth.Outcome().Outcome; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
