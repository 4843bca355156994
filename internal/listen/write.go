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
		if u.Written, _ = write(&said); u.Written != "" {
			whole = append(whole, u.Written)
		}
	}
	if len(whole) == len(t.Utterances) {
		t.Written = strings.Join(whole, " ")
	}
}
