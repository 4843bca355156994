package pocketsphinx

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// What the model's folder holds.
const (
	acoustics     = "en-us"
	featureFile   = acoustics + "/feat.params"
	languageModel = "en-us.lm.bin"
	dictionary    = "cmudict-en-us.dict"
)

// telephoneMean is the cepstral mean of telephone speech, averaged over 21
// recordings of ten collections. The model's own mean is that of wide-band
// speech, and a worker needs whole sentences to move away from it: with this
// one the first sentence of a call has 65 % wrong words instead of 97 %.
const telephoneMean = "46.9,30.0,-37.4,34.2,-18.8,-12.5,10.7,-28.6,10.2,-6.5,-11.5,8.0,-13.0"

// telephoneModel makes a folder that is the acoustic model with another
// cepstral mean. The program reads the mean from the model's own folder and
// takes no other on the command line, hence the links. The caller removes it.
func telephoneModel(model string) (string, error) {
	from := filepath.Join(model, acoustics)
	files, err := os.ReadDir(from)
	if err != nil {
		return "", fmt.Errorf("acoustic model: %w", err)
	}
	dir, err := os.MkdirTemp("", "heed-pocketsphinx-")
	if err != nil {
		return "", fmt.Errorf("acoustic model: %w", err)
	}
	for _, f := range files {
		if f.Name() == filepath.Base(featureFile) {
			err = telephoneFeatures(filepath.Join(from, f.Name()), filepath.Join(dir, f.Name()))
		} else {
			err = os.Symlink(filepath.Join(from, f.Name()), filepath.Join(dir, f.Name()))
		}
		if err != nil {
			return "", fmt.Errorf("acoustic model: %w", errors.Join(err, os.RemoveAll(dir)))
		}
	}
	return dir, nil
}

// telephoneFeatures copies the feature settings with the mean replaced.
func telephoneFeatures(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var out []string
	for line := range strings.SplitSeq(string(text), "\n") {
		if !strings.HasPrefix(line, "-cmninit") {
			out = append(out, line)
		}
	}
	out = append(out, "-cmninit "+telephoneMean, "")
	return os.WriteFile(to, []byte(strings.Join(out, "\n")), 0o600)
}
