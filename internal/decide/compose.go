package decide

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"heed/internal/strict"
)

// Edit is an action, a lever, the policy or what is declared of traits as
// people changed it after the files were written. All but a lever take the place
// of what the files have under their id; an edited lever comes beside those of
// the files.
type Edit struct {
	Kind string // [ActionEdit], [LeverEdit], [PolicyEdit] or [TraitsEdit]
	ID   string // of the action or of the lever; of the others their kind
	// Doc is the item in JSON, with the keys of the files.
	Doc json.RawMessage
	// Retired keeps an action for what is known of it and never suggests it,
	// leaves a lever out, and has the files' policy or traits hold again.
	Retired bool
}

// The kinds of edit.
const (
	ActionEdit = "action"
	LeverEdit  = "lever"
	PolicyEdit = "policy"
	TraitsEdit = "traits"
)

// Single says that there is one of a kind, whose id is its kind.
func Single(kind string) bool { return kind == PolicyEdit || kind == TraitsEdit }

// Aside is an edit that this program does not understand, such as one that an
// older version took. Nothing of that id is suggested.
type Aside struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Compose reads the files of a folder as [LoadCatalogue] does and lays edits
// over them. Edits that cannot be decided on are set aside and named; the
// error is about the files alone.
func Compose(files fs.FS, edits []Edit) (*Catalogue, []Aside, error) {
	b, asides, err := underTraits(files, edits)
	if err != nil {
		return nil, nil, err
	}
	b.checks = nil
	aside := func(e Edit, err error) { asides = append(asides, Aside{Kind: e.Kind, ID: e.ID, Reason: err.Error()}) }
	for _, kind := range []string{PolicyEdit, ActionEdit, LeverEdit} { // a lever may be about an edited action
		for _, e := range edits {
			if e.Kind != kind {
				continue
			}
			if err := b.edit(e); err != nil {
				aside(e, err)
			}
		}
	}
	b.levers = slices.DeleteFunc(b.levers, func(l lever) bool { return !slices.ContainsFunc(b.actions, l.touches) })
	b.checks = nil
	c, err := b.catalogue()
	if err != nil {
		return nil, nil, fmt.Errorf("catalogue: %w", err)
	}
	return c, asides, nil
}

// underTraits reads the files by what an edit declares of traits, or, where
// they do not check under it, by what they declare themselves.
func underTraits(files fs.FS, edits []Edit) (*builder, []Aside, error) {
	read := func(t *traits) (*builder, error) {
		b, err := readFiles(files, t)
		if err != nil {
			return nil, err
		}
		if _, err := b.catalogue(); err != nil {
			return nil, fmt.Errorf("catalogue: %w", err)
		}
		return b, nil
	}
	b, err := read(nil)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(edits, func(e Edit) bool { return e.Kind == TraitsEdit && !e.Retired })
	if at < 0 {
		return b, nil, nil
	}
	e := edits[at]
	t, err := traitsDocument(e.Doc)
	if err == nil {
		var under *builder
		if under, err = read(t); err == nil {
			under.sum(e)
			return under, nil, nil
		}
	}
	return b, []Aside{{Kind: e.Kind, ID: e.ID, Reason: err.Error()}}, nil
}

// sum has an edit count for the catalogue's version.
func (b *builder) sum(e Edit) {
	sum := sha256.Sum256(fmt.Appendf(b.digest, "%s %s %t %s", e.Kind, e.ID, e.Retired, e.Doc))
	b.digest = sum[:]
}

// edit lays one edit over what was read.
func (b *builder) edit(e Edit) error {
	b.sum(e)
	switch {
	case e.Retired && e.Kind != ActionEdit:
		return nil
	case e.Kind == PolicyEdit:
		g, err := policyDocument(e.Doc)
		if err == nil {
			b.guide = g
		}
		return err
	case e.Kind == LeverEdit:
		l, at, err := readLever(e.Doc)
		if err != nil {
			return err
		}
		if err := b.lever(at, l); err != nil {
			return err
		}
		if err := b.checks[len(b.checks)-1](); err != nil {
			b.levers = b.levers[:len(b.levers)-1]
			return err
		}
		return nil
	}
	b.actions = slices.DeleteFunc(b.actions, func(a *action) bool { return a.ID == e.ID })
	a, err := b.document(e.Doc)
	if err != nil {
		return err
	}
	if a.ID != e.ID {
		return &strict.Problem{File: editFile, Field: "id", Reason: fmt.Sprintf("is %q and not %q", a.ID, e.ID)}
	}
	a.Retired = a.Retired || e.Retired
	b.actions = append(b.actions, a)
	return nil
}

