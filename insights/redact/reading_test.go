package redact

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/fixtures"
	"heed/insights"
)

// heard makes a final of words with their times, as "word@start-end ...".
func heard(t testing.TB, who insights.Speaker, words string) insights.Utterance {
	t.Helper()
	u := insights.Utterance{ID: "u", Speaker: who}
	var texts []string
	for field := range strings.FieldsSeq(words) {
		text, times, _ := strings.Cut(field, "@")
		from, to, _ := strings.Cut(times, "-")
		var w insights.Word
		if json.Unmarshal([]byte(from), &w.Start) != nil || json.Unmarshal([]byte(to), &w.End) != nil {
			t.Fatalf("word %q", field)
		}
		w.Text = text
		u.Words = append(u.Words, w)
		texts = append(texts, text)
	}
	u.Text, u.Start, u.End = strings.Join(texts, " "), u.Words[0].Start, u.Words[len(u.Words)-1].End+0.2
	return u
}

// silent says that mutes of a speaker leave nothing of a stretch.
func silent(mutes []Mute, who insights.Speaker, from, to insights.Seconds) bool {
	for _, m := range merge(append([]Mute(nil), mutes...)) {
		if m.Speaker == who && m.From <= from && m.To >= to {
			return true
		}
	}
	return false
}

// muted says how much of a stretch is silenced.
func muted(mutes []Mute, who insights.Speaker, from, to insights.Seconds) insights.Seconds {
	var sum insights.Seconds
	for _, m := range merge(append([]Mute(nil), mutes...)) {
		if m.Speaker == who {
			sum += max(0, min(m.To, to)-max(m.From, from))
		}
	}
	return sum
}

