package segment

import (
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// gate keeps the load within bounds: so many messages a second from one key,
// and so many at once that wait for their commit.
type gate struct {
	perSecond int
	room      *semaphore.Weighted
	size      int64

	mu   sync.Mutex
	keys map[string]*rate.Limiter
}

func newGate(perSecond int, queue int64) *gate {
	return &gate{perSecond: perSecond, room: semaphore.NewWeighted(queue), size: queue, keys: make(map[string]*rate.Limiter)}
}

// enter lets n messages in or says when to come back. Leave must be called.
func (g *gate) enter(key string, n int) (leave func(), err error) {
	if wait := g.wait(key, n); wait > 0 {
		return nil, tooMany("this key sends faster than it may", int(wait/time.Second)+1)
	}
	weight := min(int64(n), g.size)
	if !g.room.TryAcquire(weight) {
		return nil, tooMany("more is waiting to be stored than this server takes at once", 1)
	}
	return func() { g.room.Release(weight) }, nil
}

// wait takes n messages from a key's allowance, or says how long there are not
// enough. The allowance is two seconds' worth, and never below a whole batch.
func (g *gate) wait(key string, n int) time.Duration {
	if g.perSecond <= 0 {
		return 0
	}
	g.mu.Lock()
	limiter := g.keys[key]
	if limiter == nil {
		limiter = rate.NewLimiter(rate.Limit(g.perSecond), max(2*g.perSecond, MaxEvents))
		g.keys[key] = limiter
	}
	g.mu.Unlock()
	taken := limiter.ReserveN(time.Now(), n)
	wait := taken.Delay()
	if wait > 0 {
		taken.Cancel()
	}
	return wait
}

func tooMany(why string, wait int) problem {
	return problem{Status: http.StatusTooManyRequests, Detail: why + "; send it again later", wait: wait}
}
