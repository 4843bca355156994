package listen

import (
	"strings"

	"heed/insights"
)

// Write has each utterance written as people write it, such as by
// insights/written, and joins the whole when all of them were.
func (t *Transcript) Write(write func(u *insights.Utterance) (text string, words []int)) {
	whole := make([]string, 0, len(t.Utterances))
	for i := range t.Utterances {
		u := &t.Utterances[i]
		said := insights.Utterance{Text: u.Text, Words: make([]insights.Word, len(u.Words))}
		for n, w := range u.Words {
			said.Words[n] = insights.Word{Text: w.Text, Start: insights.Seconds(w.Start), End: insights.Seconds(w.End)}
		}
		if u.Written, u.spans = write(&said); u.Written != "" {
			whole = append(whole, u.Written)
		}
	}
	if len(whole) == len(t.Utterances) {
		t.Written = strings.Join(whole, " ")
	}
}

// Shown gives the tokens of the written form with the times of the words that
// each stands for, or the words as they were heard where there is none.
func (u Utterance) Shown() []Word {
	tokens := strings.Fields(u.Written)
	if len(tokens) == 0 || len(tokens) != len(u.spans) || len(u.Words) == 0 {
		return u.Timed()
	}
	shown, next := make([]Word, 0, len(tokens)), 0
	for i, token := range tokens {
		n := u.spans[i]
		if n == 0 && len(shown) > 0 { // it goes on with what the one before stands for
			shown[len(shown)-1].Text += " " + token
			continue
		}
		if n <= 0 || next+n > len(u.Words) {
			return u.Timed()
		}
		w := u.Words[next]
		w.Text, w.End = token, u.Words[next+n-1].End
		shown, next = append(shown, w), next+n
	}
	return shown
}

// Of makes a transcript of what is stored of a call, in its order, with both
// parties. An utterance without words is spread over its time.
func Of(said []insights.Utterance) Transcript {
	t := Transcript{Words: []Word{}, Utterances: make([]Utterance, len(said))}
	for i := range said {
		u := &said[i]
		out := Utterance{
			Speaker: string(u.Speaker), Start: float64(u.Start), End: float64(u.End), Text: u.Text,
			Written: u.Written, spans: u.WrittenWords,
		}
		for _, w := range u.Words {
			out.Words = append(out.Words, Word{Text: w.Text, Speaker: out.Speaker, Start: float64(w.Start), End: float64(w.End), Confidence: w.Confidence})
		}
		t.Utterances[i] = out
		t.Seconds = max(t.Seconds, out.End)
	}
	return t
}
