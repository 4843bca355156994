package siprec

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
)

// TestSIPp has a client that is not of our making record a call with a pause.
func TestSIPp(t *testing.T) {
	t.Parallel()
	sipp, err := exec.LookPath("sipp")
	if err != nil {
		if os.Getenv("HEED_REQUIRE_TOOLS") == "1" {
			t.Fatal("SIPp is not installed: apt-get install sip-tester")
		}
		t.Skip("NOT TESTED: SIPp is not installed: apt-get install sip-tester")
	}
	scenario, err := filepath.Abs("testdata/src.xml")
	if err != nil {
		t.Fatal(err)
	}
	for name, transport := range map[string]string{"udp": "u1", "tcp": "t1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, nil)
			dir := t.TempDir()
			sound := filepath.Join(dir, "sound.ulaw")
			if err := os.WriteFile(sound, bytes.Repeat([]byte{0x00}, 8000), 0o600); err != nil {
				t.Fatal(err)
			}
			c := exec.CommandContext(t.Context(), sipp, g.door.Address(), "-sf", scenario, "-t", transport, "-i", "127.0.0.1", //nolint:gosec // a test
				"-m", "1", "-nostdin", "-timeout", "20", "-timeout_error", "-trace_err")
			c.Dir = dir // where it writes its errors
			c.Env = append(os.Environ(), "TERM=dumb")
			out, err := c.CombinedOutput()
			if err != nil {
				logs, _ := filepath.Glob(filepath.Join(dir, "*.log"))
				for _, f := range logs {
					b, _ := os.ReadFile(f)
					out = append(out, b...)
				}
				t.Fatalf("%v: %s", err, out)
			}
			rec := g.calls.Next(t).Wait(t)
			if rec.Why != ingest.Stopped || g.calls.Count() != 1 || rec.Start.From != "+14155550142" || rec.Start.Agent != "Dana" {
				t.Errorf("%d calls, ended as %s, start %+v", g.calls.Count(), rec.Why, rec.Start)
			}
			// 500 ms, a pause of 300 and 400 more, by a machine that may be busy.
			if n := len(rec.PCM[insights.Customer]); n < 8*600 || n > 8*3000 || rec.Length(insights.Customer) < 900*time.Millisecond || rec.Faults[ingest.Garbage] > 0 {
				t.Errorf("%d samples in %v, faults %v", n, rec.Length(insights.Customer), rec.Faults)
			}
		})
	}
}
