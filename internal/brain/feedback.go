package brain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// Errors that tell the caller what was wrong with the words it used.
var (
	ErrNotOffered = errors.New("the decision did not offer this action")
	ErrInvalid    = errors.New("invalid")
	// ErrParked is returned for an outcome whose decision is not known: it is
	// kept for a day, should the decision come yet.
	ErrParked = errors.New("the decision is not known; the outcome waits for it")
)

// Outcome commits what happened to a suggestion: it is remembered on the
// customer, and a live call is decided again without that suggestion. The
// same key reported twice changes nothing and gives the first outcome;
// repeated tells so.
func (b *Brain) Outcome(ctx context.Context, o decide.Outcome) (_ decide.Outcome, repeated bool, err error) {
	return b.outcome(ctx, o, nil)
}

// outcome is Outcome where may is asked under the person's lock, before
// anything is written, and its error is given back. It may be nil.
func (b *Brain) outcome(ctx context.Context, o decide.Outcome, may func() error) (_ decide.Outcome, repeated bool, err error) {
	if !decide.KnownOutcome(o.Outcome) {
		return o, false, fmt.Errorf("outcome %q: %w", o.Outcome, ErrInvalid)
	}
	o = keyed(o)
	o, offered, err := b.offered(ctx, o)
	if errors.Is(err, store.ErrNotFound) && o.Heard == "" {
		return o, false, b.park(ctx, o)
	}
	if err != nil {
		return o, false, err
	}
	w, unlock, err := b.openLocked(ctx, o.Subject)
	if err != nil {
		return o, false, fmt.Errorf("outcome of %s: %w", o.DecisionID, err)
	}
	defer unlock()
	if may != nil {
		if err := may(); err != nil {
			return o, false, err
		}
	}
	err = b.commitOutcome(ctx, w, o, offered)
	if errors.Is(err, store.ErrDuplicate) {
		first, err := b.firstOutcome(ctx, o)
		return first, true, err
	}
	if err != nil {
		return o, false, fmt.Errorf("outcome of %s: %w", o.DecisionID, err)
	}
	return o, false, nil
}

// keyed gives an outcome the key under which it counts once. A key is its
// caller's own: two callers may use the same one.
func keyed(o decide.Outcome) decide.Outcome {
	if o.Key != "" {
		o.Key = o.Actor + "/" + o.Key
	} else {
		o.Key = o.DecisionID + "/" + o.Action + "/" + o.Outcome
		if o.Heard != "" {
			o.Key += "/" + o.Heard // it may be said anew of the same decision
		}
	}
	return o
}

// offer is what a decision suggested, and where.
type offer struct {
	decide.Choice

	slot string
}

// offered checks an outcome against its decision and fills in what follows
// from that.
func (b *Brain) offered(ctx context.Context, o decide.Outcome) (decide.Outcome, offer, error) {
	d, err := b.store.Decision(ctx, o.DecisionID)
	if err != nil {
		return o, offer{}, fmt.Errorf("decision %s: %w", o.DecisionID, err)
	}
	i := slices.IndexFunc(d.Actions, func(c decide.Choice) bool { return c.Action == o.Action })
	if i < 0 {
		return o, offer{}, fmt.Errorf("action %q: %w", o.Action, ErrNotOffered)
	}
	o.ID, o.Subject, o.CallID = event.NewID(), d.Subject, d.CallID
	o.At = between(d.At, o.At, b.now())
	if o.Channel == "" {
		o.Channel = d.Channel
	}
	if o.Heard != "" {
		o.Source = heardSource
	}
	return o, offer{d.Actions[i], d.Slot}, nil
}

func (b *Brain) commitOutcome(ctx context.Context, w *change, o decide.Outcome, c offer) error {
	w.call, _ = b.liveCall(o.CallID) // an outcome may come after the call
	w.decide = true
	w.brought.outcomes = append(w.brought.outcomes, o)
	what := remembered{o, b.decider.InfluenceOf(c.Choice, o)}
	for i := range what.Influence {
		w.take(placed(customer.Input{Influence: &what.Influence[i]}))
	}
	if f, counts := w.contact(o); counts {
		w.observe(f)
		e, err := event.New(event.FactObserved, f.At, event.About{Subject: o.Subject}, f)
		if err != nil {
			return err
		}
		e.ID = f.EventID
		w.append(e)
	}
	return b.commit(ctx, w, func(tx *store.Tx) error {
		if err := tx.AddOutcome(o); err != nil {
			return err
		}
		if err := settle(tx, o, w.at); err != nil {
			return err
		}
		if err := b.await(tx, o, c.slot, w.at); err != nil {
			return err
		}
		return appendEvent(tx, event.OutcomeRecorded, w.at, event.About{Subject: o.Subject, Call: o.CallID}, what)
	})
}

