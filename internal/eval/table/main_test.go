package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/eval/board"
)

// some are parts that measure what they are told.
func some(broken error) []board.Part {
	gives := func(lines []board.Line, err error) func(string) ([]board.Line, error) {
		return func(string) ([]board.Line, error) { return lines, err }
	}
	return []board.Part{
		{Name: "good", Measure: gives([]board.Line{board.Line{Task: "set a", Measure: "accuracy", Value: 0.9}.At(0.8)}, nil)},
		{Name: "bad", Measure: gives([]board.Line{board.Line{Task: "set b", Measure: "accuracy", Value: 0.7}.At(0.8)}, nil)},
		{Name: "away", Measure: gives(nil, fmt.Errorf("open set c: %w", fs.ErrNotExist))},
		{Name: "broken", Measure: gives(nil, broken)},
	}
}

func TestRunPrintsWhatIsThere(t *testing.T) {
	var out, errs strings.Builder
	if err := run(some(nil), []string{"--data", t.TempDir()}, &out, &errs); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "PASS") || !strings.Contains(out.String(), "short") || strings.Contains(out.String(), "set c") {
		t.Errorf("the table is\n%s", out.String())
	}
	if !strings.Contains(errs.String(), "away: left out: open set c") || !strings.Contains(errs.String(), "good: 0 s") {
		t.Errorf("told\n%s", errs.String())
	}
	out.Reset()
	err := run(some(nil), []string{"--data", t.TempDir(), "--only", "bad", "--strict"}, &out, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "set b") || strings.Contains(out.String(), "set a") {
		t.Errorf("%v and\n%s", err, out.String())
	}
}

func TestRunRefuses(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no folder":      {nil, "want --data FOLDER"},
		"an argument":    {[]string{"--data", dir, "x"}, "nothing else"},
		"no such folder": {[]string{"--data", "/no/such"}, "no such file"},
		"a file":         {[]string{"--data", file}, "is no folder"},
		"no such part":   {[]string{"--data", dir, "--only", "weather"}, "there are good, bad"},
		"no such flag":   {[]string{"--odd"}, "odd"},
		"no sets":        {[]string{"--data", dir, "--only", "away"}, "nothing was measured"},
		"a broken part":  {[]string{"--data", dir}, "broken: spoiled"},
	} {
		if err := run(some(errors.New("spoiled")), c.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
