package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// correct says over the API what was really said in an utterance.
func (s *server) correct(t *testing.T, call, utterance, text string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		t.Fatal(err)
	}
	path := s.base + "/v1/calls/" + call + "/utterances/" + utterance + "/correction"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, path, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("correct: %s", resp.Status)
	}
}

// TestCorrectionsComeBack plays a call, corrects what was heard, and gets an
// evaluation set that the engine can be measured on, and the words to boost.
func TestCorrectionsComeBack(t *testing.T) {
	t.Parallel()
	needEngine(t)
	dir := filepath.Join(t.TempDir(), "data")
	s := serveFor(t, dir)
	r := heed(t, "call", save(t, "call.wav", recorded(t, "cancel-competitor", 14)), "--data", dir, "--json", "--speed", "5")
	r.want(t, 0)
	var rec record
	if err := json.Unmarshal([]byte(r.out), &rec); err != nil || len(rec.Said) < 2 {
		t.Fatalf("%d utterances, %v", len(rec.Said), err)
	}
	empty := heed(t, "corrections", "words", "--data", dir)
	empty.want(t, 0)
	if empty.out != "version: 1\nboost: []\n" {
		t.Errorf("without corrections: %q", empty.out)
	}
	for _, u := range rec.Said[:2] {
		s.correct(t, rec.ID, u.ID, u.Text+" Northwind Plus.")
	}
	eventually(t, "the corrected words are found", func() bool {
		var found struct{ Total int }
		s.get(t, "/v1/search?q=northwind", &found)
		return found.Total == 2
	})

	words := heed(t, "corrections", "words", "--data", dir)
	words.want(t, 0)
	var file struct{ Boost []string }
	if err := yaml.Unmarshal([]byte(words.out), &file); err != nil || len(file.Boost) != 1 || file.Boost[0] != "northwind plus" {
		t.Errorf("%v: %v in\n%s", err, file.Boost, words.out)
	}

	set := filepath.Join(t.TempDir(), "set")
	out := heed(t, "corrections", "export", set, "--data", dir)
	out.want(t, 0)
	if !strings.HasPrefix(out.out, "2 clips, ") {
		t.Errorf("it printed %q", out.out)
	}
	heed(t, "corrections", "export", set, "--data", dir).want(t, 2, "not empty")
	score := exec.CommandContext(t.Context(), "go", "run", "heed/internal/eval/cmd", "--native", "--speech", set)
	report, err := score.CombinedOutput()
	if err != nil || !strings.Contains(string(report), "overall") {
		t.Errorf("measuring on it: %v\n%s", err, report)
	}
	if err := os.RemoveAll(set); err != nil {
		t.Error(err)
	}
	s.stop(t)
}

func TestCorrectionsMisuse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, tt := range []struct{ args, says string }{
		{"corrections bogus", `unknown command "bogus"`},
		{"corrections export", "want one folder"},
		{"corrections export a b", "want one folder"},
		{"corrections words x", `takes no argument "x"`},
		{"corrections words --times 0 --key k", "--times 0"},
		{"corrections words --to ftp://x --key k", "http://localhost:8080"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			t.Parallel()
			heedIn(t, dir, nil, strings.Fields(tt.args)...).want(t, 2, tt.says)
		})
	}
	heedIn(t, dir, nil, "corrections", "export", "set", "--key", "k", "--to", "http://127.0.0.1:1").want(t, 1, "cannot reach the server")
	heedIn(t, dir, nil, "corrections", "words", "--key", "k", "--to", "http://127.0.0.1:1").want(t, 1, "cannot reach the server")
}
