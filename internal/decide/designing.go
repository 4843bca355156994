package decide

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"heed/internal/consent"
	"heed/internal/customer"
)

// Place is a part of a rule's text, in Unicode code points from its beginning.
type Place struct {
	At     int `json:"at" minimum:"0"`
	Length int `json:"length" minimum:"0"`
}

// placed says that a refusal is about the first of some expressions; it gives
// nil for none.
func (e *ruleError) placed(tree *ast.AST, of []ast.Expr) *ruleError {
	if e == nil || e.at != nil || len(of) == 0 {
		return e
	}
	at := of[0]
	for at.Kind() == ast.CallKind && len(at.AsCall().Args()) > 0 {
		at = at.AsCall().Args()[0]
	}
	if r, ok := tree.SourceInfo().GetOffsetRange(at.ID()); ok {
		length := max(1, int(r.Stop-r.Start))
		if name := literal(at); name != "" {
			length = utf8.RuneCountInString(name) + 2 // with its quotes
		}
		e.at = &Place{int(r.Start), length}
	}
	return e
}

// firstPlace is where a text stops making sense: the word or the sign there.
func firstPlace(issues *cel.Issues, text string) *Place {
	errs := issues.Errors()
	if len(errs) == 0 || errs[0].Location.Line() < 1 {
		return nil
	}
	lines := strings.SplitAfter(text, "\n")
	line := min(errs[0].Location.Line(), len(lines)) - 1
	at := 0
	for _, before := range lines[:line] {
		at += utf8.RuneCountInString(before)
	}
	rest := []rune(lines[line])
	column := min(max(0, errs[0].Location.Column()), len(rest))
	from, to := column, column
	letter := func(i int) bool { return i >= 0 && i < len(rest) && (rest[i] == '_' || unicode.IsLetter(rest[i])) }
	if to < len(rest) && rest[to] == '(' { // of a call: its name stands before
		for letter(from - 1) {
			from--
		}
	}
	for letter(to) {
		to++
	}
	return &Place{at + from, max(1, to-from)}
}

// TryCases checks a rule and asks it about each of some made-up people: a
// [Tried] for each case, in their order. The answer of the expression itself
// stays empty.
func (c *Catalogue) TryCases(when string, cases []GivenCase) (Expression, error) {
	out := Expression{Reads: []string{}}
	rules, err := newCompiler(c.traits)
	if err != nil {
		return out, err
	}
	p, bad := rules.compile(when)
	if bad != nil {
		out.Reason, out.Hint, out.Place = bad.reason, bad.hint, bad.at
	} else {
		out.Type, out.Cost = cel.BoolType.String(), p.cost
	}
	for i := range cases {
		tried := Tried{}
		t, err := newTrial(cases[i].Given, c.traits)
		switch {
		case err != nil:
			tried.Reason = err.Error()
		case p != nil:
			tried.Answer = verdicts[p.ask(t.vars)]
			tried.Holds = tried.Answer == cases[i].Want
		}
		out.Cases = append(out.Cases, tried)
	}
	return out, nil
}

// Words is what a rule may be written with.
type Words struct {
	Functions []WordFunction `json:"functions"`
	Traits    []WordTrait    `json:"traits"`
	Signals   []string       `json:"signals"`
	Labels    []string       `json:"labels" doc:"Those that a rule of the catalogue asks for"`
	Facts     []string       `json:"facts" doc:"Those that a rule of the catalogue asks for"`
}

// WordFunction is a function of the language of rules.
type WordFunction struct {
	Name  string `json:"name"`
	Gives string `json:"gives" doc:"bool, int, double, string or dyn"`
	Usage string `json:"usage" example:"signal(\"churn_risk\") >= 0.6"`
}

// WordTrait is a trait that a rule may ask for.
type WordTrait struct {
	Name   string   `json:"name"`
	Type   string   `json:"type" enum:"string,number,boolean,date,enum"`
	Values []string `json:"values,omitempty" doc:"Of an enum"`
}

// Words gives what a rule of this catalogue may be written with, sensitive
// traits left out, each list in order of its names.
func (c *Catalogue) Words() Words {
	out := Words{Functions: []WordFunction{}, Traits: []WordTrait{}, Signals: customer.SignalNames(), Labels: []string{}, Facts: []string{}}
	for _, f := range functions {
		out.Functions = append(out.Functions, WordFunction{f.name, f.result.String(), f.usage})
	}
	for _, name := range c.traits.names() {
		if s := c.traits.find(name); s != nil && !s.Sensitive {
			out.Traits = append(out.Traits, WordTrait{s.Name, s.Type, s.Values})
		}
	}
	for _, read := range c.reads {
		switch kind, name, _ := strings.Cut(read, ":"); kind {
		case "label":
			out.Labels = append(out.Labels, name)
		case "fact":
			out.Facts = append(out.Facts, name)
		}
	}
	slices.Sort(out.Labels)
	slices.Sort(out.Facts)
	return out
}

// Request makes the question of a place about a made-up person at a moment.
// Their ledger holds a yes to marketing and profiling where agrees, and nothing
// otherwise.
func (c *Catalogue) Request(g Given, agrees bool, at time.Time) (Request, error) {
	r := Request{Channel: cmp.Or(g.Channel, agentChannel), At: at, Labels: g.Labels}
	var err error
	if r.Profile, err = g.person(c.traits, at); err != nil {
		return r, err
	}
	for _, name := range slices.Sorted(maps.Keys(g.Signals)) {
		if err := r.Profile.Suppose(name, g.Signals[name], at); err != nil {
			return r, fmt.Errorf("signal: %w", err)
		}
	}
	if r.Channel == agentChannel {
		r.CallID = "trial"
	}
	if agrees {
		for _, p := range []consent.Purpose{consent.Marketing, consent.Profiling} {
			r.Ledger = append(r.Ledger, consent.Row{Cell: consent.Cell{Purpose: p}, State: consent.Granted, At: at.AddDate(0, 0, -1), Source: "trial", Actor: "customer", Evidence: "made up"})
		}
	}
	return r, nil
}
