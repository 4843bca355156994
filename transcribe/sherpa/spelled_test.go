package sherpa

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSpelled(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		"h i and c see h":           "h i and c see h",
		"p i t s b you are g h":     "p i t s b u r g h",
		"my name is b r o w n":      "my name is b r o w n",
		"m are b see d":             "m r b c d",
		"i see a b c d":             "i see a b c d",
		"see you at b and c":        "see you at b and c",
		"b and c and d":             "b and c and d",
		"vitamin b and a see":       "vitamin b and a see",
		"two six for four one":      "two six four four one",
		"from two to five":          "from two to five",
		"two for one":               "two for one",
		"it is four four to please": "it is four four to please",
		"nine ate seven to three":   "nine eight seven two three",
		"i want to pay for you":     "i want to pay for you",
	} {
		if got := said(spelled(guess(text, 0.5))); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestSpelledChangesNothingElse(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "b", "c", "i", "see", "and", "you", "four", "for", "to", "six", "cancel", "oh"})
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for range rapid.IntRange(0, 12).Draw(t, "words") {
			text += word.Draw(t, "word") + " "
		}
		before, words := guess(text, 0.5), spelled(guess(text, 0.5))
		again := spelled(append(words[:0:0], words...))
		for i, w := range words {
			if w.Start != before[i].Start || w.End != before[i].End || w.Confidence != before[i].Confidence {
				t.Fatalf("%+v was %+v", w, before[i])
			}
			_, letter := asLetter(before[i].Text)
			_, digit := asDigit(before[i].Text)
			if w.Text != before[i].Text && !letter && !digit || again[i].Text != w.Text {
				t.Fatalf("%q was %q, and is %q the second time", w.Text, before[i].Text, again[i].Text)
			}
		}
	})
}
