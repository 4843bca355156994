package intent

import (
	"testing"

	"heed/insights"
)

func say(s insights.Speaker, text string) insights.Utterance {
	return insights.Utterance{ID: "u", Speaker: s, Text: text, Start: 1, End: 3}
}

// A yes means what the agent asked, with less confidence than own words.
func TestYesStandsForTheQuestion(t *testing.T) {
	m := shipped()
	question := "so you want to cancel your contract is that right"
	straight := m.Classify(question)
	if straight.Name != "cancel" {
		t.Fatalf("the question is %+v", straight)
	}
	call := insights.Call{Utterances: []insights.Utterance{say(insights.Customer, "hello"), say(insights.Agent, question)}}
	for _, yes := range []string{"yes", "yeah please", "Yes, that's right.", "i do", "that is correct"} {
		u := say(insights.Customer, yes)
		got := m.Analyze(&u, &call)
		if len(got) != 1 || got[0].Name != "cancel" || got[0].Confidence >= straight.Probability || got[0].Confidence < 0.4 ||
			got[0].UtteranceID != "u" || got[0].Start != 1 || got[0].End != 3 {
			t.Errorf("%q: %+v, the question has %.2f", yes, got, straight.Probability)
		}
	}
	for _, other := range []string{"no", "yes but not today", "okay", "no thank you", "yes i was on the train to my sister when it rang"} {
		u := say(insights.Customer, other)
		for _, in := range m.Analyze(&u, &call) {
			if in.Name == "cancel" {
				t.Errorf("%q: %+v", other, in)
			}
		}
	}
}

func TestYesToNothing(t *testing.T) {
	m := shipped()
	yes := say(insights.Customer, "yes")
	for name, before := range map[string][]insights.Utterance{
		"no call so far":                nil,
		"no intent asked about":         {say(insights.Agent, "do you have a minute")},
		"the agent states, asks not":    {say(insights.Agent, "i will cancel the contract now")},
		"an open question":              {say(insights.Agent, "why do you want to cancel your contract")},
		"the customer's own words":      {say(insights.Customer, "do you want to cancel my contract")},
		"the question is not the last ": {say(insights.Agent, "do you want to cancel your contract"), say(insights.Agent, "one moment")},
	} {
		if got := m.Analyze(&yes, &insights.Call{Utterances: before}); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := m.Analyze(&yes, nil); got != nil {
		t.Errorf("without a call: %+v", got)
	}
}

// What was asked for before needs less to be heard again, of the same
// speaker's intents only.
func TestComesBackToTheRequest(t *testing.T) {
	const unsure = "i want to cancel"
	m := *shipped() // with a limit that this sentence just misses
	p := m.Classify(unsure)
	m.WholeLimit = p.Probability / 0.9
	if p.Name != "cancel" || m.Classify(unsure).Name != "" {
		t.Fatalf("%q is %+v, then %+v", unsure, p, m.Classify(unsure))
	}
	u := say(insights.Customer, unsure)
	call := insights.Call{Insights: []insights.Insight{{Kind: insights.Intent, Name: "cancel", Speaker: insights.Customer, Confidence: 0.9}}}
	got := m.Analyze(&u, &call)
	if len(got) != 1 || got[0].Name != "cancel" || got[0].Confidence != p.Probability || len(got[0].Evidence) == 0 {
		t.Errorf("%q after a request to cancel: %+v", unsure, got)
	}
	for name, other := range map[string]insights.Insight{
		"another intent": {Kind: insights.Intent, Name: "refund", Speaker: insights.Customer, Confidence: 0.9},
		"a theme":        {Kind: insights.Theme, Name: "cancel", Speaker: insights.Customer, Confidence: 0.9},
		"the agent's":    {Kind: insights.Intent, Name: "cancel", Speaker: insights.Agent, Confidence: 0.9},
		"an unsure one":  {Kind: insights.Intent, Name: "cancel", Speaker: insights.Customer, Confidence: 0.6},
	} {
		if got := m.Analyze(&u, &insights.Call{Insights: []insights.Insight{other}}); got != nil {
			t.Errorf("%q after %s: %+v", unsure, name, got)
		}
	}
}
