package insights_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/redact"
	"heed/insights/summary"
	"heed/insights/written"
)

// summed is a fixture call summed up as the product does: redacted, written
// and understood first.
func summed(t *testing.T, m *summary.Maker, name string) insights.Summary {
	t.Helper()
	r, w := redact.New(redact.Policy{}), written.New(written.Options{Language: "en", Region: "US"})
	var call insights.Call
	for _, u := range turns(t, name) {
		u, _, _ := r.Final(u)
		u.Written, u.WrittenWords = w.Write(&u)
		call.Insights = append(call.Insights, chain().Analyze(&u, &call)...)
		call.Utterances = append(call.Utterances, u)
	}
	return m.Make(name, call.Utterances, call.Insights)
}

// TestGoldenSummaries shows how each fixture call is summed up. Run with
// -update to rewrite the files, and review them as code.
func TestGoldenSummaries(t *testing.T) {
	m, err := summary.New()
	if err != nil {
		t.Fatal(err)
	}
	calls, err := fs.Glob(fixtures.Calls(), "*.json")
	if err != nil || len(calls) == 0 {
		t.Fatal("no calls", err)
	}
	for _, file := range calls {
		name := strings.TrimSuffix(file, ".json")
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for _, l := range summed(t, m, name).Lines {
				fmt.Fprintf(&b, "%-9s %6.2f %-8s %s %s", l.Part, l.Start, l.Speaker, l.UtteranceID, l.Text)
				if l.Due != "" {
					fmt.Fprintf(&b, " (%s)", l.Due)
				}
				b.WriteByte('\n')
			}
			golden := filepath.Join("testdata", "summary", name+".golden")
			if *update {
				must(os.MkdirAll(filepath.Dir(golden), 0o755))
				must(os.WriteFile(golden, []byte(b.String()), 0o644))
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
