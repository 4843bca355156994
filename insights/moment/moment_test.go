package moment

import (
	"slices"
	"strings"
	"testing"

	"heed/insights"
)

func names(found []insights.Insight) []string {
	out := []string{}
	for _, in := range found {
		out = append(out, in.Name)
	}
	return out
}

func TestAnalyze(t *testing.T) {
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who  insights.Speaker
		say  string
		want []string
	}{
		{insights.Customer, "another company has offered me more for less", []string{"competitor_named"}},
		{insights.Customer, "bluewave gives me that for ten dollars", []string{"competitor_named"}},
		{insights.Customer, "at Blue Wave it is faster", []string{"competitor_named"}},
		{insights.Agent, "bluewave does not have that", []string{}},
		{insights.Customer, "there is no other company here", []string{}},
		{insights.Customer, "that is too expensive", []string{"price_objection"}},
		{insights.Customer, "well it's not too expensive", []string{}},
		{insights.Agent, "that is too expensive", []string{}},
		{insights.Customer, "i can't afford that", []string{"price_objection"}},
		{insights.Customer, "okay thank you", []string{"thanks"}},
		{insights.Customer, "no thank you", []string{}},
		{insights.Customer, "thanks for nothing", []string{}},
		{insights.Agent, "thank you for calling", []string{}},
		{insights.Customer, "let me talk to your supervisor", []string{"escalation"}},
		{insights.Customer, "i am the manager of the shop", []string{}},
		{insights.Customer, "you will hear from my lawyer", []string{"escalation"}},
		{insights.Agent, "i'll send you an email", []string{"promise"}},
		{insights.Agent, "you will receive it tomorrow", []string{"promise"}},
		{insights.Agent, "i will not send it", []string{}},
		{insights.Customer, "i will send you the form", []string{"commitment"}},
		{insights.Customer, "", []string{}},
		{insights.Customer, "\xff", []string{}},
	} {
		u := insights.Utterance{Speaker: c.who, Text: c.say}
		if got := names(a.Analyze(&u, nil)); !slices.Equal(got, c.want) {
			t.Errorf("%s %q: got %v, want %v", c.who, c.say, got, c.want)
		}
	}
}

func TestOwnCompetitors(t *testing.T) {
	a, err := New(Options{Competitors: []string{"Ace & Sons", "Zing!"}})
	if err != nil {
		t.Fatal(err)
	}
	for say, want := range map[string]bool{
		"ace sons is cheap": true, "what about zing": true, "bluewave is there": false, "the ace of spades": false,
	} {
		u := insights.Utterance{Speaker: insights.Customer, Text: say}
		if got := slices.Contains(names(a.Analyze(&u, nil)), "competitor_named"); got != want {
			t.Errorf("%q: got %v", say, got)
		}
	}
	if _, err := New(Options{Competitors: []string{"..."}}); err == nil || !strings.Contains(err.Error(), "a name of at least one word") {
		t.Errorf("got %v", err)
	}
	none, err := New(Options{Competitors: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	u := insights.Utterance{Speaker: insights.Customer, Text: "bluewave is there"}
	if got := none.Analyze(&u, nil); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestMomentKnowsItsSecond(t *testing.T) {
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	u := insights.Utterance{ID: "u", Speaker: insights.Agent, Text: "right i will call you back", Words: []insights.Word{
		{Text: "right", Start: 1, End: 2},
		{Text: "i", Start: 3, End: 3.1},
		{Text: "will", Start: 3.2, End: 3.4},
		{Text: "call", Start: 3.5, End: 4},
		{Text: "you", Start: 4, End: 4.2},
		{Text: "back", Start: 4.3, End: 5},
	}, Start: 1, End: 5}
	got := a.Analyze(&u, nil)
	if len(got) != 1 || got[0].Start != 3 || got[0].End != 5 || got[0].Kind != insights.Moment || got[0].Text != "Promise made" {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkAnalyze(b *testing.B) {
	a, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	u := insights.Utterance{Speaker: insights.Customer, Text: "yeah hi um i was calling because another company offered me the same for less and i want to speak to a manager thank you", End: 10}
	b.ReportAllocs()
	for b.Loop() {
		a.Analyze(&u, nil)
	}
}
