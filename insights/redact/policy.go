package redact

import (
	"bytes"
	_ "embed"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"heed/insights"
	"heed/insights/redact/tagger"
	"heed/insights/rulefile"
)

// version changes when the package finds something else under the same policy.
const version = "2"

// Kinds gives the names of what a policy can speak of, in the order of its
// documentation. They are the names of the insights, too.
func Kinds() []string {
	return strings.Fields(`card_number card_code card_expiry code password bank_account national_id date_of_birth number
		email phone name address postcode account_number username ip_address domain place organization date person_detail`)
}

// action is what is done to a kind.
type action uint8

const (
	keep action = iota
	mask
	remove
)

// rule is what a policy says of one kind.
type rule struct {
	action action
	shown  int // letters or digits that a mask leaves, 2 to 4
}

// secret kinds are never shown in part.
const secret = " card_number card_code card_expiry code password date_of_birth "

// Policy says what is removed, masked and kept. The zero Policy is
// [Default]. Policies are never changed.
type Policy struct{ rules *ruleset }

// ruleset is a policy, ready for use.
type ruleset struct {
	rules     map[insights.Speaker]map[string]rule
	national  []national
	certainty float32
	model     string // "redact/<hash>"
	// What the tagger is asked for, for each side. The look for the other
	// kinds is by rules alone.
	tagged map[insights.Speaker]tagger.Set
	secret tagger.Set // those that are only meant when somebody names one
	tagger *tagger.Model
}

// WithTagger gives the policy with another model in the place of the committed
// one.
func (p Policy) WithTagger(m *tagger.Model) Policy {
	next := *p.set()
	next.tagger = m
	next.ready()
	return Policy{&next}
}

// rule gives what to do to a kind said by a speaker. Card numbers and codes
// are removed whatever a policy says.
func (s *ruleset) rule(who insights.Speaker, kind string) rule {
	if kind == nameCard || kind == nameCode {
		return rule{action: remove}
	}
	if who != insights.Agent {
		who = insights.Customer
	}
	return s.rules[who][kind]
}

func (s *ruleset) keeps(who insights.Speaker, kind string) bool {
	return s.rule(who, kind).action == keep
}

//go:embed default.yaml
var defaultFile []byte

//go:embed strict.yaml
var strictFile []byte

var (
	builtIn = sync.OnceValue(func() Policy { return must("default.yaml", defaultFile) })
	severe  = sync.OnceValue(func() Policy { return must("strict.yaml", strictFile) })
)

func must(file string, data []byte) Policy {
	p, err := ParsePolicy(file, data)
	if err != nil {
		panic("redact: the built-in policy: " + err.Error()) // a build fault, found by any test
	}
	return p
}

// DefaultFile gives the file of [Default], with its comments, for people to
// start from.
func DefaultFile() []byte { return bytes.Clone(defaultFile) }

// StrictFile gives the file of [Strict].
func StrictFile() []byte { return bytes.Clone(strictFile) }

// Default removes payment data, secrets, bank accounts, national numbers,
// dates of birth and long numbers that are nothing known. It keeps names,
// addresses, telephone numbers, e-mail addresses and the company's own numbers.
func Default() Policy { return builtIn() }

// Strict removes everything that tells who somebody is.
func Strict() Policy { return severe() }

// Version names the policy together with the model that it uses, as in
// [insights.Insight].
func (p Policy) Version() string { return p.set().model }

func (p Policy) set() *ruleset {
	if p.rules == nil {
		return builtIn().rules
	}
	return p.rules
}

// With gives the policy with another rule for kinds, for both sides: "keep",
// "remove" or "mask 4", as in a policy's file.
func (p Policy) With(do string, kinds ...string) (Policy, error) {
	old := p.set()
	r, ok := parseRule(do)
	if !ok {
		return Policy{}, fmt.Errorf("redact policy: %q is not keep, remove or mask 2 to mask 4", do)
	}
	next := *old
	next.rules = make(map[insights.Speaker]map[string]rule)
	for who, rules := range old.rules {
		next.rules[who] = make(map[string]rule)
		maps.Copy(next.rules[who], rules)
		for _, k := range kinds {
			if why := refused(k, r); why != "" {
				return Policy{}, fmt.Errorf("redact policy: %s: %s", k, why)
			}
			next.rules[who][k] = r
		}
	}
	next.ready()
	return Policy{&next}, nil
}

