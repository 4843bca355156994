package brain

import (
	"context"
	"time"

	"heed/internal/customer"
	"heed/internal/event"
	"heed/internal/store"
)

// Meet brings a fact that several identifiers came with, as a door does, and
// gives whose it is.
func (b *Brain) Meet(ctx context.Context, how customer.Proof, name, id string, at time.Time, ids ...customer.Identifier) (string, error) {
	w, unlock, err := b.resolve(ctx, ids, how)
	if err != nil {
		return "", err
	}
	defer unlock()
	f := customer.Fact{EventID: id, Name: name, At: at, Via: w.via}
	w.observe(f)
	return w.profile.ID, b.commit(ctx, w, func(tx *store.Tx) error {
		return appendEvent(tx, event.FactObserved, at, event.About{Subject: w.profile.ID}, f)
	})
}

// Projected folds a person's whole log anew.
func (b *Brain) Projected(ctx context.Context, id string) (customer.Profile, error) {
	w, unlock, err := b.openLocked(ctx, id)
	if err != nil {
		return customer.Profile{}, err
	}
	defer unlock()
	err = b.project(ctx, w)
	return w.profile, err
}
