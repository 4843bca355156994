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
	// Own marks a model that was not in the catalogue; see [Puller.PullOwn].
	Own bool `json:"own,omitempty"`
}

// Catalogue is a list of models.
type Catalogue []Entry

// Default is what `heed model` offers.
func Default() Catalogue {
	const releases = "https://github.com/k2-fsa/sherpa-onnx/releases/download/"
	return Catalogue{{
		Name: SmallEnglish, Title: "streaming zipformer transducer, 3.3 M parameters, GigaSpeech", Language: "en",
		Licence: "Apache-2.0 (author's model card)",
		Source:  releases + "kws-models/sherpa-onnx-kws-zipformer-gigaspeech-3.3M-2024-01-01.tar.bz2",
		Bytes:   17_626_723,
		SHA256:  "f170013b4716e41b62b9bfd809687c207cef798ef9bc6534d524e17af9b6561a",
		Folders: []string{SmallEnglish, "asr-en-3m3", "sherpa-onnx-kws-zipformer-gigaspeech-3.3M-2024-01-01"},
		Quality: "14.2 % word errors on telephone audio with the second pass, 16.1 % without (our measurement, make eval)",
	}, {
		Name: "medium-en", Title: "streaming zipformer transducer, 20 M parameters, LibriSpeech", Language: "en",
		Licence: "Apache-2.0 (author's model card)",
		Source:  releases + "asr-models/sherpa-onnx-streaming-zipformer-en-20M-2023-02-17.tar.bz2",
		Bytes:   127_887_156,
		SHA256:  "9c559283e8498d3fe95913c79ca1cb454bb26281ac2b102b41306c7d752765d9",
		Folders: []string{"medium-en", "sherpa-onnx-streaming-zipformer-en-20M-2023-02-17"},
		Quality: "3.9 / 9.5 % word errors on read speech, LibriSpeech clean / other (k2-fsa/icefall #903); not tried on telephone audio",
	}, {
		Name: "large-en", Title: "streaming zipformer transducer, 66 M parameters, LibriSpeech", Language: "en",
		Licence: "Apache-2.0 (README in the archive)",
		Source:  releases + "asr-models/sherpa-onnx-streaming-zipformer-en-2023-06-26.tar.bz2",
		Bytes:   310_414_022,
		SHA256:  "639e25b578e9e997131402199419c13a941f8e4e198e2da1ce57dbf5cf401282",
		Folders: []string{"large-en", "sherpa-onnx-streaming-zipformer-en-2023-06-26"},
		Quality: "read speech only (k2-fsa/icefall #1058, where a user reports over 20 % on medical speech); not tried on telephone audio",
	}, {
		Name: "giga-en", Title: "streaming zipformer transducer, 70 M parameters, LibriSpeech and GigaSpeech", Language: "en",
		Licence: "not stated in the archive: read the author's model card (marcoyang/icefall-libri-giga-pruned-transducer-stateless7-streaming-2023-04-04)",
		Source:  releases + "asr-models/sherpa-onnx-streaming-zipformer-en-2023-06-21.tar.bz2",
		Bytes:   506_956_414,
		SHA256:  "455f40e556aa2b20ac9d3bffd603b58002075c1193b4070938540c11efe0a4da",
		Folders: []string{"giga-en", "sherpa-onnx-streaming-zipformer-en-2023-06-21"},
		Quality: "2.4 / 6.0 % word errors on read speech, LibriSpeech clean / other, 320 ms chunks (k2-fsa/icefall #984); not tried on telephone audio",
	}}
}

// Model is a model found on this machine, its files checked.
type Model struct {
	Name     string
	Language string // BCP 47
	Dir      string
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
func Find(dirs []string, name string) (Model, error) { return Known(dirs).Find(dirs, name) }

// List tells the state of every model; see [Catalogue.List].
func List(dirs []string) []Status { return Known(dirs).List(dirs) }

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
			return Model{Name: name, Language: entry.Language, Dir: dir}, nil
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
		// A folder of a single model is the default one, whatever its name.
		if _, err := os.Stat(filepath.Join(dir, "tokens.txt")); err == nil && e.Name == SmallEnglish {
			found = append(found, dir)
		}
	}
	return found
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Type() == fs.ModeDir
}
