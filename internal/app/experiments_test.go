package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/app"
	"heed/internal/experiment"
	"heed/internal/trial"
)

// Arms decide for their share through the API, what came of it is compared,
// and an arm that is ended decides no more, also after the next start.
func TestArmsDecideAreComparedAndEnd(t *testing.T) {
	dir := t.TempDir()
	text := "version: 1\nsalt: test\narms: [{name: holdout, share: 0.2, sticky_days: 90}]\n"
	if err := os.WriteFile(filepath.Join(dir, trial.PlanFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config := settings(t, filepath.Join(t.TempDir(), "data"))
	config.Content.Actions, config.Content.Experiments = offers(t), dir
	start := func() *app.App {
		a, err := app.New(t.Context(), app.Options{Config: config, Logger: slog.New(slog.DiscardHandler), Version: "test", Engine: app.NoEngine(), Analyzer: insights.Chain(nil)})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := start()
	c := run(t, a)
	held := map[string]string{}
	for i := range 40 {
		id := person(t, c, fmt.Sprintf("+121355501%02d", i), "")
		allow(t, c, id, "marketing", "granted")
		d := decided(t, c, id, "web")
		if rule, _ := removedBy(d); (rule == "contact.holdout") != (d.Policy == "holdout") {
			t.Fatalf("%s: the sale was removed by %q", d.Policy, rule)
		}
		if d.Policy == "holdout" {
			held[id] = d.ID
		} else {
			body := fmt.Sprintf(`{"decision_id": %q, "action": "sell", "outcome": "accepted"}`, d.ID)
			if status := ask(t, c, http.MethodPost, "/v1/outcomes", body, nil); status != http.StatusCreated {
				t.Fatalf("outcome: %d", status)
			}
		}
	}
	if len(held) < 2 || len(held) > 20 {
		t.Fatalf("%d of 40 are held out, by a share of 0.2", len(held))
	}
	var r experiment.Report
	wait(t, "the report", func() bool {
		r = experiment.Report{}
		return ask(t, c, http.MethodGet, "/v1/experiments/lift?days=1", "", &r) == http.StatusOK &&
			len(r.Arms) == 2 && r.Arms[0].Decisions+r.Arms[1].Decisions == 40 && r.Arms[1].Accepted.Mean == 1
	})
	if l := r.Lifts[0]; l.Against != "holdout" || l.Accepted.Mean != 1 || l.Reward.Mean <= 0 || !strings.HasPrefix(l.Verdict, "Too early to tell") {
		t.Errorf("%+v", l)
	}
	end := func(arm, why string) int {
		return ask(t, c, http.MethodPost, "/v1/experiments/"+arm+"/end", fmt.Sprintf(`{"why": %q}`, why), nil)
	}
	for _, is := range []struct{ got, want int }{
		{end("nobody", "over"), http.StatusNotFound},
		{end("holdout", ""), http.StatusUnprocessableEntity},
		{end("holdout", "the quarter is over"), http.StatusOK},
		{end("holdout", "the quarter is over"), http.StatusNotFound},
	} {
		if is.got != is.want {
			t.Errorf("status %d, want %d", is.got, is.want)
		}
	}
	none := func(when string) {
		t.Helper()
		for id := range held {
			if d := decided(t, c, id, "web"); d.Policy != experiment.NBA {
				t.Errorf("%s %s decides", when, d.Policy)
			}
		}
	}
	none("at once")
	if err := a.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	c = run(t, start())
	none("after the next start")
	wait(t, "what ended it", func() bool {
		var s trial.State
		return ask(t, c, http.MethodGet, "/v1/experiments", "", &s) == http.StatusOK && len(s.Ended) == 1 && s.Ended[0].Why == "the quarter is over" && s.Ended[0].By != ""
	})
}

// wait asks until something holds, or fails when the test's time is over.
func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s did not come", what)
		}
	}
}