// firstOutcome finds the outcome that took o's key; another one is a mismatch.
func (b *Brain) firstOutcome(ctx context.Context, o decide.Outcome) (decide.Outcome, error) {
	first, err := b.store.OutcomeByKey(ctx, o.Key)
	if err != nil {
		return o, fmt.Errorf("outcome %s: %w", o.Key, err)
	}
	if first.DecisionID != o.DecisionID || first.Action != o.Action || first.Outcome != o.Outcome {
		return first, fmt.Errorf("outcome of %s: %w", o.DecisionID, store.ErrMismatch)
	}
	return first, nil
}

// callOf gives the live call of the person, or else of those who are one with
// them, the oldest person's first, or nil.
func (b *Brain) callOf(w *change) *live {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found *live
	best := len(w.people) + 1
	for _, l := range b.live {
		at := slices.IndexFunc(w.people, func(m member) bool { return m.profile.ID == l.call.CustomerID }) + 1
		switch {
		case at == 0:
			continue
		case l.call.CustomerID == w.profile.ID:
			at = 0
		}
		if at < best || (at == best && l.call.ID < found.call.ID) {
			found, best = l, at
		}
	}
	return found
}

// SetConsent adds a row to a customer's ledger and decides again for their
// live call. Row's customer, purpose, state, source and actor are required. A
// row that does not belong into the ledger is a [consent.Invalid].
func (b *Brain) SetConsent(ctx context.Context, r consent.Row) (consent.Row, error) {
	w, unlock, err := b.openLocked(ctx, r.CustomerID)
	if err != nil {
		return r, fmt.Errorf("consent of %s: %w", r.CustomerID, err)
	}
	defer unlock()
	if r.ID == "" {
		r.ID = event.NewID()
	}
	r.RecordedAt = w.at
	if r.At.IsZero() || r.At.After(w.at) {
		r.At = w.at
	}
	if err := consent.Check(w.rows, r, w.at); err != nil {
		return r, fmt.Errorf("consent of %s: %w", r.CustomerID, err)
	}
	r = w.addRow(r)
	w.call = b.callOf(w)
	err = b.commit(ctx, w, nothingMore)
	if err != nil {
		return r, fmt.Errorf("consent of %s: %w", r.CustomerID, err)
	}
	return r, nil
}

// Plant commits a customer as given, for demo data. A customer whose
// identifiers are taken already is left as it is.
func (b *Brain) Plant(ctx context.Context, p customer.Profile, rows []consent.Row) error {
	for _, i := range p.Identifiers {
		_, err := b.store.ProfileByIdentifier(ctx, i.Type, i.Value)
		if err == nil {
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("customer %s: %w", p.ID, err)
		}
	}
	w := b.begin(customer.New(p.ID, p.CreatedAt), b.now())
	p.Traits = slices.Clone(p.Traits)
	for i := range p.Traits {
		p.Traits[i] = b.decider.Catalogue().Keeps(p.Traits[i])
	}
	if err := w.plant(p); err != nil {
		return fmt.Errorf("customer %s: plant: %w", p.ID, err)
	}
	for _, r := range rows {
		r.CustomerID, r.ID, r.RecordedAt = p.ID, event.NewID(), w.at
		w.addRow(r)
	}
	if err := b.commit(ctx, w, nothingMore); err != nil {
		return fmt.Errorf("customer %s: plant: %w", p.ID, err)
	}
	return nil
}

// plant brings all that a profile says as if it had come piece by piece.
func (w *change) plant(p customer.Profile) error {
	for _, id := range p.Identifiers {
		if err := w.see(id); err != nil {
			return err
		}
	}
	for _, t := range p.Traits {
		if err := w.setTrait(t); err != nil {
			return err
		}
	}
	for _, f := range p.Facts {
		w.observe(f)
		e, err := event.New(event.FactObserved, f.At, event.About{Subject: p.ID}, f)
		if err != nil {
			return err
		}
		w.append(e)
	}
	return nil
}
