// Package catalogue keeps what people make of the catalogue of actions: each
// action and lever, the policy and what is declared of traits, in versions that are draft, reviewed, live, retired or
// dropped, with who did what, when and why, for ever. The files of actions are the base; a
// live version takes the place of the file's action of its id, and a retired
// one keeps it from being suggested. Whatever goes live is in force for the
// next decision, and is loaded again at the start.
//
// It does not know what makes an action good: internal/decide checks it. It
// holds no SQL and no HTTP, and never changes the files.
package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"time"

	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
	"heed/internal/strict"
)

// Version is one version of an action or a lever.
type Version = store.CatalogueVersion

// Step is who took a version into a state, when and why.
type Step = store.CatalogueStep

// The states of a version.
const (
	Draft    = "draft"
	Reviewed = "reviewed"
	Live     = "live"
	Retired  = "retired"
	// Dropped is a draft, or what was reviewed, that somebody took back.
	Dropped = "dropped"
)

// decider is what the catalogue is put in force with.
type decider interface {
	Use(c *decide.Catalogue)
	Catalogue() *decide.Catalogue
}

// Options is what the service works with.
type Options struct {
	Store   *store.Store
	Files   fs.FS
	Decider decider
	// Alone lets the author of a version review and publish it.
	Alone  bool
	Now    func() time.Time
	Logger *slog.Logger
}

// item is one thing that has versions.
type item struct{ kind, id string }

// Service changes the catalogue. It is safe for concurrent use.
type Service struct {
	o    Options
	base map[item]json.RawMessage // what the files hold

	mu     sync.Mutex // one change goes live at a time, so that the last one stored is in force
	asides []decide.Aside
}

// Open reads the files and what is live, and puts both in force. What this
// program cannot decide on is logged and set aside, see [Service.Asides].
func Open(ctx context.Context, o Options) (*Service, error) {
	docs, err := decide.Documents(o.Files)
	if err != nil {
		return nil, err
	}
	base := make(map[item]json.RawMessage, len(docs))
	for _, d := range docs {
		base[item{d.Kind, d.ID}] = d.Doc
	}
	s := &Service{o: o, base: base}
	return s, s.load(ctx)
}

// load puts in force what is stored. The lock is held, or nobody else is there.
func (s *Service) load(ctx context.Context) error {
	latest, err := s.o.Store.CatalogueLatest(ctx)
	if err != nil {
		return err
	}
	c, asides, err := decide.Compose(s.o.Files, edits(latest))
	if err != nil {
		return err
	}
	for _, a := range asides {
		s.o.Logger.Warn("a part of the catalogue is not understood and set aside; edit and publish it again", "kind", a.Kind, "id", a.ID, "reason", a.Reason)
	}
	s.asides = asides
	s.o.Decider.Use(c)
	return nil
}

// edits gives what lies over the files: of each item the live version, or the
// newest retired one where none is live.
func edits(latest []Version) []decide.Edit {
	var out []decide.Edit
	for _, v := range latest {
		if v.State != Live && v.State != Retired {
			continue
		}
		e := decide.Edit{Kind: v.Kind, ID: v.ID, Doc: v.Doc, Retired: v.State == Retired}
		at := slices.IndexFunc(out, func(o decide.Edit) bool { return o.Kind == v.Kind && o.ID == v.ID })
		switch {
		case at < 0:
			out = append(out, e)
		case v.State == Live:
			out[at] = e
		}
	}
	return out
}

// Asides are the parts of the live catalogue that are not in force.
func (s *Service) Asides() []decide.Aside {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asides)
}

// Edit is a new version as somebody wants it.
type Edit struct {
	Kind, ID string
	Doc      json.RawMessage
	// Based is the newest version that the editor has seen; 0 is that of the
	// files, or none.
	Based   int64
	By, Why string
}

// Conflict says that somebody else changed the item meanwhile; it is
// [store.ErrConflict].
type Conflict struct {
	Yours  json.RawMessage
	Theirs Version
}

// Error names the version that is newer.
func (c *Conflict) Error() string {
	return fmt.Sprintf("%s %s is at version %d since, by %s", c.Theirs.Kind, c.Theirs.ID, c.Theirs.Version, c.Theirs.Author)
}

// Unwrap gives [store.ErrConflict].
func (c *Conflict) Unwrap() error { return store.ErrConflict }

// Draft stores a new version. It fails with a [strict.Problem] when it could
// not be decided on, and with a [Conflict] when it is not based on the newest.
func (s *Service) Draft(ctx context.Context, e Edit) (Version, error) {
	if err := s.check(e.Kind, e.ID, e.Doc); err != nil {
		return Version{}, err
	}
	v := Version{Kind: e.Kind, ID: e.ID, Version: e.Based + 1, State: Draft, Author: e.By, Doc: e.Doc}
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		have, err := tx.CatalogueVersions(e.Kind, e.ID)
		if err != nil {
			return err
		}
		switch {
		case len(have) > 0 && have[0].Version != e.Based:
			return &Conflict{e.Doc, have[0]}
		case len(have) == 0 && e.Based != 0:
			return fmt.Errorf("version %d of %s %s: %w", e.Based, e.Kind, e.ID, store.ErrNotFound)
		}
		return errors.Join(tx.AddCatalogueVersion(v), s.step(tx, v, Draft, e.By, e.Why))
	})
	if err != nil {
		return Version{}, fmt.Errorf("draft: %w", err)
	}
	return v, nil
}

