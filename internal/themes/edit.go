package themes

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/themes/match"
)

// Invalid says which field of a request is wrong, for whoever made it.
type Invalid struct {
	Field string // as in JSON
	Want  string
}

// Error gives field and expectation.
func (e *Invalid) Error() string { return e.Field + ": " + e.Want }

const maxTitle = 80 // characters

// invalid turns the fault of a definition into ours.
func invalid(err error) error {
	if field, want, ok := match.Invalid(err); ok {
		if field != "title" {
			field = "definition." + field
		}
		return fmt.Errorf("%w: %w", &Invalid{field, want}, err)
	}
	return err
}

func title(s string) (string, error) {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if n := len([]rune(s)); n == 0 || n > maxTitle {
		return "", &Invalid{"title", fmt.Sprintf("expected 1 to %d characters", maxTitle)}
	}
	return s, nil
}

// Define makes a theme. It counts in what is said from then on, and its
// history is read at once by [Themes.Run].
func (t *Themes) Define(ctx context.Context, d match.Definition, by string) (Theme, error) {
	var err error
	if d.Title, err = title(d.Title); err != nil {
		return Theme{}, err
	}
	id := event.NewID()
	d.Name = id
	if err := t.compiler.Check(d); err != nil {
		return Theme{}, invalid(err)
	}
	now := t.now().UTC()
	th := Theme{
		ID: id, Kind: Kind(d.How), State: Active, Title: d.Title, Definition: &d, By: by,
		Renamed: true, CreatedAt: now, UpdatedAt: now,
	}
	err = t.store.Write(ctx, func(tx *store.Tx) error {
		return errors.Join(save(tx, th, Change{At: now, By: by, What: "defined"}), tx.RescanTheme(id))
	})
	t.rouse()
	if err != nil {
		return Theme{}, fmt.Errorf("define a theme: %w", err)
	}
	return th, nil
}

// Edit is what is to become of a theme; what is nil stays as it is.
type Edit struct {
	Title *string
	// State is active (also brings back), hidden or deleted.
	State      *State
	Definition *match.Definition
	// Into merges it into another theme, which then counts for both.
	Into *string
}

// Change changes a theme, or gives [store.ErrNotFound] or an [*Invalid].
func (t *Themes) Change(ctx context.Context, id string, e Edit, by string) (Theme, error) {
	var th Theme
	err := t.store.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.Theme(id)
		if err != nil {
			return err
		}
		if th, err = decode(row); err != nil {
			return err
		}
		edit := editing{t: t, tx: tx, was: th, now: th}
		if err := edit.apply(e); err != nil {
			return err
		}
		th = edit.now
		if edit.what == nil {
			return nil
		}
		th.UpdatedAt = t.now().UTC()
		err = save(tx, th, Change{At: th.UpdatedAt, By: by, What: strings.Join(edit.what, ", ")})
		return errors.Join(err, edit.recount())
	})
	t.rouse()
	if err != nil {
		return Theme{}, fmt.Errorf("change theme %s: %w", id, err)
	}
	return th, nil
}

// editing is one change on its way.
type editing struct {
	t        *Themes
	tx       *store.Tx
	was, now Theme
	what     []string // that was done
	moved    bool     // what it matches has changed
}

func (e *editing) apply(ask Edit) error {
	for _, step := range []func(Edit) error{e.rename, e.redefine, e.enter, e.merge} {
		if err := step(ask); err != nil {
			return err
		}
	}
	return nil
}

func (e *editing) rename(ask Edit) (err error) {
	if ask.Title == nil || *ask.Title == e.now.Title {
		return nil
	}
	if e.now.Title, err = title(*ask.Title); err != nil {
		return err
	}
	e.now.Renamed = true
	if e.now.Definition != nil {
		d := *e.now.Definition
		d.Title = e.now.Title
		e.now.Definition = &d
	}
	e.what = append(e.what, "renamed")
	return nil
}

func (e *editing) redefine(ask Edit) error {
	if ask.Definition == nil {
		return nil
	}
	if e.now.Kind == Rule || e.now.Kind == Discovered {
		return &Invalid{"definition", "a theme of the rule files or one that was discovered cannot be defined anew; define another theme and merge this one into it"}
	}
	d := *ask.Definition
	d.Name, d.Title = e.now.ID, e.now.Title
	if err := e.t.compiler.Check(d); err != nil {
		return invalid(err)
	}
	if reflect.DeepEqual(d, *e.now.Definition) {
		return nil
	}
	e.now.Definition, e.now.Kind, e.moved = &d, Kind(d.How), true
	e.what = append(e.what, "defined anew")
	return nil
}

