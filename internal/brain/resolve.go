package brain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

const (
	// maxNamed is how many identifiers may come at once.
	maxNamed = 50
	// maxPeople is how many may be one: more are a mistake of somebody's.
	maxPeople = 32
)

// held is an identifier that came, with who has it.
type held struct {
	customer.Identifier
	owner  string // empty: nobody yet
	shared bool
}

// resolve opens the person whom identifiers name, who is made when nobody is
// known by the best of them. The others are joined to the person where the
// proof allows it:
//
//   - one that nobody has becomes the person's, up to the limit of its type;
//   - one that another person has joins the two when the proof is strong and
//     says so of this very identifier, unless it is shared, the two were parted
//     by hand before, or together they would be over a limit;
//   - what may not be joined but should be looked at is queued for review.
//
// The identifiers stay locked with the person until unlock, which the caller
// calls after the commit. [ErrInvalid] when none of them names anybody.
func (b *Brain) resolve(ctx context.Context, ids []customer.Identifier, how customer.Proof) (_ *change, unlock func(), err error) {
	if len(ids) > maxNamed {
		return nil, nil, fmt.Errorf("%d identifiers at once, at most %d: %w", len(ids), maxNamed, ErrInvalid)
	}
	ids = b.rules.Clean(ids)
	if len(ids) == 0 {
		return nil, nil, fmt.Errorf("no identifier that names somebody: %w", ErrInvalid)
	}
	freeNames := b.locks.all(lockNames(ids))
	defer func() {
		if err != nil {
			freeNames()
		}
	}()
	came, err := b.owners(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	main := mainOf(came)
	w, free, err := b.openOrMake(ctx, came, main)
	if err != nil {
		return nil, nil, err
	}
	w.via = &customer.Via{Type: came[main].Type, Value: came[main].Value}
	if err := b.meet(ctx, w, came, main, how); err != nil {
		free()
		return nil, nil, err
	}
	return w, func() { free(); freeNames() }, nil
}

func lockNames(ids []customer.Identifier) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = "identifier " + id.Type + " " + id.Value
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (b *Brain) owners(ctx context.Context, ids []customer.Identifier) ([]held, error) {
	out := make([]held, len(ids))
	for i, id := range ids {
		owner, shared, err := b.store.Owner(ctx, id.Type, id.Value)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		out[i] = held{id, owner, shared}
	}
	return out, nil
}

// mainOf picks the identifier that says who it is: the best that names a person
// and is not shared, or else the first that somebody has, or else the first.
func mainOf(came []held) int {
	if i := slices.IndexFunc(came, func(h held) bool { return h.Names() && !h.shared }); i >= 0 {
		return i
	}
	return max(0, slices.IndexFunc(came, func(h held) bool { return h.owner != "" }))
}

// openOrMake opens the person with the main identifier, or a new one, and locks
// everybody who is concerned.
func (b *Brain) openOrMake(ctx context.Context, came []held, main int) (*change, func(), error) {
	id := came[main].owner
	people := []string{}
	if id == "" {
		id = event.NewID()
		people = append(people, id)
	}
	for _, h := range came {
		if h.owner != "" {
			people = append(people, h.owner)
		}
	}
	unlock, err := b.lockPeople(ctx, people...)
	if err != nil {
		return nil, nil, err
	}
	if came[main].owner == "" {
		return b.begin(customer.New(id, b.now()), b.now()), unlock, nil
	}
	w, err := b.open(ctx, id)
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return w, unlock, nil
}

// openLocked opens a person for a change; unlock is called after the commit.
func (b *Brain) openLocked(ctx context.Context, id string) (w *change, unlock func(), err error) {
	if unlock, err = b.lockPeople(ctx, id); err != nil {
		return nil, nil, err
	}
	if w, err = b.open(ctx, id); err != nil {
		unlock()
		return nil, nil, err
	}
	return w, unlock, nil
}

// meet puts the identifiers that came together where they belong.
func (b *Brain) meet(ctx context.Context, w *change, came []held, main int, how customer.Proof) error {
	if err := b.sight(ctx, w, came); err != nil {
		return err
	}
	for i, h := range came {
		var err error
		switch {
		case h.owner == "":
			err = b.attach(ctx, w, h, i == main, how)
		case w.is(h.owner):
			err = w.again(h, how)
		case i != main && !h.shared:
			err = b.together(ctx, w, h, how)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// is says whether a person is among those who are one.
func (w *change) is(id string) bool {
	return slices.ContainsFunc(w.people, func(m member) bool { return m.profile.ID == id })
}

// ids gives the ids of all who are one.
func (w *change) ids() []string {
	out := make([]string, len(w.people))
	for i := range w.people {
		out[i] = w.people[i].profile.ID
	}
	return out
}

// proves says whether a proof is about an identifier: a login proves who signed
// in and where, a word of the agent or of the caller all that it names.
func proves(how customer.Proof, id customer.Identifier) bool {
	if !how.Strong() {
		return false
	}
	return how.Kind != customer.ByLogin || id.Verified || id.Type == customer.UserID || id.Type == customer.Account || id.Type == customer.Device
}

// confirmed makes an identifier verified where the proof is a word of the
// person themselves about it; a device is never anybody's own.
func confirmed(how customer.Proof, id customer.Identifier) bool {
	return id.Verified || (id.Names() && proves(how, id))
}

// attach gives an identifier that nobody has to the person, up to the limit.
// One of somebody who was erased is passed over where others name the person.
func (b *Brain) attach(ctx context.Context, w *change, h held, main bool, how customer.Proof) error {
	if !main {
		if quiet, err := b.store.Suppressed(ctx, h.Type, h.Value); err != nil || quiet {
			return err
		}
	}
	if whole, _ := w.whole(); count(whole, h.Type) >= customer.Limit(h.Type) {
		w.review(customer.Review{
			Kind: customer.OverLimit, CustomerID: w.profile.ID, Type: h.Type, Values: []string{h.Value}, Count: 1, Proof: how,
			Why: fmt.Sprintf("a person has at most %d of this kind", customer.Limit(h.Type)),
		})
		return nil
	}
	id := h.Identifier
	id.Verified, id.By, id.Confidence, id.FirstSeen, id.LastSeen = confirmed(how, id), how.Kind, how.Sure(), w.at, w.at
	return w.see(id)
}

func count(p customer.Profile, typ string) int {
	n := 0
	for i := range p.Identifiers {
		if p.Identifiers[i].Type == typ {
			n++
		}
	}
	return n
}

// again notes an identifier of the person where it was never so sure before.
func (w *change) again(h held, how customer.Proof) error {
	if h.owner != w.profile.ID {
		return nil // it belongs to another of those who are one
	}
	id := h.Identifier
	id.Verified, id.By, id.Confidence = confirmed(how, id), how.Kind, how.Sure()
	for _, known := range w.profile.Identifiers {
		if known.Type == id.Type && known.Value == id.Value && (known.Verified || !id.Verified) && known.Confidence >= id.Confidence {
			return nil
		}
	}
	id.FirstSeen, id.LastSeen = w.at, w.at
	return w.see(id)
}

// see folds an identifier, and writes its event.
func (w *change) see(id customer.Identifier) error {
	e, err := event.New(event.IdentifierSeen, id.FirstSeen, event.About{Subject: w.profile.ID}, id)
	if err != nil {
		return err
	}
	if w.take(placed(customer.Input{EventID: e.ID, Seen: &id})) {
		w.append(e)
	}
	return nil
}

// review queues something that people shall decide.
func (w *change) review(r customer.Review) {
	r.ID, r.At, r.State = event.NewID(), w.at, customer.Open
	w.also = append(w.also, func(tx *store.Tx) error { return tx.SaveReview(r) })
}
