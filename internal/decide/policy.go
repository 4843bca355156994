package decide

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"heed/internal/customer"
	"heed/internal/strict"
)

const (
	// maxCost is what a policy may cost at the very worst, by CEL's own
	// estimate. Checked once at load, so nothing is metered while deciding.
	maxCost = 500
	// maxConditions keeps a policy readable.
	maxConditions = 10
	maxExpression = 1000 // bytes
)

// policySteps are the kinds of policy and the step at which each is asked.
var policySteps = map[string]int{"eligibility": 4, "applicability": 5, "suitability": 6, "contact": 7}

// policy is one compiled rule.
type policy struct {
	id          string
	step        int
	why         string
	keepUnknown bool
	cost        uint64 // at the worst
	rule        int    // the expression's number: rules that read alike are one
	program     cel.Program
	mentions    mentions
}

// mentions is what a rule can read, found in its text at load.
type mentions struct {
	labels, signals, facts []string
	thresholds             []threshold // of signals
	reads                  []int       // everything, as indices into the catalogue's reads
}

func (m *mentions) add(o mentions) {
	m.labels = union(m.labels, o.labels)
	m.signals = union(m.signals, o.signals)
	m.facts = union(m.facts, o.facts)
	m.thresholds = union(m.thresholds, o.thresholds)
	m.reads = union(m.reads, o.reads)
}

func union[T comparable](have, more []T) []T {
	for _, x := range more {
		if !slices.Contains(have, x) {
			have = append(have, x)
		}
	}
	return have
}

// compiler turns expressions into policies and interns the names they read.
type compiler struct {
	env    *cel.Env
	traits *traits // that rules may name; nil lets them name any
	names  []string
	// done are the expressions so far: the rules of a catalogue repeat, and to
	// compile one costs half a millisecond.
	done map[string]*policy
}

// ruleError is a refusal of an expression with its hint.
type ruleError struct {
	reason, hint string
	at           *Place // nil where it is about the whole
}

func (e *ruleError) Error() string { return e.reason }

// function is one function of the policy language.
type function struct {
	name   string
	args   []*cel.Type
	result *cel.Type
	usage  string
}

// functions is the whole language beside CEL's own operators.
var functions = []function{
	{"signal", []*cel.Type{cel.StringType}, cel.DoubleType, `signal("churn_risk") >= 0.6`},
	{"high", []*cel.Type{cel.StringType}, cel.BoolType, `high("churn_risk")`},
	{"count", []*cel.Type{cel.StringType, cel.DurationType}, cel.IntType, `count("purchase", days(7)) > 0`},
	{"label", []*cel.Type{cel.StringType}, cel.BoolType, `label("intent.cancel")`},
	{"trait", []*cel.Type{cel.StringType}, cel.DynType, `trait("plan") == "basic"`},
	{"flag", []*cel.Type{cel.StringType}, cel.BoolType, `!flag("arrears")`},
	{"owns", []*cel.Type{cel.StringType}, cel.BoolType, `!owns("fibre")`},
	{"open_issue", nil, cel.BoolType, `!open_issue()`},
	{"in_call", nil, cel.BoolType, `in_call()`},
	{"channel", nil, cel.StringType, `channel() == "agent"`},
}

func newCompiler(t *traits) (*compiler, error) {
	opts := []cel.EnvOption{span("days", 24*time.Hour), span("hours", time.Hour), cel.ExtendedValidations(), cel.Macros(t.typed())}
	for _, f := range slices.Concat(functions, typedFunctions) {
		opts = append(opts, cel.Function(f.name, cel.Overload(f.name, f.args, f.result, cel.LateFunctionBinding())))
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		return nil, fmt.Errorf("policy language: %w", err)
	}
	c := &compiler{env: env, traits: t, done: make(map[string]*policy)}
	for _, name := range alwaysRead {
		c.intern(name)
	}
	return c, nil
}

