package sentiment

import (
	"math"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"heed/insights"
)

var shared = sync.OnceValue(func() *Analyzer {
	a, err := New(Options{})
	if err != nil {
		panic(err)
	}
	return a
})

func TestScore(t *testing.T) {
	a := shared()
	for _, c := range []struct {
		say      string
		from, to float64
	}{
		{"i was charged twice last month", -0.9, -0.3},
		{"this is the third time i am calling", -0.9, -0.3},
		{"this is unacceptable i want a manager", -1, -0.6},
		{"you are the worst company ever i am furious", -1, -0.7},
		{"i have been waiting for three weeks and nobody can help me", -1, -0.4},
		{"i am not happy with this", -1, -0.3},
		{"you have been very helpful thank you so much", 0.5, 1},
		{"that is great i love it", 0.5, 1},
		{"it is wonderful", 0.4, 1},
		{"good morning how are you", -0.05, 0.05},
		{"yes please thank you", -0.05, 0.05},
		{"no thank you", -0.05, 0.05},
		{"thanks bye", -0.05, 0.05},
		{"my credit card number please", -0.05, 0.05},
		{"four seven one nine", 0, 0},
		{"could you help me please", -0.05, 0.05},
		{"this is not a joke to me it is fine", -0.5, 0.5},
		{"", 0, 0},
		{"uh um", 0, 0},
		{"\xff\xfe", 0, 0},
		{"أريد إلغاء العقد من فضلك", 0, 0},
	} {
		if got, _ := a.Score(c.say); got < c.from || got > c.to {
			t.Errorf("%q scores %v, want %v..%v", c.say, got, c.from, c.to)
		}
	}
}

func TestOnlyTheCustomerIsScored(t *testing.T) {
	a := shared()
	u := insights.Utterance{Speaker: insights.Agent, Text: "this is unacceptable i am furious"}
	if got := a.Analyze(&u, nil); got != nil {
		t.Fatalf("the agent was scored: %+v", got)
	}
	u.Speaker = ""
	if got := a.Analyze(&u, nil); got != nil {
		t.Fatalf("nobody was scored: %+v", got)
	}
}

func TestAnalyze(t *testing.T) {
	u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "well you charged me twice", Start: 3, End: 6}
	got := shared().Analyze(&u, nil)
	if len(got) != 1 {
		t.Fatalf("got %+v", got)
	}
	in := got[0]
	if in.Kind != insights.Sentiment || in.Name != "negative" || in.Value >= 0 || in.Start != 3 || in.End != 6 || in.UtteranceID != "u" {
		t.Errorf("got %+v", in)
	}
	if e := in.Evidence[0]; u.Text[e.From:e.To] != "charged me twice" {
		t.Errorf("evidence %q", u.Text[e.From:e.To])
	}
	sure := in.Confidence
	u.Confidence = 0.4
	if got := shared().Analyze(&u, nil)[0].Confidence; got >= sure {
		t.Errorf("heard with doubt: %v, sure: %v", got, sure)
	}
	u.Text = "it is on the table"
	if got := shared().Analyze(&u, nil); got != nil {
		t.Errorf("a plain sentence has a mood: %+v", got)
	}
}

func TestEvidenceOfFeeling(t *testing.T) {
	_, spans := shared().Score("the phone is broken and ugly")
	if len(spans) != 2 {
		t.Errorf("got %v", spans)
	}
}

// Whatever is said: the score is within -1..1 and the evidence in the text.
func TestBounds(t *testing.T) {
	a := shared()
	word := rapid.SampledFrom(strings.Fields("charged twice great terrible not very unacceptable manager want happy still waiting weeks nobody help thank you so much 😀 \xff no"))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(word).Draw(t, "words"), " ")
		score, spans := a.Score(text)
		if math.IsNaN(score) || score < -1 || score > 1 {
			t.Fatalf("%q scores %v", text, score)
		}
		at := 0
		for _, s := range spans {
			if s.From < at || s.To > len(text) || s.To <= s.From {
				t.Fatalf("%q: evidence %v", text, spans)
			}
			at = s.To
		}
	})
}

func TestTenThousandWords(t *testing.T) {
	if got, _ := shared().Score(strings.Repeat("this is terrible ", 3400)); got > -0.9 {
		t.Errorf("got %v", got)
	}
}

func FuzzScore(f *testing.F) {
	f.Add("i don't like it :( 😀")
	f.Fuzz(func(t *testing.T, s string) {
		if got, _ := shared().Score(s); math.IsNaN(got) || got < -1 || got > 1 {
			t.Fatal(got)
		}
	})
}

func BenchmarkAnalyze(b *testing.B) {
	a := shared()
	u := insights.Utterance{Speaker: insights.Customer, Text: "yeah hi um i was calling because i was charged twice again and i am very disappointed by your terrible service"}
	b.ReportAllocs()
	for b.Loop() {
		a.Analyze(&u, nil)
	}
}
