package decide

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"heed/internal/strict"
)

// change is a file that says what shall be tried: a file of the catalogue whose
// actions and policy go over those that are live.
type change struct {
	Version int          `yaml:"version"` // of the format: 1
	Actions []actionSpec `yaml:"actions"`
	Levers  []lever      `yaml:"levers"`
	// NoLevers leaves out the levers that are live.
	NoLevers bool `yaml:"no_levers"`
	// Policy goes over the policy that is live.
	Policy figures `yaml:"policy"`
}

// With gives the options as a change file makes them. Such a file is one of
// the catalogue, see [LoadCatalogue], in which an action with the id of a live
// one gives only what differs (a list takes the place of the live one's), and
// which may also hold:
//
//	no_levers: true     leaves out the levers that are live; those under levers: come beside them
//	policy:             as in [PolicyFile]; what is not given is as it is live
//	  value: {gamma: 0.5}
//
// changed are the ids of the actions that it names, sorted. A file that cannot
// be decided by is a [strict.Problem] with file, line, field, reason and hint.
func (o Options) With(name string, raw []byte) (_ Options, changed []string, err error) {
	var f change
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return o, nil, err
	}
	if f.Version != 1 {
		return o, nil, doc.Problem("version", "must be 1", "the version of the format, on the first line")
	}
	if o.Catalogue, changed, err = o.Catalogue.with(doc, &f); err != nil {
		return o, nil, err
	}
	if _, err := New(o); err != nil {
		return o, nil, fmt.Errorf("%s: %w", name, err)
	}
	sum := sha256.Sum256(append([]byte(o.Catalogue.version), raw...))
	o.Catalogue.version = hex.EncodeToString(sum[:6])
	return o, changed, nil
}

// with builds the catalogue anew: the rules of one are compiled together.
func (c *Catalogue) with(doc *strict.Document, f *change) (*Catalogue, []string, error) {
	b, err := newBuilder(c.traits)
	if err != nil {
		return nil, nil, fmt.Errorf("catalogue: %w", err)
	}
	given := c.guide.clone()
	if err := doc.Over("policy", &given); err != nil {
		return nil, nil, err
	}
	if b.guide, err = given.guide(complaints{doc, "policy"}); err != nil {
		return nil, nil, err
	}
	changed, err := b.over(c, doc, f.Actions)
	if err != nil {
		return nil, nil, err
	}
	for i, live := range c.actions {
		if slices.Contains(changed, live.ID) {
			continue
		}
		a, err := b.action(complaints{doc, fmt.Sprintf("live[%d]", i)}, live.actionSpec)
		if err != nil {
			return nil, nil, err // it was in order when it was loaded
		}
		b.actions = append(b.actions, a)
	}
	if !f.NoLevers {
		b.levers = slices.Clone(c.levers)
	}
	for i := range f.Levers {
		if err := b.lever(complaints{doc, fmt.Sprintf("levers[%d]", i)}, f.Levers[i]); err != nil {
			return nil, nil, err
		}
	}
	b.digest = make([]byte, sha256.Size)
	out, err := b.catalogue()
	if err != nil {
		return nil, nil, err
	}
	out.version = c.version
	return out, changed, nil
}

// over adds the actions of a change, each over the live one of its id.
func (b *builder) over(c *Catalogue, doc *strict.Document, given []actionSpec) ([]string, error) {
	var changed []string
	for i, spec := range given {
		field := fmt.Sprintf("actions[%d]", i)
		if live := c.find(spec.ID); live != nil {
			spec = live.actionSpec
			if err := doc.Over(field, &spec); err != nil {
				return nil, err
			}
		}
		if slices.Contains(changed, spec.ID) {
			return nil, doc.Problem(field+".id", fmt.Sprintf("%q is there twice", spec.ID), "each action once")
		}
		a, err := b.action(complaints{doc, field}, spec)
		if err != nil {
			return nil, err
		}
		b.actions, changed = append(b.actions, a), append(changed, a.ID)
	}
	slices.SortFunc(changed, strings.Compare)
	return changed, nil
}