// span declares days(n) or hours(n).
func span(name string, unit time.Duration) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_int", []*cel.Type{cel.IntType}, cel.DurationType,
		cel.UnaryBinding(func(v ref.Val) ref.Val {
			n, ok := v.(types.Int)
			if !ok || n < 0 || n > 4000 {
				return types.NewErr("%s: want 0 to 4000", name)
			}
			return types.Duration{Duration: time.Duration(n) * unit}
		})))
}

// compile compiles a rule, which is true or false.
func (c *compiler) compile(text string) (*policy, *ruleError) {
	return c.expression(text, "true or false", cel.BoolType)
}

// expression type-checks a text, checks its cost and the names in it. It must
// give one of some types, which what names.
func (c *compiler) expression(text, what string, want ...*cel.Type) (*policy, *ruleError) {
	if done, ok := c.done[what+text]; ok {
		p := *done
		return &p, nil
	}
	if strings.TrimSpace(text) == "" || len(text) > maxExpression {
		return nil, &ruleError{reason: "is missing or too long", hint: `a CEL expression such as ` + functions[0].usage}
	}
	checked, issues := c.env.Compile(text)
	if issues.Err() != nil {
		return nil, &ruleError{"does not check: " + firstLine(issues), cmp.Or(c.typesIn(text), usages(text)), firstPlace(issues, text)}
	}
	if bad := oneOf(checked.OutputType(), want, what); bad != nil {
		return nil, bad
	}
	estimate, err := c.env.EstimateCost(checked, constantCost{})
	if err != nil {
		return nil, &ruleError{reason: "cannot be costed: " + err.Error()}
	}
	if estimate.Max > maxCost {
		return nil, &ruleError{reason: fmt.Sprintf("could cost %d, more than %d", estimate.Max, maxCost), hint: "no loops over what a customer can make long"}
	}
	p := &policy{cost: estimate.Max, rule: len(c.done)}
	if err := c.mention(checked.NativeRep(), &p.mentions); err != nil {
		return nil, err
	}
	program, err := c.env.Program(checked, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, &ruleError{reason: "cannot be planned: " + err.Error()}
	}
	p.program = program
	kept := *p
	c.done[what+text] = &kept
	return p, nil
}

// mention walks the expression for the names it reads. They must be written
// out: a computed name could not be checked, nor re-decided on.
func (c *compiler) mention(tree *ast.AST, m *mentions) *ruleError {
	conditions := 0
	var bad *ruleError
	ast.PostOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if bad != nil || e.Kind() != ast.CallKind {
			return
		}
		call := e.AsCall()
		if bad = c.values(call).placed(tree, call.Args()); bad != nil {
			return
		}
		if t, is := compared(call); is {
			m.add(mentions{thresholds: []threshold{t}})
		}
		at := slices.IndexFunc(functions, func(f function) bool { return f.name == asWritten(call.FunctionName()) })
		if at < 0 {
			return
		}
		conditions++
		name := ""
		if len(functions[at].args) > 0 {
			literal := call.Args()[0]
			text, ok := types.String(""), literal.Kind() == ast.LiteralKind
			if ok {
				text, ok = literal.AsLiteral().(types.String)
			}
			if !ok {
				bad = (&ruleError{reason: functions[at].name + "() needs its name written out", hint: functions[at].usage}).placed(tree, call.Args())
				return
			}
			name = string(text)
		}
		if bad = c.declared(functions[at].name, name); bad == nil {
			bad = c.name(functions[at].name, name, m)
		}
		bad = bad.placed(tree, call.Args())
	}))
	if bad == nil && conditions > maxConditions {
		return &ruleError{reason: fmt.Sprintf("has %d conditions, more than %d", conditions, maxConditions), hint: "split it into two policies"}
	}
	return bad
}

