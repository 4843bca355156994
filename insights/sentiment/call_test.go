package sentiment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heed/insights"
)

// say runs customer's utterances through an analyzer as a call does.
func say(a *Analyzer, call *insights.Call, texts ...string) []insights.Insight {
	var all []insights.Insight
	for _, text := range texts {
		u := insights.Utterance{
			ID: fmt.Sprint(len(call.Utterances)), Speaker: insights.Customer, Text: text,
			Start: insights.Seconds(10 * len(call.Utterances)), End: insights.Seconds(10*len(call.Utterances) + 5),
		}
		found := a.Analyze(&u, call)
		call.Utterances, call.Insights = append(call.Utterances, u), append(call.Insights, found...)
		all = append(all, found...)
	}
	return all
}

func annoyances(found []insights.Insight) (out []insights.Insight) {
	for _, in := range found {
		if in.Name == insights.Annoyed {
			out = append(out, in)
		}
	}
	return out
}

// angry is what somebody says who has had enough.
var angry = []string{ // never changed
	"i have called three times about this", "no that is wrong again", "you are useless this is ridiculous",
	"i already told you that", "are you even listening this is a terrible service",
}

func TestAnnoyedIsSaidOnceACall(t *testing.T) {
	call := &insights.Call{}
	got := annoyances(say(shared(), call, angry...))
	if len(got) != 1 {
		t.Fatalf("said %d times: %+v", len(got), call.Insights)
	}
	if in := got[0]; in.Kind != insights.Sentiment || in.Value <= 0 || in.Value > 1 || in.UtteranceID == "" || in.UtteranceID == "0" || in.End <= in.Start {
		t.Errorf("got %+v", in)
	}
	u := call.Utterances[len(call.Utterances)-1]
	signals := insights.Signals(&u, got)
	if len(signals) != 1 || signals[0].Label != "mood.annoyed" {
		t.Errorf("signals %+v", signals)
	}
	calm := annoyances(say(shared(), &insights.Call{}, "hello i would like to know my balance", "yes it is james okafor", "no that is all thank you", "goodbye"))
	if len(calm) > 0 {
		t.Errorf("a calm customer is annoyed: %+v", calm)
	}
}

func TestTheAgentsWordsDoNotAnnoy(t *testing.T) {
	call := &insights.Call{}
	for _, text := range angry {
		u := insights.Utterance{Speaker: insights.Agent, Text: text}
		if got := shared().Analyze(&u, call); got != nil {
			t.Fatalf("the agent was scored: %+v", got)
		}
		call.Utterances = append(call.Utterances, u)
	}
	if got := annoyances(say(shared(), call, "i see", "it is broken")); len(got) > 0 {
		t.Errorf("annoyed by what the agent said: %+v", got)
	}
}

func TestWhereMoodsAreScored(t *testing.T) {
	const text = "this is terrible i am furious"
	for _, c := range []struct {
		o       Options
		country string
		scored  bool
	}{
		{Options{}, "", true},
		{Options{Except: []string{"DE", "fr"}}, "US", true},
		{Options{Except: []string{"DE", "fr"}}, "DE", false},
		{Options{Except: []string{"DE", "fr"}}, "FR", false},
		{Options{Except: []string{"DE"}}, "", true},
		{Options{Off: true}, "US", false},
		{Options{Off: true}, "", false},
		{Options{Off: true, Except: []string{"US"}}, "US", true},
	} {
		a, err := New(c.o)
		if err != nil {
			t.Fatal(err)
		}
		if got := say(a, &insights.Call{Country: c.country}, text); len(got) > 0 != c.scored {
			t.Errorf("%+v in %q: %+v", c.o, c.country, got)
		}
	}
}

func TestEnglishOnly(t *testing.T) {
	const text = "this is terrible"
	for language, scored := range map[string]bool{"": true, "en": true, "EN-gb": true, "de": false, "is": false} {
		if got := say(shared(), &insights.Call{Language: language}, text); len(got) > 0 != scored {
			t.Errorf("call in %q: %+v", language, got)
		}
		u := insights.Utterance{Speaker: insights.Customer, Text: text, Language: language}
		if got := shared().Analyze(&u, &insights.Call{Language: "en"}); len(got) > 0 != scored {
			t.Errorf("utterance in %q: %+v", language, got)
		}
	}
}

func TestSentencesFromElsewhere(t *testing.T) {
	s := shared().Scorer()
	if good, bad := s.Odds("the food was lovely thanks"), s.Odds("the food was cold and bland"); good <= 0 || bad >= 0 {
		t.Errorf("lovely %.2f, cold %.2f", good, bad)
	}
	if got := s.Labels("which one do you mean?"); !slices.Contains(got, "ambiguous") || slices.Contains(got, "positive") {
		t.Errorf("a question is %v", got)
	}
	if got := s.Labels("أريد"); len(got) == 0 {
		t.Error("a text of which nothing is known has no label at all")
	}
	if s.Chance("neutral", "i love it") >= s.Chance("neutral", "it is on the table") || s.Chance("nothing", "i love it") != 0 {
		t.Error("chances of neutral are the wrong way round")
	}
}

func TestLongCall(t *testing.T) {
	call := &insights.Call{}
	say(shared(), call, strings.Split(strings.Repeat("it is still broken. ", 300), ".")...)
	if got := len(annoyances(call.Insights)); got > 1 {
		t.Errorf("said %d times", got)
	}
	if got := past(call); len(got) > 40 {
		t.Errorf("%d turns are read", len(got))
	}
}

func BenchmarkLongCall(b *testing.B) {
	call := &insights.Call{}
	say(shared(), call, strings.Split(strings.Repeat("i am not happy with the router you sent me it does not work. ", 60), ".")...)
	call.Insights = nil
	u := insights.Utterance{Speaker: insights.Customer, Text: "and it is still not working which is really annoying"}
	b.ReportAllocs()
	for b.Loop() {
		shared().Analyze(&u, call)
	}
}
