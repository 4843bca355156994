package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"heed/internal/event"
)

// agentCall commits a call that an agent took, with one utterance, and gives
// the path of its correction.
func (s *site) agentCall(t *testing.T, id, agent string) string {
	t.Helper()
	_, err := s.brain.CallStarted(t.Context(), event.Call{
		ID: id, Platform: "twilio", PlatformCall: "CA" + id, Direction: "inbound", From: "+12025550142", Agent: agent,
		Status: event.CallLive, StartedAt: time.Now().UTC(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.say(t, id, 1, "i want to council", "cancel")
	said, err := s.store.Utterances(t.Context(), id)
	if err != nil || len(said) != 1 {
		t.Fatalf("%d utterances, %v", len(said), err)
	}
	return "/v1/calls/" + id + "/utterances/" + said[0].ID + "/correction"
}

const fix = `{"text":"I want to cancel."}`

// TestWhoMayCorrect asks each route as each role: an administrator may correct
// every call, an agent the calls that they took, others none.
func TestWhoMayCorrect(t *testing.T) {
	s := newSite(t)
	own := s.agentCall(t, "own", "Test Agent") // as the key is named, but for the case
	others := s.agentCall(t, "others", "Dana")
	nobodys := s.agentCall(t, "nobodys", "")
	for _, c := range []struct {
		method, path, role string
		want               int
	}{
		{"PUT", own, "", 401},
		{"DELETE", own, "", 401},
		{"GET", "/v1/corrections", "", 401},
		{"PUT", own, "ingest", 403},
		{"DELETE", own, "ingest", 403},
		{"GET", "/v1/corrections", "ingest", 403},
		{"PUT", own, "viewer", 403},
		{"DELETE", own, "viewer", 403},
		{"GET", "/v1/corrections", "viewer", 200},
		{"PUT", own, "agent", 200},
		{"DELETE", own, "agent", 204},
		{"GET", "/v1/corrections", "agent", 200},
		{"PUT", others, "agent", 403},
		{"DELETE", others, "agent", 403},
		{"PUT", nobodys, "agent", 403},
		{"DELETE", nobodys, "agent", 403},
		{"PUT", others, "admin", 200},
		{"DELETE", others, "admin", 204},
		{"GET", "/v1/corrections", "admin", 200},
		{"PUT", nobodys, "admin", 200},
		{"DELETE", nobodys, "admin", 204},
		{"DELETE", nobodys, "admin", 204},
	} {
		key, body := "", ""
		if c.role != "" {
			key = s.key(t, c.role)
		}
		if c.method == "PUT" {
			body = fix
		}
		if status, _, answer := s.ask(t, c.method, c.path, key, body); status != c.want {
			t.Errorf("%s %s as %q: %d %s, want %d", c.method, c.path, c.role, status, answer, c.want)
		}
	}
}

func TestACorrectionShowsOnTheCall(t *testing.T) {
	s := newSite(t)
	admin := s.key(t, "admin")
	path := s.agentCall(t, "kept", "")
	status, _, body := s.ask(t, "PUT", path, admin, fix, "Idempotency-Key", "k1")
	var c event.Correction
	if err := json.Unmarshal([]byte(body), &c); status != http.StatusOK || err != nil {
		t.Fatalf("%d %s, %v", status, body, err)
	}
	if c.Text != "I want to cancel." || c.Plain != "i want to cancel" || c.Heard != "i want to council" || c.By != "test admin" {
		t.Errorf("correction %+v", c)
	}
	seq, err := s.store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	status, header, again := s.ask(t, "PUT", path, admin, fix, "Idempotency-Key", "k1")
	if after, _ := s.store.LastSeq(t.Context()); status != 200 || again != body || header.Get("Idempotent-Replayed") != "true" || after != seq {
		t.Errorf("the same request again: %d %s, %d events", status, again, after-seq)
	}
	if status, _, _ := s.ask(t, "PUT", path, admin, `{"text":"other"}`, "Idempotency-Key", "k1"); status != http.StatusUnprocessableEntity {
		t.Errorf("the key for another text: %d", status)
	}
	_, _, record := s.ask(t, "GET", "/v1/calls/kept", admin, "")
	if !strings.Contains(record, `"text":"i want to council"`) || !strings.Contains(record, `"text":"I want to cancel."`) {
		t.Errorf("the record shows not both: %s", record)
	}
	if status, _, body := s.ask(t, "DELETE", path, admin, "", "Idempotency-Key", "k2"); status != 204 || body != "" {
		t.Errorf("take it back: %d %s", status, body)
	}
	if _, _, record := s.ask(t, "GET", "/v1/calls/kept", admin, ""); !strings.Contains(record, `"corrections":[]`) {
		t.Errorf("it is still there: %s", record)
	}
	if status, _, steps := s.ask(t, "GET", path+"s", admin, ""); status != 200 || strings.Count(steps, `"by":"test admin"`) != 2 || strings.Count(steps, `"text"`) != 1 {
		t.Errorf("how it came to that: %d %s", status, steps)
	}
	if strings.Contains(s.logs.String(), "cancel") {
		t.Error("what was said is in the log")
	}
}

func TestCorrectionsThatAreRefused(t *testing.T) {
	s := newSite(t)
	admin := s.key(t, "admin")
	path := s.agentCall(t, "kept", "")
	before, err := s.store.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path, body string
		want       int
	}{
		"no body":           {path, "", 400},
		"not JSON":          {path, "{", 400},
		"no text":           {path, `{}`, 422},
		"empty":             {path, `{"text":""}`, 422},
		"only signs":        {path, `{"text":"?!"}`, 422},
		"too long":          {path, `{"text":"` + strings.Repeat("a", 2001) + `"}`, 422},
		"far too long":      {path, `{"text":"` + strings.Repeat("a", 2<<20) + `"}`, 413},
		"unknown field":     {path, `{"text":"a","by":"me"}`, 422},
		"unknown call":      {strings.Replace(path, "/kept/", "/nope/", 1), fix, 404},
		"unknown utterance": {"/v1/calls/kept/utterances/nope/correction", fix, 404},
		"an id too long":    {"/v1/calls/kept/utterances/" + strings.Repeat("a", 65) + "/correction", fix, 422},
	} {
		status, header, body := s.ask(t, "PUT", c.path, admin, c.body)
		if status != c.want || !strings.Contains(header.Get("Content-Type"), "problem+json") {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
	if after, err := s.store.LastSeq(t.Context()); err != nil || after != before {
		t.Errorf("a refused request committed something: %d events, %v", after-before, err)
	}
}

func TestACardNumberIsNotPutBack(t *testing.T) {
	// Two groups of it: four ones alone also turn up in times and ids.
	shown := regexp.MustCompile(`1111\D?1111`).MatchString
	s := newSite(t)
	admin := s.key(t, "admin")
	path := s.agentCall(t, "kept", "")
	status, _, body := s.ask(t, "PUT", path, admin, `{"text":"It is 4111 1111 1111 1111."}`)
	if status != 200 || shown(body) || !strings.Contains(body, "[card number]") {
		t.Errorf("%d %s", status, body)
	}
	events, err := s.store.Events(t.Context(), event.Query{Call: "kept", Types: []event.Type{event.UtteranceCorrected}})
	if err != nil || len(events) != 1 || shown(string(events[0].Data)) {
		t.Errorf("%d events, %v", len(events), err)
	}
}

func TestCorrectionsArePaged(t *testing.T) {
	s := newSite(t)
	admin := s.key(t, "admin")
	for i := range 5 {
		if status, _, body := s.ask(t, "PUT", s.agentCall(t, fmt.Sprintf("call%d", i), ""), admin, fix); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	seen := map[string]bool{}
	pages := 0
	for after := ""; ; pages++ {
		status, _, body := s.ask(t, "GET", "/v1/corrections?limit=2&after="+after, admin, "")
		var page struct {
			Corrections []event.Correction
			Next        string
		}
		if err := json.Unmarshal([]byte(body), &page); status != 200 || err != nil {
			t.Fatalf("%d %s, %v", status, body, err)
		}
		for _, c := range page.Corrections {
			seen[c.CallID] = true
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(seen) != 5 || pages != 2 {
		t.Errorf("saw %v on %d pages", seen, pages+1)
	}
	for path, want := range map[string]int{"/v1/corrections?limit=0": 422, "/v1/corrections?limit=501": 422, "/v1/corrections?after=odd": 400} {
		if status, _, body := s.ask(t, "GET", path, admin, ""); status != want {
			t.Errorf("%s: %d %s, want %d", path, status, body, want)
		}
	}
}
