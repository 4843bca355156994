package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/insights/embed"
)

func TestRunWritesAnArtefact(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "banking77"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "text,category\n" + strings.Repeat("where is my card,card\nreset my pin,pin\n", 10)
	if err := os.WriteFile(filepath.Join(dir, "banking77", "train.csv"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
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
	if err := run([]string{"--data", dir, "--out", file, "--without", "banking77"}, io.Discard); err == nil {
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
