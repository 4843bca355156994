// Package strict reads YAML that people write by hand, such as the catalogue
// of actions, and refuses what it does not understand: an unknown or repeated
// key, a value of the wrong kind, a second document. Every refusal names the
// file, the line, the field, the reason and, where there is one, a hint.
//
// It does not know what the files mean: the caller checks that and asks the
// [Document] for the line of the field at fault.
package strict

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MaxSize is the largest file that is read, in bytes.
const MaxSize = 1 << 20

// maxDepth bounds nesting: no file of ours is deeper than eight.
const maxDepth = 32

// Problem is one refusal.
type Problem struct {
	File   string
	Line   int    // 1-based; 0 when the file as a whole is at fault
	Field  string // "actions[2].value.margin"
	Reason string
	Hint   string
}

// Error gives "FILE:LINE: FIELD: REASON (HINT)" with what is known of it.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		b.WriteString(":" + strconv.Itoa(p.Line))
	}
	if p.Field != "" {
		b.WriteString(": " + p.Field)
	}
	b.WriteString(": " + p.Reason)
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return b.String()
}

// Document is a file that was read, kept to find lines in.
type Document struct {
	file string
	root *yaml.Node
}

// Read decodes data into the struct that into points at. The fields carry
// yaml tags; a key without a field is refused.
func Read(file string, data []byte, into any) (*Document, error) {
	if len(data) > MaxSize {
		return nil, &Problem{File: file, Reason: fmt.Sprintf("is larger than %d bytes", MaxSize)}
	}
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	var top yaml.Node
	if err := dec.Decode(&top); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &Problem{File: file, Reason: "is empty"}
		}
		return nil, syntax(file, err)
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, &Problem{File: file, Line: second.Line, Reason: "holds more than one document", Hint: "one document a file, without ---"}
	}
	d := &Document{file: file, root: top.Content[0]}
	if err := d.check(d.root, reflect.TypeOf(into).Elem(), "", 0); err != nil {
		return nil, err
	}
	if err := d.root.Decode(into); err != nil {
		return nil, d.kind(err)
	}
	return d, nil
}

// Over decodes one field over what a struct holds already: what the file does
// not give stays, and a list takes the place of the one before.
func (d *Document) Over(field string, into any) error {
	n := d.root
	for _, name := range step.FindAllString(field, -1) {
		if n = child(n, name); n == nil {
			return nil
		}
	}
	if err := n.Decode(into); err != nil {
		return d.kind(err)
	}
	return nil
}

// Problem makes a refusal of a field, at its line or at that of the nearest
// parent that exists.
func (d *Document) Problem(field, reason, hint string) *Problem {
	return &Problem{File: d.file, Line: d.line(field), Field: field, Reason: reason, Hint: hint}
}

var step = regexp.MustCompile(`[^.\[\]]+`)

// line finds the line of a field such as "actions[2].value.margin".
func (d *Document) line(field string) int {
	n := d.root
	for _, name := range step.FindAllString(field, -1) {
		next := child(n, name)
		if next == nil {
			break
		}
		n = next
	}
	return n.Line
}

