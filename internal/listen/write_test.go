package listen

import (
	"strings"
	"testing"

	"heed/insights"
)

func TestWrite(t *testing.T) {
	said := func() Transcript {
		return Transcript{Utterances: []Utterance{
			{Text: "one", Words: []Word{{Text: "one", Start: 1, End: 2}}}, {Text: "two"},
		}}
	}
	var timed []insights.Word
	whole := said()
	whole.Write(func(u *insights.Utterance) (string, []int) {
		timed = append(timed, u.Words...)
		return strings.ToUpper(u.Text), nil
	})
	if whole.Written != "ONE TWO" || whole.Utterances[0].Written != "ONE" || whole.Utterances[1].Text != "two" {
		t.Errorf("%+v", whole)
	}
	if len(timed) != 1 || timed[0].Start != 1 || timed[0].End != 2 {
		t.Errorf("the writer was given %+v", timed)
	}
	part := said()
	part.Write(func(u *insights.Utterance) (string, []int) {
		if u.Text == "two" {
			return "", nil
		}
		return "One.", nil
	})
	if part.Written != "" || part.Utterances[0].Written != "One." {
		t.Errorf("a part of it: %+v", part)
	}
}
