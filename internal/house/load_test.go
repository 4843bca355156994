package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// unit is one package, its tests left out.
type unit struct {
	name       string // path below the module
	own, other []string
	files      map[string]*ast.File // by path
	lines      map[string]int
	tests      int // lines of test code
	code       int
	fset       *token.FileSet
}

// load parses every package of the module.
func load(t *testing.T) []*unit {
	t.Helper()
	units := make(map[string]*unit)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			skip := []string{"node_modules", ".git", "build", "testdata", "dist"}
			if slices.Contains(skip, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ".go") {
			return add(units, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []*unit
	for _, u := range units {
		slices.Sort(u.own)
		u.own, u.other = slices.Compact(u.own), slices.Compact(u.other)
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b *unit) int { return strings.Compare(a.name, b.name) })
	if len(out) < 10 {
		t.Fatalf("found %d packages only: is this the module's folder?", len(out))
	}
	return out
}

func add(units map[string]*unit, path string) error {
	name, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return err
	}
	u := units[name]
	if u == nil {
		u = &unit{name: name, files: map[string]*ast.File{}, lines: map[string]int{}, fset: token.NewFileSet()}
		units[name] = u
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	n := strings.Count(string(raw), "\n")
	if strings.HasSuffix(path, "_test.go") {
		u.tests += n
		return nil
	}
	f, err := parser.ParseFile(u.fset, path, raw, parser.ParseComments)
	if err != nil {
		return err
	}
	u.code += n
	u.files[path], u.lines[path] = f, n
	for _, i := range f.Imports {
		imported, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return err
		}
		if ours, ok := strings.CutPrefix(imported, "heed/"); ok {
			u.own = append(u.own, ours)
			continue
		}
		u.other = append(u.other, imported)
	}
	return nil
}
