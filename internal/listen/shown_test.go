package listen

import (
	"testing"

	"heed/insights"
)

func TestShownKeepsTheTimesOfTheWords(t *testing.T) {
	word := func(text string, start, end float64) Word {
		return Word{Text: text, Speaker: "agent", Start: start, End: end}
	}
	tr := Transcript{Utterances: []Utterance{{
		Speaker: "agent", Start: 1, End: 3, Text: "i pay fifty four dollars",
		Words: []Word{word("i", 1, 1.1), word("pay", 1.2, 1.5), word("fifty", 1.6, 2), word("four", 2, 2.4), word("dollars", 2.5, 3)},
	}}}
	for name, c := range map[string]struct {
		written string
		spans   []int
		want    []Word
	}{
		"written":         {"I pay $54.", []int{1, 1, 3}, []Word{word("I", 1, 1.1), word("pay", 1.2, 1.5), word("$54.", 1.6, 3)}},
		"a token goes on": {"I pay 54 dollars.", []int{1, 1, 3, 0}, []Word{word("I", 1, 1.1), word("pay", 1.2, 1.5), word("54 dollars.", 1.6, 3)}},
		"nothing written": {"", nil, tr.Utterances[0].Words},
		"does not add up": {"I pay $54.", []int{1, 1, 9}, tr.Utterances[0].Words},
		"no alignment":    {"I pay $54.", nil, tr.Utterances[0].Words},
	} {
		tr.Write(func(*insights.Utterance) (string, []int) { return c.written, c.spans })
		got := tr.Utterances[0].Shown()
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: token %d is %+v, want %+v", name, i, got[i], c.want[i])
			}
		}
	}
}
