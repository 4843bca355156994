package house

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The budgets of the house.
const (
	fileLines     = 400
	functionLines = 70
	usualLines    = 40 // nine functions of ten
	complexity    = 12
	nesting       = 3
	fields        = 15
	methods       = 5
	usualMethods  = 3 // four interfaces of five
	parameters    = 4 // of a constructor
)

func TestFilesAreShort(t *testing.T) {
	for _, u := range load(t) {
		for path, n := range u.lines {
			if n > fileLines {
				t.Errorf("%s has %d lines, at most %d", path, n, fileLines)
			}
		}
	}
}

func TestFunctionsAreSmall(t *testing.T) {
	all, long := 0, 0
	for _, u := range load(t) {
		u.functions(func(at token.Position, f *ast.FuncDecl) {
			all++
			n := u.fset.Position(f.End()).Line - at.Line + 1
			if n > usualLines {
				long++
			}
			if n > functionLines {
				t.Errorf("%s: %s has %d lines, at most %d", at, f.Name.Name, n, functionLines)
			}
			if c := cyclomatic(f.Body); c > complexity {
				t.Errorf("%s: %s has a cyclomatic complexity of %d, at most %d", at, f.Name.Name, c, complexity)
			}
			if d := depth(f.Body, -1); d > nesting {
				t.Errorf("%s: %s nests %d deep, at most %d", at, f.Name.Name, d, nesting)
			}
		})
	}
	if long*10 > all {
		t.Errorf("%d of %d functions have over %d lines; nine of ten must not", long, all, usualLines)
	}
}

// functions visits every function with a body.
func (u *unit) functions(visit func(token.Position, *ast.FuncDecl)) {
	for _, file := range u.files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				visit(u.fset.Position(f.Pos()), f)
			}
		}
	}
}

// cyclomatic counts the ways through a function, those of its literals apart.
func cyclomatic(n ast.Node) int {
	count := 1
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			count++
		case *ast.CaseClause:
			if n.List != nil {
				count++
			}
		case *ast.CommClause:
			if n.Comm != nil {
				count++
			}
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				count++
			}
		}
		return true
	})
	return count
}

// depth is how deep control structures nest. An else-if is as deep as its if.
func depth(n ast.Node, at int) int {
	deepest := max(at, 0)
	ast.Inspect(n, func(c ast.Node) bool {
		if c == nil || c == n {
			return true
		}
		switch c := c.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			deepest = max(deepest, depth(c, at+1))
			return false
		case *ast.SwitchStmt:
			deepest = max(deepest, depth(c.Body, at+1))
			return false
		case *ast.TypeSwitchStmt:
			deepest = max(deepest, depth(c.Body, at+1))
			return false
		case *ast.SelectStmt:
			deepest = max(deepest, depth(c.Body, at+1))
			return false
		}
		return true
	})
	return deepest
}

func TestTypesAreNarrow(t *testing.T) {
	all, wide := 0, 0
	for _, u := range load(t) {
		for _, file := range u.files {
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				at := u.fset.Position(spec.Pos())
				switch x := spec.Type.(type) {
				case *ast.StructType:
					if n := x.Fields.NumFields(); n > fields && !wireFormat(u.name, spec.Name.Name) {
						t.Errorf("%s: %s has %d fields, at most %d", at, spec.Name.Name, n, fields)
					}
				case *ast.InterfaceType:
					all++
					n := x.Methods.NumFields()
					if n > usualMethods {
						wide++
						t.Logf("%s: %s has %d methods", at, spec.Name.Name, n)
					}
					if n > methods {
						t.Errorf("%s: %s has %d methods, at most %d", at, spec.Name.Name, n, methods)
					}
				}
				return true
			})
		}
	}
	if wide*5 > all {
		t.Errorf("%d of %d interfaces have over %d methods; four of five must not", wide, all, usualMethods)
	}
}

// wireFormat names the records whose fields somebody else's format or the
// documented JSON dictates.
func wireFormat(pkg, name string) bool {
	switch pkg + "." + name {
	case "internal/event.Call", "internal/consent.Row", "internal/decide.Choice", "internal/decide.Decision",
		"internal/web.Options":
		return true
	}
	return strings.HasPrefix(pkg, "transcribe/sherpa") // mirrors of the C API's structures
}

func TestConstructorsTakeFewArguments(t *testing.T) {
	for _, u := range load(t) {
		u.functions(func(at token.Position, f *ast.FuncDecl) {
			if f.Recv != nil || !strings.HasPrefix(f.Name.Name, "New") {
				return
			}
			if n := f.Type.Params.NumFields(); n > parameters {
				t.Errorf("%s: %s takes %d arguments, at most %d", at, f.Name.Name, n, parameters)
			}
		})
	}
}

func TestNoInitAndNoSleep(t *testing.T) {
	for _, u := range load(t) {
		u.functions(func(at token.Position, f *ast.FuncDecl) {
			if f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: init functions hide an order of events", at)
			}
		})
	}
}

func TestEverythingExportedIsExplained(t *testing.T) {
	for _, u := range load(t) {
		documented := false
		for path, file := range u.files {
			documented = documented || file.Doc != nil
			for _, d := range file.Decls {
				checkDoc(t, u, path, d)
			}
		}
		if !documented && len(u.files) > 0 {
			t.Errorf("package %s has no documentation", u.name)
		}
	}
}

func checkDoc(t *testing.T, u *unit, path string, d ast.Decl) {
	t.Helper()
	switch d := d.(type) {
	case *ast.FuncDecl:
		wellKnown := slices.Contains([]string{"Error", "Unwrap", "String"}, d.Name.Name)
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !wellKnown {
			t.Errorf("%s: %s is not explained", u.fset.Position(d.Pos()), d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if spec, ok := s.(*ast.TypeSpec); ok && spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
				t.Errorf("%s: %s: type %s is not explained", filepath.Base(path), u.fset.Position(s.Pos()), spec.Name.Name)
			}
		}
	}
}

// exportedReceiver tells whether a method can be seen from outside; a method
// that meets a well-known contract on an unexported type needs no words.
func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return true
	}
	x := f.Recv.List[0].Type
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	id, ok := x.(*ast.Ident)
	return ok && id.IsExported()
}

func TestMostPackagesAreTested(t *testing.T) {
	all, tested, code, tests := 0, 0, 0, 0
	for _, u := range load(t) {
		if len(u.files) == 0 {
			continue
		}
		all++
		code += u.code
		tests += u.tests
		if u.tests > 0 {
			tested++
		} else {
			t.Logf("no tests: %s", u.name)
		}
	}
	if tested*10 < all*9 {
		t.Errorf("%d of %d packages have tests; nine of ten must", tested, all)
	}
	t.Logf("%d lines of code, %d of tests", code, tests)
}
