package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/eval/board"
)

// sets makes a data folder with a few turns of our own.
func sets(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	dir := filepath.Join(folder, "dstc11-intent-induction")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	turns := `{"utterance": "where is the next cash machine please", "intent": "FindCashMachine"}
{"utterance": "is there a cash machine close by", "intent": "FindCashMachine"}
{"utterance": "please close my account today", "intent": "CloseAccount"}
{"utterance": "i want the account closed", "intent": "CloseAccount"}
`
	if err := os.WriteFile(filepath.Join(dir, "banking-turns.jsonl"), []byte(turns), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestRunMeasuresWhatIsThere(t *testing.T) {
	var out, errs strings.Builder
	if err := run([]string{"--data", sets(t), "--only", "search,intent"}, &out, &errs); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "theme search") || !strings.Contains(out.String(), "PASS") || strings.Contains(out.String(), "banking77") {
		t.Errorf("the table is\n%s", out.String())
	}
	if !strings.Contains(errs.String(), "intent: left out") || !strings.Contains(errs.String(), "search: 0 s") {
		t.Errorf("told\n%s", errs.String())
	}
}

func TestRunRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no folder":      {nil, "want --data FOLDER"},
		"an argument":    {[]string{"--data", sets(t), "x"}, "nothing else"},
		"no such folder": {[]string{"--data", "/no/such"}, "no such file"},
		"a file":         {[]string{"--data", file}, "is no folder"},
		"no such part":   {[]string{"--data", sets(t), "--only", "weather"}, "there are intent"},
		"no such flag":   {[]string{"--odd"}, "odd"},
		"no sets":        {[]string{"--data", t.TempDir()}, "nothing was measured"},
	} {
		if err := run(c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestOnceKeepsTheFirst(t *testing.T) {
	a := board.Line{Task: "a", Measure: "m", Value: 1}
	b := board.Line{Task: "a", Measure: "n", Value: 2}
	if got := once([]board.Line{a, b, {Task: "a", Measure: "m", Value: 3}}); len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("%+v", got)
	}
}

// TestMissingSetsAreLeftOut holds each part to saying so when it has no set.
func TestMissingSetsAreLeftOut(t *testing.T) {
	for _, part := range tasks() {
		lines, err := part.measure(t.TempDir())
		if len(lines) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %d lines, %v", part.name, len(lines), err)
		}
	}
}
