package correct

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"heed/insights"
	"heed/insights/redact"
)

// call is a conversation, a line each, the customer's after the agent's.
func call(lines ...string) []insights.Utterance {
	var said []insights.Utterance
	for i, text := range lines {
		who := insights.Agent
		if i%2 == 1 {
			who = insights.Customer
		}
		at := insights.Seconds(i * 5)
		said = append(said, insights.Utterance{ID: text, Speaker: who, Start: at, End: at + 3, Text: text})
	}
	return said
}

func TestWording(t *testing.T) {
	const secret = "4111 1111 1111 1111"
	for name, c := range map[string]struct {
		said           []insights.Utterance
		at             int
		text           string
		written, plain string
		err            error
	}{
		"as people write":                     {call("hello", "i want two council my contract"), 1, "  I want to\tcancel\nmy contract, O’Neil! ", "I want to cancel my contract, O’Neil!", "i want to cancel my contract o'neil", nil},
		"other scripts":                       {call("bonjour", "sa va"), 1, "Ça va très bien ?", "Ça va très bien ?", "ça va très bien", nil},
		"control characters and broken bytes": {call("hello"), 0, "good\x00 mor\x1bning \xff", "good morning \uFFFD", "good morning", nil},
		"a card number":                       {call("hello", "my number is"), 1, "It is " + secret + ".", "It is [card number]", "it is [card number]", nil},
		"a card number in words": {
			call("what is your card number", "four one one one"), 1,
			"Four one one one one one one one.", "[card number]", "[card number]", nil,
		},
		"its end only, after it was asked for": {call("what is your card number please", "for won"), 1, "4111", "[card number]", "[card number]", nil},
		"the rest in what was said next": {
			append(call("hello"),
				insights.Utterance{ID: "a", Speaker: insights.Customer, Start: 3, End: 5, Text: "it is something"},
				insights.Utterance{ID: "b", Speaker: insights.Customer, Start: 5.5, End: 8, Text: "five five five oh one"}),
			1, "It is 202 555 0143", "", "", ErrSecret,
		},
		"a price":      {call("how much", "forty nine dollars"), 1, "$49 dollars", "$49 dollars", "49 dollars", nil},
		"nothing":      {call("hello"), 0, " \n ", "", "", ErrNoWords},
		"only signs":   {call("hello"), 0, "?!", "", "", ErrNoWords},
		"far too long": {call("hello"), 0, strings.Repeat("word ", 1000), "", "", ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			heard := c.said[c.at].Text
			written, plain, err := Wording(c.said, c.at, c.text)
			if written != c.written || plain != c.plain || !errors.Is(err, c.err) {
				t.Errorf("%q, %q, %v; want %q, %q, %v", written, plain, err, c.written, c.plain, c.err)
			}
			if c.said[c.at].Text != heard {
				t.Error("what was heard is changed")
			}
		})
	}
}

// TestNoNumberComesBack writes any card number into two utterances of a party,
// a piece each, in either order: digits that follow each other never stay.
func TestNoNumberComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := call("thank you for calling", "hello there", "what can i do", "well yes", "go on", "that is it")
		number := rapid.StringMatching(`[3-6][0-9]{12,18}`).Draw(t, "number")
		cut := rapid.IntRange(0, len(number)).Draw(t, "cut")
		at := rapid.SampledFrom([]int{1, 3}).Draw(t, "at")
		parts := []string{number[:cut], number[cut:]}
		first := rapid.IntRange(0, 1).Draw(t, "first")
		for _, i := range []int{first, 1 - first} {
			if written, _, err := Wording(said, at+2*i, parts[i]); err == nil {
				said[at+2*i].Text = written
			}
		}
		joined := digitsOf(said[at].Text) + digitsOf(said[at+2].Text)
		if strings.Contains(joined, number) {
			t.Fatalf("%s is back: %+v", number, said)
		}
	})
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// FuzzWording holds that any text that is taken is one line of valid UTF-8
// whose plain form is stable.
func FuzzWording(f *testing.F) {
	f.Add("Four one one one", 1)
	f.Add("[card number] 4111", 0)
	f.Add("\xff\u2028O'Neil's '", 2)
	f.Fuzz(func(t *testing.T, text string, at int) {
		said := call("what is your card number", "four one one one", "thanks")
		at = ((at % 3) + 3) % 3
		written, plain, err := Wording(said, at, text)
		if err != nil {
			return
		}
		if written == "" || plain == "" || strings.ContainsAny(written, "\n\r\x00") || Plain(plain) != plain {
			t.Errorf("%q gives %q and %q (again %q)", text, written, plain, Plain(plain))
		}
	})
}

// TestWordingUnderAPolicy: nobody writes back what the policy takes out, and
// what a mask shows is no number.
func TestWordingUnderAPolicy(t *testing.T) {
	masked, err := redact.Default().With("mask 4", "phone")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		policy     redact.Policy
		text, want string
	}{
		{redact.Default(), "my name is Deirdre Okonkwo", "my name is deirdre okonkwo"},
		{redact.Strict(), "my name is Deirdre Okonkwo", "my name is [name]"},
		{masked, "my phone number is 212 555 0143", "my phone number is [phone ending 0143]"},
	} {
		_, plain, err := WordingUnder(c.policy)(call("hello", "my"), 1, c.text)
		if err != nil || plain != c.want {
			t.Errorf("%q: %q, %v; want %q", c.text, plain, err, c.want)
		}
	}
	if numeric("call [phone ending 0143]") || !numeric("call [4111]") {
		t.Error("digits beside and inside of tokens are told wrong")
	}
}
