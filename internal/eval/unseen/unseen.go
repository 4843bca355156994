// Package unseen trains text encoders as the one that ships is trained, on
// less: without the rows that a measurement answers, or without a whole data
// set. The encoder that ships has read those rows with their labels, and would
// flatter every figure measured on them. It is for measuring only; what it
// trains is kept in a folder and never ships.
package unseen

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"heed/insights/embed"
	"heed/internal/train"
)

// Encoders trains what it is asked for, about half a minute of one core each,
// and keeps it. It is not for concurrent use.
type Encoders struct {
	data, kept string
	version    string
	options    train.Options
	held       map[string][]string
}

// New prepares encoders of a folder of data sets. Held are texts, by the start
// of the names of their sets, that no encoder reads. What was trained is kept
// in a folder, under a name that follows from what was read and from the
// version of the encoder that ships: who changes how encoders are trained
// trains that one again.
func New(data, kept string, held map[string][]string) (*Encoders, error) {
	shipped, err := embed.Default()
	if err != nil {
		return nil, fmt.Errorf("encoders to measure with: %w", err)
	}
	return &Encoders{data: data, kept: kept, version: shipped.Version(), options: train.Options{Seed: 1}, held: held}, nil
}

// Without gives the encoder that has read no row of a set; with no name, one
// that has read every set, but for what is held.
func (e *Encoders) Without(set string) (*embed.Encoder, error) {
	var left []string
	if set != "" {
		left = []string{set}
	}
	corpus, err := train.Load(e.data, left)
	if err != nil {
		return nil, fmt.Errorf("encoder without %q: %w", set, err)
	}
	for name, texts := range e.held {
		corpus.Drop(name, texts)
	}
	path := filepath.Join(e.kept, e.name(corpus))
	made, err := os.ReadFile(path)
	switch {
	case err == nil:
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("encoder without %q: %w", set, err)
	default:
		if made, err = e.train(corpus, path); err != nil {
			return nil, fmt.Errorf("encoder without %q: %w", set, err)
		}
	}
	out, err := embed.Parse(string(made))
	if err != nil {
		return nil, fmt.Errorf("%s (remove it to train it again): %w", path, err)
	}
	return out, nil
}

// train trains an encoder and keeps it, whole or not at all.
func (e *Encoders) train(corpus *train.Corpus, path string) ([]byte, error) {
	made, err := embed.Marshal(train.Train(corpus, e.options))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(e.kept, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(path+".part", made, 0o644); err != nil {
		return nil, err
	}
	return made, os.Rename(path+".part", path)
}

// name follows from all that training reads.
func (e *Encoders) name(c *train.Corpus) string {
	sum := sha256.New()
	fmt.Fprintln(sum, e.version, e.options.Dim, e.options.Passes, e.options.Seed)
	for _, s := range c.Sets {
		fmt.Fprintf(sum, "%q %v %q\n", s.Name, s.Named, s.Classes)
		for _, x := range s.Examples {
			fmt.Fprintf(sum, "%q %v\n", x.Text, x.Labels)
		}
	}
	fmt.Fprintf(sum, "%q\n%q\n", c.Pairs, c.Lines)
	return fmt.Sprintf("%x.bin", sum.Sum(nil)[:8])
}