// editFile stands for a file where an edit is refused.
const editFile = "body"

// document compiles an action that stands alone.
func (b *builder) document(doc json.RawMessage) (*action, error) {
	var f file
	read, err := wrapped("actions", doc, &f)
	if err != nil {
		return nil, err
	}
	a, err := b.action(complaints{read, "actions[0]"}, f.Actions[0])
	if err != nil {
		return nil, alone(err)
	}
	var as written
	if err := read.Over("", &as); err != nil {
		return nil, err
	}
	a.source = as.Actions[0]
	return a, nil
}

func readLever(doc json.RawMessage) (lever, complaints, error) {
	var f file
	read, err := wrapped("levers", doc, &f)
	if err != nil {
		return lever{}, complaints{}, err
	}
	return f.Levers[0], complaints{read, "levers[0]"}, nil
}

// wrapped reads one item as the only one of a file. JSON is written anew
// before, as YAML knows fewer of its escapes.
func wrapped(list string, doc json.RawMessage, into *file) (*strict.Document, error) {
	item, err := object(doc)
	if err != nil {
		return nil, err
	}
	raw, err := plainJSON(map[string]any{"version": 1, list: []any{item}})
	if err != nil {
		return nil, err
	}
	read, err := strict.Read(editFile, raw, into)
	if err != nil {
		return nil, alone(err)
	}
	return read, nil
}

// alone takes the list out of the field of a refusal of a single item.
func alone(err error) error {
	p, ok := errors.AsType[*strict.Problem](err)
	if !ok {
		return err
	}
	q := *p
	q.Line = 0
	for _, list := range []string{"actions[0]", "levers[0]"} {
		q.Field = strings.TrimPrefix(strings.TrimPrefix(q.Field, list), ".")
	}
	return &q
}

// CheckAction says what is wrong with an action of that id in JSON, by what this
// catalogue declares of traits, as a [strict.Problem] with field, reason and
// hint.
func (c *Catalogue) CheckAction(id string, doc json.RawMessage) error {
	b, err := newBuilder(c.traits)
	if err != nil {
		return err
	}
	return b.edit(Edit{Kind: ActionEdit, ID: id, Doc: doc})
}

// Documents gives what the files hold as JSON, as an edit of it begins with:
// the actions, the whole policy, and what is declared of traits if anything is.
func Documents(files fs.FS) ([]Edit, error) {
	b, err := readFiles(files, nil)
	if err != nil {
		return nil, err
	}
	var out []Edit
	add := func(kind, id string, written any) {
		doc, failed := json.Marshal(written)
		if failed != nil {
			err = fmt.Errorf("catalogue: %s: %w", id, failed)
		}
		out = append(out, Edit{Kind: kind, ID: id, Doc: doc})
	}
	for _, a := range b.actions {
		add(ActionEdit, a.ID, a.source)
	}
	add(PolicyEdit, PolicyEdit, b.guide.figures)
	if t := b.rules.traits; t != nil {
		add(TraitsEdit, TraitsEdit, traitsFile{Traits: t.list})
	}
	return out, err
}

// CheckLever says what is wrong with a lever in JSON over this catalogue, as
// [Catalogue.CheckAction] does.
func (c *Catalogue) CheckLever(doc json.RawMessage) error {
	l, at, err := readLever(doc)
	if err != nil {
		return err
	}
	b := &builder{actions: c.actions, guide: c.guide}
	if err := b.lever(at, l); err != nil {
		return alone(err)
	}
	if err := b.checks[0](); err != nil {
		return alone(err)
	}
	return nil
}
