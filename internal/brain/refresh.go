package brain

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Refresh decides again for the agents of all live calls whose suggestion
// rests on rules that are not in force any more. It goes on after a call that
// fails.
func (b *Brain) Refresh(ctx context.Context) error {
	b.mu.Lock()
	calls := slices.Sorted(maps.Keys(b.live))
	b.mu.Unlock()
	var errs []error
	for _, id := range calls {
		if err := b.refresh(ctx, id); err != nil && !errors.Is(err, ErrUnknownCall) { // it may have ended
			errs = append(errs, fmt.Errorf("call %s: decide again: %w", id, err))
		}
	}
	return errors.Join(errs...)
}

func (b *Brain) refresh(ctx context.Context, callID string) error {
	l, w, unlock, err := b.openCall(ctx, callID)
	if err != nil {
		return err
	}
	defer unlock()
	w.call = l
	return b.commit(ctx, w, nothingMore)
}
