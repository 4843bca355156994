package brain

import (
	"context"
	"sync"
	"time"

	"heed/internal/decide"
)

// takings remembers for a second what was taken up: counting goes through all
// outcomes of an action. A budget can be overrun by what is taken up meanwhile.
type takings struct {
	mu      sync.Mutex
	at      time.Time
	version string // of the catalogue
	counts  map[string]decide.Taken
}

const takingsFor = time.Second

// taken counts what was taken up of the actions of which there is only so
// much; nil when the catalogue has none, so that nothing is asked for nothing.
// The map is shared and must not be changed.
func (b *Brain) taken(ctx context.Context, at time.Time) (map[string]decide.Taken, error) {
	c := b.decider.Catalogue()
	counted := c.Counted()
	if len(counted) == 0 {
		return nil, nil
	}
	t := &b.takings
	t.mu.Lock()
	defer t.mu.Unlock()
	if since := at.Sub(t.at); t.version == c.Version() && since >= 0 && since < takingsFor {
		return t.counts, nil
	}
	counts, err := b.store.Taken(ctx, counted, at.UTC().Truncate(24*time.Hour))
	if err != nil {
		return nil, err
	}
	t.at, t.version, t.counts = at, c.Version(), counts
	return counts, nil
}
