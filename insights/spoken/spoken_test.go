package spoken

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
)

func texts(words []Word) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.Text
	}
	return strings.Join(out, " ")
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"uh um well":                    "well",
		"I don't, it's won't CAN'T":     "i do not it is will not can not",
		"we're you've he'd i'm they'll": "we are you have he would i am they will",
		"my wife's phone o'clock":       "my wife phone oclock",
		"it’s the dog’s":                "it is the dog",
		"gonna wanna im dont":           "going to want to i am do not",
		"order 4711-b, ok?":             "order 4711 b ok",
		"أريد إلغاء":                    "أريد إلغاء",
		"Ég Þetta":                      "ég þetta",
		"a\xffb \xf0\x9f":               "a b",
		"😀 hi 😀":                        "hi",
		"n't":                           "not",
		"rock 'n' roll'":                "rock n roll",
	} {
		if got := texts(Words(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	u := insights.Utterance{Text: "i want it", Start: 10, End: 19}
	if from, to := Times(&u, insights.Span{From: 2, To: 6}); from != 12 || to != 16 {
		t.Errorf("by place: %v %v", from, to)
	}
	u.Words = []insights.Word{{Text: "i", Start: 10, End: 10.2}, {Text: "want", Start: 10.5, End: 11}, {Text: "it", Start: 18, End: 19}}
	if from, to := Times(&u, insights.Span{From: 2, To: 6}); from != 10.5 || to != 11 {
		t.Errorf("by word: %v %v", from, to)
	}
	u.Words[0].Text = "you"
	if from, to := Times(&u, insights.Span{From: 2, To: 6}); from != 12 || to != 16 {
		t.Errorf("other words: %v %v", from, to)
	}
	u = insights.Utterance{Start: 3, End: 3}
	if from, to := Times(&u, insights.Span{}); from != 3 || to != 3 {
		t.Errorf("empty: %v %v", from, to)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("don't uh 4711 أريد ’s''")
	f.Add("\xff'\xe2\x80")
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, w := range Words(s) {
			if w.From < 0 || w.To > len(s) || w.From >= w.To || w.From < last || w.Text == "" {
				t.Fatalf("%q: %+v", s, w)
			}
			last = w.From
		}
	})
}

func TestTenThousandWords(t *testing.T) {
	if got := len(Words(strings.Repeat("word ", 10000))); got != 10000 {
		t.Errorf("%d words", got)
	}
	if diff := cmp.Diff([]Word(nil), Words(""), cmp.Transformer("len", func(w []Word) int { return len(w) })); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkWords(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Words("yeah hi um i'm calling because my internet connection doesn't work and nobody could help me")
	}
}
