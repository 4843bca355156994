package decide

import (
	"testing"
	"time"

	"heed/insights"
)

func TestProposalsTellOnlyNews(t *testing.T) {
	at := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := func(answer insights.Answer, reply string, state Standing) Proposal {
		p := Propose(insights.Heard{Suggestion: "a", Answer: answer, Offer: "u1", Reply: reply}, "c", "d", at)
		if state != "" {
			p.State = state
		}
		return p
	}
	o := func(outcome string) []Outcome {
		return []Outcome{{Action: "a", Outcome: outcome, At: at.Add(-time.Second)}}
	}
	for name, c := range map[string]struct {
		heard    Proposal
		known    []Proposal
		outcomes []Outcome
		want     bool
	}{
		"an offer":                           {p(insights.Offered, "", ""), nil, nil, true},
		"an offer again":                     {p(insights.Offered, "", ""), []Proposal{p(insights.Offered, "", "")}, nil, false},
		"an offer after a no":                {p(insights.Offered, "", ""), []Proposal{p(insights.SaidNo, "u2", "")}, nil, false},
		"an offer after one misheard":        {p(insights.Offered, "", ""), []Proposal{p(insights.Offered, "", Misheard)}, nil, true},
		"an offer of what is answered":       {p(insights.Offered, "", ""), nil, o(Dismissed), false},
		"an offer of what was shown":         {p(insights.Offered, "", ""), nil, o(Impression), true},
		"a yes":                              {p(insights.SaidYes, "u2", ""), []Proposal{p(insights.Offered, "", "")}, nil, true},
		"a yes again":                        {p(insights.SaidYes, "u4", ""), []Proposal{p(insights.SaidYes, "u2", "")}, nil, false},
		"a yes again, confirmed":             {p(insights.SaidYes, "u4", ""), []Proposal{p(insights.SaidYes, "u2", Confirmed)}, o(Accepted), false},
		"a yes again, misheard before":       {p(insights.SaidYes, "u4", ""), []Proposal{p(insights.SaidYes, "u2", Misheard)}, nil, true},
		"a no after a yes":                   {p(insights.SaidNo, "u4", ""), []Proposal{p(insights.SaidYes, "u2", Confirmed)}, o(Accepted), true},
		"a yes that the agent told":          {p(insights.SaidYes, "u2", ""), nil, o(Accepted), false},
		"a yes that came about":              {p(insights.SaidYes, "u2", ""), nil, o(Converted), false},
		"a yes to what the agent put away":   {p(insights.SaidYes, "u2", ""), nil, o(Dismissed), true},
		"a no of who opted out":              {p(insights.SaidNo, "u2", ""), nil, o(OptedOut), false},
		"a yes to another action's proposal": {p(insights.SaidYes, "u2", ""), []Proposal{{Action: "b", Outcome: Accepted}}, nil, true},
	} {
		if got := c.heard.News(c.known, c.outcomes); got != c.want {
			t.Errorf("%s: news is %v", name, got)
		}
	}
}

func TestProposalsAreSettledByPeople(t *testing.T) {
	for name, c := range map[string]struct {
		state Standing
		o     Outcome
		want  Standing
	}{
		"confirmed":                {Open, Outcome{Action: "a", Outcome: Accepted, Heard: "p"}, Confirmed},
		"told by hand":             {Open, Outcome{Action: "a", Outcome: Dismissed}, ByHand},
		"offered, told by hand":    {JustOffered, Outcome{Action: "a", Outcome: Accepted}, ByHand},
		"confirmed, then changed":  {Confirmed, Outcome{Action: "a", Outcome: Rejected}, ByHand},
		"misheard, told by hand":   {Misheard, Outcome{Action: "a", Outcome: Rejected}, Misheard},
		"misheard, then confirmed": {Misheard, Outcome{Action: "a", Outcome: Accepted, Heard: "p"}, Confirmed},
		"another action":           {Open, Outcome{Action: "b", Outcome: Accepted}, Open},
		"shown":                    {Open, Outcome{Action: "a", Outcome: Impression}, Open},
		"nobody answered":          {Open, Outcome{Action: "a", Outcome: NoResponse}, Open},
	} {
		p, changed := Proposal{ID: "p", Action: "a", State: c.state}.Settled(c.o)
		if p.State != c.want || changed != (c.state != c.want) {
			t.Errorf("%s: %s, changed %v", name, p.State, changed)
		}
	}
}