// refused says why a kind cannot have a rule.
func refused(kind string, r rule) string {
	switch {
	case !slices.Contains(Kinds(), kind):
		return "expected one of " + strings.Join(Kinds(), ", ")
	case r.action == keep && (kind == nameCard || kind == nameCode):
		return "expected remove: this cannot be kept"
	case r.action == mask && strings.Contains(secret, " "+kind+" "):
		return "expected remove: no part of this may be shown"
	}
	return ""
}

func parseRule(s string) (rule, bool) {
	switch s {
	case "keep":
		return rule{}, true
	case "remove":
		return rule{action: remove}, true
	case "mask":
		return rule{action: mask, shown: 2}, true
	}
	number, ok := strings.CutPrefix(s, "mask ")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	return rule{action: mask, shown: n}, ok && err == nil && n >= 2 && n <= 4
}

// ParsePolicy reads a policy's file strictly: an error names the file, the
// line and what was expected there.
func ParsePolicy(file string, data []byte) (Policy, error) {
	root, err := rulefile.Parse(file, data)
	if err != nil {
		return Policy{}, err
	}
	fields, err := root.Fields("version", "kinds", "agent?", "customer?", "national_ids?", "certainty?")
	if err != nil {
		return Policy{}, err
	}
	if err := fields["version"].Version(1); err != nil {
		return Policy{}, err
	}
	s := &ruleset{rules: make(map[insights.Speaker]map[string]rule), certainty: 0.5, tagger: tagger.Default()}
	for who, name := range map[insights.Speaker]string{insights.Customer: "customer", insights.Agent: "agent"} {
		s.rules[who] = make(map[string]rule)
		if err := readRules(fields["kinds"], s.rules[who]); err != nil {
			return Policy{}, err
		}
		if own, ok := fields[name]; ok {
			if err := readRules(own, s.rules[who]); err != nil {
				return Policy{}, err
			}
		}
	}
	if err := s.readRest(fields); err != nil {
		return Policy{}, err
	}
	s.ready()
	return Policy{s}, nil
}

// readRules reads rules by kind.
func readRules(v rulefile.Value, into map[string]rule) error {
	names := Kinds()
	for i := range names {
		names[i] += "?"
	}
	fields, err := v.Fields(names...)
	if err != nil {
		return err
	}
	for kind, value := range fields {
		text, err := value.Text()
		if err != nil {
			return err
		}
		r, ok := parseRule(text)
		if !ok {
			return value.Errorf("expected keep, remove or mask 2 to mask 4, got %q", text)
		}
		if why := refused(kind, r); why != "" {
			return value.Errorf("%s", why)
		}
		into[kind] = r
	}
	return nil
}

// readRest reads what is said beside the kinds.
func (s *ruleset) readRest(fields map[string]rulefile.Value) error {
	if v, ok := fields["certainty"]; ok {
		c, err := v.Number(0.01, 0.99)
		if err != nil {
			return err
		}
		s.certainty = float32(c)
	}
	v, ok := fields["national_ids"]
	if !ok {
		return nil
	}
	list, err := v.List()
	if err != nil {
		return err
	}
	for _, item := range list {
		name, err := item.Text()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(nationals, func(n national) bool { return n.country == name })
		if i < 0 {
			return item.Errorf("expected one of %s, got %q", countries(), name)
		}
		s.national = append(s.national, nationals[i])
	}
	return nil
}

// ready fills in what follows from the rules.
func (s *ruleset) ready() {
	s.tagged = make(map[insights.Speaker]tagger.Set)
	s.secret = tagger.SetOf(func(kind string) bool {
		return kind == nameCard || kind == namePassword || kind == nameIdentity || kind == nameBank
	})
	var text strings.Builder
	fmt.Fprint(&text, version, s.tagger.Sum(), s.certainty)
	for _, who := range []insights.Speaker{insights.Customer, insights.Agent} {
		s.tagged[who] = tagger.SetOf(func(kind string) bool { return !s.keeps(who, kind) })
		for _, k := range Kinds() {
			fmt.Fprint(&text, " ", who, k, s.rule(who, k))
		}
	}
	for _, n := range s.national {
		fmt.Fprint(&text, " ", n.country)
	}
	s.model = fmt.Sprintf("redact/%08x", crc32.ChecksumIEEE([]byte(text.String())))
}
