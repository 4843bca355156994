package brain

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"heed/internal/consent"
	"heed/internal/customer"
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
	r.Listed, err = b.listed(ctx, &r.Profile, channel)
	if err != nil {
		return nil, fmt.Errorf("customer %s: law: %w", customerID, err)
	}
	return b.decider.Law(r, purpose), nil
}

// listed gives the do-not-call lists that matter for a channel.
func (b *Brain) listed(ctx context.Context, p *customer.Profile, channel string) ([]decide.Listing, error) {
	return b.listedAt(ctx, p, channel, "")
}

// listedAt is listed for an address, or for the person's first where it is empty.
func (b *Brain) listedAt(ctx context.Context, p *customer.Profile, channel, address string) ([]decide.Listing, error) {
	if channel != "call" && channel != "sms" {
		return nil, nil
	}
	return b.callLists(ctx, cmp.Or(address, decide.AddressOf(p, channel)))
}