// What the small English engine made of fixtures/calls/double-charge.wav, word
// by word: of sixteen digits it heard five.
func TestGarbledReading(t *testing.T) {
	r := New(Policy{})
	var texts []string
	var mutes []Mute
	for _, u := range []insights.Utterance{
		heard(t, insights.Customer, `i@37.88-37.94 think@37.95-38.1 so@38.2-38.4 i@38.5-38.6 have@38.7-38.9 two@39-39.2 cards@39.3-39.7
			but@40-40.2 i@40.3-40.4 always@40.5-40.8 use@40.9-41.1 the@41.2-41.3 same@41.4-41.7 one@41.8-42 for@42.1-42.3 you@42.4-43`),
		heard(t, insights.Agent, `okay@43.54-43.69 can@44.18-44.33 you@44.46-44.61 check@44.62-44.90 the@44.90-45.05 last@45.18-45.33
			numbers@45.62-46.05 and@46.06-46.21 your@46.26-46.41 card@46.54-46.77`),
		heard(t, insights.Customer, `shared@47.34-47.77 way@47.86-48.01 i@48.18-48.33 have@48.34-48.49 an@48.50-48.65 idea@48.66-48.81
			of@49.02-49.14 the@49.14-49.29 numbers@49.30-49.89 for@49.90-50.05 one@50.10-50.25 one@50.38-50.53`),
		heard(t, insights.Customer, `one@51.42-51.57`),
		heard(t, insights.Customer, `one@53.62-53.77`),
		heard(t, insights.Agent, `so@54.54-54.69 since@54.94-55.34 you've@55.34-55.69 but@55.70-55.85 you@55.94-56.09 do@56.18-56.33
			not@56.46-56.61 have@56.62-56.77 to@56.86-57.01 read@57.02-57.26 the@57.26-57.41 whole@57.46-57.69 number@57.82-57.97`),
		heard(t, insights.Customer, `so@57.82-57.97 sorry@58.22-58.61 and@58.74-58.89 an@58.90-59.05 expire@59.14-59.61 them@59.66-59.81
			december@60.46-61.01`),
	} {
		u, _, m := r.Final(u)
		texts, mutes = append(texts, u.Text), append(mutes, m...)
	}
	want := []string{
		"i think so i have two cards but i always use the same one for you",
		"okay can you check the last numbers and your card",
		"shared way i have an idea of the numbers [card number]",
		"[card number]",
		"[card number]",
		"so since you've but you do not have to read the whole number",
		"so sorry and an expire them december",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	from, to := scripted(t, "double-charge", "four one one one")
	if from < 47 || to > 55 {
		t.Fatalf("the script reads its card from %.2f to %.2f", from, to)
	}
	if !silent(mutes, insights.Customer, 49.90, to) {
		t.Errorf("the card is read until %.2f, silent is %+v", to, mutes)
	}
	if muted(mutes, insights.Customer, 0, 49) > 0 || muted(mutes, insights.Customer, 57.82, 100) > 0 || muted(mutes, insights.Agent, 0, 100) > 0 {
		t.Errorf("too much is silent: %+v", mutes)
	}
}

// scripted gives the turn of a fixture call in which a text is said.
func scripted(t *testing.T, name, text string) (from, to insights.Seconds) {
	t.Helper()
	data, err := fs.ReadFile(fixtures.Calls(), name+".json")
	if err != nil {
		t.Fatal(err)
	}
	var call struct {
		Turns []struct {
			Start, End insights.Seconds
			Text       string
		}
	}
	if err := json.Unmarshal(data, &call); err != nil {
		t.Fatal(err)
	}
	for _, turn := range call.Turns {
		if strings.Contains(turn.Text, text) {
			return turn.Start, turn.End
		}
	}
	t.Fatalf("no turn of %s says %q", name, text)
	return 0, 0
}

func TestScraps(t *testing.T) {
	const ask = "a: can you read me the number on your card please"
	for _, c := range []struct {
		name      string
		say, want []string
	}{
		{
			"any digit answers the agent's question",
			[]string{ask, "sure it is four and then wand", "thank you i have written it down"},
			[]string{ask, "sure it is [card number] and then wand", "thank you i have written it down"},
		},
		{
			"homophones beside digits and alone",
			[]string{ask, "it is for two to won", "too", "ate for", "okay that was all of it"},
			[]string{ask, "it is [card number]", "[card number]", "[card number]", "okay that was all of it"},
		},
		{
			"what the customer offers",
			[]string{"i have my credit card here", "four five three", "six", "is that what you need"},
			[]string{"i have my credit card here", "[card number]", "[card number]", "is that what you need"},
		},
		{
			"the agent says nothing much between",
			[]string{ask, "four one", "a: mhm", "six", "a: go on", "one", "a: yes", "double", "nine"},
			[]string{ask, "[card number]", "a: mhm", "[card number]", "a: go on", "[card number]", "a: yes", "[card number]", "[card number]"},
		},
		{
			"the agent reads it back",
			[]string{"a: your card number is four one one two", "a: six", "a: is that the right card then"},
			[]string{"a: your card number is [card number]", "a: [card number]", "a: is that the right card then"},
		},
		{
			"the agent interrupts, the customer goes on",
			[]string{ask, "four one", "a: could you please speak up a little", "six"},
			[]string{ask, "[card number]", "a: could you please speak up a little", "[card number]"},
		},
		{
			"card code and expiry",
			[]string{"a: and the security code please", "it is nine", "a: thanks and when does it expire please", "oh nine two seven"},
			[]string{"a: and the security code please", "it is [card code]", "a: thanks and when does it expire please", "[card expiry]"},
		},
		{
			"over: digits are digits again",
			[]string{ask, "four one one", "that was all of my number", "i have two of them and one is new", "a: that is two for you", "one for the house"},
			[]string{ask, "[card number]", "that was all of my number", "i have two of them and one is new", "a: that is two for you", "one for the house"},
		},
		{
			"counts, sums and words in a reading",
			[]string{ask, "four one", "one moment", "oh sorry", "thanks for that", "it was thirty five dollars at the new one", "i paid four hundred for it"},
			[]string{ask, "[card number]", "one moment", "oh sorry", "thanks for that", "it was thirty five dollars at the new one", "i paid four hundred for it"},
		},
		{
			"what digits are misheard as, as 28 synthetic readings showed",
			[]string{ask, "for six year", "one night to six", "six air one o'one side", "four six two weeks every two", "thank you for your help"},
			[]string{ask, "[card number] year", "[card number]", "[card number] side", "[card number]", "thank you for your help"},
		},
		{
			"another number was asked for",
			[]string{ask, "a: or tell me your phone number if you like", "five five five", "two three six", "one"},
			[]string{ask, "a: or tell me your phone number if you like", "five five five", "two three six", "one"},
		},
		{
			"no card was named",
			[]string{"a: how many phones do you have", "one", "for you", "two to one", "one one"},
			[]string{"a: how many phones do you have", "one", "for you", "two to one", "one one"},
		},
		{
			"a card was merely named",
			[]string{"a: was that with the same card", "i have two cards", "one", "two for the house", "i always use the same one for you"},
			[]string{"a: was that with the same card", "i have two cards", "one", "two for the house", "i always use the same one for you"},
		},
		{
			"heard again after a crash: what was removed tells where the reading was",
			[]string{ask, "it is [card number]", "one", "two"},
			[]string{ask, "it is [card number]", "[card number]", "[card number]"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, play(New(Policy{}), c.say...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The finals of play lie 4 seconds apart and last 3.
func TestReadingIsSilent(t *testing.T) {
	const ask = "a: please read me your card number"
	for _, c := range []struct {
		name string
		say  []string
		want []Mute
	}{
		{
			"gaps between scraps, up to the clear sentence",
			[]string{ask, "one", "two", "that was the whole number"},
			[]Mute{{insights.Customer, 3, 12}},
		},
		{
			"scraps that nobody can read",
			[]string{ask, "one", "shin wan do", "that was the whole number"},
			[]Mute{{insights.Customer, 3, 12}},
		},
		{
			"a little into what interrupts it",
			[]string{ask, "one", "a: thank you that is all i need"},
			[]Mute{{insights.Customer, 3, 11}},
		},
		{
			"from a word before it that may be a digit",
			[]string{ask, "wait the number is for", "four one"},
			[]Mute{{insights.Customer, 6.1909090909, 11.3}},
		},
		{
			"over an interruption when it goes on",
			[]string{ask, "one", "a: thank you that is all i need", "two"},
			[]Mute{{insights.Customer, 3, 15.3}},
		},
		{
			"not over an agent's short word",
			[]string{ask, "one", "a: mhm"},
			[]Mute{{insights.Customer, 3, 7.3}},
		},
		{
			"what was said before it stays",
			[]string{"hello there my friend", ask, "hm yes", "one"},
			[]Mute{{insights.Customer, 11, 15.3}},
		},
		{"nothing without a card", []string{"a: how many are you", "two", "one"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := New(Policy{})
			var mutes []Mute
			for i, line := range c.say {
				_, _, m := r.Final(utter(line, i))
				mutes = append(mutes, m...)
			}
			if diff := cmp.Diff(c.want, merge(mutes), near); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A reading that breaks off is silent for a while and no longer.
func TestReadingLapses(t *testing.T) {
	r := New(Policy{})
	r.Final(utter("a: please read me your card number", 0))
	r.Final(utter("one", 1)) // ends at 7
	u, _, mutes := r.Final(insights.Utterance{Speaker: insights.Customer, Text: "hello two", Start: 50, End: 52})
	if u.Text != "hello [card number]" {
		t.Errorf("the question is still open: %q", u.Text)
	}
	r.Final(insights.Utterance{Speaker: insights.Customer, Text: "two", Start: 53, End: 54})
	_, _, later := r.Final(insights.Utterance{Speaker: insights.Customer, Text: "are you still there my friend", Start: 200, End: 202})
	if diff := cmp.Diff([]Mute{{insights.Customer, 54.3, 84.3}}, later, near); diff != "" {
		t.Error(diff)
	}
	if muted(mutes, insights.Customer, 7.3, 45) > 0 {
		t.Errorf("a pause of 43 seconds is silent: %+v", mutes)
	}
}

// garble is a reading as a weak recogniser hears it: most digits are dropped,
// some become other words, and it falls apart into utterances.
type garble struct {
	us       []insights.Utterance
	from, to insights.Seconds // from the first digit that was heard to the last that was said
}

func garbled(draw func(n int) int, at insights.Seconds) garble {
	var g garble
	u := insights.Utterance{Speaker: insights.Customer, Start: at}
	flush := func() {
		if len(u.Words) > 0 {
			u.Start, u.End = u.Words[0].Start, u.Words[len(u.Words)-1].End
			var texts []string
			for _, w := range u.Words {
				texts = append(texts, w.Text)
			}
			u.Text = strings.Join(texts, " ")
			g.us = append(g.us, u)
		}
		u = insights.Utterance{Speaker: insights.Customer}
	}
	said := func(word string) {
		if word != "" {
			u.Words = append(u.Words, insights.Word{Text: word, Start: at, End: at + 0.3})
		}
		at += 0.4
	}
	for _, w := range strings.Fields("sure wait it is")[draw(5):] {
		said(w)
	}
	for range 12 + draw(8) {
		word := ""
		switch draw(6) {
		case 0, 1:
			word = digitWords[1+draw(9)]
		case 2:
			word = strings.Fields("for to too won ate oh")[draw(6)]
		}
		if word != "" && g.from == 0 && digitValue[word] {
			g.from = at
		}
		said(word)
		g.to = at - 0.1
		if draw(4) == 0 {
			flush()
		}
	}
	flush()
	return g
}

var digitValue = wordSet("one two three four five six seven eight nine")

// However little of a reading is heard, no digit of it stays and it is silent
// from the first that was heard until somebody says something else; what was
// said before and after is not.
func TestGarbledReadingsAreSilent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
		r := New(Policy{})
		var mutes []Mute
		say := func(who insights.Speaker, text string, start, end insights.Seconds) {
			_, _, m := r.Final(insights.Utterance{Speaker: who, Text: text, Start: start, End: end})
			mutes = append(mutes, m...)
		}
		say(insights.Customer, "i was charged two times for it", 1, 4)
		say(insights.Agent, "may i have the number on your card", 5, 8)
		g := garbled(draw, 9)
		kept := ""
		for _, u := range g.us {
			u, _, m := r.Final(u)
			mutes = append(mutes, m...)
			if u.Start >= g.from && g.from > 0 {
				kept += " " + u.Text
			}
		}
		over := g.to + 0.5
		who := []insights.Speaker{insights.Customer, insights.Agent}[draw(2)]
		say(who, "well let us talk about the weather", over, over+3)
		if g.from == 0 {
			return // nothing of it was heard
		}
		for w := range strings.FieldsSeq(kept) {
			if digitValue[w] {
				t.Fatalf("%q stays in %q", w, kept)
			}
		}
		if !silent(mutes, insights.Customer, g.from, g.to) {
			t.Fatalf("read from %.2f to %.2f, silent %+v of %+v by %s", g.from, g.to, mutes, g.us, who)
		}
		if muted(mutes, insights.Customer, 0, 8)+muted(mutes, insights.Agent, 0, 100) > 0 ||
			muted(mutes, insights.Customer, over+overrun, 100) > 0 {
			t.Fatalf("too much is silent: %+v", mutes)
		}
	})
}

// A caption hides the scraps while they grow.
func TestPartialReading(t *testing.T) {
	r := New(Policy{})
	r.Final(utter("a: please read me your card number", 0))
	for _, c := range []struct{ in, want string }{
		{"shared way i have", "shared way i have"},
		{"the numbers for one", "the numbers [card number]"},
		{"one moment", "one moment"},
	} {
		if got := r.Partial(insights.Customer, c.in); got != c.want {
			t.Errorf("%q shown as %q, want %q", c.in, got, c.want)
		}
	}
	r.Final(utter("it is four", 1))
	if got := r.Partial(insights.Customer, "to"); got != "[card number]" {
		t.Errorf("a card is read out, shown %q", got)
	}
	if got := r.Partial(insights.Agent, "to"); got != "to" {
		t.Errorf("the agent reads nothing, shown %q", got)
	}
}
