package redact

import (
	"strings"
	"testing"

	"heed/insights"
)

// final redacts one utterance of a language.
func final(language, text string) string {
	u, _, _ := New(Policy{}).Final(insights.Utterance{Speaker: insights.Customer, Language: language, Text: text, End: 9})
	return u.Text
}

// TestCardsInOtherLanguages: sixteen digits, one by one and in pairs.
func TestCardsInOtherLanguages(t *testing.T) {
	for language, say := range map[string]string{
		"de":    "ja vier eins eins eins eins eins eins eins eins eins eins eins eins eins eins eins danke",
		"de-AT": "ja einundvierzig elf elf elf elf elf elf elf danke",
		"nl":    "ja eenenveertig elf elf elf elf elf elf elf graag",
		"fr-CA": "oui quarante et un onze onze onze onze onze onze onze merci", //nolint:misspell // French
		"es":    "sí cuatro uno uno uno uno uno uno uno uno uno uno uno uno uno uno uno gracias",
		"es-MX": "sí cuarenta y uno once once once once once once once gracias",
		"pt":    "sim quatro um um um um um um um um um um um um um um um obrigada",
		"it":    "sì quarantuno undici undici undici undici undici undici undici grazie",
		"sv":    "ja fyrtioett elva elva elva elva elva elva elva tack",
		"is":    "já fjórir einn einn einn einn einn einn einn einn einn einn einn einn einn einn einn takk",
		"ar":    "نعم أربعة واحد واحد واحد واحد واحد واحد واحد واحد واحد واحد واحد واحد واحد واحد واحد شكرا",
		"hy":    "այո չորս մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ մեկ շնորհակալություն",
	} {
		first, last := strings.Fields(say)[0], strings.Fields(say)
		if got, want := final(language, say), first+" [card number] "+last[len(last)-1]; got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
}

// TestOtherLanguagesStay: words that are numbers elsewhere are none here, and
// short numbers stay.
func TestOtherLanguagesStay(t *testing.T) {
	for _, c := range [][2]string{
		{"en", "i was there once and then once more with sex and the city"},
		{"es", "quiero dos líneas y tres teléfonos"},
		{"de", "ich habe zwei verträge seit drei jahren"},
		{"fr", "j'ai un problème depuis deux jours"},
		{"is", "ég er með tvo síma"},
		{"", "once doce trece"},
	} {
		if got := final(c[0], c[1]); got != c[1] {
			t.Errorf("%s: %q became %q", c[0], c[1], got)
		}
	}
}

// TestDigitsOfScripts: a card in the digits of other scripts goes, whatever
// the language is said to be.
func TestDigitsOfScripts(t *testing.T) {
	for _, zero := range "٠۰०০০౦๐０߀" {
		var card strings.Builder
		for _, d := range "4111111111111111" {
			card.WriteRune(zero + d - '0')
		}
		if got := final("", "x "+card.String()+" y"); got != "x [card number] y" {
			t.Errorf("digits from %q: %q", zero, got)
		}
	}
}
