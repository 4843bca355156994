package redact

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"heed/insights"
)

// The oracle is written apart from the redactor: it reads digits and number
// words off the joined finals of one speaker and looks for Luhn-valid runs.

// spoken is what the oracle reads, each word alone.
var spoken = map[string]string{
	"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
	"seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13",
	"fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
	"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
	"eighty": "80", "ninety": "90",
}

var hesitation = map[string]bool{"uh": true, "um": true, "er": true, "and": true, "dash": true, "sorry": true}

var pieces = regexp.MustCompile(`\p{Nd}+|[\p{L}\p{M}]+|\[[^\]]*\]`)

// readings gives the digit runs of a text, both as "forty one" = 41 and = 401.
func readings(text string) []string {
	var runs []string
	var near, far strings.Builder
	factor, ten := 1, false
	flush := func() {
		runs = append(runs, near.String(), far.String())
		near.Reset()
		far.Reset()
		factor, ten = 1, false
	}
	for _, w := range pieces.FindAllString(strings.ToLower(text), -1) {
		r := []rune(w)
		digits, known := spoken[w]
		switch {
		case unicode.IsDigit(r[0]):
			digits = ""
			for _, d := range r {
				v, _ := digitOf(d)
				digits += string(rune(v))
			}
		case w == "double":
			factor = 2
			continue
		case w == "triple":
			factor = 3
			continue
		case hesitation[w]:
			continue
		case !known:
			flush()
			continue
		}
		all := strings.Repeat(digits, factor)
		far.WriteString(all)
		if ten && len(digits) == 1 && digits != "0" && factor == 1 {
			s := near.String()
			near.Reset()
			near.WriteString(s[:len(s)-1])
		}
		near.WriteString(all)
		ten = known && len(digits) == 2 && digits[1] == '0' && digits != "10"
		factor = 1
	}
	flush()
	return runs
}

func luhn(d string) bool {
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			v *= 2
			if v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// leak gives a Luhn-valid run of 13 to 19 digits in a text, if any.
func leak(text string) string {
	for _, run := range readings(text) {
		for n := 13; n <= 19; n++ {
			for i := 0; i+n <= len(run); i++ {
				if luhn(run[i : i+n]) {
					return run[i : i+n]
				}
			}
		}
	}
	return ""
}

func TestOracleSeesCards(t *testing.T) {
	for _, s := range []string{
		"4111 1111 1111 1111", "forty one eleven double one double one triple one uh one double one double one",
		"four one one one one one one one one one one one one one one one",
	} {
		if leak(s) == "" {
			t.Errorf("the oracle is blind to %q", s)
		}
	}
}

// cardNumber draws a Luhn-valid number.
func cardNumber(draw func(n int) int) string {
	n := []int{13, 14, 15, 16, 16, 16, 16, 19}[draw(8)]
	b := []byte{byte('2' + draw(5))}
	for len(b) < n-1 {
		b = append(b, byte('0'+draw(10)))
	}
	for c := range 10 {
		if d := string(b) + string(rune('0'+c)); luhn(d) {
			return d
		}
	}
	panic("no check digit")
}

var digitWords = strings.Fields("zero one two three four five six seven eight nine")

var tensWords = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")

var teenWords = strings.Fields("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")

// readOut says a number as people do.
func readOut(number string, draw func(n int) int) []string {
	var out []string
	for i := 0; i < len(number); {
		d := int(number[i] - '0')
		same := 1
		for i+same < len(number) && number[i+same] == number[i] {
			same++
		}
		two := i+1 < len(number)
		switch pick := draw(12); {
		case same >= 3 && pick < 6:
			out, i = append(out, "triple", word(d, draw)), i+3
		case same >= 2 && pick < 6:
			out, i = append(out, "double", word(d, draw)), i+2
		case two && d == 1 && pick < 4:
			out, i = append(out, teenWords[number[i+1]-'0']), i+2
		case two && d >= 2 && pick < 4:
			out = append(out, tensWords[d])
			if e := number[i+1] - '0'; e > 0 {
				out = append(out, digitWords[e])
			}
			i += 2
		case pick == 11:
			n := min(4, len(number)-i)
			out, i = append(out, number[i:i+n]), i+n
		default:
			out, i = append(out, word(d, draw)), i+1
		}
		if draw(8) == 0 {
			out = append(out, strings.Fields("uh um er and dash sorry")[draw(6)])
		}
	}
	return out
}

func word(d int, draw func(n int) int) string {
	if d == 0 && draw(2) == 0 {
		return "oh"
	}
	return digitWords[d]
}

// split cuts words into utterances of one speaker.
func split(words []string, draw func(n int) int) []string {
	var out []string
	for len(words) > 0 {
		n := 1 + draw(len(words))
		if draw(3) == 0 {
			n = len(words)
		}
		out, words = append(out, strings.Join(words[:n], " ")), words[n:]
	}
	return out
}

var fill = []string{
	"", "thank you", "it is thirty five dollars", "order four seven one two", "call me at five five five two three six eight",
	"i have two phones", "one moment", "on the third of march", "twelve", "uh", "nineteen eighty four", "oh",
}

var asks = []string{"a: may i have your card number please", "a: go on", "a: mhm", "a: and the security code", "a: how much was it", "a: your phone number please"}

// cardCalls makes a call in which cards are read out.
func cardCalls(draw func(n int) int) []string {
	var lines []string
	for range 1 + draw(3) {
		if draw(2) == 0 {
			lines = append(lines, asks[draw(len(asks))])
		}
		lines = append(lines, fill[draw(len(fill))])
		words := readOut(cardNumber(draw), draw)
		if draw(2) == 0 {
			words = append(strings.Fields("my card is"), words...)
		}
		for _, part := range split(words, draw) {
			lines = append(lines, part)
			if draw(3) == 0 {
				lines = append(lines, asks[draw(len(asks))])
			}
		}
		lines = append(lines, fill[draw(len(fill))])
	}
	return lines
}

// stored gives the joined finals of the customer and of the agent.
func stored(lines []string) (customer, agent string) {
	for _, line := range lines {
		if text, ok := strings.CutPrefix(line, "a: "); ok {
			agent += " " + text
		} else {
			customer += " " + line
		}
	}
	return customer, agent
}

func TestNoCardSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
		lines := cardCalls(draw)
		kept := play(New(Policy{}), lines...)
		customer, agent := stored(kept)
		if d := leak(customer) + leak(agent); d != "" {
			t.Fatalf("leaked %s of %q in %q", d, lines, kept)
		}
	})
}

