package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// maxFile is the largest configuration file that is read, in bytes.
const maxFile = 1 << 20

// Setting is one value in force and where it came from, for people.
type Setting struct {
	Name   string
	Value  string
	Origin string // "default", "flag", "environment HEED_X" or "FILE:LINE"
	Help   string
}

// Load fills what the command line left open, first from the environment and
// then from the YAML file (path may be empty), and validates the whole.
// A key that no setting has is refused by name and line.
func Load(fs *pflag.FlagSet, c *Config, path string, getenv func(string) string) ([]Setting, error) {
	origin := make(map[string]string)
	// Not Visit: a command may offer some of the flags in a set of its own.
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			origin[f.Name] = "flag"
		}
	})

	fromFile, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, v := range fromFile {
		if fs.Lookup(v.name) == nil {
			errs = append(errs, fmt.Errorf("%s:%d: unknown key %q%s", path, v.line, v.key, near(fs, v.name)))
		}
	}
	fs.VisitAll(func(f *pflag.Flag) {
		if err := fill(fs, f, fromFile, path, getenv, origin); err != nil {
			errs = append(errs, err)
		}
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return settings(fs, origin), nil
}

// fill sets one flag from the first source that has it.
func fill(fs *pflag.FlagSet, f *pflag.Flag, file []value, path string, getenv func(string) string, origin map[string]string) error {
	if origin[f.Name] != "" {
		return nil
	}
	if env := envName(f.Name); getenv(env) != "" {
		origin[f.Name] = "environment " + env
		if err := fs.Set(f.Name, getenv(env)); err != nil {
			return fmt.Errorf("%s: %w", env, err)
		}
		return nil
	}
	i := slices.IndexFunc(file, func(v value) bool { return v.name == f.Name })
	if i < 0 {
		return nil
	}
	origin[f.Name] = fmt.Sprintf("%s:%d", path, file[i].line)
	if err := fs.Set(f.Name, file[i].text); err != nil {
		return fmt.Errorf("%s:%d: %s: %w", path, file[i].line, file[i].key, err)
	}
	return nil
}

func envName(flag string) string {
	return "HEED_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func settings(fs *pflag.FlagSet, origin map[string]string) []Setting {
	var out []Setting
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Name == "config" {
			return
		}
		s := Setting{Name: f.Name, Value: f.Value.String(), Origin: origin[f.Name], Help: f.Usage}
		if s.Origin == "" {
			s.Origin = "default"
		}
		if secret(f.Name) && s.Value != "" && s.Value != "[]" {
			s.Value = "(set, not shown)"
		}
		out = append(out, s)
	})
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// value is one leaf of the file.
type value struct {
	name, key, text string
	line            int
}

func readFile(path string) ([]value, error) {
	if path == "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("configuration %s: %d bytes is over the limit of %d", path, info.Size(), maxFile)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return parse(path, raw)
}

// parse reads the YAML text into leaves in the order of the file.
func parse(path string, raw []byte) ([]value, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("configuration %s: %w", path, err)
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	var out []value
	if err := walk(path, doc.Content[0], "", &out); err != nil {
		return nil, err
	}
	seen := make(map[string]int)
	for _, v := range out {
		if first, dup := seen[v.name]; dup {
			return nil, fmt.Errorf("%s:%d: %q was set already on line %d", path, v.line, v.key, first)
		}
		seen[v.name] = v.line
	}
	return out, nil
}

func walk(path string, n *yaml.Node, prefix string, out *[]value) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: expected \"key: value\" lines", path, n.Line)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		key := prefix + k.Value
		switch v.Kind {
		case yaml.MappingNode:
			if err := walk(path, v, key+".", out); err != nil {
				return err
			}
		case yaml.SequenceNode:
			var items []string
			for _, item := range v.Content {
				items = append(items, item.Value)
			}
			*out = append(*out, leaf(key, strings.Join(items, ","), k.Line))
		case yaml.ScalarNode:
			*out = append(*out, leaf(key, v.Value, k.Line))
		default:
			return fmt.Errorf("%s:%d: %q must be a value or a list", path, k.Line, key)
		}
	}
	return nil
}

func leaf(key, text string, line int) value {
	return value{name: strings.NewReplacer(".", "-", "_", "-").Replace(key), key: key, text: text, line: line}
}

// near suggests the settings whose names look alike.
func near(fs *pflag.FlagSet, name string) string {
	best, distance := "", 4
	fs.VisitAll(func(f *pflag.Flag) {
		if d := edits(f.Name, name); d < distance {
			best, distance = f.Name, d
		}
	})
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
