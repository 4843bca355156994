package app_test

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/internal/client"
	"heed/internal/desk"
	"heed/internal/store"
	"heed/transcribe/scripted"
)

// planted and refusedWord are words that are found nowhere else: one is said
// on both calls, the other on the refused one only.
const planted, refusedWord = "zorvaxtilian", "quilbraxenot"

// TestExampleKNoRecording: a caller says no after some
// of the call was heard. No audio, transcript or label of it is on the disk, the
// advice goes on from other signals, and the log has the proof. Who does not
// say no is recorded as ever.
func TestExampleKNoRecording(t *testing.T) {
	t.Parallel() // it waits more than it works
	const refuses, agrees = "+12025550171", "+12025550172"
	say := func(word, no string) []scripted.Line {
		return []scripted.Line{
			{Speaker: "agent", Start: 1 * time.Second, End: 2 * time.Second, Text: "good morning how can i help you"},
			{Speaker: "customer", Start: 3 * time.Second, End: 5 * time.Second, Text: "i want to cancel my contract it is called " + planted + word + " and it is too expensive"},
			{Speaker: "agent", Start: 6 * time.Second, End: 7 * time.Second, Text: "i am sorry to hear that"},
			{Speaker: "customer", Start: 8 * time.Second, End: 9 * time.Second, Text: no},
			{Speaker: "customer", Start: 12 * time.Second, End: 14 * time.Second, Text: "as i said i want to cancel " + planted},
		}
	}
	lines := map[string][]scripted.Line{refuses: say(" "+refusedWord, "please do not record this call"), agrees: say("", "my name is nobody")}
	dir := filepath.Join(t.TempDir(), "data")
	a, c := serve(t, dir, scriptedBy(lines))
	rec := recording(t, "cancel-competitor")

	kept := call(t, c, rec, agrees, 0)
	if len(kept.Utterances) != len(lines[agrees]) || kept.Recording.State != "kept" {
		t.Fatalf("the other call: %d utterances, %+v", len(kept.Utterances), kept.Recording)
	}
	before := call(t, c, rec, refuses, 10)
	if len(before.Utterances)+len(before.Insights) != 0 || before.Recording.State != "refused" || before.Recording.Answer != "no" || before.Recording.AnsweredBy != "caller" {
		t.Errorf("kept %d utterances, %d insights, %+v", len(before.Utterances), len(before.Insights), before.Recording)
	}
	if before.Status != "ended" || before.Duration < 14 {
		t.Errorf("the call did not go on: %s after %v s", before.Status, before.Duration)
	}
	advised := before.Decisions[len(before.Decisions)-1]
	if advised.At.Before(before.StartedAt) || strings.Contains(advised.Because, "cancel") || len(before.Decisions) < 2 {
		t.Errorf("advice after the refusal: %+v", advised)
	}
	proof(t, c, before)

	// The next call starts without a recording, and an agent may change it.
	next := call(t, c, rec, refuses, 0)
	if next.Recording.State != "refused" || len(next.Utterances) != 0 {
		t.Errorf("the next call: %+v, %d utterances", next.Recording, len(next.Utterances))
	}
	if status := ask(t, c, http.MethodPost, "/v1/calls/"+next.ID+"/recording", `{"action": "pause"}`, nil); status != http.StatusConflict {
		t.Errorf("an order for a call that is over: %d", status)
	}

	type hit struct {
		CallID string `json:"call_id"`
	}
	var hits struct{ Hits []hit }
	if ask(t, c, http.MethodGet, "/v1/search?q="+planted, "", &hits); len(hits.Hits) == 0 || slices.ContainsFunc(hits.Hits, func(h hit) bool { return h.CallID != kept.ID }) {
		t.Errorf("the search finds %+v", hits.Hits)
	}
	if err := a.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	nothingOf(t, dir, before.ID)
}

// proof looks for what the log and the ledger tell of the refusal.
func proof(t *testing.T, c *client.Client, r *desk.Record) {
	t.Helper()
	var ledger struct {
		Rows []struct {
			Purpose string
			State   string
			CallID  string  `json:"call_id"`
			Second  float64 `json:"call_second"`
		}
	}
	ask(t, c, http.MethodGet, "/v1/customers/"+r.CustomerID+"/consent", "", &ledger)
	if len(ledger.Rows) != 1 || ledger.Rows[0].Purpose != "recording" || ledger.Rows[0].State != "withdrawn" || ledger.Rows[0].CallID != r.ID || ledger.Rows[0].Second < 7 || ledger.Rows[0].Second > 10 {
		t.Errorf("the ledger: %+v", ledger.Rows)
	}
	for _, reading := range r.Customer.Readings {
		if len(reading.Evidence) > 0 {
			t.Errorf("the profile still has evidence for %s: %+v", reading.Name, reading.Evidence)
		}
	}
}

// nothingOf looks for the words of the refused call in the data of a stopped
// server, and for its audio.
func nothingOf(t *testing.T, dir, id string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if strings.Contains(d.Name(), id) || bytes.Contains(raw, []byte(refusedWord)) {
			t.Errorf("%s holds something of the call", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	events, err := s.Events(context.Background(), store.EventQuery{Call: id, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	refused, forgotten := false, 0
	for _, e := range events {
		if bytes.Contains(e.Data, []byte(planted)) || bytes.Contains(e.Data, []byte("expensive")) {
			t.Errorf("event %d, %s, holds the words", e.Seq, e.Type)
		}
		refused = refused || e.Type == "call.changed" && bytes.Contains(e.Data, []byte(`"state":"refused"`))
		if e.Type == "utterance.spoken" && e.Erased() {
			forgotten++
		}
	}
	if !refused || forgotten != 3 {
		t.Errorf("in the log: refused %v, %d lines forgotten, want 3", refused, forgotten)
	}
	turns, err := s.Turns(context.Background(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, turn := range turns {
		if turn.Call == id {
			t.Errorf("the themes count %q of it", turn.Text)
		}
	}
}
