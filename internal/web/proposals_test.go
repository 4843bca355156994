package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"heed/insights"
	"heed/internal/decide"
	"heed/internal/desk"
)

// answered is a call on which the agent read the suggestion out and the
// customer said yes; it gives what that proposes.
func (s *site) answered(t *testing.T, key string) decide.Proposal {
	t.Helper()
	d := s.call(t, "kept")
	for i, said := range []insights.Utterance{
		{ID: "offer", Speaker: insights.Agent, Text: d.Actions[0].Say},
		{ID: "reply", Speaker: insights.Customer, Text: "yes please that sounds great"},
	} {
		said.CallID, said.Seq, said.Start, said.End = "kept", 10+i, insights.Seconds(100+10*i), insights.Seconds(108+10*i)
		if err := s.brain.Heard(t.Context(), "kept", said, nil); err != nil {
			t.Fatal(err)
		}
	}
	return s.proposal(t, key)
}

func (s *site) proposal(t *testing.T, key string) decide.Proposal {
	t.Helper()
	status, _, body := s.ask(t, "GET", "/v1/calls/kept", key, "")
	var record desk.Record
	if err := json.Unmarshal([]byte(body), &record); err != nil || status != 200 || len(record.Proposals) != 1 {
		t.Fatalf("%d %v %+v", status, err, record.Proposals)
	}
	return record.Proposals[0]
}

func TestAProposalIsConfirmedOrMisheard(t *testing.T) {
	s := newSite(t)
	agent := s.key(t, "agent")
	p := s.answered(t, agent)
	if p.State != decide.Open || p.Outcome != decide.Accepted || p.Reply != "reply" || p.Offer != "offer" {
		t.Fatalf("%+v", p)
	}
	path := "/v1/calls/kept/proposals/" + p.ID
	for _, c := range []struct {
		body string
		want decide.Standing
	}{{`{"misheard":true}`, decide.Misheard}, {`{"misheard":true}`, decide.Misheard}, {`{"misheard":false}`, decide.Open}} {
		status, _, body := s.ask(t, "PUT", path, agent, c.body)
		var got decide.Proposal
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 || got.State != c.want {
			t.Errorf("%s: %d %s", c.body, status, body)
		}
	}
	confirm := `{"decision_id":"` + p.DecisionID + `","action":"` + p.Action + `","outcome":"accepted","heard":"` + p.ID + `"}`
	if status, _, body := s.ask(t, "POST", "/v1/outcomes", agent, confirm); status != http.StatusCreated {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := s.ask(t, "POST", "/v1/outcomes", agent, confirm); status != http.StatusOK {
		t.Errorf("again: %d %s", status, body)
	}
	if p := s.proposal(t, agent); p.State != decide.Confirmed {
		t.Errorf("%+v", p)
	}
	if status, _, body := s.ask(t, "PUT", path, agent, `{"misheard":true}`); status != http.StatusUnprocessableEntity {
		t.Errorf("a confirmed one: %d %s", status, body)
	}
}

func TestProposalsRefuseWhatIsWrong(t *testing.T) {
	s := newSite(t)
	agent := s.key(t, "agent")
	p := s.answered(t, agent)
	before, err := s.store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := "/v1/calls/kept/proposals/"
	for name, c := range map[string]struct {
		method, path, role, body string
		want                     int
	}{
		"who only reads":   {"PUT", path + p.ID, "viewer", `{"misheard":true}`, 403},
		"unknown proposal": {"PUT", path + "nope", "agent", `{"misheard":true}`, 404},
		"unknown call":     {"PUT", "/v1/calls/nope/proposals/" + p.ID, "agent", `{"misheard":true}`, 404},
		"nothing said":     {"PUT", path + p.ID, "agent", `{}`, 422},
		"not a yes or no":  {"PUT", path + p.ID, "agent", `{"misheard":"so"}`, 422},
		"not what was heard": {
			"POST", "/v1/outcomes", "agent",
			`{"decision_id":"` + p.DecisionID + `","action":"` + p.Action + `","outcome":"rejected","heard":"` + p.ID + `"}`, 422,
		},
		"heard of no decision": {"POST", "/v1/outcomes", "agent", `{"decision_id":"nope","action":"x","outcome":"accepted","heard":"` + p.ID + `"}`, 404},
	} {
		if status, _, body := s.ask(t, c.method, c.path, s.key(t, c.role), c.body); status != c.want {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if after, err := s.store.LastSeq(t.Context()); err != nil || after != before {
		t.Errorf("what was refused committed %d events, %v", after-before, err)
	}
}
