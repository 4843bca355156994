package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/insights/embed"
)

// folder holds three small data sets.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "banking77"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "text,category\n" + strings.Repeat("where is my card,card\nreset my pin,pin\n", 10)
	if err := os.WriteFile(filepath.Join(dir, "banking77", "train.csv"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "dstc11-intent-induction"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"insurance-test-utterances.jsonl": `{"utterance":"where did i crash my car","intent":"FileClaim"}` + "\n" + `{"utterance":"where is my claim where is my car","intent":"ClaimStatus"}`,
		"banking-task2-inputs.txt":        "where is it",
		"banking-turns.jsonl":             `{"utterance":"reset my pin","intent":"ResetPin"}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, "dstc11-intent-induction", name), []byte(strings.Repeat(text+"\n", 10)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRunWritesAnArtefact(t *testing.T) {
	dir := folder(t)
	file := filepath.Join(dir, "encoder.bin")
	var out strings.Builder
	if err := run([]string{"--data", dir, "--out", file, "--dim", "8", "--passes", "1"}, &out); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e, err := embed.Parse(string(data))
	if err != nil {
		t.Fatal(err)
	}
	if e.Dim() != 8 || !strings.Contains(out.String(), e.Version()) {
		t.Errorf("length %d, said %q", e.Dim(), out.String())
	}
	if !strings.Contains(out.String(), "theme search, dstc11 banking turns") {
		t.Errorf("no held-out figures in %q", out.String())
	}
}

func TestRunMeasuresWhatWasLeftOut(t *testing.T) {
	dir, out := folder(t), strings.Builder{}
	args := []string{"--data", dir, "--out", filepath.Join(dir, "x.bin"), "--dim", "4", "--passes", "1", "--without", "banking77"}
	if err := run(args, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "banking77, not trained on: ") {
		t.Errorf("no figure of the set left out in %q", out.String())
	}
	if err := run(append(args[:len(args)-1], "banking77,dstc11-insurance"), io.Discard); err == nil {
		t.Error("trained on nothing")
	}
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{nil, {"--data", "x"}, {"--data", "x", "--out", "y", "z"}, {"--nonsense"}} {
		if err := run(args, io.Discard); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}
