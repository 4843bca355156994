package sherpa

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	apiLibrary  = "libsherpa-onnx-c-api.so"
	onnxLibrary = "libonnxruntime.so"
	// sumsFile lists SHA-256 sums as sha256sum writes them; it may lie in a
	// model's folder or in the one above.
	sumsFile = "SHA256SUMS"
)

// ErrChecksum is the refusal of a file that is not the expected one.
var ErrChecksum = errors.New("checksum mismatch")

// RuntimeFiles gives the names and the SHA-256 sums of the libraries for a
// Go architecture, and none for one that has no runtime. They are those of
// github.com/k2-fsa/sherpa-onnx-go-linux v1.10.46: the binding matches the
// structs of that version only.
func RuntimeFiles(goarch string) map[string]string {
	switch goarch {
	case "amd64":
		return map[string]string{
			apiLibrary:  "7dba7e9e2ddc70f04d4fa05e6e1542e6d73e9b70408e56da42f752f512f4ed36",
			onnxLibrary: "cb3d244eb794c698cdd5bd1ebac41c57e9b4353b998aeb287b7f53e1799acf77",
		}
	case "arm64":
		return map[string]string{
			apiLibrary:  "9ce10dfef3429ec4fa5c3a7d40a8d14c08f4b6bce891e39320fd8e6d830dcd28",
			onnxLibrary: "89abc6da8d7ac84e5270349fe8a44ee7469d9a958797eed004f1a3f5c7df21d4",
		}
	}
	return nil
}

// CheckRuntime refuses a folder that does not hold the pinned libraries.
func CheckRuntime(dir string) error {
	files := RuntimeFiles(runtime.GOARCH)
	if runtime.GOOS != "linux" || files == nil {
		return fmt.Errorf("no speech runtime for %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	for name, sum := range files {
		if err := checkSum(filepath.Join(dir, name), sum); err != nil {
			return fmt.Errorf("speech runtime: %w", err)
		}
	}
	return nil
}

// modelFiles are the paths of a model's parts.
type modelFiles struct {
	Encoder, Decoder, Joiner, Tokens string
	Pieces                           string // empty when the model takes no hints
}

// CheckModel refuses a folder without a usable model: a part is missing, a
// part differs from its checksum (where a SHA256SUMS lists it), or a part is
// cut off (which is seen without one).
func CheckModel(dir string) error {
	_, err := findModel(dir)
	return err
}

// Available says what keeps the engine from running with these folders, and
// nil when nothing does. It reads every file once, about 25 MB.
func Available(runtimeDir, modelDir string) error {
	if err := CheckRuntime(runtimeDir); err != nil {
		return err
	}
	return CheckModel(modelDir)
}

func findModel(dir string) (modelFiles, error) {
	var m modelFiles
	sums, err := readSums(dir)
	if err != nil {
		return m, fmt.Errorf("speech model %s: %w", dir, err)
	}
	for _, part := range []struct {
		path *string
		name string
	}{{&m.Encoder, "encoder"}, {&m.Decoder, "decoder"}, {&m.Joiner, "joiner"}, {&m.Tokens, "tokens.txt"}} {
		if *part.path, err = findPart(dir, part.name); err != nil {
			return m, err
		}
		if sum := sums[filepath.Base(*part.path)]; sum != "" {
			err = checkSum(*part.path, sum)
		} else {
			err = checkWhole(*part.path)
		}
		if err != nil {
			return m, fmt.Errorf("speech model: %w", err)
		}
	}
	if err := m.checkKind(); err != nil {
		return m, fmt.Errorf("speech model: %w", err)
	}
	if err := m.addPieces(dir, sums); err != nil {
		return m, fmt.Errorf("speech model: %w", err)
	}
	return m, nil
}

// addPieces looks for the table of word pieces, which a model may lack. One
// that is there must be sound.
func (m *modelFiles) addPieces(dir string, sums map[string]string) error {
	for _, name := range []string{"bpe.vocab", "bpe.model"} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if sum := sums[name]; sum != "" {
			if err := checkSum(path, sum); err != nil {
				return err
			}
		}
		if _, err := readVocabulary(path, m.Tokens); err != nil {
			return err
		}
		m.Pieces = path
		return nil
	}
	return nil
}

// findPart prefers the quantised form of a part (of the decoder, a look-up
// that gains nothing from it, the plain one), and then the plain name over
// upstream's long ones (encoder-epoch-12-avg-2-chunk-16-left-64.int8.onnx).
func findPart(dir, part string) (string, error) {
	if part == "tokens.txt" {
		path := filepath.Join(dir, part)
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("speech model: %w", err)
		}
		return path, nil
	}
	var found [2][]string // as preferred, and not
	for _, pattern := range []string{part + ".int8.onnx", part + ".onnx", part + "-*.onnx"} {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", fmt.Errorf("speech model: look for %s: %w", pattern, err)
		}
		for _, path := range paths {
			second := 0
			if strings.HasSuffix(path, ".int8.onnx") == (part == "decoder") {
				second = 1
			}
			found[second] = append(found[second], path)
		}
	}
	if all := append(found[0], found[1]...); len(all) > 0 {
		return all[0], nil
	}
	return "", fmt.Errorf("speech model: no %s*.onnx in %s: %w", part, dir, fs.ErrNotExist)
}

// readSums gives the listed sums of a model's files by base name; no list is
// not an error.
func readSums(dir string) (map[string]string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for _, list := range [2]struct{ path, prefix string }{
		{filepath.Join(filepath.Dir(dir), sumsFile), filepath.Base(dir) + "/"},
		{filepath.Join(dir, sumsFile), ""},
	} {
		if err := addSums(sums, list.path, list.prefix); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

func addSums(sums map[string]string, path, prefix string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(io.LimitReader(f, 1<<20))
	for lines.Scan() {
		sum, name, ok := strings.Cut(lines.Text(), " ")
		name, under := strings.CutPrefix(strings.TrimLeft(name, " *"), prefix)
		if ok && under && !strings.Contains(name, "/") && len(sum) == hex.EncodedLen(sha256.Size) {
			sums[name] = strings.ToLower(sum)
		}
	}
	return lines.Err()
}

func checkSum(path, want string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("%s: %w: SHA-256 is %s, want %s", path, ErrChecksum, got, want)
	}
	return nil
}
