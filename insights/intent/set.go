package intent

import (
	"fmt"
	"io"
	"io/fs"

	"heed/insights/rulefile"
	"heed/insights/spoken"
)

// Set is the labelled examples that a [Model] learns from.
type Set struct {
	Intents []Examples
	// OutOfScope are sentences that mean none of the intents.
	OutOfScope []string
}

// Examples is one intent with its sentences.
type Examples struct {
	Name  string
	About string
	// Act marks an intent that only carries the conversation.
	Act       bool
	Sentences []string
}

// Load reads one YAML set, strictly: an error names the line and what was
// expected there.
func Load(r io.Reader) (Set, error) {
	data, err := io.ReadAll(io.LimitReader(r, rulefile.MaxBytes+1))
	if err != nil {
		return Set{}, fmt.Errorf("load intents: %w", err)
	}
	root, err := rulefile.Parse("intents", data)
	if err != nil {
		return Set{}, fmt.Errorf("load intents: %w", err)
	}
	l := loader{names: make(map[string]bool), sentences: make(map[string]string)}
	if err := l.read(root); err != nil {
		return Set{}, fmt.Errorf("load intents: %w", err)
	}
	return l.set, nil
}

// LoadFS reads every *.yaml file at the top of a folder into one set. Names
// and sentences are unique over all files.
func LoadFS(fsys fs.FS) (Set, error) {
	l := loader{names: make(map[string]bool), sentences: make(map[string]string)}
	if err := rulefile.Each(fsys, l.read); err != nil {
		return Set{}, fmt.Errorf("load intents: %w", err)
	}
	return l.set, nil
}

type loader struct {
	set       Set
	names     map[string]bool
	sentences map[string]string // normalised, to the intent that has it
}

func (l *loader) read(root rulefile.Value) error {
	f, err := root.Fields("version", "intents", "out_of_scope?")
	if err != nil {
		return err
	}
	if err := f["version"].Version(1); err != nil {
		return err
	}
	items, err := f["intents"].List()
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := l.intent(item); err != nil {
			return err
		}
	}
	if v, ok := f["out_of_scope"]; ok {
		more, err := l.texts(v, "out_of_scope")
		if err != nil {
			return err
		}
		l.set.OutOfScope = append(l.set.OutOfScope, more...)
	}
	return nil
}

func (l *loader) intent(v rulefile.Value) error {
	f, err := v.Fields("name", "about", "act?", "examples")
	if err != nil {
		return err
	}
	var e Examples
	if e.Name, err = f["name"].Name(); err != nil {
		return err
	}
	if l.names[e.Name] {
		return v.Errorf("intent %q is defined twice, expected one definition", e.Name)
	}
	l.names[e.Name] = true
	if e.About, err = f["about"].Text(); err != nil {
		return err
	}
	if act, ok := f["act"]; ok {
		if e.Act, err = act.Bool(); err != nil {
			return err
		}
	}
	if e.Sentences, err = l.texts(f["examples"], e.Name); err != nil {
		return err
	}
	l.set.Intents = append(l.set.Intents, e)
	return nil
}

// texts reads sentences that no other intent has.
func (l *loader) texts(v rulefile.Value, owner string) ([]string, error) {
	values, err := v.List()
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(values))
	for _, val := range values {
		s, err := val.Text()
		if err != nil {
			return nil, err
		}
		key := normal(s)
		if key == "" {
			return nil, val.Errorf("expected a sentence with words, got %q", s)
		}
		if other, ok := l.sentences[key]; ok {
			return nil, val.Errorf("%q is an example of %s already, expected it once", s, other)
		}
		l.sentences[key] = owner
		out = append(out, s)
	}
	return out, nil
}

// normal is a sentence as the model reads it.
func normal(s string) string {
	var b []byte
	for _, w := range spoken.Words(s) {
		b = append(append(b, w.Text...), ' ')
	}
	return string(b)
}
