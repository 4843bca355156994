package audiohook

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
)

// spoken is an utterance of words that take half a second each, from 2 s on.
func spoken(words ...string) *insights.Utterance {
	u := &insights.Utterance{ID: "u1", Speaker: insights.Customer, Text: strings.Join(words, " "), Start: 2, End: 2 + insights.Seconds(len(words))/2, Confidence: 0.9}
	for i, w := range words {
		at := 2 + insights.Seconds(i)/2
		u.Words = append(u.Words, insights.Word{Text: w, Start: at, End: at + 0.5, Confidence: 0.8})
	}
	return u
}

// lines writes stretches as "start-end text".
func lines(parts []stretch) []string {
	var out []string
	for _, p := range parts {
		out = append(out, fmt.Sprintf("%.2f-%.2f %s", p.start.Seconds(), p.end.Seconds(), p.text()))
	}
	return out
}

func TestUtterancesAreDividedAtCuts(t *testing.T) {
	t.Parallel()
	u := spoken("my", "name", "is", "john", "and")
	apart := spoken("my", "name", "is", "john", "and")
	for i := 2; i < 5; i++ { // a second of silence in the middle
		apart.Words[i].Start, apart.Words[i].End = apart.Words[i].Start+1, apart.Words[i].End+1
	}
	apart.End++
	for _, c := range []struct {
		name string
		u    *insights.Utterance
		cuts []time.Duration
		want []string
	}{
		{"no cut", u, nil, []string{"2.00-4.50 my name is john and"}},
		{"between words", u, []time.Duration{3 * time.Second}, []string{"2.00-3.00 my name", "3.00-4.50 is john and"}},
		{"in a word", u, []time.Duration{3100 * time.Millisecond}, []string{"2.00-3.10 my name", "3.10-4.50 is john and"}},
		{"late in a word", u, []time.Duration{3400 * time.Millisecond}, []string{"2.00-3.40 my name is", "3.40-4.50 john and"}},
		{"two", u, []time.Duration{3 * time.Second, 4 * time.Second}, []string{"2.00-3.00 my name", "3.00-4.00 is john", "4.00-4.50 and"}},
		{"before the first word's middle", u, []time.Duration{2100 * time.Millisecond}, []string{"2.00-4.50 my name is john and"}},
		{"after the last word's middle", u, []time.Duration{4400 * time.Millisecond}, []string{"2.00-4.50 my name is john and"}},
		{"in silence", apart, []time.Duration{3500 * time.Millisecond}, []string{"2.00-3.00 my name", "4.00-5.50 is john and"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			whole := stretch{start: c.u.Start.Duration(), end: c.u.End.Duration(), words: wordsOf(c.u, 0)}
			if diff := cmp.Diff(c.want, lines(divide(whole, c.cuts))); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	times := func(u *insights.Utterance) []string {
		var out []string
		for _, w := range wordsOf(u, time.Second) {
			out = append(out, fmt.Sprintf("%s %.2f-%.2f", w.text, w.start.Seconds(), w.end.Seconds()))
		}
		return out
	}
	u := spoken("twenty", "five", "dollars", "please")
	u.Written, u.WrittenWords = "$25 please .", []int{3, 1, 0}
	if diff := cmp.Diff([]string{"$25 1.00-2.50", "please 2.50-3.00", ". 3.00-3.00"}, times(u)); diff != "" {
		t.Errorf("as people write (-want +got):\n%s", diff)
	}
	u.WrittenWords = []int{3, 1, 1} // of another text
	if diff := cmp.Diff([]string{"twenty 1.00-1.50", "five 1.50-2.00", "dollars 2.00-2.50", "please 2.50-3.00"}, times(u)); diff != "" {
		t.Errorf("as spoken (-want +got):\n%s", diff)
	}
	u.Words, u.Written = nil, ""
	if got := times(u); len(got) != 4 || got[0] != "twenty 1.00-1.52" || !strings.HasSuffix(got[3], "-3.00") {
		t.Errorf("without times: %v", got)
	}

	// Tokens of one place would be taken for one.
	u = spoken("a", "b")
	u.Words[1].Start, u.Words[1].End = u.Words[0].Start, u.Words[0].End
	line := newTimeline()
	line.add(10 * second)
	s := speech{time: line, tongue: "en-US", index: 1}
	whole := stretch{start: 2 * time.Second, end: 3 * time.Second, words: wordsOf(u, 0)}
	got := s.transcript(u, 0, &whole)
	want := transcript{
		ID: idOf("u1", 0), Channel: "external", ChannelID: 1, IsFinal: true, Offset: "PT2S", Duration: "PT1S",
		Alternatives: []alternative{{Confidence: 0.9, Languages: []string{"en-US"}, Interpretations: []interpretation{{
			Type: "display", Transcript: "a b", Tokens: []token{
				{Type: "word", Value: "a", Confidence: 0.8, Offset: "PT2S", Duration: "PT0.5S", Language: "en-US"},
				{Type: "word", Value: "b", Confidence: 0.8, Offset: "PT2.001S", Duration: "PT0.499S", Language: "en-US"},
			},
		}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" || !isUUID(got.ID) {
		t.Errorf("entity (-want +got):\n%s", diff)
	}
}

func TestLanguagesAsThePlatformNamesThem(t *testing.T) {
	t.Parallel()
	got := Regional([]string{"en", "de", "en-NZ", "en-GB", "x", "ja"})
	if diff := cmp.Diff([]string{"en-US", "en-GB", "en-AU", "en-IN", "en-ZA", "de-DE", "en-NZ", "ja-JP"}, got); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
}
