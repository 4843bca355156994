package summary_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"heed/insights"
	"heed/insights/moment"
	"heed/insights/summary"
)

// talk makes a call of turns that begin with "a " (agent) or "c " (customer).
func talk(turns ...string) []insights.Utterance {
	out := make([]insights.Utterance, len(turns))
	for i, turn := range turns {
		who := insights.Customer
		if strings.HasPrefix(turn, "a ") {
			who = insights.Agent
		}
		start := insights.Seconds(5 * i)
		out[i] = insights.Utterance{ID: "u" + string(rune('a'+i%26)) + strings.Repeat("x", i/26), Speaker: who, Start: start, End: start + 4, Text: turn[2:]}
	}
	return out
}

var maker = sync.OnceValue(func() *summary.Maker {
	m, err := summary.New()
	if err != nil {
		panic(err)
	}
	return m
})

func texts(lines []insights.SummaryLine, part insights.SummaryPart) []string {
	var out []string
	for _, l := range lines {
		if l.Part == part {
			out = append(out, l.Text)
		}
	}
	return out
}

// Without a model for the language the customer's telling turns stand in.
func TestALanguageWithoutModels(t *testing.T) {
	said := talk(
		"a góðan daginn hvernig get ég aðstoðað",
		"c já góðan dag",
		"c netið mitt virkar ekki og beinirinn blikkar rauðu ljósi síðan í gær",
		"a ég skil er beinirinn í sambandi",
		"c já beinirinn er í sambandi en netið kemur ekki upp",
		"a ég sendi tæknimann",
		"c takk fyrir það kærlega",
	)
	got := maker().Make("x", said, nil)
	issues := texts(got.Lines, insights.SummaryIssue)
	if len(issues) != 2 || issues[0] != said[2].Text || issues[1] != said[4].Text {
		t.Errorf("issues %q", issues)
	}
	for _, l := range got.Lines {
		if l.Speaker != insights.Customer {
			t.Errorf("an agent's line in a language without rules: %+v", l)
		}
	}
}

// A corrected line is quoted as it now reads, although what was understood of
// it points at words that are no longer there.
func TestStaleEvidence(t *testing.T) {
	said := talk("a hello", "c i want to council it", "a okay i will do that tomorrow for you then")
	said[1].Text, said[1].Written = "cancel", "Cancel."
	found := []insights.Insight{
		{Kind: insights.Intent, Name: "cancel", Confidence: 0.9, Speaker: insights.Customer, UtteranceID: said[1].ID, Evidence: []insights.Span{{From: 10, To: 17}}},
		{Kind: insights.Moment, Name: "promise", UtteranceID: said[2].ID, Evidence: []insights.Span{{From: 5, To: 400}}, Due: "tomorrow"},
		{Kind: insights.Moment, Name: "promise", UtteranceID: "gone"},
		{Kind: insights.Talk, Name: "overlap"},
	}
	want := []insights.SummaryLine{
		{Part: insights.SummaryIssue, Text: "Cancel.", UtteranceID: said[1].ID, Speaker: insights.Customer, Start: 5},
		{Part: insights.SummaryPromise, Text: said[2].Text, UtteranceID: said[2].ID, Speaker: insights.Agent, Start: 10, Due: "tomorrow"},
	}
	if diff := cmp.Diff(want, maker().Make("x", said, found).Lines); diff != "" {
		t.Error(diff)
	}
}

