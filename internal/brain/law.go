package brain

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"heed/internal/consent"
	"heed/internal/decide"
)

// Law answers every legal check for something of a purpose that would reach a
// customer by a channel; a zero time is now.
func (b *Brain) Law(ctx context.Context, customerID string, purpose consent.Purpose, channel string, at time.Time) ([]decide.Finding, error) {
	w, err := b.open(ctx, customerID)
	if err != nil {
		return nil, fmt.Errorf("customer %s: law: %w", customerID, err)
	}
	if at.IsZero() {
		at = w.at
	}
	r, err := b.request(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("customer %s: law: %w", customerID, err)
	}
	r.Slot, r.Channel, r.At = channel, channel, at
	if err := b.outside(ctx, w, &r); err != nil {
		return nil, fmt.Errorf("customer %s: law: %w", customerID, err)
	}
	return b.decider.Law(r, purpose), nil
}

// outside adds what is to be known of the world for a channel that reaches out:
// the do-not-call lists, a call that goes on, and choices that other systems
// have not confirmed.
func (b *Brain) outside(ctx context.Context, w *change, r *decide.Request) (err error) {
	r.OnPhone = b.callOf(w) != nil
	for i := range w.people {
		more, err := b.store.Unsettled(ctx, w.people[i].profile.ID)
		if err != nil {
			return err
		}
		r.Unsettled = append(r.Unsettled, more...)
	}
	if r.Channel == "call" || r.Channel == "sms" {
		r.Listed, err = b.callLists(ctx, cmp.Or(r.Address, decide.AddressOf(&r.Profile, r.Channel)), time.Time{})
	}
	return err
}
