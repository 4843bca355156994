package brain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// Elsewhere says whose a call is, where it is not the person's whom the number
// named: a customer, or the one with an identifier, or, with neither, somebody
// new.
type Elsewhere struct {
	CustomerID string
	Identifier customer.Identifier // Type and Value
	// Shared says that several people use the number: from then on a call from
	// it is nobody's until somebody says whose.
	Shared bool
	Actor  string
}

// MoveCall makes a call another person's, with all that was said on it. The one
// whose it was is as if the call had never been, the other as if it had been
// theirs from the start; the agent of a live call is advised anew. What the
// call said to the first one's ledger is lifted there and said to the other's.
// Moving it back undoes it. A call that is the person's already is
// [ErrInvalid], nobody is [store.ErrNotFound].
func (b *Brain) MoveCall(ctx context.Context, callID string, to Elsewhere) (event.Call, error) {
	c, err := b.moveCall(ctx, callID, to)
	if err != nil {
		return c, fmt.Errorf("call %s: move: %w", callID, err)
	}
	return c, nil
}

func (b *Brain) moveCall(ctx context.Context, callID string, to Elsewhere) (event.Call, error) {
	target, err := b.target(ctx, to)
	if err != nil {
		return event.Call{}, err
	}
	c, err := b.store.Call(ctx, callID)
	if err != nil {
		return c, err
	}
	unlock, err := b.lockPeople(ctx, c.CustomerID, target)
	if err != nil {
		return c, err
	}
	defer unlock()
	defer b.locks.lock(lockCall(callID))()
	from := c.CustomerID
	if c, err = b.store.Call(ctx, callID); err != nil {
		return c, err
	}
	if c.CustomerID != from {
		return c, fmt.Errorf("somebody moved it just now: %w", store.ErrConflict)
	}
	was, err := b.open(ctx, from)
	if err != nil {
		return c, err
	}
	w, err := b.open(ctx, target)
	if errors.Is(err, store.ErrNotFound) && to.CustomerID == "" && to.Identifier.Value == "" {
		w, err = b.begin(customer.New(target, b.now()), b.now()), nil
	}
	if err != nil {
		return c, err
	}
	if w.is(from) {
		return c, fmt.Errorf("it is theirs already: %w", ErrInvalid)
	}
	return b.hand(ctx, c, was, w, to)
}

// target gives the id of the person whose the call is to be.
func (b *Brain) target(ctx context.Context, to Elsewhere) (string, error) {
	switch {
	case to.CustomerID != "":
		return to.CustomerID, nil
	case to.Identifier.Value == "":
		return event.NewID(), nil
	}
	clean := b.rules.Clean([]customer.Identifier{to.Identifier})
	if len(clean) == 0 {
		return "", fmt.Errorf("no identifier that names somebody: %w", ErrInvalid)
	}
	owner, _, err := b.store.Owner(ctx, clean[0].Type, clean[0].Value)
	return owner, err
}

// hand commits the move: w takes what the call brought, was loses it.
func (b *Brain) hand(ctx context.Context, c event.Call, was, w *change, to Elsewhere) (event.Call, error) {
	ids, inputs, err := b.broughtBy(ctx, c.ID, was.profile.ID)
	if err != nil {
		return c, err
	}
	was.brought.moved = make(map[string]bool, len(ids))
	for _, id := range ids {
		was.brought.moved[id] = true
	}
	was.brought.forgot = c.ID // also of a profile that an older version carried over
	if err := b.project(ctx, was); err != nil {
		return c, err
	}
	was.profile.Version = was.base + 1
	w.brought.inputs = append(w.brought.inputs, inputs...)
	w.profile.Stale, w.dirty, w.tell = true, true, true
	if w.base == 0 {
		w.profile.Stale = false
		w.profile = customer.Project(w.profile, inputs)
	}
	was.handRows(w, c.ID, to.Actor)
	from := c.CustomerID
	c.CustomerID = w.profile.ID
	whole, _ := w.whole()
	c.CustomerName = whole.Name()
	old, err := b.liveCall(c.ID)
	live := &live{call: c}
	if err == nil {
		live.heard, live.screen = old.heard, old.screen
		w.call, w.decide = live, true
	}
	err = b.commit(ctx, w, func(tx *store.Tx) error {
		if err := tx.SaveProfile(was.profile); err != nil {
			return err
		}
		if err := was.writeRows(tx); err != nil {
			return err
		}
		if err := tx.MoveCall(c, from, ids); err != nil {
			return err
		}
		if err := b.noteShared(tx, c, from, to.Shared); err != nil {
			return err
		}
		moved := event.Moved{From: from, To: c.CustomerID, By: to.Actor, Shared: to.Shared}
		if err := appendEvent(tx, event.CallMoved, w.at, event.About{Subject: c.ID, Call: c.ID}, moved); err != nil {
			return err
		}
		return appendEvent(tx, event.CallChanged, w.at, event.About{Subject: c.ID, Call: c.ID}, c)
	})
	if err != nil {
		return c, err
	}
	if old != nil {
		b.setLive(live)
	}
	return c, nil
}

