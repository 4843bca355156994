package written

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
)

// TestSpokenForms takes each line of testdata ("said | written"), of an
// American and a British office.
func TestSpokenForms(t *testing.T) {
	for file, region := range map[string]string{"testdata/spoken-us.txt": "US", "testdata/spoken-gb.txt": "GB"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
		if len(lines) < 25 {
			t.Fatalf("%s has %d lines", file, len(lines))
		}
		for _, line := range lines {
			said, want, ok := strings.Cut(line, " | ")
			if !ok {
				t.Fatalf("%s: %q is no case", file, line)
			}
			if got := write(t, Options{Region: region}, said); got != want {
				t.Errorf("%s: %q is written %q, want %q", region, said, got, want)
			}
		}
	}
}

func TestSentences(t *testing.T) {
	w := New(Options{Names: []string{"Nordtel", "Home Plus", "i-Box"}, People: []string{"Maria Keller", "Tom Young"}})
	for _, c := range []struct{ said, want string }{
		{"hello yes um i want to cancel my contract", "Hello, yes, um, I want to cancel my contract."},
		{"i am sorry to hear that may i have your name", "I am sorry to hear that. May I have your name?"},
		{"thank you mrs keller one moment", "Thank you, Mrs. Keller. One moment."},
		{"what happens now", "What happens now?"},
		{"i do not know what it is", "I do not know what it is."},
		{"tell me what is wrong", "Tell me what is wrong."},
		{"okay so how much is that", "Okay, so how much is that?"},
		{"no problem", "No problem."},
		{"no i do not want that", "No, I do not want that."},
		{"no thank you", "No, thank you."},
		{"thank you so much goodbye", "Thank you so much. Goodbye."},
		{"if nobody calls i will cancel everything", "If nobody calls, I will cancel everything."},
		{"it is fine but it is too expensive", "It is fine, but it is too expensive."},
		{"i think it is the router", "I think it is the router."},
		{"is the light red", "Is the light red?"},
		{"have a nice day", "Have a nice day."},
		{"let me see can you hear me", "Let me see. Can you hear me?"},
		{"yes sir", "Yes, sir."},
		{"i'm with nordtel and i have home plus", "I'm with Nordtel and I have Home Plus."},
		{"i-box is broken", "i-Box is broken."},
		{"keller speaking", "Keller speaking."},
		{"young people", "Young people."},
		{"tom young speaking", "Tom Young speaking."},
		{"ich habe", "Ich habe."},
		{"i want to cancel my", "I want to cancel my"},
		{"i need it and", "I need it and"},
		{"well um", "Well, um"},
		{"um", "Um."},
		{"my card is [card number] and it expires in may", "My card is [card number] and it expires in May."},
		{"[card number]", "[card number]."},
		{"it is [one-time code] i said", "It is [one-time code]. I said."},
		{"my pin is [pin] five dollars", "My PIN is [pin] $5."},
		{"i i i want it", "I I I want it."},
	} {
		got, words := w.Write(&insights.Utterance{Text: c.said})
		checkWords(t, c.said, got, words)
		if got != c.want {
			t.Errorf("%q is written %q, want %q", c.said, got, c.want)
		}
	}
}

// TestPausesAreEvidence says the same words with and without a silence.
func TestPausesAreEvidence(t *testing.T) {
	const text = "it was in the mail they said the price goes up"
	for _, c := range []struct {
		pauses map[int]insights.Seconds // behind the word with this number
		want   string
	}{
		{nil, "It was in the mail they said the price goes up."},
		{map[int]insights.Seconds{4: 0.5}, "It was in the mail. They said the price goes up."},
		{map[int]insights.Seconds{3: 2}, "It was in the mail they said the price goes up."}, // in the middle of a phrase
		{map[int]insights.Seconds{2: 1, 5: 0.2}, "It was in the mail they said the price goes up."},
	} {
		u := insights.Utterance{Text: text}
		at := insights.Seconds(10)
		for i, w := range strings.Fields(text) {
			u.Words = append(u.Words, insights.Word{Text: w, Start: at, End: at + 0.25})
			at += 0.25 + c.pauses[i]
		}
		if got, _ := New(Options{}).Write(&u); got != c.want {
			t.Errorf("pauses %v: %q, want %q", c.pauses, got, c.want)
		}
	}
}

