package moment

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"heed/insights"
)

func analyzer(t testing.TB) *Analyzer {
	t.Helper()
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Denied, asked, told of others, hanging on a condition: none of it happened.
func TestWhatDidNotHappen(t *testing.T) {
	a := analyzer(t)
	for _, c := range []struct {
		who insights.Speaker
		no  string
		yes string // the same words when they do happen
	}{
		{insights.Customer, "i do not think it is too expensive", "i think it is too expensive"},
		{insights.Customer, "is it too expensive", "it is too expensive"},
		{insights.Customer, "he told me it is too expensive", "i told him it is too expensive"},
		{insights.Customer, "i do not want to talk to your manager", "i want to talk to your manager"},
		{insights.Customer, "do i need to talk to your manager", "may i talk to your manager"},
		{insights.Customer, "i am not switching to another company", "i am switching to another company"},
		{insights.Customer, "she said thank you", "i want to say thank you"},
		{insights.Customer, "if you lower the price i will pay it", "i will pay it"},
		{insights.Agent, "i do not think we will refund it", "we will refund it"},
		{insights.Agent, "do you know when you will get it", "you will get it"},
		{insights.Agent, "you said i will send it", "as i said i will send it"},
		{insights.Agent, "if you like i will call you back", "if it fails i will call you back"},
	} {
		for say, want := range map[string]int{c.no: 0, c.yes: 1} {
			u := insights.Utterance{Speaker: c.who, Text: say}
			if got := names(a.Analyze(&u, nil)); len(got) != want {
				t.Errorf("%q: got %v, want %d", say, got, want)
			}
		}
	}
}

// A name is a name: who would never go there has named it all the same.
func TestADeniedCompetitorIsNamed(t *testing.T) {
	u := insights.Utterance{Speaker: insights.Customer, Text: "i would never go to bluewave or another company"}
	got := analyzer(t).Analyze(&u, nil)
	if len(got) != 1 || got[0].Name != CompetitorNamed || u.Text[got[0].Evidence[0].From:got[0].Evidence[0].To] != "bluewave" {
		t.Errorf("got %+v", got)
	}
}

func TestPromiseSaysWhatAndByWhen(t *testing.T) {
	a := analyzer(t)
	for _, c := range []struct{ say, quote, due string }{
		{"right i'll call you back tomorrow", "i'll call you back tomorrow", "tomorrow"},
		{"i will call you back tomorrow morning okay", "i will call you back tomorrow morning", "tomorrow morning"},
		{"we will refund that within three working days because it was our fault", "we will refund that within three working days", "within three working days"},
		{"you will get a letter by the end of the week", "you will get a letter by the end of the week", "by the end of the week"},
		{"i will send it on the third of march and you will get a mail", "i will send it on the third of march", "on the third of march"},
		{"i will book him for wednesday at nine", "i will book him for wednesday at nine", "wednesday at nine"},
		{"i am sending it right away", "i am sending it right away", "right away"},
		{"i will waive the fee", "i will waive the fee", ""},
		{"uh we will um credit it on the next bill", "we will um credit it on the next bill", "on the next bill"},
		{"i will send you two forms in one envelope", "i will send you two forms in one envelope", ""},
		{"it will be repaired by the fifth", "will be repaired by the fifth", "by the fifth"},
	} {
		u := insights.Utterance{Speaker: insights.Agent, Text: c.say}
		got := a.Analyze(&u, nil)
		if len(got) != 1 || got[0].Name != Promise {
			t.Errorf("%q: got %+v", c.say, got)
			continue
		}
		e := got[0].Evidence[0]
		if quote := c.say[e.From:e.To]; quote != c.quote || got[0].Due != c.due {
			t.Errorf("%q: quote %q due %q, want %q and %q", c.say, quote, got[0].Due, c.quote, c.due)
		}
	}
}

func TestStrangeTexts(t *testing.T) {
	a := analyzer(t)
	for _, s := range []string{
		"", " ", "\xff\xfe", "i will \xff send", "سوف أتصل بك غدا", "Ես կզանգեմ ձեզ վաղը", "ég hringi í þig á morgun", "😀 thank you 😀",
		strings.Repeat("thank you ", 5000), strings.Repeat("i will send you ", 2500), strings.Repeat("not too expensive ", 3300),
		"i will send", "by", "i will call in the", "within",
	} {
		check(t, a, s)
	}
}

// check wants evidence in order, apart and on letters.
func check(t *testing.T, a *Analyzer, s string) {
	t.Helper()
	for _, who := range []insights.Speaker{insights.Customer, insights.Agent} {
		u := insights.Utterance{Speaker: who, Text: s, End: 5}
		for _, in := range a.Analyze(&u, nil) {
			end := 0
			for _, e := range in.Evidence {
				if e.From < end || e.To <= e.From || e.To > len(s) || !utf8.RuneStart(s[e.From]) {
					t.Fatalf("%.40q: %s evidence %v", s, in.Name, in.Evidence)
				}
				end = e.To
			}
			if !strings.Contains(s, in.Due) || in.Start > in.End {
				t.Fatalf("%.40q: due %q, %v to %v", s, in.Due, in.Start, in.End)
			}
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	f.Add("i will call you back tomorrow if you do not think it's too expensive")
	f.Add("by the end of the\xff week we'll’ send bluewave")
	a := analyzer(f)
	f.Fuzz(func(t *testing.T, s string) { check(t, a, s) })
}

func TestOrderOfMomentsIsThatOfTheRules(t *testing.T) {
	u := insights.Utterance{Speaker: insights.Customer, Text: "thank you bluewave is cheaper and you are too expensive so get me your manager i will pay tomorrow"}
	want := []string{CompetitorNamed, PriceObjection, Thanks, Escalation, Commitment}
	if got := names(analyzer(t).Analyze(&u, nil)); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