// broughtBy gives what of a person's history came from a call: the ids of the
// events, and what they bring to a profile.
func (b *Brain) broughtBy(ctx context.Context, callID, person string) (ids []string, inputs []customer.Input, err error) {
	events, err := b.store.HistoryOf(ctx, person, inputTypes())
	if err != nil {
		return nil, nil, err
	}
	for _, e := range events {
		more, err := inputsOf(e)
		if err != nil {
			return nil, nil, err
		}
		if e.Call != callID && (len(more) != 1 || more[0].Fact == nil || more[0].Fact.Text("call") != callID) {
			continue
		}
		if e.Type == event.IdentifierSeen || e.Type == event.ProfileCarried {
			continue // the number stays whose it is
		}
		for i := range more {
			if more[i].Fact != nil {
				more[i].Fact.Via = nil // the number is not the other's
			}
		}
		ids, inputs = append(ids, e.ID), append(inputs, more...)
	}
	return ids, inputs, nil
}

// handRows lifts what a call said to the ledger, and says it to the other's.
func (w *change) handRows(to *change, callID, actor string) {
	lifted := make(map[string]bool)
	for i := range w.rows {
		lifted[w.rows[i].Lifts] = true
	}
	for _, r := range w.rows {
		if r.CallID != callID || r.Lifts != "" || lifted[r.ID] {
			continue
		}
		w.addRow(consent.Row{
			ID: event.NewID(), CustomerID: w.profile.ID, Cell: r.Cell, State: consent.Unknown, At: w.at, RecordedAt: w.at,
			Source: "agent", Actor: actor, CallID: callID, CallSecond: r.CallSecond, Lifts: r.ID,
			Evidence: "the caller was somebody else",
		})
		r.ID, r.CustomerID, r.RecordedAt, r.Confirms = event.NewID(), to.profile.ID, to.at, ""
		to.addRow(r)
	}
}

// noteShared remembers who calls from a number that several people use.
func (b *Brain) noteShared(tx *store.Tx, c event.Call, from string, shared bool) error {
	number := numberOf(c)
	if number == "" {
		return nil
	}
	if shared {
		if err := tx.Share(customer.Phone, number); err != nil {
			return err
		}
	}
	if err := tx.Called(number, from, c.StartedAt); err != nil {
		return err
	}
	return tx.Called(number, c.CustomerID, c.StartedAt.Add(time.Millisecond))
}

// ShareNumber says that several people use the number of a call, or takes that
// back. A withheld number is [ErrInvalid].
func (b *Brain) ShareNumber(ctx context.Context, callID string, shared bool) error {
	_, number, err := b.callerOf(ctx, callID)
	if err != nil {
		return fmt.Errorf("shared number: %w", err)
	}
	return b.store.Write(ctx, func(tx *store.Tx) error {
		if shared {
			return tx.Share(customer.Phone, number)
		}
		return tx.Unshare(customer.Phone, number)
	})
}

// Candidates are the customers who may be calling: who has the number, and who
// was found to have called from it, the latest first. The call's own is not
// among them.
func (b *Brain) Candidates(ctx context.Context, callID string) (people []string, shared bool, err error) {
	c, number, err := b.callerOf(ctx, callID)
	if errors.Is(err, ErrInvalid) {
		return []string{}, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("candidates: %w", err)
	}
	owner, shared, err := b.store.Owner(ctx, customer.Phone, number)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, false, fmt.Errorf("candidates: %w", err)
	}
	callers, err := b.store.Callers(ctx, number)
	if err != nil {
		return nil, false, fmt.Errorf("candidates: %w", err)
	}
	mine, err := b.store.Members(ctx, c.CustomerID)
	if err != nil {
		return nil, false, fmt.Errorf("candidates: %w", err)
	}
	seen := map[string]bool{"": true}
	for _, id := range mine {
		seen[id] = true
	}
	people = []string{}
	for _, id := range append(callers, owner) {
		if !seen[id] {
			seen[id] = true
			people = append(people, id)
		}
	}
	return people, shared, nil
}

func lockCall(id string) string { return "call " + id }

// numberOf gives the customer's number of a call; empty when it was withheld.
func numberOf(c event.Call) string {
	if c.Direction == "outbound" {
		return c.To
	}
	return c.From
}

// openCall opens the person of a live call for a change. The call may be moved
// to somebody else meanwhile; then it is theirs.
func (b *Brain) openCall(ctx context.Context, callID string) (*live, *change, func(), error) {
	for {
		l, err := b.liveCall(callID)
		if err != nil {
			return nil, nil, nil, err
		}
		w, unlock, err := b.openLocked(ctx, l.call.CustomerID)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("call %s: %w", callID, err)
		}
		if now, err := b.liveCall(callID); err == nil && now == l {
			return l, w, unlock, nil
		}
		unlock()
	}
}
