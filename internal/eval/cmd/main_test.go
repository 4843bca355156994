package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBadArguments(t *testing.T) {
	empty := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing to hear":  {nil, "--speech"},
		"unknown flag":     {[]string{"--loud"}, "loud"},
		"unknown engine":   {[]string{"--speech", empty, "--engine", "sherpa,ear"}, `"ear"`},
		"bad bar":          {[]string{"--speech", empty, "--bars", "overall"}, "group=percent"},
		"nothing to read":  {[]string{"--speech", empty, "--engine", "pocketsphinx"}, "manifest.jsonl"},
		"no model":         {[]string{"--speech", empty, "--models", empty}, "not installed"},
		"bad tuning":       {[]string{"--speech", empty, "--models", modelDir(t), "--tuning", "{"}, "--tuning"},
		"absurd tuning":    {[]string{"--speech", empty, "--models", modelDir(t), "--tuning", `{"paths":99}`}, "paths"},
		"worker with args": {[]string{"stt-worker", "--help"}, "heed starts this command itself"},
	} {
		var out bytes.Buffer
		err := run(context.Background(), c.args, strings.NewReader(""), &out)
		if err == nil || !strings.Contains(err.Error(), c.want) && !strings.Contains(err.Error(), "go mod download") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if out.Len() > 0 {
			t.Errorf("%s: printed %q", name, out.String())
		}
	}
}

// modelDir is a models folder whose model passes the checks.
func modelDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "small-en")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	part := append([]byte{0x3a, 0x80 | 0x20, 0x1f}, make([]byte, 0x20|0x1f<<7)...)
	for name, content := range map[string][]byte{
		"encoder.onnx": part, "decoder.onnx": part, "joiner.onnx": part, "tokens.txt": []byte("a 0\nb 1\nc 2\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Dir(dir)
}
