package house

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNumericPackagesStartNothing holds what is tested or compiled without the
// race detector to code that has nothing to race with.
func TestNumericPackagesStartNothing(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^(?:NUMERIC|SAMPLES) = (.+)$`).FindAllSubmatch(makefile, -1)
	if len(found) != 2 {
		t.Fatal("the Makefile does not name the packages without the race detector")
	}
	names := strings.Fields(string(found[0][1]) + " " + string(found[1][1]))
	slices.Sort(names)
	names = slices.Compact(names)
	left := len(names)
	for _, p := range load(t) {
		if !slices.Contains(names, "./"+p.name) {
			continue
		}
		left--
		if slices.Contains(p.other, "sync") || slices.Contains(p.other, "sync/atomic") {
			t.Errorf("%s shares something: it is tested with the race detector", p.name)
		}
		for path, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n.(type) {
				case *ast.GoStmt, *ast.ChanType:
					t.Errorf("%s starts something or waits: it is tested with the race detector", path)
				}
				return true
			})
		}
	}
	if left != 0 {
		t.Errorf("%d of %v are no packages", left, names)
	}
}