func TestOtherLanguagesAndWrittenTextsAreLeft(t *testing.T) {
	for _, c := range []struct {
		o    Options
		u    insights.Utterance
		want string
	}{
		{Options{}, insights.Utterance{Text: "fünf euro", Language: "de"}, ""},
		{Options{Language: "de-DE"}, insights.Utterance{Text: "fünf euro"}, ""},
		{Options{Language: "de"}, insights.Utterance{Text: "five euros", Language: "en"}, "€5."},
		{Options{}, insights.Utterance{Text: "five pounds", Language: "en-GB"}, "£5."},
		{Options{Region: "gb"}, insights.Utterance{Text: "five pounds", Language: "en"}, "£5."},
		{Options{Region: "GB"}, insights.Utterance{Text: "five pounds", Language: "EN-us"}, "5 pounds."},
		{Options{}, insights.Utterance{Text: "enough", Language: "eng"}, ""},
		{Options{}, insights.Utterance{Text: "I want five."}, ""},
		{Options{}, insights.Utterance{Text: "hello, you"}, ""},
		{Options{}, insights.Utterance{Text: "  "}, ""},
		{Options{}, insights.Utterance{}, ""},
		{Options{Names: []string{"", " ", "--"}}, insights.Utterance{Text: "it is -- here"}, "It is -- here."},
	} {
		if got, _ := New(c.o).Write(&c.u); got != c.want {
			t.Errorf("%+v %q: %q, want %q", c.o, c.u.Text, got, c.want)
		}
	}
}

// TestWordsTellWhatATokenStandsFor checks the alignment where it is not one
// to one.
func TestWordsTellWhatATokenStandsFor(t *testing.T) {
	for _, c := range []struct {
		said, want string
		words      []int
	}{
		{"i pay fifty four dollars", "I pay $54.", []int{1, 1, 3}},
		{"at three thirty p m", "At 3:30 PM.", []int{1, 4, 0}},
		{"may fourth twenty twenty six", "May 4th, 2026.", []int{1, 1, 3}},
		{"five million people", "5 million people.", []int{2, 0, 1}},
		{"jane dot doe at example dot com", "jane.doe@example.com.", []int{7}},
		{"the [card number] is", "The [card number] is.", []int{1, 1, 1, 1}},
	} {
		got, words := New(Options{}).Write(&insights.Utterance{Text: c.said})
		if got != c.want || !slices.Equal(words, c.words) {
			t.Errorf("%q: %q %v, want %q %v", c.said, got, words, c.want, c.words)
		}
	}
}

func TestTheUtteranceIsNotChanged(t *testing.T) {
	u := insights.Utterance{
		Text: "i pay five dollars", Words: []insights.Word{{Text: "i"}, {Text: "pay", Start: 1, End: 2}, {Text: "five dollars"}},
	}
	before := u
	before.Words = slices.Clone(u.Words)
	New(Options{}).Write(&u)
	if diff := cmp.Diff(before, u); diff != "" {
		t.Error(diff)
	}
}

// TestLongSpeechTakesUnderAMillisecond holds the budget for what is said in
// 20 seconds, the longest that an engine makes one utterance of. The best of
// several runs counts, because the machine is shared.
func TestLongSpeechTakesUnderAMillisecond(t *testing.T) {
	w := New(Options{})
	u := &insights.Utterance{Text: strings.Repeat("okay i paid fifty four dollars at three p m to jane at example dot com ", 5)}
	best := time.Hour
	for range 20 {
		start := time.Now()
		w.Write(u)
		best = min(best, time.Since(start))
	}
	if best > time.Millisecond {
		t.Errorf("%d words took %v", len(strings.Fields(u.Text)), best)
	}
	if got := testing.AllocsPerRun(10, func() { w.Write(u) }); got > 200 {
		t.Errorf("%.0f allocations for %d words", got, len(strings.Fields(u.Text)))
	}
}
