package sherpa_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/transcribe"
	"heed/transcribe/enginetest"
	"heed/transcribe/sherpa"
)

// copied makes a model's folder anew, with some files replaced by others of it.
func copied(t *testing.T, modelDir string, replace map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, pattern := range map[string]string{
		"encoder.int8.onnx": "encoder*.onnx", "decoder.onnx": "decoder*.onnx", "joiner.int8.onnx": "joiner*.onnx", "tokens.txt": "tokens.txt",
	} {
		if other, ok := replace[name]; ok {
			pattern = other
		}
		paths, err := filepath.Glob(filepath.Join(modelDir, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no %s in %s: %v", pattern, modelDir, err)
		}
		content, err := os.ReadFile(paths[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOtherModelsAreRefused before they are loaded: sound ONNX files that are
// not what their names say, and tokens of another model.
func TestOtherModelsAreRefused(t *testing.T) {
	runtimeDir, modelDir := parts(t)
	if err := sherpa.Available(runtimeDir, copied(t, modelDir, nil)); err != nil {
		t.Fatalf("the copy: %v", err)
	}
	fewer := copied(t, modelDir, nil)
	tokens, err := os.ReadFile(filepath.Join(fewer, "tokens.txt"))
	if err != nil {
		t.Fatal(err)
	}
	tokens = tokens[:strings.Index(string(tokens), " 400\n")]
	if err := os.WriteFile(filepath.Join(fewer, "tokens.txt"), tokens[:strings.LastIndexByte(string(tokens), '\n')+1], 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{
		"joiner as encoder":  copied(t, modelDir, map[string]string{"encoder.int8.onnx": "joiner*.onnx"}),
		"encoder as decoder": copied(t, modelDir, map[string]string{"decoder.onnx": "encoder*.onnx"}),
		"decoder as joiner":  copied(t, modelDir, map[string]string{"joiner.int8.onnx": "decoder*.onnx"}),
		"too few tokens":     fewer,
	} {
		_, err := sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: dir, Command: command(t)})
		if !errors.Is(err, sherpa.ErrArchitecture) {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
}

// TestWrongChecksumIsRefused before it is loaded, of the table of pieces too.
func TestWrongChecksumIsRefused(t *testing.T) {
	runtimeDir, modelDir := parts(t)
	for _, name := range []string{"encoder.int8.onnx", "tokens.txt", "bpe.vocab"} {
		dir := copied(t, modelDir, nil)
		for file, text := range map[string]string{"bpe.vocab": "A\t-1\nB\t-1\n", "SHA256SUMS": strings.Repeat("0", 64) + "  " + name + "\n"} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := sherpa.New(sherpa.Options{Runtime: runtimeDir, Model: dir, Command: command(t)}); !errors.Is(err, sherpa.ErrChecksum) {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
}

// TestModelThatAborts: upstream's encoder for mobiles is what its properties
// say, loads, and ends the process at the first sound.
func TestModelThatAborts(t *testing.T) {
	runtimeDir, modelDir := parts(t)
	const bad = "encoder.upstream-mobile.int8.onnx"
	if _, err := os.Stat(filepath.Join(modelDir, bad)); err != nil {
		t.Skipf("this model comes without the encoder that aborts: %v", err)
	}
	e, err := sherpa.New(sherpa.Options{
		Runtime: runtimeDir, Model: copied(t, modelDir, map[string]string{"encoder.int8.onnx": bad}), Command: command(t),
		Patience: sherpa.Patience{Backoff: time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	sample := enginetest.Speech(t)
	for {
		_, err := hear(t.Context(), e, 0, sample.PCM, sample.Rate)
		var failure *transcribe.Error
		if !errors.As(err, &failure) || !strings.Contains(err.Error(), "requested shape") {
			t.Fatalf("%v, want the runtime's last words", err)
		}
		if failure.Verdict == transcribe.UseAnother {
			break
		}
	}
	if s := e.State(); s.Phase != sherpa.Broken || !strings.Contains(s.Reason, "requested shape") {
		t.Errorf("state %+v, want it broken and why", s)
	}
}
