package learn

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"heed/insights/sentiment/linear"
	"heed/insights/sentiment/reading"
)

// sentences are rows of our own: what is said of a thing tells its label.
func sentences() []Row {
	of := map[string][]string{
		Positive:  {"the %s is splendid", "i adore this %s", "what a marvellous %s"},
		Negative:  {"the %s is dreadful", "i loathe this %s", "what a rotten %s"},
		Neutral:   {"the %s is on the table", "this %s is blue", "there is another %s"},
		Ambiguous: {"is that really a %s?", "which %s do you mean?", "how does the %s open?"},
	}
	var rows []Row
	for thing := range strings.FieldsSeq("phone router invoice parcel engineer website contract signal cable modem shop van") {
		for _, label := range []string{Positive, Negative, Neutral, Ambiguous} {
			for _, s := range of[label] {
				rows = append(rows, Row{Text: fmt.Sprintf(s, thing), Labels: []string{label}})
			}
		}
	}
	return rows
}

// ask gives the log-odds of an output.
func ask(m *linear.Model, r *reading.Reader, output, text string) float64 {
	read := r.Read(text)
	odds := make([]float64, len(m.Outputs))
	m.Score(odds, read.Features, read.Figures[:])
	return odds[m.Find(output)]
}

func TestMoodLearnsWhatItIsShown(t *testing.T) {
	r := reading.New()
	m, err := Mood(r, sentences())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ output, more, less string }{
		{Polarity, "the lamp is splendid", "the lamp is dreadful"},
		{Positive, "what a marvellous lamp", "what a rotten lamp"},
		{Negative, "i loathe this lamp", "i adore this lamp"},
		{Neutral, "the lamp is on the table", "the lamp is dreadful"},
		{Ambiguous, "which lamp do you mean?", "this lamp is blue"},
	} {
		more, less := ask(m, r, c.output, c.more), ask(m, r, c.output, c.less)
		least := float64(m.Outputs[m.Find(c.output)].Least)
		if more < least || less >= least {
			t.Errorf("%s: %q %.2f, %q %.2f, least %.2f", c.output, c.more, more, c.less, less, least)
		}
	}
	again, err := Mood(r, sentences())
	if err != nil {
		t.Fatal(err)
	}
	if a, b := ask(m, r, Polarity, "a splendid day"), ask(again, r, Polarity, "a splendid day"); a != b {
		t.Errorf("trained again it says %v, not %v", b, a)
	}
}

func TestAdapt(t *testing.T) {
	r := reading.New()
	base, err := Mood(r, sentences())
	if err != nil {
		t.Fatal(err)
	}
	var zorby []Row
	for _, thing := range []string{"film", "meal", "room", "seat"} {
		zorby = append(zorby, Row{Text: "a zorby " + thing, Labels: []string{Positive}}, Row{Text: "a flimp " + thing, Labels: []string{Negative}})
	}
	m, err := Adapt(r, base, zorby)
	if err != nil {
		t.Fatal(err)
	}
	for text, positive := range map[string]bool{
		"so zorby": true, "so flimp": false, "the lamp is splendid": true, "the lamp is dreadful": false,
	} {
		if odds := ask(m, r, Polarity, text); (odds > 0) != positive {
			t.Errorf("%q has odds %.2f", text, odds)
		}
	}
	if _, err := Adapt(r, base, zorby[:1]); err == nil {
		t.Error("one side only was taken")
	}
	if _, err := Adapt(r, m, zorby); err == nil {
		t.Error("a model without what is to be adapted was taken")
	}
}

