package scripted

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestRecordedCalls replays every recorded call in 20 ms frames and compares
// the finals of both parties with what was reviewed.
func TestRecordedCalls(t *testing.T) {
	calls, err := filepath.Glob("../../fixtures/calls/*.json")
	if err != nil || len(calls) < 6 {
		t.Fatalf("%d calls: %v", len(calls), err)
	}
	for _, path := range calls {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			lines, err := Parse(f)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for _, who := range []string{"agent", "customer"} {
				for _, s := range replay(t, New(ForParty(lines, who)), tape(0, 140*time.Second, transcribe.FrameDuration)) {
					if s.Final {
						fmt.Fprintf(&out, "%s %.2f %.2f %s\n", who, s.Start.Seconds(), s.End.Seconds(), s.Text)
					}
				}
			}
			golden(t, filepath.Join("testdata", name+".golden"), out.String())
		})
	}
}

// golden compares with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			t.Fatalf("line %d: %q, want %q (after a change on purpose: go test -update)", i+1, y, x)
		}
	}
}
