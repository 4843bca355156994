package pace_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"heed/internal/accounts/pace"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func start() *clock { return &clock{time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)} }

func TestGuessingSlowsDown(t *testing.T) {
	t.Parallel()
	c := start()
	p := pace.New(c.now)
	for i := range 5 {
		if w := p.Try("ann", "1.2.3.4"); w != 0 {
			t.Fatalf("try %d waits %s", i, w)
		}
	}
	for _, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
		if w := p.Try("ann", "1.2.3.4"); w != want {
			t.Fatalf("waits %s, want %s", w, want)
		}
		c.at = c.at.Add(want)
		if w := p.Try("ann", "1.2.3.4"); w != 0 {
			t.Fatalf("after waiting %s it waits %s more", want, w)
		}
	}
	if w := p.Try("ben", "1.2.3.4"); w != 0 {
		t.Errorf("another account at the address waits %s", w)
	}
	c.at = c.at.Add(time.Hour)
	for range 5 {
		if w := p.Try("ann", "1.2.3.4"); w != 0 {
			t.Errorf("after an hour it waits %s", w)
		}
	}
}

// However it is attacked, an account is never out of reach: no wait is over a
// quarter of an hour, and its owner does not wait where they were before.
func TestNobodyIsLockedOut(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test draws the same each time
		c := start()
		p := pace.New(c.now)
		if w := p.Try("ann", "home"); w != 0 {
			t.Fatal(w)
		}
		p.Succeeded("ann", "home")
		let := 0
		for range 3000 {
			c.at = c.at.Add(time.Duration(r.IntN(900)) * time.Millisecond)
			switch w := p.Try("ann", fmt.Sprint("bot", r.IntN(200))); {
			case w > 15*time.Minute:
				t.Fatalf("seed %d: waits %s", seed, w)
			case w == 0:
				let++
			}
		}
		if w := p.Try("ann", "home"); w != 0 {
			t.Fatalf("seed %d: the owner waits %s at home", seed, w)
		}
		if w := p.Try("ann", "hotel"); w > 30*time.Second {
			t.Fatalf("seed %d: the owner waits %s elsewhere", seed, w)
		}
		// About 22 minutes, one guess each half minute once it is slow.
		if let > 120 {
			t.Fatalf("seed %d: %d guesses in %s", seed, let, c.at.Sub(start().at))
		}
	}
}

// Whatever comes, a wait that was told is enough, and asking early costs nothing.
func TestAWaitThatWasToldIsEnough(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a test draws the same each time
	c := start()
	p := pace.New(c.now)
	for range 2000 {
		of, from := fmt.Sprint("u", r.IntN(3)), fmt.Sprint("a", r.IntN(3))
		w := p.Try(of, from)
		if w == 0 {
			if r.IntN(10) == 0 {
				p.Succeeded(of, from)
			}
			continue
		}
		c.at = c.at.Add(w - time.Nanosecond)
		if again := p.Try(of, from); again != time.Nanosecond {
			t.Fatalf("a nanosecond early it waits %s", again)
		}
		c.at = c.at.Add(time.Nanosecond)
		if again := p.Try(of, from); again != 0 {
			t.Fatalf("told %s, and then waits %s", w, again)
		}
	}
}

func TestOneAddressCannotTryAllAccounts(t *testing.T) {
	t.Parallel()
	c := start()
	p := pace.New(c.now)
	let := 0
	for i := range 1000 {
		c.at = c.at.Add(100 * time.Millisecond)
		if p.Try(fmt.Sprint("u", i), "office") == 0 {
			let++
		}
	}
	if let < 50 || let > 60 {
		t.Errorf("%d accounts were tried in 100 s", let)
	}
}
