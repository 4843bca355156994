package decide

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"heed/internal/customer"
)

// typedFunctions are what trait() stands for where its trait is declared, so
// that a rule that compares it with something else does not check. Nobody can
// write their names.
var typedFunctions = []function{
	{"@trait_string", []*cel.Type{cel.StringType}, cel.StringType, ""},
	{"@trait_number", []*cel.Type{cel.StringType}, cel.DoubleType, ""},
	{"@trait_boolean", []*cel.Type{cel.StringType}, cel.BoolType, ""},
	{"@trait_date", []*cel.Type{cel.StringType}, cel.TimestampType, ""},
	{"@trait_enum", []*cel.Type{cel.StringType}, cel.StringType, ""},
}

const typedPrefix = "@trait_"

// asWritten gives the name of a function as people write it.
func asWritten(name string) string {
	if strings.HasPrefix(name, typedPrefix) {
		return "trait"
	}
	return name
}

// typed makes trait("name") of a declared trait a call that gives its type.
func (t *traits) typed() cel.Macro {
	return cel.GlobalMacro("trait", 1, func(mef cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		s := t.find(literal(args[0]))
		if s == nil {
			return nil, nil // as it stands
		}
		return mef.NewCall(typedPrefix+s.Type, args[0]), nil
	})
}

// literal gives a text that is written out, "" of anything else.
func literal(e ast.Expr) string {
	if e.Kind() != ast.LiteralKind {
		return ""
	}
	s, _ := e.AsLiteral().(types.String)
	return string(s)
}

// declared says why a rule may not ask for a trait.
func (c *compiler) declared(fn, name string) *ruleError {
	if fn == "owns" {
		fn, name = "flag", "product."+name
	}
	if c.traits == nil || fn != "trait" && fn != "flag" {
		return nil
	}
	s := c.traits.find(name)
	switch {
	case s == nil:
		return &ruleError{reason: fmt.Sprintf("trait %q is not declared", name), hint: "declare it in " + TraitsFile + "; " + nearest(name, c.traits.names())}
	case s.Sensitive:
		return &ruleError{reason: fmt.Sprintf("trait %q is sensitive: nothing is decided by it", name), hint: "leave it out of the rule"}
	case fn == "flag" && s.Type != yesNoTrait:
		return &ruleError{reason: fmt.Sprintf("trait %q is %s, and flag() asks for true or false", name, traitTypes[s.Type]), hint: "compare trait(\"" + name + "\") with something"}
	}
	return nil
}

// values refuses a comparison of an enum with what it can never be.
func (c *compiler) values(call ast.CallExpr) *ruleError {
	if len(call.Args()) != 2 || !slices.Contains([]string{"_==_", "_!=_", "@in"}, call.FunctionName()) {
		return nil
	}
	args := call.Args()
	if !enum(args[0]) {
		args = []ast.Expr{args[1], args[0]}
	}
	if !enum(args[0]) {
		return nil
	}
	name := literal(args[0].AsCall().Args()[0])
	s := c.traits.find(name)
	with := []ast.Expr{args[1]}
	if args[1].Kind() == ast.ListKind {
		with = args[1].AsList().Elements()
	}
	for _, e := range with {
		if v := literal(e); e.Kind() == ast.LiteralKind && s != nil && !slices.Contains(s.Values, v) {
			return &ruleError{reason: fmt.Sprintf("trait %q is never %q", name, v), hint: "its values are " + strings.Join(s.Values, ", ")}
		}
	}
	return nil
}

func enum(e ast.Expr) bool {
	return e.Kind() == ast.CallKind && e.AsCall().FunctionName() == typedPrefix+enumTrait
}

// typesIn says what the declared traits of an expression that does not check
// are, empty where it names none.
func (c *compiler) typesIn(text string) string {
	if c.traits == nil {
		return ""
	}
	var out []string
	for _, part := range strings.Split(text, `trait("`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		if s := c.traits.find(name); s != nil {
			out = append(out, fmt.Sprintf("trait %q is %s%s", name, traitTypes[s.Type], example[s.Type]))
		}
	}
	return strings.Join(out, "; ")
}

// example is what a trait of a type is compared with.
var example = map[string]string{
	numberTrait: ", write numbers with a point: 3.0", dateTrait: `, write timestamp("2026-03-01T00:00:00Z")`,
}

// valueOf gives a trait as a rule may see it.
func (m *moment) valueOf(arg ref.Val) (customer.Trait, bool) {
	t, ok := m.Profile.Trait(text(arg), m.At)
	return t, ok && !m.blind
}

// typedTrait answers trait() of a declared trait. What was kept before it was
// declared to be something else is not known.
func (m *moment) typedTrait(typ string) cel.LateBoundFunction {
	return func(_ string, args ...ref.Val) ref.Val {
		t, ok := m.valueOf(args[0])
		if !ok {
			return notKnown
		}
		switch v := t.Value.(type) {
		case string:
			if at, ok := dateOf(v); ok && typ == dateTrait {
				return types.Timestamp{Time: at}
			}
			if typ == textTrait || typ == enumTrait {
				return types.String(v)
			}
		case float64:
			if typ == numberTrait {
				return types.Double(v)
			}
		case bool:
			if typ == yesNoTrait {
				return types.Bool(v)
			}
		}
		return notKnown
	}
}
