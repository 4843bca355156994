package brain

import (
	"context"
	"fmt"

	"heed/internal/decide"
	"heed/internal/store"
)

// TryPolicy asks a rule about somebody as they are now, on a channel; empty is
// the agent's. Nothing is kept. [store.ErrNotFound] for nobody.
func (b *Brain) TryPolicy(ctx context.Context, who Whom, when, channel string) (decide.Expression, error) {
	w, unlock, why, err := b.find(ctx, who)
	switch {
	case err != nil:
		return decide.Expression{}, fmt.Errorf("try a rule: %w", err)
	case why != "":
		return decide.Expression{}, fmt.Errorf("try a rule: %s: %w", why, store.ErrNotFound)
	}
	defer unlock()
	r, err := b.request(ctx, w)
	if err != nil {
		return decide.Expression{}, fmt.Errorf("customer %s: try a rule: %w", w.profile.ID, err)
	}
	r.Slot, r.Channel = "trial", channel
	return b.decider.TryPolicy(when, r)
}
