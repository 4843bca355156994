package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/event"
	"heed/internal/store"
)

// fewIntents is a folder of intents that are learned at once.
func fewIntents(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := "version: 1\nintents:\n"
	for name, does := range map[string]string{"cancel": "please cancel", "refund": "pay back"} {
		text += "  - name: " + name + "\n    about: wants to " + does + "\n    examples:\n"
		for _, what := range []string{"my contract", "the blue one", "that order", "all of it", "it today"} {
			text += "      - " + does + " " + what + "\n"
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "few.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// past fills a data folder with calls that an old analyzer misunderstood.
func past(t *testing.T, dir string, calls int) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now().Add(-48 * time.Hour).UTC().Truncate(time.Second)
	err = s.Write(t.Context(), func(tx *store.Tx) error {
		for n := range calls {
			if err := pastCall(tx, fmt.Sprintf("call-%d", n), began.Add(time.Duration(n)*time.Minute)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func pastCall(tx *store.Tx, id string, began time.Time) error {
	if err := tx.SaveCall(event.Call{ID: id, Platform: "test", PlatformCall: id, Status: event.CallOver, StartedAt: began}); err != nil {
		return err
	}
	u := insights.Utterance{
		ID: id + "-1", CallID: id, Seq: 1, Speaker: insights.Customer, Text: "i want to cancel my contract please", Start: 1, End: 3, Language: "en",
	}
	old := insights.Insight{Kind: insights.Intent, Name: "praise", Speaker: u.Speaker, Start: 1, End: 3, Confidence: 0.9, UtteranceID: u.ID, Model: "intent/old"}
	e, err := event.New(event.UtteranceSpoken, began, event.About{Subject: id, Call: id}, event.Reworded{Utterance: u, Insights: []insights.Insight{old}})
	if err != nil {
		return err
	}
	if err := tx.AddUtterance(u); err != nil {
		return err
	}
	if err := tx.AddInsights(id, []insights.Insight{old}); err != nil {
		return err
	}
	return tx.Append(e)
}

// TestReanalyze reads a data folder again: first only to tell, then through
// the server that uses it, where search follows, and then without one, where
// nothing is left to do.
func TestReanalyze(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	past(t, dir, 25)
	few := fewIntents(t)
	dry := heed(t, "reanalyze", "--since", "30d", "--kind", "intent", "--dry-run", "--show", "--data", dir, "--content-intents", few)
	dry.want(t, 0)
	for _, says := range []string{
		"25 utterances of 25 calls were read again by intent/", "Nothing was changed.", "praise", "cancel",
		"call-0 call-0-1  intent:praise -> intent:cancel", `"i want to cancel my contract please"`,
	} {
		if !strings.Contains(dry.out, says) {
			t.Errorf("the dry run does not say %q:\n%s", says, dry.out)
		}
	}
	if !strings.Contains(dry.err, "25 of 25 calls, 25 utterances, 25 changed") {
		t.Errorf("progress:\n%s", dry.err)
	}
	s := serveFor(t, dir, "--speech-engine", "none", "--content-intents", few)
	eventually(t, "the old reading is found", func() bool { return s.hits(t, "intent:praise") == 25 })
	run := reanalyzed(t, dir, few)
	if run.State != event.ReanalysisDone || run.Counts.Calls != 25 || run.Counts.Changed != 25 || run.Counts.Figures != 25 {
		t.Errorf("%+v", run)
	}
	eventually(t, "search follows", func() bool { return s.hits(t, "intent:cancel") == 25 && s.hits(t, "intent:praise") == 0 })
	var status struct{ Models []string }
	s.get(t, "/v1/status", &status)
	if strings.Join(status.Models, " ") != strings.Join(run.Models, " ") || len(run.Models) < 4 {
		t.Errorf("the status names %v, the run %v", status.Models, run.Models)
	}
	s.stop(t)
	if again := reanalyzed(t, dir, few); again.Counts != (event.ReanalysisCounts{Calls: 25, Total: 25, Utterances: 25}) || again.ID == run.ID {
		t.Errorf("again: %+v", again)
	}
	models := heed(t, "version", "--models", "--content-intents", few)
	models.want(t, 0)
	if !strings.Contains(models.out, strings.Join(run.Models, "\n")) {
		t.Errorf("version --models prints\n%s, want %v", models.out, run.Models)
	}
	heed(t, "reanalyze", "--call", "no-such-call", "--data", dir, "--content-intents", few).want(t, 2, "not found")
}

// reanalyzed runs the command for all of the past.
func reanalyzed(t *testing.T, dir, few string) event.Reanalysis {
	t.Helper()
	r := heed(t, "reanalyze", "--since", "30d", "--json", "--data", dir, "--content-intents", few)
	r.want(t, 0)
	var run event.Reanalysis
	if err := json.Unmarshal([]byte(r.out), &run); err != nil {
		t.Fatalf("%v: %s", err, r.out)
	}
	return run
}

func (s *server) hits(t *testing.T, query string) int {
	t.Helper()
	var page struct{ Total int }
	s.get(t, "/v1/search?q="+query, &page)
	return page.Total
}

// TestReanalyzeGoesOnAfterKill kills the command in the middle; a server that
// starts then goes on by itself.
func TestReanalyzeGoesOnAfterKill(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	past(t, dir, 600)
	few := fewIntents(t)
	killed := interrupted(t, dir, few)
	s := serveFor(t, dir, "--speech-engine", "none", "--content-intents", few)
	eventually(t, "the server goes on", func() bool {
		var run event.Reanalysis
		s.get(t, "/v1/reanalyze", &run)
		return run.State == event.ReanalysisDone && run.Counts.Calls == 600 && run.Counts.Changed == 600 && run.ID == killed.ID
	})
	s.stop(t)
}

// interrupted leaves a run behind that its process did not finish.
func interrupted(t *testing.T, dir, few string) event.Reanalysis {
	t.Helper()
	c := exec.CommandContext(t.Context(), common.binary, "reanalyze", "--since", "30d", "--data", dir, "--content-intents", few)
	errs := &lockedBuffer{}
	c.Env, c.Stderr = environment(), errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it has begun", func() bool { return strings.Contains(errs.String(), " of 600 calls") })
	_ = c.Process.Kill()
	_ = c.Wait() // it was killed
	s, err := store.Open(t.Context(), store.Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.LastReanalysis(t.Context())
	if err != nil || run.State != event.ReanalysisRunning || run.Counts.Calls == 600 {
		t.Errorf("it was not in the middle: %+v, %v", run, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return run
}