// check asks decide whether a document may become a version.
func (s *Service) check(kind, id string, doc json.RawMessage) error {
	if decide.Single(kind) && id != kind {
		return &strict.Problem{Field: "id", Reason: fmt.Sprintf("there is no %s %q", kind, id), Hint: "there is one, and it is called " + kind}
	}
	switch kind {
	case decide.LeverEdit:
		return s.o.Decider.Catalogue().CheckLever(doc)
	case decide.PolicyEdit:
		return decide.CheckPolicy(doc)
	case decide.TraitsEdit:
		return s.o.Decider.Catalogue().CheckTraits(doc)
	default:
		return s.o.Decider.Catalogue().CheckAction(id, doc)
	}
}

// step stores a step with its event.
func (s *Service) step(tx *store.Tx, v Version, state, by, why string) error {
	st := Step{Kind: v.Kind, ID: v.ID, Version: v.Version, State: state, At: s.o.Now().UTC(), By: by, Why: why}
	ev, err := event.New(event.CatalogueChanged, st.At, event.About{}, st)
	if err != nil {
		return err
	}
	return errors.Join(tx.StepCatalogue(st), tx.Append(ev))
}

// Move is a step that somebody wants a version to take.
type Move struct {
	Kind, ID string
	Version  int64
	To       string // reviewed, live, retired or dropped
	By, Why  string
}

// Refused says why a step is not to be taken.
type Refused struct{ Why string }

// Error gives the reason.
func (r *Refused) Error() string { return r.Why }

// may says whether a version may take a step, newest being the item's newest.
func may(v, newest Version, m Move, alone bool) error {
	switch {
	case slices.Contains(anyway, v.State+m.To):
		return nil
	case m.To == Retired:
		return &Refused{"only what is live can be retired"}
	case v.Version != newest.Version:
		return &Refused{fmt.Sprintf("version %d is newer", newest.Version)}
	case !alone && m.By == v.Author && m.To == Reviewed:
		return &Refused{"somebody other than its author has to review it"}
	case slices.Contains(onward(alone), v.State+m.To):
		return nil
	}
	return &Refused{fmt.Sprintf("a version goes from draft to reviewed to live to retired, and not from %s to %s", v.State, m.To)}
}

// anyway are the steps that wait for nobody, as "from" and "to" in one: to stop
// something, to go back to what somebody reviewed before it was live, and to
// take back what was never in force.
var anyway = []string{Live + Retired, Retired + Live, Draft + Dropped, Reviewed + Dropped}

// newest is the latest of versions that nobody dropped; there is one.
func newest(have []Version) Version {
	at := slices.IndexFunc(have, func(v Version) bool { return v.State != Dropped })
	return have[max(0, at)]
}

// onward gives the steps, as "from" and "to" in one.
func onward(alone bool) []string {
	steps := []string{Draft + Reviewed, Reviewed + Live}
	if alone {
		steps = append(steps, Draft+Live)
	}
	return steps
}

// Move takes a version a step further. What goes live or is retired is in
// force when it returns. It fails with [Refused], with [store.ErrNotFound], or
// with a [strict.Problem] when what was right as a draft is not any more.
func (s *Service) Move(ctx context.Context, m Move) (Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var v Version
	err := s.o.Store.Write(ctx, func(tx *store.Tx) error {
		have, err := s.versions(tx, m)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(have, func(h Version) bool { return h.Version == m.Version })
		if at < 0 {
			return fmt.Errorf("version %d of %s %s: %w", m.Version, m.Kind, m.ID, store.ErrNotFound)
		}
		v = have[at]
		if err := may(v, newest(have), m, s.o.Alone); err != nil {
			return err
		}
		if m.To == Live {
			if err := errors.Join(s.check(v.Kind, v.ID, v.Doc), s.replace(tx, have, m)); err != nil {
				return err
			}
		}
		v.State = m.To
		return s.step(tx, v, m.To, m.By, m.Why)
	})
	if err != nil {
		return Version{}, fmt.Errorf("%s: %w", m.To, err)
	}
	if m.To == Reviewed || m.To == Dropped {
		return v, nil
	}
	return v, s.load(context.WithoutCancel(ctx)) // it is stored: it must come into force
}

// versions gives the versions of an item. An action of the files that is to be
// retired, or to be live again, gets its version 0 there.
func (s *Service) versions(tx *store.Tx, m Move) ([]Version, error) {
	have, err := tx.CatalogueVersions(m.Kind, m.ID)
	doc, filed := s.base[item{m.Kind, m.ID}]
	kept := len(have) > 0 && have[len(have)-1].Version == 0
	if err != nil || kept || m.Kind != decide.ActionEdit || m.Version != 0 || !filed {
		return have, err
	}
	v := Version{Kind: m.Kind, ID: m.ID, Version: 0, State: Live, Author: files, Doc: doc}
	if slices.ContainsFunc(have, func(h Version) bool { return h.State == Live || h.State == Retired }) {
		v.State = Retired // another took its place
	}
	return append(have, v), tx.AddCatalogueVersion(v)
}

// files stands for whoever wrote the files.
const files = "the files"

// replace retires the version that was live.
func (s *Service) replace(tx *store.Tx, have []Version, m Move) error {
	for _, h := range have {
		if h.State == Live {
			return s.step(tx, h, Retired, m.By, fmt.Sprintf("version %d goes live", m.Version))
		}
	}
	return nil
}
