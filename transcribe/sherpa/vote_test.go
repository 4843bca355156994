package sherpa

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/transcribe"
)

// guess makes words of 300 ms, 400 ms apart, all with one confidence.
func guess(text string, confidence float64) []transcribe.Word {
	var words []transcribe.Word
	for i, w := range strings.Fields(text) {
		at := time.Duration(i) * 400 * ms
		words = append(words, transcribe.Word{Text: w, Start: at, End: at + 300*ms, Confidence: confidence})
	}
	return words
}

func said(words []transcribe.Word) string {
	var texts []string
	for _, w := range words {
		texts = append(texts, w.Text)
	}
	return strings.Join(texts, " ")
}

func TestVote(t *testing.T) {
	for name, c := range map[string]struct {
		guesses []string
		want    string
	}{
		"nothing":             {nil, ""},
		"one":                 {[]string{"i want to cancel"}, "i want to cancel"},
		"majority":            {[]string{"i won to cancel", "i want to cancel", "i want to council"}, "i want to cancel"},
		"missed word":         {[]string{"i to cancel", "i want to cancel", "i want to cancel"}, "i want to cancel"},
		"word too many":       {[]string{"i want uh to cancel", "i want to cancel", "i want to cancel"}, "i want to cancel"},
		"one heard nothing":   {[]string{"", "yes", "yes"}, "yes"},
		"most heard nothing":  {[]string{"uh", "", ""}, ""},
		"the first wins ties": {[]string{"four", "for", "fore"}, "four"},
		"at either end":       {[]string{"b c", "a b c d", "a b c d"}, "a b c d"},
	} {
		var guesses [][]transcribe.Word
		for _, g := range c.guesses {
			guesses = append(guesses, guess(g, 0.6))
		}
		if got := said(vote(guesses)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestVoteByConfidence(t *testing.T) {
	got := vote([][]transcribe.Word{guess("see", 0.1), guess("sea", 0.9)})
	if said(got) != "sea" {
		t.Errorf("%+v, want the surer word", got)
	}
	// The surer the guesses and the fewer against it, the likelier a word.
	agreed := vote([][]transcribe.Word{guess("sea", 0.9), guess("sea", 0.9)})
	unsure := vote([][]transcribe.Word{guess("sea", 0.3), guess("sea", 0.3)})
	if !(agreed[0].Confidence > got[0].Confidence && agreed[0].Confidence > unsure[0].Confidence) {
		t.Errorf("agreed %+v, disputed %+v, unsure %+v", agreed, got, unsure)
	}
	if one := weighed(guess("sea", 0.5)); one[0].Confidence < 0.8 || one[0].Confidence > 0.95 {
		t.Errorf("%+v: a word with half the probability is right nine times in ten", one)
	}
}

func TestVoteKeepsTheContract(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	rapid.Check(t, func(t *rapid.T) {
		var guesses [][]transcribe.Word
		heard := map[string]bool{}
		for range rapid.IntRange(1, 5).Draw(t, "guesses") {
			var words []transcribe.Word
			at := time.Duration(0)
			for range rapid.IntRange(0, 6).Draw(t, "words") {
				at += time.Duration(rapid.IntRange(0, 500).Draw(t, "after")) * ms
				w := transcribe.Word{Text: word.Draw(t, "word"), Start: at, Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence")}
				at += time.Duration(rapid.IntRange(0, 500).Draw(t, "length")) * ms
				w.End = at
				heard[w.Text] = true
				words = append(words, w)
			}
			guesses = append(guesses, words)
		}
		from := time.Duration(0)
		for _, w := range vote(guesses) {
			if w.Start < from || w.End < w.Start || !heard[w.Text] || !(w.Confidence > 0 && w.Confidence <= 1) {
				t.Fatalf("%+v after %v", w, from)
			}
			from = w.End
		}
		same := [][]transcribe.Word{guesses[0], guesses[0], guesses[0]}
		if got, want := said(vote(same)), said(guesses[0]); got != want {
			t.Fatalf("%q three times over gives %q", want, got)
		}
	})
}
