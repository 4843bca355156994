package correct

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/internal/event"
)

func fixes(pairs ...string) []event.Correction {
	var out []event.Correction
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, event.Correction{Heard: pairs[i], Plain: pairs[i+1]})
	}
	return out
}

func TestWords(t *testing.T) {
	all := fixes(
		"i have the north win plus plan", "i have the northwind plus plan",
		"is it north wind less", "is it northwind plus",
		"the north win bill", "the northwind bill",
		"this is miss oh brian", "this is ms o'brien",
		"miss oh brian speaking", "ms o'brien speaking",
		"tell mary oh brian", "tell mary o'brien",
		"it costs forty nine", "it costs 49", "fifteen of them", "fifty of them", "fifteen of those", "fifty of those",
		"i what to go", "i want to go", "i what too", "i want to", // stop words only
		"for one one", "[card number]", "for one one", "[card number]",
		"one two", "entirely other words that were said on a bad line", "one two", "entirely other words that were said on a bad line",
		"a cafe", "a café", "a cafe", "a café",
		"same words", "same words", "same words", "same words",
	)
	want := []Phrase{
		{"northwind", 3}, {"o'brien", 3}, {"bad", 2}, {"entirely", 2}, {"line", 2}, {"ms o'brien", 2}, {"said", 2}, {"words", 2},
	}
	if d := cmp.Diff(want, Words(all, 2)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]Phrase{{"northwind", 3}, {"o'brien", 3}}, Words(all, 3)); d != "" {
		t.Errorf("three times (-want +got):\n%s", d)
	}
	var many []event.Correction
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'p'; b++ {
			many = append(many, fixes("xx", "q"+string(a)+string(b))...)
		}
	}
	if got := Words(many, 1); len(got) != maxPhrases {
		t.Errorf("%d phrases of %d, a file takes %d", len(got), len(many), maxPhrases)
	}
	if got := Words(nil, 1); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestWordsAreOfTheCorrection holds that nothing is listed that was not said,
// and nothing at all for what was heard right.
func TestWordsAreOfTheCorrection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.StringMatching(`([a-d]{1,3}x ){0,6}`)
		c := event.Correction{Heard: Plain(texts.Draw(t, "heard")), Plain: Plain(texts.Draw(t, "said"))}
		got := Words([]event.Correction{c}, 1)
		if c.Heard == c.Plain && len(got) > 0 {
			t.Fatalf("%q was heard right: %v", c.Plain, got)
		}
		for _, p := range got {
			if p.Times < 1 || !contains(c.Plain, p.Text) {
				t.Fatalf("%+v is not in %q", p, c.Plain)
			}
		}
	})
}
