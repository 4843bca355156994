package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"heed/internal/event"
	"heed/transcribe/scripted"
)

// TestTheMarketersTaskInABrowser has one call of a campaign, of which no course
// may be drawn.
func TestTheMarketersTaskInABrowser(t *testing.T) {
	t.Parallel() // it waits more than it works
	needBrowser(t)
	dir := t.TempDir()
	cfg := settings(t, filepath.Join(dir, "data"))
	cfg.Campaigns.Numbers = filepath.Join(dir, "numbers.yaml")
	file := `numbers: [{number: "+12025550199", source: google, medium: cpc, campaign: Fibre Spring}]`
	if err := os.WriteFile(cfg.Campaigns.Numbers, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	const name = "cancel-competitor"
	s, lines := readScript(t, name)
	c := serveWith(t, cfg, scriptedBy(map[string][]scripted.Line{s.Caller: lines}))
	call(t, c, recording(t, name), s.Caller, 40)
	wait(t, "the number's record", func() bool {
		var listed struct{ Records []event.Tracking }
		return ask(t, c, http.MethodGet, "/v1/tracking", "", &listed) == http.StatusOK && len(listed.Records) == 1
	})
	wait(t, "the themes of the campaign", func() bool {
		var found struct{ Series []struct{ Calls int } }
		return ask(t, c, http.MethodGet, "/v1/counters?kind=theme&by=name&campaign=fibre+spring", "", &found) == http.StatusOK && len(found.Series) > 0
	})
	visit(t, "e2e/market.spec.mjs", c.Base(), linkOf(c, "marketer", "Mia"))
}
