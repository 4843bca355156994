package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"heed/transcribe"
)

const (
	// ownFile, in a model's folder, describes one that no catalogue has.
	ownFile = "heed-model.json"
	// useFile, in a models folder, says which model is used for a language.
	useFile = "in-use.json"
	// maxNote bounds both files, in bytes.
	maxNote = 64 << 10
)

// ErrDescription is a model of one's own that is described wrongly.
var ErrDescription = errors.New("the model's description is wrong")

// Known is the default catalogue with the models of one's own that lie in the
// folders.
func Known(dirs []string) Catalogue {
	c := Default()
	for _, dir := range dirs {
		found, _ := filepath.Glob(filepath.Join(dir, "*", ownFile))
		for _, path := range found {
			var e Entry
			if readJSON(path, &e) != nil || e.Name != filepath.Base(filepath.Dir(path)) {
				continue
			}
			if _, err := c.entry(e.Name); err == nil {
				continue
			}
			e.Folders, e.Own = []string{e.Name}, true
			c = append(c, e)
		}
	}
	return c
}

// PullOwn downloads a model that the catalogue does not have: a tar.bz2
// archive with the parts of a streaming transducer that sherpa-onnx 1.10
// opens. The entry's name, language, source, size and SHA-256 are required,
// so that nothing unknown is ever opened. Otherwise it is as [Puller.Pull].
func (p Puller) PullOwn(ctx context.Context, e Entry, dir string, progress func(done, total int64)) error {
	if err := e.describes(); err != nil {
		return err
	}
	e.Folders, e.Own = []string{e.Name}, true
	p.Catalogue = Catalogue{e}
	if err := p.Pull(ctx, e.Name, dir, progress); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, e.Name, ownFile), e)
}

// describes refuses an entry that lacks something or has another's name.
func (e Entry) describes() error {
	source, err := url.Parse(e.Source)
	switch {
	case !regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`).MatchString(e.Name):
		return fmt.Errorf("%w: the name %q must be lower-case letters, digits, dots and dashes", ErrDescription, e.Name)
	case !regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]+)*$`).MatchString(e.Language):
		return fmt.Errorf("%w: the language %q is no BCP 47 tag, such as de", ErrDescription, e.Language)
	case err != nil || source.Scheme != "https" && source.Scheme != "http" || source.Host == "":
		return fmt.Errorf("%w: the source must be an https:// address of a .tar.bz2 archive", ErrDescription)
	case !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(e.SHA256):
		return fmt.Errorf("%w: the SHA-256 must be 64 hexadecimal digits", ErrDescription)
	case e.Bytes <= 0 || e.Bytes > maxUnpacked:
		return fmt.Errorf("%w: a size of %d bytes", ErrDescription, e.Bytes)
	}
	if _, err := Default().entry(e.Name); err == nil {
		return fmt.Errorf("%w: the catalogue has a model %q; choose another name", ErrDescription, e.Name)
	}
	return nil
}

// Use makes a model that is in one of dirs the one for its language, noted in
// the folder "in". It gives the language.
func Use(dirs []string, name, in string) (string, error) {
	m, err := Find(dirs, name)
	if err != nil {
		return "", err
	}
	chosen := map[string]string{}
	path := filepath.Join(in, useFile)
	if err := readJSON(path, &chosen); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	language := transcribe.BaseLanguage(m.Language)
	chosen[language] = name
	if err := os.MkdirAll(in, 0o755); err != nil {
		return "", fmt.Errorf("use model %s: %w", name, err)
	}
	return language, writeJSON(path, chosen)
}

// InUse gives the model of each language (BCP 47 base): the small one for
// English unless another was chosen in one of the folders. The last one wins.
func InUse(dirs []string) (map[string]string, error) {
	chosen := map[string]string{"en": SmallEnglish}
	for _, dir := range dirs {
		if err := readJSON(filepath.Join(dir, useFile), &chosen); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return chosen, nil
}

func readJSON(path string, into any) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > maxNote {
		return fmt.Errorf("%s: %d bytes is too long", path, info.Size())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// writeJSON writes a whole file or none.
func writeJSON(path string, v any) (err error) {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