func child(n *yaml.Node, name string) *yaml.Node {
	if n.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i]
		}
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// check walks the keys before the values are decoded, so that a refusal can
// name the keys that would have been understood.
func (d *Document) check(n *yaml.Node, t reflect.Type, path string, depth int) error {
	if depth > maxDepth {
		return d.at(n, path, "is nested too deeply", "")
	}
	if n.Kind == yaml.AliasNode {
		return d.at(n, path, "uses an alias", "write the value out")
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n.Kind == yaml.SequenceNode && (t.Kind() == reflect.Slice || t.Kind() == reflect.Interface):
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		for i, item := range n.Content {
			if err := d.check(item, t, fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode:
		return d.checkKeys(n, t, path, depth)
	}
	return nil
}

func (d *Document) checkKeys(n *yaml.Node, t reflect.Type, path string, depth int) error {
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field := strings.TrimPrefix(path+"."+key.Value, ".")
		if seen[key.Value] {
			return d.at(key, field, "is given twice", "")
		}
		seen[key.Value] = true
		vt, err := d.keyType(key, t, field)
		if err != nil {
			return err
		}
		if vt == nil {
			continue
		}
		if err := d.check(value, vt, field, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// keyType gives the type behind a key, nil when the decoder will complain of
// the mapping itself.
func (d *Document) keyType(key *yaml.Node, t reflect.Type, field string) (reflect.Type, error) {
	switch t.Kind() {
	case reflect.Map:
		return t.Elem(), nil
	case reflect.Interface:
		return t, nil // anything goes, but not at any depth
	case reflect.Struct:
		known := tags(t)
		if vt, ok := known[key.Value]; ok {
			return vt, nil
		}
		if len(known) == 0 {
			return nil, nil // a type that decodes itself, such as a time
		}
		return nil, d.at(key, field, "is not a known key", hint(key.Value, known))
	default:
		return nil, nil
	}
}

func tags(t reflect.Type) map[string]reflect.Type {
	known := make(map[string]reflect.Type, t.NumField())
	for f := range t.Fields() {
		name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if strings.Contains(opts, "inline") {
			maps.Copy(known, tags(f.Type))
			continue
		}
		if name != "" && name != "-" {
			known[name] = f.Type
		}
	}
	return known
}

// hint names the key that was probably meant, or all of them.
func hint(got string, known map[string]reflect.Type) string {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	if name, ok := Nearest(got, names); ok {
		return "did you mean " + name + "?"
	}
	return "known keys: " + strings.Join(names, ", ")
}

func (d *Document) at(n *yaml.Node, field, reason, hint string) *Problem {
	return &Problem{File: d.file, Line: n.Line, Field: field, Reason: reason, Hint: hint}
}

var lineOf = regexp.MustCompile(`line (\d+): (.*)`)

// syntax turns the parser's complaint into a refusal.
func syntax(file string, err error) *Problem {
	p := &Problem{File: file, Reason: strings.TrimPrefix(err.Error(), "yaml: ")}
	if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1]) // the pattern admits digits only
		p.Reason = m[2]
	}
	return p
}

var lastStep = regexp.MustCompile(`(\[\d+\]|\.[^.\[\]]+|^[^.\[\]]+)$`)

// kind turns the decoder's complaint about a value's kind into a refusal that
// names the field on that line.
func (d *Document) kind(err error) error {
	p := syntax(d.file, err)
	p.Reason = strings.ReplaceAll(p.Reason, "!!", "")
	here := spot{line: p.Line}
	if m := quoted.FindStringSubmatch(p.Reason); m != nil {
		here.value = m[1] // the parser cuts long values short
	}
	p.Field = here.find(d.root, "")
	if strings.Contains(p.Reason, "unmarshal seq") || strings.Contains(p.Reason, "unmarshal map") {
		p.Field = lastStep.ReplaceAllString(p.Field, "") // the whole is of the wrong kind, not its first part
	}
	return p
}

// quoted is the value in the decoder's complaint: cannot unmarshal !!str `much`.
var quoted = regexp.MustCompile("`(.*?)(?:\\.\\.\\.)?`")

// spot is where a value stands: its line, and how it begins when that is known.
type spot struct {
	line  int
	value string
}

// find gives the path of the last value at the spot.
func (s spot) find(n *yaml.Node, path string) string {
	found := ""
	visit := func(item *yaml.Node, field string) {
		if f := s.find(item, field); f != "" {
			found = f
		} else if item.Line == s.line && strings.HasPrefix(item.Value, s.value) {
			found = field
		}
	}
	if n.Kind == yaml.SequenceNode {
		for i, item := range n.Content {
			visit(item, fmt.Sprintf("%s[%d]", path, i))
		}
		return found
	}
	for i := 0; i+1 < len(n.Content); i += 2 { // a mapping; a scalar has no content
		visit(n.Content[i+1], strings.TrimPrefix(path+"."+n.Content[i].Value, "."))
	}
	return found
}

// Nearest gives the name that differs from got by at most two letters, for
// the hint "did you mean".
func Nearest(got string, names []string) (string, bool) {
	best, distance := "", 3
	for _, name := range names {
		if d := edits(got, name); d < distance && d < len(name) {
			best, distance = name, d
		}
	}
	return best, best != ""
}

// edits counts the letters to insert, drop or change between two words.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
