package brain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// Merge makes two people one, by hand: who does it takes the responsibility, so
// limits do not count. Live calls of either are decided again. People who are
// one already, and more than 32 in all, are [ErrInvalid]; nobody is
// [store.ErrNotFound].
func (b *Brain) Merge(ctx context.Context, one, other, actor string) (customer.Merge, error) {
	unlock, err := b.lockPeople(ctx, one, other)
	if err != nil {
		return customer.Merge{}, fmt.Errorf("merge: %w", err)
	}
	l, people, err := b.merge(ctx, one, other, customer.Proof{Kind: customer.ByOperator, Actor: actor})
	unlock()
	if err != nil {
		return l, fmt.Errorf("merge %s and %s: %w", one, other, err)
	}
	return l, b.decideCalls(ctx, people)
}

func (b *Brain) merge(ctx context.Context, one, other string, how customer.Proof) (l customer.Merge, people []string, err error) {
	w, err := b.open(ctx, one)
	if err != nil {
		return l, nil, err
	}
	o, err := b.open(ctx, other)
	switch {
	case err != nil:
		return l, nil, err
	case w.is(other):
		return l, nil, fmt.Errorf("they are one already: %w", ErrInvalid)
	case len(w.people)+len(o.people) > maxPeople:
		return l, nil, fmt.Errorf("more than %d people would be one: %w", maxPeople, ErrInvalid)
	}
	if l, err = b.join(ctx, w, o, how, nil); err != nil {
		return l, nil, err
	}
	return l, ids(w.people), b.commit(ctx, w, nothingMore)
}

// Unmerge parts two people: the link between them ends, and each is what they
// would be had it never been. Rules do not join them again. A link that ended
// before is [ErrInvalid].
func (b *Brain) Unmerge(ctx context.Context, linkID, actor string) (customer.Merge, error) {
	l, people, err := b.unmerge(ctx, linkID, actor)
	if err != nil {
		return l, fmt.Errorf("unmerge %s: %w", linkID, err)
	}
	return l, b.decideCalls(ctx, people)
}

func (b *Brain) unmerge(ctx context.Context, linkID, actor string) (customer.Merge, []string, error) {
	l, err := b.store.Merge(ctx, linkID)
	if err != nil {
		return l, nil, err
	}
	unlock, err := b.lockPeople(ctx, l.People[0], l.People[1])
	if err != nil {
		return l, nil, err
	}
	defer unlock()
	if l, err = b.store.Merge(ctx, linkID); err != nil {
		return l, nil, err
	}
	if !l.RemovedAt.IsZero() {
		return l, nil, fmt.Errorf("the link ended already: %w", ErrInvalid)
	}
	people, err := b.store.Members(ctx, l.People[0])
	if err != nil {
		return l, nil, err
	}
	l.RemovedAt, l.RemovedBy = b.now().UTC().Truncate(time.Millisecond), actor
	return l, people, b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveMerge(l); err != nil {
			return err
		}
		return appendEvent(tx, event.ProfileUnmerged, l.RemovedAt, event.About{Subject: l.People[0]}, l)
	})
}

// decideCalls decides again for the live calls of some people, whose whole
// reads differently now.
func (b *Brain) decideCalls(ctx context.Context, people []string) error {
	b.mu.Lock()
	var calls []*live
	for _, l := range b.live {
		if slices.Contains(people, l.call.CustomerID) {
			calls = append(calls, l)
		}
	}
	b.mu.Unlock()
	for _, l := range calls {
		if err := b.decideCall(ctx, l); err != nil {
			return fmt.Errorf("call %s: decide again: %w", l.call.ID, err)
		}
	}
	return nil
}

func (b *Brain) decideCall(ctx context.Context, l *live) error {
	w, unlock, err := b.openLocked(ctx, l.call.CustomerID)
	if err != nil {
		return err
	}
	defer unlock()
	w.call, w.decide, w.tell = l, true, true
	return b.commit(ctx, w, nothingMore)
}

// ConfirmCaller notes that the caller is who the number says, on the word of the
// agent: the number is the person's own from then on. A call without a number,
// or from one that several people use, is [ErrInvalid].
func (b *Brain) ConfirmCaller(ctx context.Context, callID, actor string) (customer.Identifier, error) {
	return b.confirmCaller(ctx, callID, customer.Proof{Kind: customer.ByAgent, Actor: actor, Call: callID})
}

