package app_test

import (
	"path/filepath"
	"testing"

	"heed/internal/play"
)

// The agent is given the words that announce a recording where the caller has
// to be told, nobody has told them yet, and the platform does not say it.
func TestTheRecordingIsAnnounced(t *testing.T) {
	const words, caller = "we record this call", "+12025550182"
	for name, set := range map[string]struct {
		consent   string
		announced bool
		before    string // what the ledger says of recording
		want      string
	}{
		"by the agent":                {"announce", false, "", words},
		"by the platform":             {"announce", true, "", ""},
		"asked instead":               {"ask", false, "", ""},
		"to nobody who said yes once": {"announce", false, "granted", ""},
		"nor to who said no":          {"announce", false, "withdrawn", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := settings(t, filepath.Join(t.TempDir(), "data"))
			cfg.Law.Recording, cfg.Law.Announced, cfg.Law.Announcement = set.consent, set.announced, words
			c := serveWith(t, cfg, scriptedBy(nil))
			if set.before != "" {
				allow(t, c, person(t, c, caller, ""), "recording", set.before)
			}
			r := callAs(t, c, play.Options{
				Recording: recording(t, "happy-thanks"), URL: c.Base(), Key: c.Key(), Speed: 25,
				Caller: play.Caller{From: caller, To: "+12025550199", Agent: "Dana"},
			})
			if r.Recording.Announce != set.want {
				t.Errorf("the agent is to say %q, want %q (%+v)", r.Recording.Announce, set.want, r.Recording)
			}
		})
	}
}
