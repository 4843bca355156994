package embed

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func spoken(text string) []string {
	var out []string
	for s := (scanner{text: text}); s.next(); {
		out = append(out, string(s.word[:s.n]))
	}
	return out
}

func TestWordsOfAnyScript(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"english", "I don't KNOW, why?", "i dont know why"},
		{"curly apostrophe", "it\u2019s mine", "its mine"},
		{"numbers", "pay $25.50 on 3rd", "pay 00 00 on 0rd"},
		{"icelandic", "Ég vil loka reikningnum mínum", "ég vil loka reikningnum mínum"},
		{"armenian", "Ես ուզում եմ փակել", "ես ուզում եմ փակել"},
		{"arabic", "أريد إلغاء العقد", "أريد إلغاء العقد"},
		{"arabic with vowel marks", "عَقْد", "عقد"},
		{"arabic digits", "٣ أيام", "0 أيام"},
		{"emoji", "great 😀👍🏽 thanks", "great thanks"},
		{"invalid", "caf\xff\xfee", "caf e"},
		{"nothing", " \t…!", ""},
		{"no spaces", strings.Repeat("あ", maxRunes+2), strings.Repeat("あ", maxRunes) + " ああ"},
		{"apostrophes alone", "' '' x", "x"},
	} {
		if got := strings.Join(spoken(c.text), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestKeysOfAWord(t *testing.T) {
	// <pin> has three runs of 3, two of 4; the run of 5 is the word itself.
	if got := len(Keys(nil, "pin")); got != 1+3+2 {
		t.Errorf("%d keys, want 6", got)
	}
	if got := len(Keys(nil, "pin pin")); got != 2*6+1 {
		t.Errorf("%d keys for two words, want 13 with their pair", got)
	}
	if slices.Equal(Keys(nil, "lost card"), Keys(nil, "card lost")) {
		t.Error("the order of words leaves no trace")
	}
	if slices.Contains(Keys(nil, "a"), 0) {
		t.Error("0 is no key")
	}
}

// Numbers are personal: none may be learnt.
func TestKeysHideNumbers(t *testing.T) {
	if !slices.Equal(Keys(nil, "card 4111 ends 42"), Keys(nil, "card 9876 ends 13")) {
		t.Error("two numbers give different keys")
	}
}

func TestKeysStop(t *testing.T) {
	long := strings.Repeat("word ", 10_000)
	if got, want := len(Keys(nil, long)), len(Keys(nil, strings.Repeat("word ", MaxWords))); got != want {
		t.Errorf("%d keys of 10,000 words, %d of %d", got, want, MaxWords)
	}
}

func TestKeysIgnoreWritingHabits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,30}`), 0, 12).Draw(t, "words")
		plain := Keys(nil, strings.Join(words, " "))
		odd := Keys(nil, "  "+strings.ToUpper(strings.Join(words, ",  "))+"?!")
		if !slices.Equal(plain, odd) {
			t.Fatalf("case and punctuation change the keys of %q", words)
		}
	})
}

func FuzzKeys(f *testing.F) {
	for _, s := range []string{"", "hello there", "أريد 😀 \xff", strings.Repeat("ա", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		keys := Keys(nil, text)
		if slices.Contains(keys, 0) {
			t.Fatal("0 is no key")
		}
		if most := min(MaxWords, utf8.RuneCountInString(text)) * (2 + 3*(maxRunes+2)); len(keys) > most {
			t.Fatalf("%d keys, at most %d", len(keys), most)
		}
	})
}