// A long turn is quoted round what carried it, as people write it.
func TestALongTurnIsCut(t *testing.T) {
	text := strings.Repeat("well you know ", 12) + "i want to cancel my contract " + strings.Repeat("and so on ", 12)
	from := strings.Index(text, "cancel")
	said := talk("c " + strings.TrimSpace(text))
	u := &said[0]
	fields := strings.Fields(u.Text)
	for i, f := range fields { // "you know" is one token of two words
		if f == "know" {
			continue
		}
		token, n := strings.ToUpper(f), 1
		if f == "you" && fields[i+1] == "know" {
			token, n = "Y'KNOW", 2
		}
		u.Written += " " + token
		u.WrittenWords = append(u.WrittenWords, n)
	}
	u.Written = strings.TrimSpace(u.Written)
	found := []insights.Insight{{
		Kind: insights.Intent, Name: "cancel", Confidence: 1, Speaker: insights.Customer, UtteranceID: u.ID,
		Evidence: []insights.Span{{From: from, To: from + len("cancel my contract")}},
	}}
	got := maker().Make("x", said, found).Lines
	want := "… KNOW WELL Y'KNOW"
	if len(got) != 1 || !strings.Contains(got[0].Text, "I WANT TO CANCEL MY CONTRACT AND SO ON") || !strings.HasPrefix(got[0].Text, "… ") ||
		!strings.HasSuffix(got[0].Text, " …") || len(strings.Fields(got[0].Text)) > 34 || strings.HasPrefix(got[0].Text, want) {
		t.Errorf("got %+v", got)
	}
	if got[0].Start <= u.Start || got[0].Start >= u.End {
		t.Errorf("quoted from %v, not from where the quote begins", got[0].Start)
	}
}

func TestNothingSaid(t *testing.T) {
	for _, said := range [][]insights.Utterance{nil, talk("a hello", "c hello"), talk("c "), talk("c \xff\xfe", "a 😀")} {
		got := maker().Make("x", said, nil)
		if got.Lines == nil || len(got.Lines) != 0 || got.Source != insights.FromWords || got.CallID != "x" {
			t.Errorf("%+v: got %+v", said, got)
		}
	}
}

// Whatever was said: the same call gives the same summary, each line is of an
// utterance of the call, quotes are valid text of it, and no quote is long.
func TestSummariesHold(t *testing.T) {
	moments, err := moment.New(moment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	words := rapid.SliceOfN(rapid.SampledFrom([]string{
		"i", "will", "send", "it", "cancel", "tomorrow", "have", "sent", "that", "sounds", "good", "\xff", "هل", "😀", "ekki", "please", "you", "can", "call",
	}), 0, 60)
	rapid.Check(t, func(r *rapid.T) {
		var turns []string
		for range rapid.IntRange(0, 12).Draw(r, "turns") {
			who := rapid.SampledFrom([]string{"a ", "c "}).Draw(r, "who")
			turns = append(turns, who+strings.Join(words.Draw(r, "words"), " "))
		}
		said := talk(turns...)
		var found []insights.Insight
		for i := range said {
			found = append(found, moments.Analyze(&said[i], &insights.Call{})...)
		}
		got := maker().Make("x", said, found)
		if diff := cmp.Diff(got, maker().Make("x", slices.Clone(said), found)); diff != "" {
			r.Fatal(diff)
		}
		for _, l := range got.Lines {
			i := slices.IndexFunc(said, func(u insights.Utterance) bool { return u.ID == l.UtteranceID })
			if i < 0 || !utf8.ValidString(l.Text) || len(strings.Fields(l.Text)) > 34 || l.Start < said[i].Start || l.Start > said[i].End {
				r.Fatalf("line %+v", l)
			}
			quote := strings.TrimSuffix(strings.TrimPrefix(l.Text, "… "), " …")
			if !strings.Contains(strings.ToValidUTF8(said[i].Text, "�"), quote) {
				r.Fatalf("%q is no quote of %q", quote, said[i].Text)
			}
		}
	})
}

func BenchmarkMake(b *testing.B) {
	said := talk(
		"a hello how can i help you", "c hi i am calling about my order it is late and i want to know where it is",
		"a i have found it there was a problem with the label", "c so when will it come",
		"a they will deliver it tomorrow and i will send you a message with the number today", "c all right that sounds good thank you",
	)
	found := []insights.Insight{{Kind: insights.Intent, Name: "order_status", Confidence: 0.9, Speaker: insights.Customer, UtteranceID: said[1].ID}}
	b.ReportAllocs()
	for b.Loop() {
		maker().Make("x", said, found)
	}
}

// A day-long call of one-word and of 10,000-word turns is summed up at once.
func BenchmarkMakeLong(b *testing.B) {
	turns := make([]string, 0, 5001)
	for range 5000 {
		turns = append(turns, "c and then the parcel did not come again")
	}
	said := talk(append(turns, "a "+strings.Repeat("word ", 10000))...)
	for b.Loop() {
		maker().Make("x", said, nil)
	}
}
