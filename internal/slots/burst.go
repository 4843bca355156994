package slots

import "time"

const (
	// quiet is how long a live slot waits for more to happen before it is decided
	// again, and longest how long one waits at most while more happens. A slot
	// that nobody looks at waits for the longest.
	quiet   = 100 * time.Millisecond
	longest = time.Second
)

// burst gathers changes that come together, so that a slot is decided once for
// all of them. Service.mu guards it.
type burst struct {
	timer *time.Timer // nil while nothing waits
	since time.Time   // the first change of those that wait
}

// add takes a change. fire is called once, in a goroutine of its own, when
// nothing more has come for wait; at once with 0, for one that must not wait.
func (b *burst) add(now time.Time, wait time.Duration, fire func(since time.Time)) {
	if b.timer == nil {
		b.since = now
	} else {
		wait = min(wait, b.since.Add(longest).Sub(now))
	}
	b.start(max(wait, 0), fire)
}

// addAt takes a change that can wait; what waits already waits no longer.
func (b *burst) addAt(now time.Time, wait time.Duration, fire func(since time.Time)) {
	if b.timer == nil {
		b.since = now
		b.start(wait, fire)
	}
}

// start has fire called after a while, in place of what waits.
func (b *burst) start(wait time.Duration, fire func(since time.Time)) {
	if b.timer != nil && !b.timer.Stop() {
		return // it fires just now
	}
	since := b.since
	b.timer = time.AfterFunc(wait, func() { fire(since) })
}

// take ends the waiting: what comes from now on is another burst.
func (b *burst) take() { b.timer = nil }

// stop forgets what waits.
func (b *burst) stop() {
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
}