// CallerProved notes the same on the caller's own proof, such as a code that
// was sent to an address of the customer and keyed in on the call. Of a number
// that was withheld, or that several people use, nothing is noted: it gives no
// identifier then.
func (b *Brain) CallerProved(ctx context.Context, callID string) (customer.Identifier, error) {
	id, err := b.confirmCaller(ctx, callID, customer.Proof{Kind: customer.ByCaller, Actor: "customer", Call: callID})
	if errors.Is(err, ErrInvalid) {
		return customer.Identifier{}, nil
	}
	return id, err
}

func (b *Brain) confirmCaller(ctx context.Context, callID string, how customer.Proof) (customer.Identifier, error) {
	c, number, err := b.callerOf(ctx, callID)
	if err != nil {
		return customer.Identifier{}, fmt.Errorf("confirm caller: %w", err)
	}
	switch _, shared, err := b.store.Owner(ctx, customer.Phone, number); {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return customer.Identifier{}, fmt.Errorf("confirm caller: %w", err)
	case shared:
		return customer.Identifier{}, fmt.Errorf("confirm caller: several people use the number: %w", ErrInvalid)
	}
	w, unlock, err := b.openLocked(ctx, c.CustomerID)
	if err != nil {
		return customer.Identifier{}, fmt.Errorf("confirm caller: %w", err)
	}
	defer unlock()
	id := customer.Identifier{Type: customer.Phone, Value: number}
	if err := w.again(held{id, w.profile.ID, false}, how); err != nil {
		return id, fmt.Errorf("confirm caller: %w", err)
	}
	if w.dirty {
		w.call, _ = b.liveCall(callID)
		w.decide = true
		if err := b.commit(ctx, w, nothingMore); err != nil {
			return id, fmt.Errorf("confirm caller: %w", err)
		}
	}
	for _, known := range w.profile.Identifiers {
		if known.Type == id.Type && known.Value == id.Value {
			id = known
		}
	}
	return id, nil
}

// callerOf gives a call and the customer's number in it.
func (b *Brain) callerOf(ctx context.Context, callID string) (event.Call, string, error) {
	c, err := b.store.Call(ctx, callID)
	if err != nil {
		return c, "", err
	}
	number := numberOf(c)
	if number == "" {
		return c, "", fmt.Errorf("the number was withheld: %w", ErrInvalid)
	}
	return c, number, nil
}

// Review decides what was queued: accepting a conflict makes the two people
// one, accepting an identifier over its limit gives it to the person as
// verified where nobody else has it, dismissing changes nothing else. What was
// decided before is [ErrInvalid].
func (b *Brain) Review(ctx context.Context, id string, accept bool, actor string) (customer.Review, error) {
	defer b.locks.lock("review " + id)()
	r, err := b.store.Review(ctx, id)
	if err != nil {
		return r, fmt.Errorf("review %s: %w", id, err)
	}
	if r.State != customer.Open {
		return r, fmt.Errorf("review %s: it was decided already: %w", id, ErrInvalid)
	}
	r.State = customer.Dismissed
	if accept {
		r.State = customer.Accepted
		if err := b.accept(ctx, r, actor); err != nil {
			return r, fmt.Errorf("review %s: %w", id, err)
		}
	}
	r.DecidedBy, r.DecidedAt = actor, b.now().UTC()
	if err := b.store.Write(ctx, func(tx *store.Tx) error { return tx.SaveReview(r) }); err != nil {
		return r, fmt.Errorf("review %s: %w", id, err)
	}
	return r, nil
}

func (b *Brain) accept(ctx context.Context, r customer.Review, actor string) error {
	if r.Kind == customer.Conflict {
		_, err := b.Merge(ctx, r.CustomerID, r.OtherID, actor)
		if errors.Is(err, ErrInvalid) {
			if people, read := b.store.Members(ctx, r.CustomerID); read == nil && slices.Contains(people, r.OtherID) {
				return nil // somebody joined them meanwhile
			}
		}
		return err
	}
	w, unlock, err := b.openLocked(ctx, r.CustomerID)
	if err != nil {
		return err
	}
	defer unlock()
	for _, v := range r.Values {
		id := customer.Identifier{Type: r.Type, Value: v, By: customer.ByOperator, Verified: true, FirstSeen: w.at, LastSeen: w.at}
		id.Confidence = customer.Proof{Kind: customer.ByOperator}.Sure()
		switch _, _, err := b.store.Owner(ctx, r.Type, v); {
		case err == nil:
			continue // it went to somebody meanwhile
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		if err := w.see(id); err != nil {
			return err
		}
	}
	return b.commit(ctx, w, nothingMore)
}
