package redact

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
)

// say is one final: "a: ..." is the agent, anything else the customer.
func utter(line string, i int) insights.Utterance {
	u := insights.Utterance{
		ID: "u", Seq: i + 1, Speaker: insights.Customer, Text: line,
		Start: insights.Seconds(i * 4), End: insights.Seconds(i*4 + 3),
	}
	if text, agent := strings.CutPrefix(line, "a: "); agent {
		u.Speaker, u.Text = insights.Agent, text
	}
	return u
}

// play redacts a whole call and gives its texts.
func play(r *Redactor, lines ...string) []string {
	var out []string
	for i, line := range lines {
		u, _, _ := r.Final(utter(line, i))
		if u.Speaker == insights.Agent {
			u.Text = "a: " + u.Text
		}
		out = append(out, u.Text)
	}
	return out
}

func TestFinal(t *testing.T) {
	for _, c := range []struct {
		name      string
		say, want []string
	}{
		{
			"digits without context",
			[]string{"it is 4111 1111 1111 1111 thanks"},
			[]string{"it is [card number] thanks"},
		},
		{
			"digits glued to punctuation and letters",
			[]string{"card:4111-1111-1111-1111, ok", "no4111111111111111"},
			[]string{"[card number] ok", "[card number]"},
		},
		{
			"one by one, with hesitations and a correction",
			[]string{"so four one one one uh one one one one and then um one one no sorry one one dash one one one one bye now"},
			[]string{"so [card number] bye now"},
		},
		{
			"pairs, doubles and triples",
			[]string{"forty one eleven double one double one triple one one quadruple one"},
			[]string{"[card number]"},
		},
		{
			"thousands",
			[]string{"four thousand one hundred and eleven eleven eleven eleven eleven eleven eleven"},
			[]string{"[card number]"},
		},
		{
			"plural digits and hyphens",
			[]string{"four three ones twenty-one eleven double oh seven fifty-five sixty-six eleven"},
			[]string{"[card number]"},
		},
		{
			"asked for: short groups over several utterances",
			[]string{"a: can you read me your card number", "four one one one", "a: mhm", "one one", "uh one one", "one", "one one one one one one one", "and the name is jones"},
			[]string{"a: can you read me your card number", "[card number]", "a: mhm", "[card number]", "uh [card number]", "[card number]", "[card number]", "and the name is jones"},
		},
		{
			"asked for, misheard, and only begun",
			[]string{"a: can you check the last numbers on your card", "sure i have it here for one one one", "a: and when does it expire", "oh sorry in december"},
			[]string{"a: can you check the last numbers on your card", "sure i have it here [card number]", "a: and when does it expire", "oh sorry in december"},
		},
		{
			"announced in the same breath",
			[]string{"my card number is five five uh oh five and it expires oh nine twenty seven"},
			[]string{"my card number is [card number] and it expires [card expiry]"},
		},
		{
			"groups of an asked number with words between",
			[]string{"a: what are the card details", "it starts with four one then the next one is one one"},
			[]string{"a: what are the card details", "it starts with [card number] then the next [card number]"},
		},
		{
			"a mention makes the beginning of a card suspect",
			[]string{"i paid with my visa four five three two", "it cost four hundred on my visa"},
			[]string{"i paid with my visa [card number]", "it cost four hundred on my visa"},
		},
		{
			"card code",
			[]string{"a: and the security code on the back", "one two three", "a: the three digits please", "nine"},
			[]string{"a: and the security code on the back", "[card code]", "a: the three digits please", "[card code]"},
		},
		{
			"named behind the digits",
			[]string{"nine eight one is the security code"},
			[]string{"[card code] is the security code"},
		},
		{
			"one-time code",
			[]string{"a: i have sent a new code to your phone please read it to me", "it says three three eight one seven five"},
			[]string{"a: i have sent a new code to your phone please read it to me", "it says [code]"},
		},
		{
			"a long number that is nothing known",
			[]string{"nine nine one oh two three eight four"},
			[]string{"[number]"},
		},
		{
			"cut off at twelve digits across utterances even when they look like telephones",
			[]string{"five five five two three six eight", "five five five two three six eight"},
			[]string{"five five five two three six eight", "[card number]"},
		},
		{
			"other scripts",
			[]string{"رقم ٤١١١ ١١١١ ١١١١ ١١١١ شكرا", "४१११११११११११११११"},
			[]string{"رقم [card number] شكرا", "[card number]"},
		},
		{
			"redacted again",
			[]string{"it is [card number] thanks", "two lines"},
			[]string{"it is [card number] thanks", "two lines"},
		},
		{
			"two runs in one word",
			[]string{"0000000!BA!000 0000 ok"},
			[]string{"[number] ok"},
		},
		{"empty", []string{"", "   "}, []string{"", "   "}},
		{"invalid utf-8", []string{"a\xff b 4111111111111111"}, []string{"a\uFFFD b [card number]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, play(New(Policy{}), c.say...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// near compares seconds.
var near = cmp.Comparer(func(a, b insights.Seconds) bool { return math.Abs(float64(a-b)) < 1e-6 })

// What must stay: a redactor that takes everything is of no use.
func TestKeeps(t *testing.T) {
	for _, lines := range [][]string{
		{"it is thirty five dollars a month"},
		{"order four seven one two"},
		{"my order number is four seven one two nine nine eight one two three"},
		{"a: can i have your account number please", "sure it is four seven one nine two two eight"},
		{"i owe three hundred and forty dollars since the third of march"},
		{"call me on oh two oh seven nine four six oh nine five eight"},
		{"my number is five five five two three six eight"},
		{"in two thousand and twenty four i had two phones and three lines for ten dollars"},
		{"a: the unlimited plan is only eight dollars more per month"},
		{"a: what is your card number", "i do not have it with me one moment", "it takes three to five days"},
		{"i have my card here", "i have been waiting for three weeks and two days"},
		{"a: we can be there on friday between nine and eleven in the morning"},
		{"we are number one for service two times"},
		{"a: your card number please", "a: sorry i mean your phone number", "two one two five five five oh one eight seven"},
		{"march the fifth nineteen eighty four"},
		{"the year nineteen eighty four and then twenty twenty one"},
		{"which ones do you mean the blue ones or the other ones"},
		{"it was like a hundred usd or a thousand"},
	} {
		if diff := cmp.Diff(lines, play(New(Policy{}), lines...)); diff != "" {
			t.Errorf("%q: %s", lines, diff)
		}
	}
}

func TestPolicyKeeps(t *testing.T) {
	p, err := Default().With("keep", "code", "number")
	if err != nil {
		t.Fatal(err)
	}
	r := New(p)
	lines := []string{"a: what is your pin", "one two three four", "a: thanks goodbye now my friend and other things", "my thing is nine nine one oh two three eight four"}
	if diff := cmp.Diff(lines, play(r, lines...)); diff != "" {
		t.Error(diff)
	}
	if got := play(r, "4111111111111111")[0]; got != "[card number]" {
		t.Errorf("a policy kept a card: %q", got)
	}
}

func TestContextLapses(t *testing.T) {
	r := New(Policy{})
	r.Final(insights.Utterance{Speaker: insights.Agent, Text: "what is your card number", Start: 0, End: 2})
	u, _, _ := r.Final(insights.Utterance{Speaker: insights.Customer, Text: "four one one one", Start: 100, End: 102})
	if u.Text != "four one one one" {
		t.Errorf("a question of 98 seconds ago still counts: %q", u.Text)
	}
}

func TestWordsMutesInsights(t *testing.T) {
	u := insights.Utterance{
		ID: "u7", Speaker: insights.Customer, Text: "my card is four one one one bye", Start: 10, End: 18,
	}
	for i, w := range strings.Fields(u.Text) {
		u.Words = append(u.Words, insights.Word{Text: w, Start: u.Start + insights.Seconds(i), End: u.Start + insights.Seconds(i) + 0.8, Confidence: 0.5})
	}
	r := New(Policy{})
	r.Final(insights.Utterance{Speaker: insights.Agent, Text: "the card number please", Start: 8, End: 9})
	got, found, mutes := r.Final(u)
	if got.Text != "my card is [card number] bye" {
		t.Fatalf("text %q", got.Text)
	}
	wantWords := append(append([]insights.Word{}, u.Words[:3]...),
		insights.Word{Text: "[card number]", Start: 13, End: 16.8, Confidence: 1}, u.Words[7])
	if diff := cmp.Diff(wantWords, got.Words); diff != "" {
		t.Error(diff)
	}
	want := []insights.Insight{{
		Kind: insights.Redacted, Name: "card_number", Confidence: 1, Speaker: insights.Customer, Start: 13, End: 16.8,
		Evidence: []insights.Span{{From: 11, To: 24}}, Model: Default().Version(), UtteranceID: "u7",
	}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Mute{{Speaker: insights.Customer, From: 12.7, To: 18.3}}, mutes, near); diff != "" {
		t.Error(diff) // all behind the first digit: more may have been read than was heard
	}
	if u.Words[3].Text != "four" {
		t.Error("the caller's words were changed")
	}
}

// Words that are not the text's could hide a number: they go when they may.
func TestForeignWords(t *testing.T) {
	r := New(Policy{})
	u, _, _ := r.Final(insights.Utterance{Text: "hello there", Words: []insights.Word{{Text: "4111111111111111"}}})
	if u.Words != nil {
		t.Errorf("words %v survive", u.Words)
	}
	u, _, mutes := r.Final(insights.Utterance{
		Text: "it is 4111111111111111", Start: 3, End: 6,
		Words: []insights.Word{{Text: "4111111111111111"}},
	})
	if u.Words != nil || len(mutes) != 1 || mutes[0].From < 2.5 || mutes[0].To < 6 {
		t.Errorf("words %v, mutes %v", u.Words, mutes)
	}
}

// When digits that were kept turn out to be a card, their audio goes too.
func TestMutesWhatWasKept(t *testing.T) {
	r := New(Policy{})
	r.Final(utter("five five five two three six eight", 0))
	_, _, mutes := r.Final(utter("five five five two three six eight", 1))
	if diff := cmp.Diff([]Mute{{Speaker: insights.Customer, From: 0, To: 7}}, mutes, near); diff != "" {
		t.Error(diff)
	}
}

func TestPartial(t *testing.T) {
	r := New(Policy{})
	for _, c := range []struct{ in, want string }{
		{"i want to pay two bills", "i want to pay two bills"},
		{"it is four one one", "it is four one one"},
		{"it is four one one one", "it is [number]"},
		{"it is four one one one one one one one one one one one one", "it is [card number]"},
		{"order number four seven one two", "order number four seven one two"},
	} {
		if got := r.Partial(insights.Customer, c.in); got != c.want {
			t.Errorf("%q shown as %q, want %q", c.in, got, c.want)
		}
	}
	r.Final(utter("a: your card number please", 0))
	if got := r.Partial(insights.Customer, "four one"); got != "[card number]" {
		t.Errorf("asked for a card, shown %q", got)
	}
	r = New(Policy{})
	r.Partial(insights.Customer, "my card number is four one one one one one one one")
	u, _, _ := r.Final(utter("hello four", 1))
	if u.Text != "hello four" {
		t.Errorf("a partial changed state: %q", u.Text)
	}
}

func TestTenThousandWords(t *testing.T) {
	long := strings.Repeat("well you know it was like four one one one uh ", 1000)
	u, found, _ := New(Policy{}).Final(insights.Utterance{Text: long, End: 100})
	if len(found) != 0 || u.Text != long {
		t.Errorf("%d removals", len(found))
	}
	digits := strings.Repeat("one ", 10000)
	u, found, _ = New(Policy{}).Final(insights.Utterance{Text: digits, End: 100})
	if len(found) != 1 || strings.TrimSpace(u.Text) != "[card number]" {
		t.Errorf("%d removals, %.60q", len(found), u.Text)
	}
}
