package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/themes"
	"heed/transcribe/scripted"
)

// searched is what a search finds, as far as it is needed.
type searched struct {
	Hits []struct {
		Call string `json:"call_id"`
	}
}

// What is counted of a call is counted where it came from, told late, and the
// search that stands beside each number finds that many calls.
func TestCallsAreCountedByWhereTheyCameFrom(t *testing.T) {
	t.Parallel() // it waits more than it works
	const name = "cancel-competitor"
	script, lines := readScript(t, name)
	cfg := settings(t, filepath.Join(t.TempDir(), "data"))
	cfg.Webhooks.Mapping = filepath.Join("..", "..", "deploy", "doors", "tracking.yaml")
	c := serveWith(t, cfg, scriptedBy(map[string][]scripted.Line{script.Caller: lines}))
	record := call(t, c, recording(t, name), script.Caller, 25)
	counters := func(query string) (s themes.Series) {
		t.Helper()
		if status := ask(t, c, http.MethodGet, "/v1/counters?"+query, "", &s); status != http.StatusOK {
			t.Fatalf("%s: %d", query, status)
		}
		return s
	}
	wait(t, "the intents", func() bool {
		s := counters("kind=intent&by=name&source=(none)")
		return s.State == "complete" && len(s.Series) > 0
	})
	body := fmt.Sprintf(`{"id":"ctm-1","unix_time":%d,"caller_number":%q,"tracking_number":"+18005550111","business_number":"+12025550199","called_at":%q,"source":"google","campaign":"Fibre Deal","keyword":"fibre deal"}`,
		record.StartedAt.Unix(), script.Caller, record.StartedAt.Format(time.RFC3339))
	if status := ask(t, c, http.MethodPost, "/ingest/tracking/ctm", body, nil); status != http.StatusNoContent {
		t.Fatalf("told: %d", status)
	}
	wait(t, "where the call came from", func() bool { return len(counters("kind=intent&by=name&source=google").Series) > 0 })
	if left := counters("kind=intent&by=name&source=(none)"); len(left.Series) > 0 {
		t.Errorf("still counted among those of which nobody told: %+v", left.Series)
	}
	looked := 0
	for _, query := range []string{
		"kind=intent&by=name&campaign=fibre+deal", "kind=sentiment&by=campaign", "kind=volume&by=source", "kind=theme&by=name&source=google&step=none",
	} {
		s := counters(query)
		for _, one := range s.Series {
			if one.Q == "" {
				continue
			}
			looked++
			wait(t, "search "+one.Q, func() bool {
				var found searched
				calls := map[string]bool{}
				status := ask(t, c, http.MethodGet, "/v1/search?limit=100&q="+url.QueryEscape(one.Q), "", &found)
				for _, h := range found.Hits {
					calls[h.Call] = true
				}
				return status == http.StatusOK && int64(len(calls)) == one.Calls
			})
		}
	}
	if looked < 4 {
		t.Errorf("only %d numbers were looked up", looked)
	}
	for query, want := range map[string]int{
		"kind=intent": http.StatusUnprocessableEntity, "kind=theme&name=nothing": http.StatusNotFound, "kind=mood": http.StatusUnprocessableEntity, "": http.StatusUnprocessableEntity,
	} {
		if status := ask(t, c, http.MethodGet, "/v1/counters?"+query, "", nil); status != want {
			t.Errorf("%q: %d, want %d", query, status, want)
		}
	}
	for role, want := range map[string]int{"marketer": http.StatusOK, "viewer": http.StatusForbidden, "agent": http.StatusForbidden} {
		if status := ask(t, asRole(t, c, role), http.MethodGet, "/v1/counters?kind=volume", "", nil); status != want {
			t.Errorf("%s: %d, want %d", role, status, want)
		}
	}
}
