package redact

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"heed/insights"
)

// secretAsked is a question and the number that answers it.
type secretAsked struct {
	ask    string
	number func(draw func(n int) int) string
	lead   []string // what may be said before the number
}

func drawn(n int) func(draw func(int) int) string {
	return func(draw func(int) int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + draw(10))
		}
		return string(b)
	}
}

// iban draws a valid German account number without its country.
func iban(draw func(int) int) string {
	body := drawn(18)(draw)
	for check := range 100 {
		if s := fmt.Sprintf("de%02d%s", check, body); isIBAN(s) {
			return s[2:]
		}
	}
	panic("no check digits")
}

var secretsAsked = []secretAsked{
	{"and the security code on the back please", drawn(3), []string{"it's", "sure", "uh"}},
	{"what is the cvv", drawn(4), []string{"the cvv is", "yes"}},
	{"please tell me your pin", drawn(4), []string{"my pin is", "okay"}},
	{"i have sent a code to your phone please read it to me", drawn(6), []string{"it says", "the code is"}},
	{"may i have your social security number", drawn(9), []string{"it is", "yes it's"}},
	{"which iban should we use", iban, []string{"it is d e", "d e", "my iban is d e"}},
	{"the sort code please", drawn(6), []string{"it's", "sort code"}},
	{"and the routing number", drawn(9), []string{"the routing number is", "sure"}},
}

// TestTenThousandSecrets: codes, PINs, national numbers and bank accounts read
// out after a question, as digits and words, over utterances: nothing of two
// digits or more in a row is left.
func TestTenThousandSecrets(t *testing.T) {
	src := rand.New(rand.NewPCG(3, 4))
	n := 10000
	if testing.Short() {
		n = 1000
	}
	left := 0
	for range n {
		s := secretsAsked[src.IntN(len(secretsAsked))]
		number := s.number(src.IntN)
		words := readOut(number, src.IntN)
		if src.IntN(2) == 0 {
			words = append(strings.Fields(s.lead[src.IntN(len(s.lead))]), words...)
		}
		lines := append([]string{"a: " + s.ask}, halves(words, len(number), src.IntN)...)
		kept := play(New(Policy{}), lines...)
		for _, run := range readingsOf(kept) {
			if len(run) > 1 {
				left++
				t.Logf("%s of %q in %q", run, lines, kept)
				break
			}
		}
		if left > 5 {
			t.Fatal("and so on")
		}
	}
	if left > 0 {
		t.Errorf("%d of %d left two digits or more", left, n)
	}
}

// halves cuts a reading into one or two utterances; a short one stays whole.
func halves(words []string, digits int, draw func(int) int) []string {
	if digits < 9 || draw(2) == 0 {
		return []string{strings.Join(words, " ")}
	}
	at := len(words)/2 + draw(2)
	return []string{strings.Join(words[:at], " "), strings.Join(words[at:], " ")}
}

// TestForeignCards: cards read digit by digit in other languages.
func TestForeignCards(t *testing.T) {
	src := rand.New(rand.NewPCG(5, 6))
	var languages []string
	value := map[string]map[string]string{}
	for language, n := range spokenIn {
		languages = append(languages, language)
		value[language] = map[string]string{}
		for d, forms := range strings.Fields(n.units) {
			for w := range strings.SplitSeq(forms, "/") {
				value[language][w] = string(rune('0' + d))
			}
		}
	}
	n := 3000
	if testing.Short() {
		n = 500
	}
	for range n {
		language := languages[src.IntN(len(languages))]
		units := strings.Fields(spokenIn[language].units)
		var words []string
		for _, d := range cardNumber(src.IntN) {
			forms := strings.Split(units[d-'0'], "/")
			words = append(words, forms[src.IntN(len(forms))])
		}
		r := New(Policy{})
		kept := ""
		for i, line := range split(words, src.IntN) {
			r.Partial(insights.Customer, line)
			u := utter(line, i)
			u.Language = language
			u, _, _ = r.Final(u)
			kept += " " + u.Text
		}
		run := ""
		for w := range strings.FieldsSeq(kept) {
			if d, ok := value[language][w]; ok {
				run += d
				continue
			}
			run = ""
		}
		if len(run) > 12 {
			t.Fatalf("%s: %q left of %q", language, kept, words)
		}
	}
}

// TestNothingIsHeardOfASecret: each removal of a secret is silent.
func TestNothingIsHeardOfASecret(t *testing.T) {
	for _, c := range everyKind {
		r := New(Strict())
		for i, line := range c.say {
			u := utter(line, i)
			words := strings.Fields(u.Text)
			each := (u.End - u.Start) / insights.Seconds(len(words))
			for j, w := range words {
				u.Words = append(u.Words, insights.Word{Text: w, Start: u.Start + insights.Seconds(j)*each, End: u.Start + insights.Seconds(j+1)*each})
			}
			clean, found, mutes := r.Final(u)
			checkShape(t, clean, found)
			for _, in := range found {
				silent := false
				for _, m := range mutes {
					silent = silent || m.Speaker == u.Speaker && m.From <= in.Start && m.To >= in.End
				}
				if !silent {
					t.Errorf("%s of %q can be heard from %v to %v: %v", in.Name, line, in.Start, in.End, mutes)
				}
			}
		}
	}
}
