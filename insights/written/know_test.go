package written

import (
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for word, want := range map[string]struct {
		value       int64
		ordinal, ok bool
	}{
		"nine": {9, false, true}, "twelve": {12, false, true}, "forty": {40, false, true}, "third": {3, true, true},
		"twentieth": {20, true, true}, "oh": {}, "hundred": {}, "to": {}, "cat": {}, "": {},
	} {
		if v, ordinal, ok := Number(word); v != want.value || ordinal != want.ordinal || ok != want.ok {
			t.Errorf("%q is %d, %v, %v", word, v, ordinal, ok)
		}
	}
}

func TestMonth(t *testing.T) {
	for word, want := range map[string]int{"january": 1, "may": 5, "december": 12, "monday": 0, "": 0} {
		month, sure := Month(word)
		if month != want || sure != (want > 0 && word != "may") {
			t.Errorf("%q is %d, sure %v", word, month, sure)
		}
	}
}

func TestPlace(t *testing.T) {
	for words, want := range map[string]string{
		"london": "London", "new york please": "New York", "new": "", "saudi arabia": "Saudi Arabia", "black friday": "", "": "", "table": "",
	} {
		name, n := Place(strings.Fields(words))
		if name != want || n != len(strings.Fields(want)) {
			t.Errorf("%q begins with %q, %d words", words, name, n)
		}
	}
	if !FirstName("maria") || FirstName("keller") || !Ordinary("the") || !Ordinary("nine") || Ordinary("keller") {
		t.Error("names and ordinary words are mixed up")
	}
}
