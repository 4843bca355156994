package model

import (
	"archive/tar"
	"compress/bzip2"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"heed/transcribe/sherpa"
)

// What an archive may hold. The largest model that the catalogue may name has
// 700 MB in three files.
const (
	maxEntries  = 500
	maxUnpacked = 1 << 30
)

// ErrArchive is an archive that is not unpacked.
var ErrArchive = errors.New("the archive is not a model")

// install unpacks the archive beside the target and moves it there whole.
func install(archive, target string) (err error) {
	temp, err := os.MkdirTemp(filepath.Dir(target), "."+filepath.Base(target)+"-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if err := unpack(archive, temp); err != nil {
		return err
	}
	if err := sherpa.CheckModel(temp); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil { //nolint:gosec // a model is no secret
		return err
	}
	// A folder that is in the way was found unsound before.
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	return os.Rename(temp, target)
}

// unpack writes the model's files, without their folder, and their sums.
func unpack(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	entries, left := tar.NewReader(bzip2.NewReader(f)), int64(maxUnpacked)
	var sums []string
	for n := 0; ; n++ {
		header, err := entries.Next()
		switch {
		case errors.Is(err, io.EOF):
			return writeSums(dir, sums)
		case err != nil:
			return fmt.Errorf("%w: %w", ErrArchive, err)
		}
		left -= header.Size
		if n > maxEntries || left < 0 || header.Size < 0 {
			return fmt.Errorf("%w: it is too big", ErrArchive)
		}
		name, err := wanted(header)
		if err != nil {
			return err
		}
		if name == "" {
			continue
		}
		sum, err := writeFile(filepath.Join(dir, name), entries)
		if err != nil {
			return err
		}
		sums = append(sums, sum+"  "+name)
	}
}

// wanted gives the base name of an entry that belongs to the model, and none
// for the folder, test recordings and the like.
func wanted(header *tar.Header) (string, error) {
	clean := path.Clean(header.Name)
	if path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(clean, `\`) {
		return "", fmt.Errorf("%w: it holds the path %q", ErrArchive, header.Name)
	}
	switch header.Typeflag {
	case tar.TypeReg:
	case tar.TypeDir, tar.TypeXGlobalHeader:
		return "", nil
	default:
		return "", fmt.Errorf("%w: %q is not a plain file", ErrArchive, header.Name)
	}
	folder, name := path.Split(clean)
	kept := slices.Contains([]string{".onnx", ".txt", ".model", ".vocab", ".md"}, path.Ext(name))
	if !kept || strings.HasPrefix(name, ".") || strings.Count(folder, "/") > 1 {
		return "", nil
	}
	return name, nil
}

func writeFile(path string, from io.Reader) (sum string, err error) {
	// A second entry of the same name is refused, not merged.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, h), from)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("%w: %w", ErrArchive, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func writeSums(dir string, sums []string) error {
	if len(sums) == 0 {
		return fmt.Errorf("%w: it is empty", ErrArchive)
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(strings.Join(sums, "\n")+"\n"), 0o644)
}
