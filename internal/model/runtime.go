package model

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"heed/transcribe/sherpa"
)

// RuntimeModule is the Go module whose files the speech runtime is.
const RuntimeModule = "github.com/k2-fsa/sherpa-onnx-go-linux@v1.10.46"

// ErrNoRuntime is a machine without the speech runtime; the message says how
// to get it.
var ErrNoRuntime = errors.New("the speech runtime is not installed: go mod download " + RuntimeModule)

// FindRuntime gives the first folder with the speech runtime's libraries,
// after their checksums. Each of dirs may be that folder or hold it as
// "runtime" or "lib"; the Go module cache is looked at last.
func FindRuntime(dirs []string) (string, error) {
	var broken []error
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		for _, at := range [3]string{dir, filepath.Join(dir, "runtime"), filepath.Join(dir, "lib")} {
			if err := sherpa.CheckRuntime(at); err == nil {
				return at, nil
			} else if !errors.Is(err, fs.ErrNotExist) {
				broken = append(broken, err)
			}
		}
	}
	if dir := moduleRuntime(); dir != "" {
		err := sherpa.CheckRuntime(dir)
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			broken = append(broken, err)
		}
	}
	if len(broken) > 0 {
		return "", errors.Join(append(broken, ErrNoRuntime)...)
	}
	return "", ErrNoRuntime
}

// InstallRuntime copies the libraries from the Go module cache to dst, which
// is made. A library whose checksum is wrong is not copied; one that is there
// already is replaced only by a whole one.
func InstallRuntime(dst string) error {
	src := moduleRuntime()
	if src == "" {
		return fmt.Errorf("install the speech runtime: %w", ErrNoRuntime)
	}
	if err := sherpa.CheckRuntime(src); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrNoRuntime
		}
		return fmt.Errorf("install the speech runtime: %w", err)
	}
	if err := os.MkdirAll(dst, 0o755); err != nil {
		return fmt.Errorf("install the speech runtime: %w", err)
	}
	for name := range sherpa.RuntimeFiles(runtime.GOARCH) {
		if err := copyFile(filepath.Join(src, name), filepath.Join(dst, name)); err != nil {
			return fmt.Errorf("install the speech runtime: %w", err)
		}
	}
	if err := sherpa.CheckRuntime(dst); err != nil {
		return fmt.Errorf("install the speech runtime: %w", err)
	}
	return nil
}

// moduleRuntime is where the Go module cache would hold the libraries for
// this machine; empty where there are none.
func moduleRuntime() string {
	triple := map[string]string{"amd64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}[runtime.GOARCH]
	cache := os.Getenv("GOMODCACHE")
	if cache == "" {
		paths := filepath.SplitList(os.Getenv("GOPATH"))
		if home, err := os.UserHomeDir(); len(paths) == 0 && err == nil {
			paths = []string{filepath.Join(home, "go")}
		}
		if len(paths) == 0 || paths[0] == "" {
			return ""
		}
		cache = filepath.Join(paths[0], "pkg", "mod")
	}
	if triple == "" || runtime.GOOS != "linux" {
		return ""
	}
	return filepath.Join(cache, filepath.FromSlash(RuntimeModule), "lib", triple)
}

// copyFile writes a whole copy or none.
func copyFile(src, dst string) (err error) {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp(filepath.Dir(dst), "."+filepath.Base(dst)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(out.Name())
		}
	}()
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Chmod(0o644), out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", src, err)
	}
	return os.Rename(out.Name(), dst)
}