// name checks one name that a function reads and records it.
func (c *compiler) name(fn, name string, m *mentions) *ruleError {
	switch fn {
	case "signal", "high":
		return c.signal(fn, name, m)
	case "label":
		if !labelShape.MatchString(name) {
			return &ruleError{reason: fmt.Sprintf("%q is not a label", name), hint: "such as intent.cancel, theme.price or moment.thanks"}
		}
		m.add(mentions{labels: []string{name}, reads: c.interned("label:" + name)})
	case "count":
		if !factShape.MatchString(name) {
			return &ruleError{reason: fmt.Sprintf("%q is not a fact", name), hint: "such as purchase, page.cancel or contact.*"}
		}
		m.add(mentions{facts: []string{name}, reads: c.interned("fact:" + name)})
	case "trait", "flag":
		m.add(mentions{reads: c.interned("trait:" + name)})
	case "owns":
		m.add(mentions{reads: c.interned("trait:product."+name, "fact:purchase")})
	case "open_issue":
		m.add(mentions{reads: c.interned(issueReads...)})
	}
	return nil
}

// signal checks the name of a computed signal and records it.
func (c *compiler) signal(fn, name string, m *mentions) *ruleError {
	enter, leave, ok := customer.Thresholds(name)
	if !ok || (fn == "high" && enter == 0) {
		return &ruleError{reason: fmt.Sprintf("no signal %q for %s()", name, fn), hint: nearest(name, customer.SignalNames())}
	}
	m.add(mentions{signals: []string{name}, reads: c.interned("signal:" + name)})
	if fn == "high" {
		m.add(mentions{thresholds: []threshold{{signal: name, at: enter, upper: true, leave: leave}}})
	}
	return nil
}

// interned gives the indices of names that can be read.
func (c *compiler) interned(names ...string) []int {
	out := make([]int, len(names))
	for i, name := range names {
		out[i] = c.intern(name)
	}
	return out
}

// intern gives the index of a name that can be read.
func (c *compiler) intern(name string) int {
	if at := slices.Index(c.names, name); at >= 0 {
		return at
	}
	c.names = append(c.names, name)
	return len(c.names) - 1
}

func nearest(name string, known []string) string {
	if got, ok := strict.Nearest(name, known); ok {
		return "did you mean " + got + "?"
	}
	return "known: " + strings.Join(known, ", ")
}

func firstLine(issues *cel.Issues) string {
	if errs := issues.Errors(); len(errs) > 0 {
		return fmt.Sprintf("column %d: %s", errs[0].Location.Column()+1, errs[0].Message)
	}
	return issues.Err().Error()
}

var word = regexp.MustCompile(`[a-z_]+`)

// usages names the function that was probably meant, or all of them.
func usages(text string) string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.name
	}
	for _, w := range word.FindAllString(text, -1) {
		if at := slices.Index(names, w); at >= 0 {
			return "usage: " + functions[at].usage
		}
		if name, ok := strict.Nearest(w, names); ok {
			return "did you mean " + name + "?"
		}
	}
	return "functions: " + strings.Join(names, ", ") + ", days, hours"
}

// constantCost tells the estimator that our functions are single look-ups.
type constantCost struct{}

func (constantCost) EstimateSize(cost.AstNode) *cost.SizeEstimate { return nil }

func (constantCost) EstimateCallCost(fn, _ string, _ *cost.AstNode, _ []cost.AstNode) *cost.CallEstimate {
	if slices.ContainsFunc(functions, func(f function) bool { return f.name == asWritten(fn) }) {
		return &cost.CallEstimate{CostEstimate: cost.Estimate{Min: 1, Max: 5}, ResultSize: &cost.SizeEstimate{Min: 0, Max: 100}}
	}
	return nil
}

// verdict is the three-valued answer of a rule.
type verdict int

const (
	no verdict = iota
	yes
	unknown
)

// ask evaluates a rule. A rule that fails, such as a trait of another kind
// than it expects, does not know.
func (p *policy) ask(vars cel.Activation) verdict {
	out, _, err := p.program.Eval(vars)
	if err != nil {
		return unknown
	}
	b, ok := out.(types.Bool)
	switch {
	case !ok:
		return unknown
	case bool(b):
		return yes
	default:
		return no
	}
}
