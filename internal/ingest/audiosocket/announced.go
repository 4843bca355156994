package audiosocket

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"heed/internal/ingest"
)

// Life is how long an announced UUID waits for its connection.
const Life = 10 * time.Minute

// maxAnnounced bounds how many UUIDs wait.
const maxAnnounced = 20_000

var (
	errUnknown = errors.New("nobody has announced this UUID")
	errFull    = errors.New("too many UUIDs are waiting")
)

// announced are the UUIDs that may connect, each once, and what they stand for.
type announced struct {
	now func() time.Time

	mu      sync.Mutex
	calls   map[uuid.UUID]announcement
	changed chan struct{} // closed with each announcement
}

type announcement struct {
	start   ingest.Start
	expires time.Time
}

func newAnnounced(now func() time.Time) *announced {
	return &announced{now: now, calls: map[uuid.UUID]announcement{}, changed: make(chan struct{})}
}

// add announces a UUID, anew when it is there.
func (a *announced) add(id uuid.UUID, s ingest.Start) (expires time.Time, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if _, again := a.calls[id]; !again && len(a.calls) >= maxAnnounced {
		a.sweep(now)
		if len(a.calls) >= maxAnnounced {
			return expires, errFull
		}
	}
	expires = now.Add(Life)
	a.calls[id] = announcement{s, expires}
	close(a.changed)
	a.changed = make(chan struct{})
	return expires, nil
}

// sweep forgets what is over.
func (a *announced) sweep(now time.Time) {
	for id, c := range a.calls {
		if now.After(c.expires) {
			delete(a.calls, id)
		}
	}
}

// take gives what a UUID stands for, once. It waits until that is announced or
// ctx ends.
func (a *announced) take(ctx context.Context, id uuid.UUID) (ingest.Start, error) {
	for {
		a.mu.Lock()
		c, found := a.calls[id]
		delete(a.calls, id)
		changed := a.changed
		a.mu.Unlock()
		if found && !a.now().After(c.expires) {
			return c.start, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ingest.Start{}, errUnknown
		}
	}
}
