// Package rulefile reads the YAML files in which people write rules and
// examples, strictly: an unknown, missing, repeated or misshapen field is
// refused with the file, the line and what was expected there. It knows the
// shape of YAML and no rule.
package rulefile

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxBytes is the largest file that is read.
const MaxBytes = 4 << 20

// Error says what is wrong and where.
type Error struct {
	File string
	Line int // from 1; 0 when the file as a whole is at fault
	Want string
}

// Error gives "file:line: what was expected".
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Want
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Want)
}

// Value is one place in a file.
type Value struct {
	file string
	node *yaml.Node
}

// Parse reads one file's bytes.
func Parse(file string, data []byte) (Value, error) {
	if len(data) > MaxBytes {
		return Value{}, &Error{File: file, Want: fmt.Sprintf("expected at most %d bytes, got %d", MaxBytes, len(data))}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return Value{}, yamlError(file, err)
	}
	if len(doc.Content) == 0 {
		return Value{}, &Error{File: file, Want: "expected fields, the file is empty"}
	}
	return Value{file, doc.Content[0]}, nil
}

// yamlError keeps the line that the YAML library names.
func yamlError(file string, err error) error {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if _, scanErr := fmt.Sscanf(text, "line %d:", &line); scanErr == nil {
		_, text, _ = strings.Cut(text, ": ")
	}
	return &Error{File: file, Line: line, Want: "expected YAML: " + text}
}

// Each parses every *.yaml file at the top of a folder, in order of name. A
// folder without any is refused.
func Each(fsys fs.FS, use func(Value) error) error {
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return fmt.Errorf("rule files: %w", err)
	}
	if len(files) == 0 {
		return &Error{File: "*.yaml", Want: "expected at least one file"}
	}
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return fmt.Errorf("rule file %s: %w", file, err)
		}
		root, err := Parse(file, data)
		if err != nil {
			return err
		}
		if err := use(root); err != nil {
			return err
		}
	}
	return nil
}

// Errorf makes an error about this place.
func (v Value) Errorf(format string, args ...any) error {
	return &Error{File: v.file, Line: v.node.Line, Want: fmt.Sprintf(format, args...)}
}

// Fields reads a mapping. Names ending in "?" may be missing.
func (v Value) Fields(names ...string) (map[string]Value, error) {
	if v.node.Kind != yaml.MappingNode {
		return nil, v.Errorf("expected the fields %s, got %s", list(names), kind(v.node))
	}
	out := make(map[string]Value, len(names))
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key, val := v.node.Content[i], resolve(v.node.Content[i+1])
		at := Value{v.file, key}
		if !slices.Contains(names, key.Value) && !slices.Contains(names, key.Value+"?") {
			return nil, at.Errorf("unknown field %q, expected one of %s", key.Value, list(names))
		}
		if _, twice := out[key.Value]; twice {
			return nil, at.Errorf("field %q is given twice, expected it once", key.Value)
		}
		out[key.Value] = Value{v.file, val}
	}
	for _, name := range names {
		if _, ok := out[name]; !ok && !strings.HasSuffix(name, "?") {
			return nil, v.Errorf("field %q is missing", name)
		}
	}
	return out, nil
}

// List reads a sequence of at least one value.
func (v Value) List() ([]Value, error) {
	if v.node.Kind != yaml.SequenceNode {
		return nil, v.Errorf("expected a list, got %s", kind(v.node))
	}
	if len(v.node.Content) == 0 {
		return nil, v.Errorf("expected at least one value, the list is empty")
	}
	out := make([]Value, len(v.node.Content))
	for i, n := range v.node.Content {
		out[i] = Value{v.file, resolve(n)}
	}
	return out, nil
}

// Text reads text that is not blank.
func (v Value) Text() (string, error) {
	if v.node.Kind != yaml.ScalarNode || v.node.Tag == "!!null" {
		return "", v.Errorf("expected text, got %s", kind(v.node))
	}
	if v.node.Tag != "!!str" {
		return "", v.Errorf("expected text, got %s: put it in quotes", v.node.Value)
	}
	s := strings.TrimSpace(v.node.Value)
	if s == "" {
		return "", v.Errorf("expected text, got nothing")
	}
	return s, nil
}

// Texts reads a list of texts.
func (v Value) Texts() ([]string, error) {
	values, err := v.List()
	if err != nil {
		return nil, err
	}
	out := make([]string, len(values))
	for i, val := range values {
		if out[i], err = val.Text(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Bool reads true or false.
func (v Value) Bool() (bool, error) {
	var b bool
	if v.node.Tag != "!!bool" || v.node.Decode(&b) != nil {
		return false, v.Errorf("expected true or false, got %q", v.node.Value)
	}
	return b, nil
}

// Number reads a number between two bounds, both allowed.
func (v Value) Number(least, most float64) (float64, error) {
	var n float64
	if (v.node.Tag != "!!float" && v.node.Tag != "!!int") || v.node.Decode(&n) != nil || !(n >= least && n <= most) {
		return 0, v.Errorf("expected a number from %v to %v, got %q", least, most, v.node.Value)
	}
	return n, nil
}

// Version refuses any other version of a file's format.
func (v Value) Version(want int) error {
	var got int
	if v.node.Tag != "!!int" || v.node.Decode(&got) != nil || got != want {
		return v.Errorf("expected version: %d, got %q", want, v.node.Value)
	}
	return nil
}

// Name reads a lower-case name of letters, digits and underscores.
func (v Value) Name() (string, error) {
	s, err := v.Text()
	if err != nil {
		return "", err
	}
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return "", v.Errorf("expected a name of a-z, 0-9 and _, got %q", s)
		}
	}
	return s, nil
}

// Is says whether an error is about a file's content.
func Is(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func list(names []string) string {
	clean := make([]string, len(names))
	for i, n := range names {
		clean[i] = strings.TrimSuffix(n, "?")
	}
	return strings.Join(clean, ", ")
}

func kind(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		return "fields"
	}
	if n.Kind == yaml.SequenceNode {
		return "a list"
	}
	if n.Tag == "!!null" || n.Value == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}
