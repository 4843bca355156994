package brain

import (
	"context"
	"time"

	"heed/internal/decide"
)

// taken counts what was taken up of the actions of which there is only so
// much; nil when the catalogue has none, so that nothing is asked for nothing.
func (b *Brain) taken(ctx context.Context, at time.Time) (map[string]decide.Taken, error) {
	counted := b.decider.Catalogue().Counted()
	if len(counted) == 0 {
		return nil, nil
	}
	return b.store.Taken(ctx, counted, at.UTC().Truncate(24*time.Hour))
}
