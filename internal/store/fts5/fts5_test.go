package fts5_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"heed/internal/store/fts5"
)

// Without FTS5 in SQLite it says so, and with it it finds what Heed's would.
func TestBesideWhichTheBenchMeasures(t *testing.T) {
	x, err := fts5.Open(t.Context(), filepath.Join(t.TempDir(), "fts5.db"))
	if err != nil {
		if !strings.Contains(err.Error(), "fts5") {
			t.Error(err)
		}
		return
	}
	defer x.Close()
	if err := x.Add(t.Context(), []fts5.Said{{"late refunds", "customer", "2026-01-02"}, {"a refund", "agent", "2026-01-03"}}); err != nil {
		t.Fatal(err)
	}
	best, all, err := x.Ask(t.Context(), "refund", [3]string{"customer", "2026-01-01", "2026-02-01"})
	if err != nil || all != 1 || !slices.Equal(best, []string{"late refunds"}) {
		t.Errorf("%v of %d, %v", best, all, err)
	}
}
