package embed

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func parts(text string) []string {
	var out []string
	eachPart(text, func(p string) { out = append(out, p) })
	return out
}

func TestParts(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"short", " one two three four five six seven eight ", nil},
		{"nine", "1 2 3 4 5 6 7 8  9", []string{"1 2 3 4 5 6 7 8", "5 6 7 8  9"}},
		{"twelve", "1 2 3 4 5 6 7 8 9 a b c", []string{"1 2 3 4 5 6 7 8", "5 6 7 8 9 a b c"}},
		{"thirteen", "1 2 3 4 5 6 7 8 9 a b c d", []string{"1 2 3 4 5 6 7 8", "5 6 7 8 9 a b c", "9 a b c d"}},
	} {
		if got := parts(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if n := len(parts(strings.Repeat("word ", 10_000))); n != MaxWords/partStep-1 {
		t.Errorf("%d parts of 10,000 words", n)
	}
}

func TestPartsHoldEveryWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		got := parts(text)
		words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n", r) })
		if !utf8.ValidString(text) || len(got) == 0 {
			return
		}
		for w := range strings.FieldsSeq(strings.Join(words, " ")) {
			if !slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, w) }) {
				t.Fatalf("%q is in no part of %q", w, text)
			}
		}
	})
}

func TestTextsFindsAStretchOfALongOne(t *testing.T) {
	texts := NewTexts(encoderOf(t))
	for _, text := range []string{
		"thank you so much for your help today have a great day",
		"yes hello this is a long story but you know my neighbour said i should just ring you up since he moved here from ohio " +
			"and what i would like is to dispute a charge on my card and by the way the weather here is lovely is it not",
		"i would like to hear more about your opening hours on sunday please",
	} {
		texts.Add(text)
	}
	hits := texts.Nearest("dispute charge", 3)
	if len(hits) == 0 || hits[0].Row != 1 {
		t.Fatalf("%v, want row 1 first", hits)
	}
	whole := texts.whole.Nearest(vector(encoderOf(t), "dispute charge"), 1)
	if hits[0].Score <= whole[0].Score {
		t.Errorf("score %.2f, the whole text alone %.2f: its stretch does not count", hits[0].Score, whole[0].Score)
	}
	texts.Forget(1)
	for _, h := range texts.Nearest("dispute charge", 3) {
		if h.Row == 1 {
			t.Error("a forgotten text was found")
		}
	}
	if texts.Len() != 3 {
		t.Errorf("%d texts, want 3: the others keep their rows", texts.Len())
	}
}

func TestTextsWithstandsOddTexts(t *testing.T) {
	texts := NewTexts(encoderOf(t))
	for name, text := range odd() {
		texts.Add(text)
		for _, h := range texts.Nearest(text, 100) {
			if !(h.Score > 0 && h.Score < 1.001) {
				t.Errorf("%s: score %g", name, h.Score)
			}
		}
	}
	if got := texts.Nearest("", 5); len(got) > 0 {
		t.Errorf("%v for a query of nothing", got)
	}
}

func BenchmarkTexts(b *testing.B) {
	texts := NewTexts(encoderOf(b))
	for range 20_000 {
		texts.Add("hi i am calling because my card has not arrived yet and it is late")
	}
	b.ReportAllocs()
	for b.Loop() {
		texts.Nearest("card not arrived", 20)
	}
}
