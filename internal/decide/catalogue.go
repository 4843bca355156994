package decide

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/strict"
)

// Catalogue is what may be done for a customer: the actions with their
// policies compiled, and the levers of the business. It never changes after
// loading and is safe for concurrent use.
type Catalogue struct {
	actions []*action
	levers  []lever
	reads   []string // every name that some policy may read, sorted
	guide   *guide
	traits  *traits
	version string
}

// Info is one action as lists show it.
type Info struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	Issue    string          `json:"issue"`
	Group    string          `json:"group"`
	Purpose  consent.Purpose `json:"purpose"`
	Channels []string        `json:"channels"`
	Retired  bool            `json:"retired,omitempty"`
	// Like is an action whose weights a model may begin with.
	Like string `json:"prior_like,omitempty"`
}

// Actions lists the catalogue in order of id.
func (c *Catalogue) Actions() []Info {
	out := make([]Info, len(c.actions))
	for i, a := range c.actions {
		out[i] = a.info()
	}
	return out
}

func (a *action) info() Info {
	return Info{ID: a.ID, Title: a.Title, Issue: a.Issue, Group: a.Group, Purpose: a.Purpose, Channels: slices.Clone(a.Channels), Retired: a.Retired, Like: a.Like}
}

// Version is a fingerprint of the files that were read.
func (c *Catalogue) Version() string { return c.version }

func (c *Catalogue) find(id string) *action {
	at, ok := slices.BinarySearchFunc(c.actions, id, func(a *action, id string) int { return strings.Compare(a.ID, id) })
	if !ok {
		return nil
	}
	return c.actions[at]
}

// file is one YAML file of the catalogue.
type file struct {
	Version int          `yaml:"version"` // of the format: 1
	Actions []actionSpec `yaml:"actions"`
	Levers  []lever      `yaml:"levers"`
}

// written is a file's actions as they are written, with its keys.
type written struct {
	Actions []map[string]any `yaml:"actions"`
}

// actionSpec is an action as it is written down: what it is and how it is
// put to the customer, and [terms] that decide when.
type actionSpec struct {
	ID      string `yaml:"id"`
	Issue   string `yaml:"issue"`
	Group   string `yaml:"group"`
	Product string `yaml:"product"` // what a sale is of
	// Category is the shop's name for the kind of thing that Product is.
	Category string `yaml:"category"`
	// Repeatable is a product that is sold again to who has it.
	Repeatable bool   `yaml:"repeatable"`
	Title      string `yaml:"title"`
	Say        string `yaml:"say"`
	Avoid      string `yaml:"avoid"`
	// Channels says where the words above may be used as they are; a
	// treatment gives a channel words of its own.
	Channels   []string    `yaml:"channels"`
	Treatments []treatment `yaml:"treatments"`
	terms      `yaml:",inline"`
}

// terms is what decides whether an action is suggested, and how strongly.
type terms struct {
	Purpose consent.Purpose `yaml:"purpose"`
	Topic   string          `yaml:"topic"`
	Value   value           `yaml:"value"`
	Prior   prior           `yaml:"prior"`
	Context []contextSpec   `yaml:"context"`
	Policy  []policySpec    `yaml:"policies"`
	Valid   validity        `yaml:"valid"`
	Retired bool            `yaml:"retired"`
	// ForVulnerable lists the action among the few that are right for a
	// customer marked as vulnerable or bereaved.
	ForVulnerable bool `yaml:"for_vulnerable"`
	// Effect is "legal" or "similar" for what changes the customer's rights or
	// matters as much: only a person may decide it.
	Effect string `yaml:"effect"`
	// Answers says by channel what counts as an answer, where it is unusual.
	Answers map[string]answers `yaml:"answers"`
	Budget  budget             `yaml:"budget"`
	// Reach tries an action that reaches out on few people while it is new.
	Reach bool `yaml:"reach"`
	// Like names an action whose weights a model may begin with.
	Like string `yaml:"prior_like"`
	// Attention is how much of an agent's attention it may take on a call.
	Attention ownAttention `yaml:"attention"`
}

// treatment is an action's form on one channel in one language.
type treatment struct {
	ID       string `yaml:"id"`
	Channel  string `yaml:"channel"`
	Language string `yaml:"language"` // "en"; empty fits any
	Title    string `yaml:"title"`
	Say      string `yaml:"say"`
	Avoid    string `yaml:"avoid"`
}

// prior is the chance of acceptance before anything was learnt, worth so many
// outcomes.
type prior struct {
	P      float64 `yaml:"p"`
	Weight float64 `yaml:"weight"`
}

// contextSpec raises or lowers C when a label was heard in the call or an
// expression holds.
type contextSpec struct {
	Label  string  `yaml:"label"`
	When   string  `yaml:"when"`
	Why    string  `yaml:"why"` // the phrase for the reason; needed with when
	Weight float64 `yaml:"weight"`
}

// policySpec is one rule that may remove the action.
type policySpec struct {
	ID      string `yaml:"id"`
	Kind    string `yaml:"kind"` // eligibility, applicability, suitability, contact
	When    string `yaml:"when"` // CEL: true keeps the action
	Unknown string `yaml:"unknown"`
	Why     string `yaml:"why"` // the plain sentence when it removes
	// Tests are cases that must hold, or the policy is refused.
	Tests []policyTest `yaml:"tests"`
}

