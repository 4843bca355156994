package slots

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestABurstIsDecidedOnce: changes that come together wait for a moment of
// quiet, a second at most; one that must not wait ends the waiting.
func TestABurstIsDecidedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		gaps  []time.Duration // between changes
		hard  int             // which change must not wait, from 1; 0 is none
		fired []time.Duration
	}{
		"one alone":              {[]time.Duration{0}, 0, []time.Duration{100 * time.Millisecond}},
		"three together":         {[]time.Duration{0, 50 * time.Millisecond, 99 * time.Millisecond}, 0, []time.Duration{249 * time.Millisecond}},
		"two bursts":             {[]time.Duration{0, 200 * time.Millisecond}, 0, []time.Duration{100 * time.Millisecond, 300 * time.Millisecond}},
		"a hard one is not held": {[]time.Duration{0, 30 * time.Millisecond}, 2, []time.Duration{30 * time.Millisecond}},
		"without an end": {
			[]time.Duration{0, 90e6, 90e6, 90e6, 90e6, 90e6, 90e6, 90e6, 90e6, 90e6, 90e6, 90e6, 90e6},
			0,
			[]time.Duration{time.Second, 1180 * time.Millisecond},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex // as the service's guards a burst
				var b burst
				var fired []time.Duration
				start := time.Now()
				for i, gap := range c.gaps {
					time.Sleep(gap)
					synctest.Wait()
					mu.Lock()
					wait := quiet
					if i+1 == c.hard {
						wait = 0
					}
					b.add(time.Now(), wait, func(time.Time) {
						mu.Lock()
						defer mu.Unlock()
						b.take()
						fired = append(fired, time.Since(start))
					})
					mu.Unlock()
				}
				time.Sleep(2 * time.Second)
				synctest.Wait()
				if len(fired) != len(c.fired) {
					t.Fatalf("decided at %v, want %v", fired, c.fired)
				}
				for i := range fired {
					if fired[i] != c.fired[i] {
						t.Errorf("decided at %v, want %v", fired, c.fired)
					}
				}
			})
		})
	}
}