// enter goes to another state.
func (e *editing) enter(ask Edit) error {
	if ask.State == nil || *ask.State == e.was.State {
		return nil
	}
	to := *ask.State
	if e.was.State == Gone {
		return &Invalid{"state", "the theme is no longer found; what was never defined cannot be brought back"}
	}
	counted := e.was.State == Active || e.was.State == Hidden
	switch to {
	case Active, Hidden:
		e.moved = e.moved || !counted
	case Deleted:
		e.moved = e.moved || e.was.State != Deleted
	case Merged, Gone:
		return &Invalid{"state", "expected active, hidden or deleted"}
	default:
		return &Invalid{"state", fmt.Sprintf("expected active, hidden or deleted, got %q", to)}
	}
	e.now.State, e.now.Into = to, ""
	what := map[State]string{Active: "shown", Hidden: "hidden", Deleted: "deleted"}[to]
	if !counted && to != Deleted {
		what = "restored"
	}
	e.what = append(e.what, what)
	return nil
}

func (e *editing) merge(ask Edit) error {
	if ask.Into == nil || *ask.Into == "" || *ask.Into == e.was.Into {
		return nil
	}
	if *ask.Into == e.now.ID {
		return &Invalid{"into", "a theme cannot be merged into itself"}
	}
	row, err := e.tx.Theme(*ask.Into)
	if errors.Is(err, store.ErrNotFound) {
		return &Invalid{"into", "there is no theme with this id"}
	}
	if err != nil {
		return err
	}
	// One that is merged itself could close a ring.
	if s := State(row.State); s != Active && s != Hidden {
		return &Invalid{"into", "expected an active or a hidden theme"}
	}
	if s := e.now.State; s != Active && s != Hidden {
		return &Invalid{"into", "only an active or a hidden theme can be merged"}
	}
	e.now.State, e.now.Into, e.moved = Merged, *ask.Into, true
	e.what = append(e.what, "merged")
	return nil
}

// recount empties a theme that counts no more and has history read for those
// whose count changes.
func (e *editing) recount() error {
	if !e.moved {
		return nil
	}
	var errs []error
	if e.now.State == Active || e.now.State == Hidden {
		errs = append(errs, e.tx.RescanTheme(e.now.ID))
	} else {
		errs = append(errs, e.tx.DropThemeTurns(e.now.ID))
	}
	for _, into := range []string{e.was.Into, e.now.Into} {
		if into != "" {
			errs = append(errs, e.tx.RescanTheme(into))
		}
	}
	return errors.Join(errs...)
}

// syncRules makes the themes of the rule files what the files say. Those that
// the files no longer have are gone; their title, if a person chose one, and
// their state are kept otherwise.
func (t *Themes) syncRules(ctx context.Context, rules []match.Definition) error {
	rows, err := t.store.Themes(ctx)
	if err != nil {
		return err
	}
	known := make(map[string]Theme)
	for _, r := range rows {
		if Kind(r.Kind) != Rule {
			continue
		}
		if known[r.ID], err = decode(r); err != nil {
			return err
		}
	}
	for _, d := range rules {
		id := "rule_" + d.Name
		th, was := known[id]
		delete(known, id)
		if err := t.syncRule(ctx, id, d, th, was); err != nil {
			return err
		}
	}
	for _, th := range known {
		if th.State == Gone {
			continue
		}
		th.State, th.UpdatedAt = Gone, t.now().UTC()
		err := t.store.Write(ctx, func(tx *store.Tx) error {
			return errors.Join(save(tx, th, Change{At: th.UpdatedAt, What: "gone from the rule files"}), tx.DropThemeTurns(th.ID))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// syncRule makes one rule theme what its file says.
func (t *Themes) syncRule(ctx context.Context, id string, d match.Definition, th Theme, was bool) error {
	now := t.now().UTC()
	what := "defined by the rule files"
	if !was {
		th = Theme{ID: id, Kind: Rule, State: Active, CreatedAt: now}
	}
	if th.State == Gone {
		th.State = Active
	} else if th.Definition != nil && same(*th.Definition, d) {
		return nil
	}
	if !th.Renamed {
		th.Title = d.Title
	}
	th.Definition, th.UpdatedAt = &d, now
	return t.store.Write(ctx, func(tx *store.Tx) error {
		err := errors.Join(save(tx, th, Change{At: now, What: what}), tx.RescanTheme(id))
		if th.Into != "" {
			err = errors.Join(err, tx.RescanTheme(th.Into))
		}
		return err
	})
}

// same compares what definitions match, not how a person has named them.
func same(a, b match.Definition) bool {
	a.Title, b.Title = "", ""
	return reflect.DeepEqual(a, b)
}
