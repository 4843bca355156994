// Package model knows the speech models and the speech runtime: what there
// is, where it lies on this machine, and how it is fetched and checked.
//
// It refuses to unpack an archive before its checksum matches, to write
// outside the folder it was given, and to offer a model whose files are cut
// off or altered. It does not load models; the engines do.
package model

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"heed/transcribe/sherpa"
)

// SmallEnglish is the default model.
const SmallEnglish = "small-en"

var (
	// ErrUnknown is a name that the catalogue does not have.
	ErrUnknown = errors.New("no such model")
	// ErrNotInstalled is a model that is in none of the folders.
	ErrNotInstalled = errors.New("the model is not installed")
)

// Entry describes a model that can be had.
type Entry struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Language string `json:"language"` // BCP 47
	Licence  string `json:"licence"`
	// Source is the address of a tar.bz2 archive with Bytes bytes and the
	// given SHA-256.
	Source string `json:"source"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	// Folders are the names under which the model may lie in a models folder,
	// the one that Pull makes first.
	Folders []string `json:"-"`
	// Quality says how well it hears, and who measured that.
	Quality string `json:"quality"`
}

// Catalogue is a list of models.
type Catalogue []Entry

// Default is what `heed model` offers.
func Default() Catalogue {
	return Catalogue{{
		Name: SmallEnglish, Title: "streaming zipformer transducer, 3.3 M parameters, GigaSpeech", Language: "en",
		Licence: "Apache-2.0 (author's model card)",
		Source:  "https://github.com/k2-fsa/sherpa-onnx/releases/download/kws-models/sherpa-onnx-kws-zipformer-gigaspeech-3.3M-2024-01-01.tar.bz2",
		Bytes:   17_626_723,
		SHA256:  "f170013b4716e41b62b9bfd809687c207cef798ef9bc6534d524e17af9b6561a",
		Folders: []string{SmallEnglish, "asr-en-3m3", "sherpa-onnx-kws-zipformer-gigaspeech-3.3M-2024-01-01"},
		Quality: "15.6 % word errors on telephone audio (our measurement, make eval)",
	}}
}

// Model is a model found on this machine, its files checked.
type Model struct {
	Name string
	Dir  string
}

// Status is an entry together with what this machine has of it.
type Status struct {
	Entry
	// Dir is where it lies; empty when it is not installed.
	Dir string `json:"dir,omitempty"`
	// Problem is why what was found cannot be used; empty when there is none.
	Problem string `json:"problem,omitempty"`
}

// Find looks for a model in the folders, in their order; see [Catalogue.Find].
func Find(dirs []string, name string) (Model, error) { return Default().Find(dirs, name) }

// List tells the state of every model; see [Catalogue.List].
func List(dirs []string) []Status { return Default().List(dirs) }

// Find gives the first usable copy of a model. Each of dirs holds model
// folders, or is one itself. The error tells of unusable copies that were
// passed over; it is ErrNotInstalled when there are none.
func (c Catalogue) Find(dirs []string, name string) (Model, error) {
	entry, err := c.entry(name)
	if err != nil {
		return Model{}, err
	}
	var broken []error
	for _, dir := range entry.places(dirs) {
		if err = sherpa.CheckModel(dir); err == nil {
			return Model{Name: name, Dir: dir}, nil
		}
		broken = append(broken, err)
	}
	if len(broken) > 0 {
		return Model{}, fmt.Errorf("find model %s: %w", name, errors.Join(broken...))
	}
	return Model{}, fmt.Errorf("find model %s: %w", name, ErrNotInstalled)
}

// List looks for every model of the catalogue.
func (c Catalogue) List(dirs []string) []Status {
	list := make([]Status, len(c))
	for i, entry := range c {
		list[i] = Status{Entry: entry}
		found, err := c.Find(dirs, entry.Name)
		switch {
		case err == nil:
			list[i].Dir = found.Dir
		case !errors.Is(err, ErrNotInstalled):
			list[i].Problem = err.Error()
		}
	}
	return list
}

func (c Catalogue) entry(name string) (Entry, error) {
	for _, e := range c {
		if e.Name == name {
			return e, nil
		}
	}
	return Entry{}, fmt.Errorf("%w: %q", ErrUnknown, name)
}

// places are the existing folders that may hold the model.
func (e Entry) places(dirs []string) []string {
	var found []string
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		for _, folder := range e.Folders {
			if isDir(filepath.Join(dir, folder)) {
				found = append(found, filepath.Join(dir, folder))
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "tokens.txt")); err == nil {
			found = append(found, dir)
		}
	}
	return found
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Type() == fs.ModeDir
}
