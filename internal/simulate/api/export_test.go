package api

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"heed/internal/decide"
	"heed/internal/offpolicy/logged"
	"heed/internal/store"
)

// TestLinesOfMorePages reads more decisions than a page holds, each once, and
// leaves out silence.
func TestLinesOfMorePages(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	began := time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)
	const all = 2*exportPage + 7
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		for n := range all {
			d := decide.Decision{ID: fmt.Sprintf("d%04d", n), Subject: fmt.Sprint("p", n%3), Slot: "web", At: began.Add(time.Duration(n/5) * time.Second)}
			if n%2 == 0 {
				d.Actions = []decide.Choice{{Action: "a"}}
				d.Survivors = []decide.Survivor{{Action: "a", Pi: 1, P: 0.5, V: float64(n + 1)}}
			}
			if err := tx.AddDecision(d); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	r := routes{Parts: Parts{Store: s}}
	values, names := make(map[float64]bool), make(map[string]bool)
	err = r.lines(t.Context(), began, began.Add(time.Hour), func(v any) error {
		l, is := v.(logged.Line)
		if !is || values[l.Survivors[0].V] {
			t.Errorf("given twice, or no line: %v", v)
		}
		values[l.Survivors[0].V], names[l.Subject] = true, true
		_, err := json.Marshal(v)
		return err
	})
	if err != nil || len(values) != (all+1)/2 || len(names) != 3 || names["p1"] {
		t.Errorf("%d lines of %v: %v", len(values), names, err)
	}
}