// TestTenThousandReadings is the bar of the figure in the README: no card
// number in 10,000 seeded readings, and at most six digits of one, its
// beginning, when a card was asked for.
func TestTenThousandReadings(t *testing.T) {
	src := rand.New(rand.NewPCG(1, 2))
	readings := 10000
	if testing.Short() {
		readings = 1000
	}
	partial := 0
	for range readings {
		lines := cardCalls(src.IntN)
		kept := play(New(Policy{}), lines...)
		customer, _ := stored(kept)
		if d := leak(customer); d != "" {
			t.Fatalf("leaked %s of %q in %q", d, lines, kept)
		}
		asked := append([]string{"a: please read me your card number"}, split(readOut(cardNumber(src.IntN), src.IntN), src.IntN)...)
		for _, run := range readingsOf(play(New(Policy{}), asked...)) {
			if len(run) > 1 {
				partial++
			}
		}
	}
	t.Logf("%d readings, %d with more than one digit kept after the question", readings, partial)
	if partial > 0 {
		t.Errorf("%d readings kept digits although a card was asked for", partial)
	}
}

func readingsOf(lines []string) []string {
	customer, _ := stored(lines)
	return readings(customer)
}

func FuzzFinal(f *testing.F) {
	for _, s := range []string{
		"4111 1111 1111 1111", "four one\none one uh one|one", "double\nfour 111\xff1111111111111", "[4111]1111111111111",
		"$4111 1111 1111\n1111 dollars", "may 411111\n1111111111", "٤١١١١١١١١١١١١١١١", "oh oh oh for to too\nfor",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := New(Policy{})
		var kept []string
		for i, line := range strings.Split(s, "\n") {
			r.Partial(insights.Customer, line)
			u := utter("", i)
			u.Text = line
			for w := range strings.FieldsSeq(line) {
				u.Words = append(u.Words, insights.Word{Text: w})
			}
			u, found, _ := r.Final(u)
			checkShape(t, u, found)
			kept = append(kept, u.Text)
		}
		if d := leak(strings.Join(kept, " ")); d != "" {
			t.Fatalf("leaked %s in %q", d, kept)
		}
	})
}

// checkShape holds for every final: evidence points at tokens, words say what
// the text says.
func checkShape(t *testing.T, u insights.Utterance, found []insights.Insight) {
	t.Helper()
	for _, in := range found {
		e := in.Evidence[0]
		if got, want := u.Text[e.From:e.To], "["+strings.ReplaceAll(in.Name, "_", " ")+"]"; got != want {
			t.Fatalf("evidence %q, want %q in %q", got, want, u.Text)
		}
		if in.Text != "" {
			t.Fatalf("an insight holds text: %+v", in)
		}
	}
	var words []string
	for _, w := range u.Words {
		words = append(words, w.Text)
	}
	if got, want := strings.Join(words, " "), strings.Join(strings.Fields(u.Text), " "); len(words) > 0 && got != want {
		t.Fatalf("words %q, text %q", got, want)
	}
}

func BenchmarkFinal(b *testing.B) {
	u := insights.Utterance{Text: "my card number is four one one one uh one one one one and it expires in march next year i think", Start: 1, End: 9}
	for b.Loop() {
		New(Policy{}).Final(u)
	}
}

func ExampleRedactor_Final() {
	r := New(Policy{})
	u, _, _ := r.Final(insights.Utterance{Speaker: insights.Customer, Text: "it is forty one eleven double one double one uh one one one one triple one one"})
	fmt.Println(u.Text)
	// Output: it is [card number]
}
