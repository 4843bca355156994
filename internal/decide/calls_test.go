package decide_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/intent"
	"heed/insights/moment"
	"heed/insights/sentiment"
	"heed/insights/theme"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/seed"
)

// spokenCall is a fixture call: who rings and what is said.
type spokenCall struct {
	Caller string `json:"caller"`
	Expect struct {
		Suggest []string `json:"suggest"`
	} `json:"expect"`
	Turns []struct {
		Role       insights.Speaker `json:"role"`
		Start, End insights.Seconds
		Text       string
	} `json:"turns"`
}

func analyzers(t *testing.T) insights.Chain {
	t.Helper()
	set, err := intent.LoadFS(fixtures.Intents())
	if err != nil {
		t.Fatal(err)
	}
	model, err := intent.Train(set)
	if err != nil {
		t.Fatal(err)
	}
	themes, err := theme.Load(fixtures.Themes())
	if err != nil {
		t.Fatal(err)
	}
	moments, err := moment.New(moment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	moods, err := sentiment.New(sentiment.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return insights.Chain{model, themes, moments, moods}
}

// Each recorded call, read from its script by the real analyzers, is decided
// utterance by utterance as the brain does. What is suggested at the end must
// be of an issue that the script names; -v shows what the agent saw when.
func TestRecordedCallsLeadWhereTheirScriptSays(t *testing.T) {
	t.Parallel()
	chain, d := analyzers(t), shop(t)
	people, err := seed.Load(fixtures.Customers(), noon)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(fixtures.Calls(), "*.json")
	if err != nil || len(names) < 6 {
		t.Fatalf("%d calls, %v", len(names), err)
	}
	for _, name := range names {
		for _, known := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s known=%v", name, known), func(t *testing.T) {
				t.Parallel()
				raw, err := fs.ReadFile(fixtures.Calls(), name)
				if err != nil {
					t.Fatal(err)
				}
				var c spokenCall
				if err := json.Unmarshal(raw, &c); err != nil {
					t.Fatal(err)
				}
				p, ledger := who(c.Caller, people, known)
				story, issues := play(d, chain, c, p, ledger)
				t.Logf("what the agent saw:\n%s", story)
				want := c.Expect.Suggest
				if !known && slices.Contains(want, "sales") {
					want = []string{"service"} // nobody unknown is sold to
				}
				if !slices.ContainsFunc(issues, func(i string) bool { return slices.Contains(want, i) }) {
					t.Errorf("suggests %v, the script says %v", issues, want)
				}
			})
		}
	}
}

func who(number string, people []seed.Seed, known bool) (customer.Profile, []consent.Row) {
	for _, s := range people {
		if known && slices.ContainsFunc(s.Profile.Identifiers, func(i customer.Identifier) bool { return i.Value == number }) {
			return s.Profile, s.Consent
		}
	}
	return customer.New("cus_new", noon), nil
}

// play gives what the agent saw, line by line, and the issues that were first.
func play(d *decide.Decider, chain insights.Chain, c spokenCall, p customer.Profile, ledger []consent.Row) (string, []string) {
	var story strings.Builder
	var issues []string
	call := insights.Call{ID: "call_1"}
	r := decide.Request{Slot: "agent.call", Channel: "agent", CallID: "call_1", Ledger: ledger}
	shown := ""
	for i, turn := range c.Turns {
		u := insights.Utterance{ID: fmt.Sprint("u", i), CallID: "call_1", Speaker: turn.Role, Start: turn.Start, End: turn.End, Text: turn.Text}
		found := chain.Analyze(&u, &call)
		call.Utterances, call.Insights = append(call.Utterances, u), append(call.Insights, found...)
		r.At = noon.Add(turn.End.Duration()).Truncate(time.Millisecond)
		for j, s := range insights.Signals(&u, found) {
			p.Hear(s, fmt.Sprintf("u%d.%d", i, j), r.At)
			if s.Speaker == insights.Customer {
				r.Heard = append(r.Heard, s)
			}
		}
		r.Profile = p.Clone()
		dec := d.Decide(fmt.Sprint("dec", i), r)
		r.Previous = &dec
		now := dec.Because
		if len(dec.Actions) > 0 {
			now = dec.Actions[0].Action + ": " + dec.Actions[0].Because
			issues = append(issues[:0:0], dec.Actions[0].Issue)
		}
		if now != shown {
			shown = now
			fmt.Fprintf(&story, "%6.1f  %s\n", float64(turn.End), now)
		}
	}
	return story.String(), issues
}
