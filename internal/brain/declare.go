package brain

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/store"
)

// declared is the source of what a person says of themselves.
const declared = "customer"

// Declare commits what a person says of themselves: a text, a number, or yes
// or no. It is believed before every other source, and what those say stays
// beside it. [ErrInvalid] for what cannot be one of the declared trait's values.
func (b *Brain) Declare(ctx context.Context, customerID, name string, value any) error {
	w, unlock, err := b.openLocked(ctx, customerID)
	if err != nil {
		return fmt.Errorf("trait of %s: %w", customerID, err)
	}
	defer unlock()
	t := customer.Trait{Name: name, Value: value, Source: declared, Kind: customer.Declared, At: w.at, Confidence: 1}
	rules := b.decider.Catalogue()
	if why := rules.Takes(t); why != "" {
		return fmt.Errorf("trait %s %s: %w", name, why, ErrInvalid)
	}
	if err := w.setTrait(rules.Keeps(t)); err != nil {
		return fmt.Errorf("trait of %s: %w", customerID, err)
	}
	if now, ok := w.profile.Trait(name, w.at); !ok || now.Kind != customer.Declared {
		return fmt.Errorf("trait %s: no text, number, yes or no: %w", name, ErrInvalid)
	}
	w.call = b.callOf(w)
	if err := b.commit(ctx, w, nothingMore); err != nil {
		return fmt.Errorf("trait of %s: %w", customerID, err)
	}
	return nil
}

// Prove commits that a person holds an address of theirs, because a secret
// that was sent there came back: it is verified from then on. One that is not
// theirs, any more, changes nothing.
func (b *Brain) Prove(ctx context.Context, customerID, typ, value string) error {
	owner, _, err := b.store.Owner(ctx, typ, value)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("address of %s: %w", customerID, err)
	}
	w, unlock, err := b.openLocked(ctx, owner)
	if err != nil {
		return fmt.Errorf("address of %s: %w", customerID, err)
	}
	defer unlock()
	if !slices.ContainsFunc(w.people, func(m member) bool { return m.profile.ID == customerID }) {
		return nil
	}
	id := customer.Identifier{Type: typ, Value: value}
	if err := w.again(held{id, owner, false}, customer.Proof{Kind: customer.ByCaller, Actor: "customer"}); err != nil || !w.dirty {
		return err
	}
	if err := b.commit(ctx, w, nothingMore); err != nil {
		return fmt.Errorf("address of %s: %w", customerID, err)
	}
	return nil
}

// Contest commits that a person does not agree with a decision about them; a
// person of the company must look at it then. The first word stands: a second
// one changes nothing. Somebody else's decision is [store.ErrNotFound].
func (b *Brain) Contest(ctx context.Context, customerID, decisionID, words string) error {
	d, err := b.store.Decision(ctx, decisionID)
	if err != nil {
		return fmt.Errorf("contest of %s: %w", decisionID, err)
	}
	one, err := b.store.Members(ctx, customerID)
	if err != nil {
		return fmt.Errorf("contest of %s: %w", decisionID, err)
	}
	if !slices.Contains(one, d.Subject) {
		return fmt.Errorf("contest of %s: %w", decisionID, store.ErrNotFound)
	}
	unlock, err := b.lockPeople(ctx, customerID)
	if err != nil {
		return fmt.Errorf("contest of %s: %w", decisionID, err)
	}
	defer unlock()
	if _, err := b.store.Contest(ctx, decisionID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return b.saveContest(ctx, event.DecisionContested, store.Contest{
		DecisionID: decisionID, CustomerID: customerID, At: b.now().UTC(), Words: words,
	})
}

// Refuse commits that a person says of a suggestion of a decision that it does not
// fit them: it and its like rest. Said again it changes nothing. [ErrNotOffered]
// for what was not suggested.
func (b *Brain) Refuse(ctx context.Context, decisionID, action string) error {
	_, _, err := b.Outcome(ctx, decide.Outcome{DecisionID: decisionID, Action: action, Outcome: decide.Rejected, Source: "own pages", Actor: "customer"})
	return err
}

// AnswerContest commits what a person of the company says to a contest, which
// its author then reads.
func (b *Brain) AnswerContest(ctx context.Context, decisionID, answer, by string) error {
	c, err := b.store.Contest(ctx, decisionID)
	if err != nil {
		return fmt.Errorf("contest of %s: %w", decisionID, err)
	}
	c.Answer, c.AnsweredBy, c.AnsweredAt = answer, by, b.now().UTC()
	return b.saveContest(ctx, event.ContestAnswered, c)
}

func (b *Brain) saveContest(ctx context.Context, t event.Type, c store.Contest) error {
	err := b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveContest(c); err != nil {
			return err
		}
		return appendEvent(tx, t, b.now(), event.About{Subject: c.CustomerID}, c)
	})
	if err != nil {
		return fmt.Errorf("contest of %s: %w", c.DecisionID, err)
	}
	return nil
}
