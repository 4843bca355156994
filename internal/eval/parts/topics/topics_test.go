package topics

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"heed/internal/eval/board"
)

// TestMissingSetsAreLeftOut holds each part to saying so when it has no set.
func TestMissingSetsAreLeftOut(t *testing.T) {
	for _, part := range Parts(nil) {
		lines, err := part.Measure(t.TempDir())
		if len(lines) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %d lines, %v", part.Name, len(lines), err)
		}
	}
}

func TestThemeSearchHasItsBars(t *testing.T) {
	folder := t.TempDir()
	dir := filepath.Join(folder, "dstc11-intent-induction")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	turns := `{"utterance": "where is the next cash machine please", "intent": "FindCashMachine"}
{"utterance": "is there a cash machine close by", "intent": "FindCashMachine"}
{"utterance": "please close my account today", "intent": "CloseAccount"}
`
	if err := os.WriteFile(filepath.Join(dir, "banking-turns.jsonl"), []byte(turns), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := themeSearch(folder, nil)
	if err != nil || len(lines) != 4 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if first := lines[0]; first.Measure != "nDCG@10" || first.Value != 1 || first.Bar != 0.72 || first.Short() {
		t.Errorf("%+v", first)
	}
}

func TestOnceKeepsTheFirst(t *testing.T) {
	a := board.Line{Task: "a", Measure: "m", Value: 1}
	b := board.Line{Task: "a", Measure: "n", Value: 2}
	if got := once([]board.Line{a, b, {Task: "a", Measure: "m", Value: 3}}); len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("%+v", got)
	}
}
