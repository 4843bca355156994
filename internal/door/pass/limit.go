package pass

import (
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"heed/internal/gate"
)

// Limit lets something happen so often for each key. Keys that were not seen
// for long are forgotten. It is safe for concurrent use.
type Limit struct {
	every time.Duration
	burst int
	now   func() time.Time
	keys  *lru.Cache[string, *rate.Limiter]
}

// limitedKeys bounds the memory of a limit; the key that was not used for
// longest goes first.
const limitedKeys = 100_000

// NewLimit allows burst at once and then one every so often.
func NewLimit(burst int, every time.Duration, now func() time.Time) *Limit {
	keys, err := lru.New[string, *rate.Limiter](limitedKeys)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &Limit{every: every, burst: burst, now: now, keys: keys}
}

// Allow counts one more for a key and says whether it may happen.
func (l *Limit) Allow(key string) bool {
	fresh := rate.NewLimiter(rate.Every(l.every), l.burst)
	if kept, there, _ := l.keys.PeekOrAdd(key, fresh); there {
		l.keys.Get(key) // it is in use
		return kept.AllowN(l.now(), 1)
	}
	return fresh.AllowN(l.now(), 1)
}

// Client gives what stands for the sender of a request in a limit: see
// [gate.Client].
func Client(r *http.Request) string { return gate.Client(r) }
