package sherpa

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// onnx is a message with the outline of a model file.
func onnx(size int) []byte {
	b := []byte{0x08, 0x08, 0x12, 0x04, 'h', 'e', 'e', 'd'} // version, producer
	b = append(b, 0x3a, byte(size&0x7f|0x80), byte(size>>7&0x7f|0x80), byte(size>>14))
	return append(b, make([]byte, size)...)
}

func tokens(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "▁T%d %d\n", i, i)
	}
	return b.Bytes()
}

func writeModel(t *testing.T, dir string, names ...string) {
	t.Helper()
	if len(names) == 0 {
		names = []string{"encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt"}
	}
	for _, name := range names {
		content := onnx(4000)
		if strings.HasSuffix(name, ".txt") {
			content = tokens(20)
		}
		write(t, filepath.Join(dir, name), content)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestModelNames(t *testing.T) {
	for name, c := range map[string]struct{ files, want []string }{
		"our names": {
			[]string{"encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt"},
			[]string{"encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt"},
		},
		"upstream's names": {
			[]string{
				"encoder-epoch-12-avg-2-chunk-16-left-64.int8.onnx", "encoder-epoch-12-avg-2-chunk-16-left-64.onnx",
				"encoder-epoch-99-avg-1-chunk-16-left-64.int8.onnx",
				"decoder-epoch-12-avg-2-chunk-16-left-64.int8.onnx", "decoder-epoch-12-avg-2-chunk-16-left-64.onnx",
				"joiner-epoch-12-avg-2-chunk-16-left-64.int8.onnx", "joiner-epoch-12-avg-2-chunk-16-left-64.onnx", "tokens.txt",
			},
			[]string{
				"encoder-epoch-12-avg-2-chunk-16-left-64.int8.onnx", "decoder-epoch-12-avg-2-chunk-16-left-64.onnx",
				"joiner-epoch-12-avg-2-chunk-16-left-64.int8.onnx", "tokens.txt",
			},
		},
		"not quantised": {
			[]string{"encoder.onnx", "decoder.onnx", "joiner.onnx", "tokens.txt"},
			[]string{"encoder.onnx", "decoder.onnx", "joiner.onnx", "tokens.txt"},
		},
		// The unrepaired encoder beside the repaired one is not taken.
		"another beside": {
			[]string{"encoder.upstream-mobile.int8.onnx", "encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt"},
			[]string{"encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeModel(t, dir, c.files...)
			m, err := findModel(dir)
			if err != nil {
				t.Fatal(err)
			}
			for i, got := range []string{m.Encoder, m.Decoder, m.Joiner, m.Tokens} {
				if filepath.Base(got) != c.want[i] {
					t.Errorf("took %s, want %s", filepath.Base(got), c.want[i])
				}
			}
		})
	}
	for _, missing := range []string{"encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt"} {
		dir := t.TempDir()
		writeModel(t, dir)
		if err := os.Remove(filepath.Join(dir, missing)); err != nil {
			t.Fatal(err)
		}
		if err := CheckModel(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("without %s: %v, want not found", missing, err)
		}
	}
}

// TestCutOffModelIsRefused cuts each part at many places, without any list of
// sums, and with one.
func TestCutOffModelIsRefused(t *testing.T) {
	dir := t.TempDir()
	writeModel(t, dir)
	for _, name := range []string{"encoder.int8.onnx", "decoder.onnx", "joiner.int8.onnx", "tokens.txt"} {
		path := filepath.Join(dir, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for cut := 0; cut < len(whole)-1; cut += max(len(whole)/97, 1) {
			write(t, path, whole[:cut])
			err := CheckModel(dir)
			if strings.HasSuffix(name, ".txt") && cut > 12 && (whole[cut-1] == '\n' || whole[cut] == '\n') {
				continue // cut between lines: only the joiner's size could tell
			}
			if !errors.Is(err, ErrCutOff) {
				t.Errorf("%s cut at %d of %d: %v, want it refused", name, cut, len(whole), err)
			}
		}
		write(t, path, whole)
	}
	sum := sha256.Sum256(onnx(4000))
	write(t, filepath.Join(dir, sumsFile), []byte(hex.EncodeToString(sum[:])+"  decoder.onnx\n"))
	if err := CheckModel(dir); err != nil {
		t.Fatalf("sound model: %v", err)
	}
	altered := onnx(4000)
	altered[500] ^= 1
	write(t, filepath.Join(dir, "decoder.onnx"), altered)
	if err := CheckModel(dir); !errors.Is(err, ErrChecksum) {
		t.Errorf("altered decoder: %v, want it refused by its sum", err)
	}
}

// TestSumsBesideTheFolder is the layout of a folder with several models.
func TestSumsBesideTheFolder(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "small-en")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	writeModel(t, dir)
	wrong := strings.Repeat("ab", sha256.Size)
	write(t, filepath.Join(root, sumsFile), []byte(wrong+"  other/decoder.onnx\n"+wrong+"  small-en/sub/decoder.onnx\nnonsense\n"))
	if err := CheckModel(dir); err != nil {
		t.Errorf("sums of others: %v", err)
	}
	write(t, filepath.Join(root, sumsFile), []byte(wrong+" *small-en/decoder.onnx\n"))
	if err := CheckModel(dir); !errors.Is(err, ErrChecksum) {
		t.Errorf("%v, want the decoder refused", err)
	}
}

func TestWrongRuntimeIsRefused(t *testing.T) {
	if RuntimeFiles(runtime.GOARCH) == nil || runtime.GOOS != "linux" {
		t.Skip("no runtime for this machine")
	}
	dir := t.TempDir()
	if err := CheckRuntime(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("empty folder: %v, want not found", err)
	}
	for name := range RuntimeFiles(runtime.GOARCH) {
		write(t, filepath.Join(dir, name), []byte("\x7fELF of another version"))
	}
	if err := CheckRuntime(dir); !errors.Is(err, ErrChecksum) {
		t.Errorf("other libraries: %v, want them refused", err)
	}
	// Neither the engine nor the worker comes as far as loading them.
	if _, err := New(Options{Runtime: dir, Model: dir}); !errors.Is(err, ErrChecksum) {
		t.Errorf("New: %v, want the runtime refused", err)
	}
	if _, err := (setup{Runtime: dir, Model: dir, Tuning: DefaultTuning()}).load(); !errors.Is(err, ErrChecksum) {
		t.Errorf("worker: %v, want the runtime refused", err)
	}
}

func TestRuntimeFilesOfUnknownMachine(t *testing.T) {
	if RuntimeFiles("z80") != nil {
		t.Error("a runtime for a z80")
	}
	for _, arch := range []string{"amd64", "arm64"} {
		for name, sum := range RuntimeFiles(arch) {
			if b, err := hex.DecodeString(sum); err != nil || len(b) != sha256.Size {
				t.Errorf("sum of %s for %s: %q", name, arch, sum)
			}
		}
	}
}

func TestTuningIsChecked(t *testing.T) {
	if err := DefaultTuning().validate(); err != nil {
		t.Errorf("default: %v", err)
	}
	for name, spoil := range map[string]func(*Tuning){
		"paths": func(t *Tuning) { t.Paths = 0 }, "noise": func(t *Tuning) { t.Noise = 1 },
		"level": func(t *Tuning) { t.Level = 0 }, "pre-roll": func(t *Tuning) { t.PreRoll = -1 },
		"endpoint": func(t *Tuning) { t.Endpoint = 0 }, "longest": func(t *Tuning) { t.Longest = 0 },
		"blank": func(t *Tuning) { t.BlankPenalty = -1 },
	} {
		bad := DefaultTuning()
		spoil(&bad)
		if _, err := New(Options{Tuning: &bad}); err == nil || !strings.Contains(err.Error(), "tuning") {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
}

func FuzzWholeMessage(f *testing.F) {
	f.Add(onnx(2000))
	f.Fuzz(func(t *testing.T, b []byte) {
		if wholeMessage(bytes.NewReader(b), int64(len(b))) != nil {
			return
		}
		if wholeMessage(bytes.NewReader(b[:len(b)/2]), int64(len(b)/2)) == nil && len(b) < 2048 {
			t.Error("half of it is whole too")
		}
	})
}
