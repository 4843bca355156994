package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heed/internal/config"
)

func TestNewTextEncoder(t *testing.T) {
	own, err := NewTextEncoder(config.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(own.Version(), "embed/") {
		t.Errorf("version %s, want Heed's own", own.Version())
	}
	c := config.Config{Data: t.TempDir()}
	c.Content.Encoder = t.TempDir()
	if _, err := NewTextEncoder(c); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "model.onnx") {
		t.Errorf("%v, want the missing file named", err)
	}
	for _, name := range []string{"model.onnx", "vocab.txt", onnxLibrary} {
		if err := os.WriteFile(filepath.Join(c.Content.Encoder, name), []byte("[CLS]\n[SEP]\n[UNK]\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := NewTextEncoder(c); err == nil || !strings.Contains(err.Error(), "content-encoder") {
		t.Errorf("%v, want the setting named", err)
	}
}
