package brain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Whom names a person by id, or else by identifiers as they came.
type Whom struct {
	CustomerID  string
	Identifiers []customer.Identifier
}

// Question asks for the next best action outside a call.
type Question struct {
	Whom

	Slot, Channel, Language string
	// Labels are what the moment itself shows, such as page.cancel.
	Labels []string
	N      int
	Trace  bool
	// Dry answers without keeping the answer: it has no id then.
	Dry bool
	// Previous is the decision that stands, if one does. An answer that says
	// the same is not kept: it has Previous's id.
	Previous *decide.Decision
	// Also is written together with an answer that is kept. May be nil.
	Also func(*store.Tx, decide.Decision) error
}

// Why there is nobody to decide for or to write to.
const (
	whyUnknown = "nobody is known by this"
	whyErased  = "this person asked to be forgotten"
)

// Decide answers a question and commits the decision. The profile, the ledger
// and the outcomes are read under the person's lock, which is held until the
// commit: an answer never rests on an older profile than its own time.
//
// Asking makes nobody and joins nobody. Of several identifiers the one that
// says who it is counts, as it does for what is received; when it is nobody's,
// or of somebody erased, the answer is silence with the reason, is not kept
// and has no id.
func (b *Brain) Decide(ctx context.Context, q Question) (decide.Decision, error) {
	w, unlock, why, err := b.find(ctx, q.Whom)
	if err != nil {
		return decide.Decision{}, fmt.Errorf("decide: %w", err)
	}
	r := decide.Request{At: b.now()}
	if why == "" {
		defer unlock()
		if r, err = b.request(ctx, w); err == nil {
			r.Channel = q.Channel
			err = b.outside(ctx, w, &r)
		}
		if err != nil {
			return decide.Decision{}, fmt.Errorf("customer %s: decide: %w", w.profile.ID, err)
		}
	}
	r.Slot, r.Channel, r.Language, r.Labels, r.N, r.Trace = q.Slot, q.Channel, q.Language, q.Labels, q.N, q.Trace
	r.Previous = q.Previous
	if why != "" {
		d := b.decider.Decide("", r)
		d.Because = "Nothing to suggest: " + why + "."
		return d, nil
	}
	d := b.decider.Decide(event.NewID(), r)
	d.Snapshot = decide.Snapshot(r)
	switch {
	case q.Previous != nil && decide.Same(d, *q.Previous):
		d.ID, d.Supersedes, d.Draw = q.Previous.ID, q.Previous.Supersedes, q.Previous.Draw
		return d, nil
	case q.Dry:
		d.ID = ""
		return d, nil
	}
	// It is made before: the writer is one for all.
	made, err := event.New(event.DecisionMade, w.at, event.About{Subject: w.profile.ID}, decide.Shown(d))
	if err != nil {
		return d, fmt.Errorf("customer %s: decide: %w", w.profile.ID, err)
	}
	err = b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddDecision(d); err != nil {
			return err
		}
		if q.Also != nil {
			if err := q.Also(tx, d); err != nil {
				return err
			}
		}
		return tx.Append(made)
	})
	if err != nil {
		return d, fmt.Errorf("customer %s: decide: %w", w.profile.ID, err)
	}
	return d, nil
}

// find opens the person who is meant, under lock, or says why there is none.
func (b *Brain) find(ctx context.Context, who Whom) (w *change, unlock func(), why string, err error) {
	id := who.CustomerID
	if id == "" {
		if id, why, err = b.named(ctx, who.Identifiers); err != nil || why != "" {
			return nil, nil, why, err
		}
	}
	w, unlock, err = b.openLocked(ctx, id)
	switch {
	case errors.Is(err, store.ErrErased):
		return nil, nil, whyErased, nil
	case errors.Is(err, store.ErrNotFound):
		return nil, nil, whyUnknown, nil
	}
	return w, unlock, "", err
}

// named gives the person whom identifiers name, or why they name nobody.
func (b *Brain) named(ctx context.Context, ids []customer.Identifier) (id, why string, err error) {
	if len(ids) > maxNamed {
		return "", "", fmt.Errorf("%d identifiers at once, at most %d: %w", len(ids), maxNamed, ErrInvalid)
	}
	if ids = b.rules.Clean(ids); len(ids) == 0 {
		return "", whyUnknown, nil
	}
	came, err := b.owners(ctx, ids)
	if err != nil {
		return "", "", err
	}
	main := came[mainOf(came)]
	if main.owner != "" {
		return main.owner, "", nil
	}
	quiet, err := b.store.Suppressed(ctx, main.Type, main.Value)
	if quiet {
		return "", whyErased, err
	}
	return "", whyUnknown, err
}

// Now is the brain's clock.
func (b *Brain) Now() time.Time { return b.now() }

// Who gives the person who is meant, without reading more of them; empty when
// nobody is known by this.
func (b *Brain) Who(ctx context.Context, who Whom) (string, error) {
	if who.CustomerID != "" {
		return who.CustomerID, nil
	}
	id, _, err := b.named(ctx, who.Identifiers)
	return id, err
}
