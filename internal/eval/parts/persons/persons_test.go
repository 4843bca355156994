package persons

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestMissingSetsAreLeftOut holds each part to saying so when it has no set.
func TestMissingSetsAreLeftOut(t *testing.T) {
	for _, part := range Parts() {
		lines, err := part.Measure(t.TempDir())
		if len(lines) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %d lines, %v", part.Name, len(lines), err)
		}
	}
}

func TestEntitiesAreMeasured(t *testing.T) {
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "nlupp"), 0o700); err != nil {
		t.Fatal(err)
	}
	rows := `[{"text": "a room for £80 next week", "slots": {"amount_of_money": {"span": [11, 14]}}}]`
	if err := os.WriteFile(filepath.Join(folder, "nlupp", "hotels.fold12.json"), []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := entities(folder)
	if err != nil || len(lines) != 2 {
		t.Fatalf("%+v, %v", lines, err)
	}
	for _, l := range lines {
		if l.Value != 1 || l.Task != "nlu++ hotels, folds 10-13, money" {
			t.Errorf("%+v", l)
		}
	}
}
