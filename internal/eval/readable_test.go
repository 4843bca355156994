package eval

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"heed/insights"
	"heed/insights/written"
)

func TestReadableCountsEachKindOfMark(t *testing.T) {
	texts := "Hello, I am Ann. Are you there?\n\nI paid 5 dollars.\nYes I am!\n"
	given := []string{}
	answers := []string{"Hello I am ann. Are, you there?", "Yes, I am."}
	write := func(u *insights.Utterance) (string, []int) {
		given = append(given, u.Text)
		text := answers[len(given)-1]
		counts := make([]int, len(strings.Fields(text)))
		for i := range counts {
			counts[i] = 1
		}
		return text, counts
	}
	r, err := MeasureReadable(strings.NewReader(texts), write, nil)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(given, "|") != "hello i am ann are you there|yes i am" {
		t.Errorf("given %q", given)
	}
	want := []Mark{{".", 2, 0, 0}, {",", 0, 2, 1}, {"?", 1, 0, 0}, {"capital", 5, 0, 1}}
	for i, m := range want {
		if r.Marks[i] != m {
			t.Errorf("got %+v, want %+v", r.Marks[i], m)
		}
	}
	if r.Texts != 2 || r.Words != 10 {
		t.Errorf("%d texts, %d words", r.Texts, r.Words)
	}
	if m := r.Marks[3]; m.Precision() != 1 || m.Recall() != 5.0/6 || m.F1() != 10.0/11 || (Mark{}).F1() != 0 {
		t.Errorf("shares of %+v", m)
	}
	var out bytes.Buffer
	if err := r.Write(&out); err != nil || !strings.Contains(out.String(), "83.3 %") {
		t.Errorf("%s, %v", out.String(), err)
	}
}

// TestReadableFollowsNumbers compares words around tokens that stand for
// several of them, with the real writer.
func TestReadableFollowsNumbers(t *testing.T) {
	each := ""
	r, err := MeasureReadable(strings.NewReader("I pay fifty four dollars. Is it three p m?"), written.New(written.Options{}).Write,
		func(text, w string) { each += text + "|" + w })
	if err != nil {
		t.Fatal(err)
	}
	if r.Words != 10 || r.Marks[0].Right != 1 || r.Marks[2].Right != 1 || r.Marks[3].Wrong != 0 {
		t.Errorf("%+v", r)
	}
	if each != "I pay fifty four dollars. Is it three p m?|I pay $54. Is it 3 PM?" {
		t.Error(each)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("broken") }

func (failing) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestReadableTellsWhatWentWrong(t *testing.T) {
	lost := func(*insights.Utterance) (string, []int) { return "one", []int{1} }
	if _, err := MeasureReadable(strings.NewReader("One two."), lost, nil); err == nil || !strings.Contains(err.Error(), "1 words") {
		t.Errorf("a lost word: %v", err)
	}
	if _, err := MeasureReadable(failing{}, lost, nil); err == nil {
		t.Error("texts that cannot be read gave figures")
	}
	if err := (Readable{}).Write(failing{}); err == nil {
		t.Error("a report went nowhere without an error")
	}
}
