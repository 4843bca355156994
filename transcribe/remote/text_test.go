package remote

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"":                                    "",
		" ... — !":                            "",
		"Hello, World!":                       "hello world",
		"I don't know; it’s 'fine'.":          "i don't know it's fine",
		"twenty-one, e-mail":                  "twenty one e mail",
		"It costs $1,000.50 (or 3.5 %).":      "it costs 1000.50 or 3.5",
		"Write to Jo.Doe@Example.com at 5:30": "write to jo.doe@example.com at 5:30",
		"R&D, Q & A":                          "r&d q a",
		"Ünïcode ÇA VA? 你好。":                  "ünïcode ça va 你好",
		"a\x00b\tc\n":                         "a b c",
		"rock 'n' roll":                       "rock n roll",
	} {
		if got := strings.Join(plain(in), " "); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("I don't know; it’s 'fine' at 1,000.50 — jo@example.com.")
	f.Add("\xff\xfe İ")
	f.Fuzz(func(t *testing.T, in string) {
		words := plain(in)
		for _, w := range words {
			if w == "" || w != strings.ToLower(w) || strings.ContainsFunc(w, unicode.IsSpace) {
				t.Errorf("word %q of %q", w, in)
			}
		}
		if again := plain(strings.Join(words, " ")); !slices.Equal(again, words) {
			t.Errorf("plain of %q is %q", words, again)
		}
	})
}

func TestSpread(t *testing.T) {
	got := spread([]string{"a", "abc", "a"}, time.Second, 5*time.Second, 0.4)
	want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second}
	for i, w := range got {
		if w.Start != want[i] || w.End != want[i+1] || w.Confidence != 0.4 {
			t.Errorf("word %d at %v to %v, want %v to %v", i, w.Start, w.End, want[i], want[i+1])
		}
	}
}
