package model

import (
	"archive/tar"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzWanted: whatever an archive names its entries, what is written has a
// plain name in the model's own folder.
func FuzzWanted(f *testing.F) {
	f.Add("top/encoder.int8.onnx", byte(tar.TypeReg))
	f.Add("../../x.onnx", byte(tar.TypeReg))
	f.Add("top/./a/../tokens.txt", byte(tar.TypeSymlink))
	f.Add(`top\..\..\x.txt`, byte(tar.TypeReg))
	f.Fuzz(func(t *testing.T, name string, kind byte) {
		got, err := wanted(&tar.Header{Name: name, Typeflag: kind})
		if err != nil || got == "" {
			return
		}
		if got != filepath.Base(got) || strings.HasPrefix(got, ".") || strings.ContainsAny(got, `/\`) || kind != tar.TypeReg {
			t.Errorf("%q of kind %q would be written as %q", name, kind, got)
		}
	})
}