type validity struct {
	From  time.Time `yaml:"from"`
	Until time.Time `yaml:"until"`
}

// lever is a temporary push of the business, always with somebody's name on it.
type lever struct {
	Scope   string    `yaml:"scope"` // issue, group, action
	Name    string    `yaml:"name"`
	Percent float64   `yaml:"percent"`
	Owner   string    `yaml:"owner"`
	Reason  string    `yaml:"reason"`
	From    time.Time `yaml:"from"`
	Until   time.Time `yaml:"until"`
}

// action is an action ready to be decided on.
type action struct {
	actionSpec
	amounts  amounts
	policies []policy
	context  []contextRule
	mentions mentions       // what its policies and context read, for the reasons
	source   map[string]any // as it was written, with the keys of the files
	median   float64        // what the middle action of its group is worth
	unless   [][]string     // the words of its attention's phrases
}

// contextRule is one context weight: a label, or a rule when label is empty.
type contextRule struct {
	label  string
	why    string
	weight float64
	rule   *policy
}

// LoadCatalogue reads every *.yaml file of a folder as one catalogue. It
// refuses anything that it does not understand or that could not be decided
// on; the error is a [strict.Problem] with file, line, field, reason and hint.
func LoadCatalogue(fsys fs.FS) (*Catalogue, error) {
	b, err := readFiles(fsys, nil)
	if err != nil {
		return nil, err
	}
	c, err := b.catalogue()
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return c, nil
}

// readFiles reads a folder; what is declared of traits takes the place of its
// own declarations, nil of none.
func readFiles(fsys fs.FS, declared *traits) (*builder, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	texts := make(map[string][]byte, len(names))
	for _, name := range names {
		if texts[name], err = fs.ReadFile(fsys, name); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", name, err)
		}
	}
	if raw, given := texts[TraitsFile]; given { // also where others take its place: the files have to be in order
		own, err := readTraits(TraitsFile, raw)
		if err != nil {
			return nil, fmt.Errorf("catalogue: %w", err)
		}
		declared = cmp.Or(declared, own)
	}
	b, err := newBuilder(declared)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	first := func(name string) int { // the other files are read by it
		if name == PolicyFile {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(names, func(x, y string) int { return first(x) - first(y) })
	for _, name := range names {
		if err := b.file(path.Base(name), texts[name]); err != nil {
			return nil, fmt.Errorf("catalogue: %w", err)
		}
	}
	return b, nil
}

// builder gathers the files of a catalogue.
type builder struct {
	rules   *compiler
	guide   *guide
	actions []*action
	levers  []lever
	homes   map[string]string // action id -> file, for the second that claims it
	checks  []func() error    // what can only be checked once all files are read
	digest  []byte
}

func newBuilder(t *traits) (*builder, error) {
	rules, err := newCompiler(t)
	if err != nil {
		return nil, err
	}
	return &builder{rules: rules, guide: standing, homes: make(map[string]string)}, nil
}

func (b *builder) file(name string, raw []byte) (err error) {
	sum := sha256.Sum256(append(b.digest, raw...))
	b.digest = sum[:]
	switch name {
	case TraitsFile:
		return nil // it was read before all others
	case PolicyFile:
		b.guide, err = readPolicy(name, raw)
		return err
	}
	var f file
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return err
	}
	var as written
	if err := doc.Over("", &as); err != nil {
		return err
	}
	if f.Version != 1 {
		return doc.Problem("version", "must be 1", "the version of the format, on the first line")
	}
	for i := range f.Actions {
		a, err := b.action(complaints{doc, fmt.Sprintf("actions[%d]", i)}, f.Actions[i])
		if err != nil {
			return err
		}
		if home, taken := b.homes[a.ID]; taken {
			return doc.Problem(fmt.Sprintf("actions[%d].id", i), fmt.Sprintf("%q is already in %s", a.ID, home), "ids are unique over all files")
		}
		b.homes[a.ID] = name
		a.source = as.Actions[i]
		b.actions = append(b.actions, a)
	}
	for i := range f.Levers {
		if err := b.lever(complaints{doc, fmt.Sprintf("levers[%d]", i)}, f.Levers[i]); err != nil {
			return err
		}
	}
	return nil
}

// catalogue closes the builder: names are interned and cross-checked.
func (b *builder) catalogue() (*Catalogue, error) {
	if len(b.actions) == 0 {
		return nil, &strict.Problem{File: "*.yaml", Reason: "holds no action", Hint: "a catalogue needs at least one file with actions:"}
	}
	for _, check := range b.checks {
		if err := check(); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(b.actions, func(x, y *action) int { return strings.Compare(x.ID, y.ID) })
	medians(b.actions, b.guide.Value.Alpha)
	return &Catalogue{
		actions: b.actions, levers: b.levers, reads: b.rules.names, guide: b.guide, traits: b.rules.traits,
		version: hex.EncodeToString(b.digest[:6]),
	}, nil
}