func TestPolarRowsTeachThePolarityOnly(t *testing.T) {
	m, err := Mood(reading.New(), []Row{
		{Text: "splendid", Labels: []string{Positive}, Polar: true}, {Text: "dreadful", Labels: []string{Negative}, Polar: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Outputs) != 1 || m.Outputs[0].Name != Polarity {
		t.Errorf("outputs %v", m.Outputs)
	}
	if _, err := Mood(reading.New(), []Row{{Text: "splendid", Labels: []string{Positive}}}); err == nil {
		t.Error("one side only was taken")
	}
}

// dialogues are calls of our own, every fourth of somebody annoyed.
func dialogues() []Dialogue {
	var all []Dialogue
	for i, thing := range strings.Fields(strings.Repeat("phone router invoice parcel engineer website contract ", 10)) {
		d := Dialogue{Turns: []string{"hello about my " + thing, "yes the " + thing + " please"}}
		if d.Annoyed = i%4 == 0; d.Annoyed {
			d.Turns = append(d.Turns, "this is useless", "i said that already")
		}
		all = append(all, d)
	}
	return all
}

func TestAnnoyance(t *testing.T) {
	calm := func(string) float64 { return 0 }
	m, err := Annoyance(dialogues(), calm)
	if err != nil {
		t.Fatal(err)
	}
	odds := func(turns ...string) float64 {
		var said []reading.Turn
		for _, text := range turns {
			said = append(said, reading.Turn{Text: text})
		}
		features, figures := reading.Call(said)
		var out [1]float64
		m.Score(out[:], features, figures[:])
		return out[0]
	}
	least := float64(m.Outputs[0].Least)
	if angry, fine := odds("about my lamp", "useless i said that already"), odds("about my lamp", "yes the lamp please"); angry < least || angry < 0 || fine >= 0 {
		t.Errorf("annoyed %.2f, calm %.2f, least %.2f", angry, fine, least)
	}
	for i, o := range CrossValidate(dialogues(), calm) {
		if (o > 0) != (i%4 == 0) {
			t.Errorf("dialogue %d scores %.2f out of its fold", i, o)
		}
	}
	if _, err := Annoyance(dialogues()[1:4], calm); err == nil {
		t.Error("nobody is annoyed and a model is made")
	}
}

func TestSolveFindsTheMinimum(t *testing.T) {
	const square, slope, cost = 2.0, -0.7, 1.5
	f := func(z float64) float64 {
		return square/2*(z-0.3)*(z-0.3) + slope*(z-0.3) + z*math.Log(z) + (cost-z)*math.Log(cost-z)
	}
	z := solve(0.3, square, slope, cost)
	if f(z) > f(z-1e-3) || f(z) > f(z+1e-3) {
		t.Errorf("%v is no minimum", z)
	}
}

func TestDataSets(t *testing.T) {
	rows, err := GoEmotions(strings.NewReader("well done\t0,1\tx1\nhm\t2\tx2\n"), strings.NewReader("joy\nanger\nneutral\n"))
	if err != nil || len(rows) != 2 || strings.Join(rows[0].Labels, " ") != "positive negative" || rows[1].Labels[0] != Neutral {
		t.Errorf("got %v, %v", rows, err)
	}
	reviews, err := Reviews(strings.NewReader("fine\t1\nbroke\tat once\t0\n"))
	if err != nil || len(reviews) != 2 || reviews[1].Text != "broke\tat once" || !reviews[0].Polar || reviews[1].Labels[0] != Negative {
		t.Errorf("got %v, %v", reviews, err)
	}
	calls, err := Dialogues(strings.NewReader(`{"q":{},"events":[]}
{"q":{"wizard_says_user_annoyed":true},"events":[{"who":"user","act":"utter","text":"hello"},{"who":"wizard","act":"utter","text":"hi"}]}`))
	if err != nil || len(calls) != 1 || !calls[0].Annoyed || len(calls[0].Turns) != 1 {
		t.Errorf("got %v, %v", calls, err)
	}
}

func TestWrongDataNamesTheLine(t *testing.T) {
	for name, read := range map[string]func() error{
		"no label number": func() error {
			_, err := GoEmotions(strings.NewReader("a\t0\nb\t7"), strings.NewReader("joy"))
			return err
		},
		"no tab":     func() error { _, err := GoEmotions(strings.NewReader("a\t0\nb"), strings.NewReader("joy")); return err },
		"no emotion": func() error { _, err := GoEmotions(strings.NewReader(""), strings.NewReader("joy\nzeal")); return err },
		"no 0 or 1":  func() error { _, err := Reviews(strings.NewReader("a\t1\nb\t2")); return err },
		"no label":   func() error { _, err := Reviews(strings.NewReader("a\t1\nb")); return err },
		"no JSON":    func() error { _, err := Dialogues(strings.NewReader("{}\n{")); return err },
	} {
		if err := read(); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Check([]Row{{Text: "a", Labels: []string{Positive}}, {Text: "b", Labels: []string{"fine"}}}); err == nil {
		t.Error("an unknown label was taken")
	}
}

func FuzzGoEmotions(f *testing.F) {
	f.Add("well done\t0,1\tx1\n")
	f.Fuzz(func(t *testing.T, rows string) {
		read, err := GoEmotions(strings.NewReader(rows), strings.NewReader("joy\nanger"))
		if err == nil && len(read) > 0 && Check(read) != nil {
			t.Fatal("rows that are read are wrong")
		}
	})
}

func FuzzDialogues(f *testing.F) {
	f.Add(`{"q":{"wizard_says_user_annoyed":true},"events":[{"who":"user","act":"utter","text":"hello"}]}`)
	f.Fuzz(func(t *testing.T, rows string) {
		calls, err := Dialogues(strings.NewReader(rows))
		if err != nil {
			return
		}
		for _, c := range calls {
			if len(c.Turns) == 0 {
				t.Fatal("a call in which nobody speaks")
			}
		}
	})
}
