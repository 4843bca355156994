package theme

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"heed/fixtures"
	"heed/insights"
)

var shipped = sync.OnceValue(func() *Analyzer {
	a, err := Load(fixtures.Themes())
	if err != nil {
		panic(err)
	}
	return a
})

func names(found []insights.Insight) []string {
	out := []string{}
	for _, in := range found {
		out = append(out, in.Name)
	}
	return out
}

func TestShippedThemes(t *testing.T) {
	a := shipped()
	if n := len(a.Names()); n < 20 {
		t.Errorf("%d themes", n)
	}
	for _, c := range []struct {
		say  string
		want []string
	}{
		{"your plan is too expensive for me", []string{"price"}},
		{"i want to end my contract", []string{"contract"}},
		{"a different provider offers me more", []string{"competitor"}},
		{"i'm still waiting for the parcel it should have been here on monday", []string{"late_delivery"}},
		{"you sent me the wrong size it is the wrong item", []string{"wrong_item"}},
		{"the screen is cracked", []string{"broken_product"}},
		{"can i exchange it for a blue one", []string{"returns"}},
		{"please give me my money back", []string{"refund"}},
		{"you billed me twice", []string{"double_charge"}},
		{"there is something odd on my bill", []string{"billing"}},
		{"i'd need a payment plan", []string{"payment"}},
		{"the wifi keeps dropping", []string{"outage"}},
		{"the internet is so slow", []string{"slow_internet"}},
		{"will you send a technician", []string{"technician"}},
		{"i would like to upgrade", []string{"upgrade"}},
		{"does it work abroad", []string{"roaming"}},
		{"i can't log in", []string{"password"}},
		{"your colleague was very helpful", []string{"staff_praise"}},
		{"that man was so rude", []string{"staff_complaint"}},
		{"it is the third time i have to call", []string{"repeat_contact"}},
		{"i was on hold for ages", []string{"waiting_time"}},
		{"somebody stole my card", []string{"card_lost"}},
		{"we are moving to a new flat", []string{"moving"}},
		{"please delete all my data", []string{"privacy"}},
		{"the number is four seven one", []string{}},
		{"do not cancel my contract", []string{}},
		{"that was no help", []string{}},
		{"", []string{}},
		{"\xff\xfe", []string{}},
		{"أريد إلغاء العقد", []string{}},
	} {
		u := insights.Utterance{Speaker: insights.Customer, Text: c.say}
		got := names(a.Analyze(&u, nil))
		for _, want := range c.want {
			if !slices.Contains(got, want) {
				t.Errorf("%q: got %v, want %s", c.say, got, want)
			}
		}
		if len(c.want) == 0 && len(got) > 0 {
			t.Errorf("%q: got %v, want none", c.say, got)
		}
	}
}

func TestEvidenceAndTitle(t *testing.T) {
	a := shipped()
	u := insights.Utterance{ID: "u", Speaker: insights.Customer, Text: "well you charged me twice", Start: 5, End: 10}
	got := a.Analyze(&u, nil)
	if len(got) != 1 || got[0].Kind != insights.Theme || got[0].Text != a.Title("double_charge") || got[0].UtteranceID != "u" {
		t.Fatalf("got %+v", got)
	}
	e := got[0].Evidence[0]
	if u.Text[e.From:e.To] != "charged me twice" || got[0].Start < 5 || got[0].End > 10 || got[0].Start == got[0].End {
		t.Errorf("evidence %q at %v..%v", u.Text[e.From:e.To], got[0].Start, got[0].End)
	}
	if a.Title("nothing such") != "nothing such" {
		t.Error("an unknown theme has a title")
	}
}

func TestLoadNamesTheFault(t *testing.T) {
	_, err := Load(fstest.MapFS{"mine.yaml": {Data: []byte("version: 1\nthemes:\n  - name: a\n    title: A\n    phrases: []\n")}})
	if err == nil || !strings.Contains(err.Error(), "mine.yaml:5: expected at least one value") {
		t.Errorf("got %v", err)
	}
}

func TestTenThousandWords(t *testing.T) {
	u := insights.Utterance{Speaker: insights.Customer, Text: strings.Repeat("the delivery of my order is late and i want a refund ", 1000)}
	if got := shipped().Analyze(&u, nil); len(got) < 2 {
		t.Errorf("got %v", names(got))
	}
}

func BenchmarkAnalyze(b *testing.B) {
	a := shipped()
	for _, text := range []string{
		"i want to cancel my contract it is too expensive",
		"yeah hi um i was calling because my internet connection keeps dropping every few minutes and nobody could help me so far",
	} {
		b.Run(fmt.Sprint(len(strings.Fields(text)), " words"), func(b *testing.B) {
			u := insights.Utterance{Speaker: insights.Customer, Text: text, End: 10}
			b.ReportAllocs()
			for b.Loop() {
				a.Analyze(&u, nil)
			}
		})
	}
}
