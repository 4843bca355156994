// Package pace slows down whoever guesses passwords, and nobody for good: every
// wait has a bound, and who signed in from an address before is not made to
// wait there for what others try elsewhere.
//
// It knows no passwords and keeps nothing beyond the process. Memory is
// bounded: what was not used for longest is forgotten first.
package pace

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Step says how waits grow: so many tries are free, then the wait is First and
// doubles with each try up to Most. After Calm without a try all is forgotten.
type Step struct {
	Free        int
	First, Most time.Duration
	Calm        time.Duration
}

// The steps. One person at one address soon waits long; an account that is
// tried from everywhere stays within reach of its owner; an address may be a
// whole office.
var (
	pair    = Step{Free: 5, First: time.Second, Most: 15 * time.Minute, Calm: time.Hour}
	account = Step{Free: 20, First: time.Second, Most: 30 * time.Second, Calm: time.Hour}
	address = Step{Free: 50, First: time.Second, Most: 5 * time.Minute, Calm: time.Hour}
)

// size bounds each table.
const size = 50_000

// tries is what is known of one key.
type tries struct {
	n    int
	last time.Time
}

// Pace is safe for concurrent use.
type Pace struct {
	now func() time.Time

	mu                       sync.Mutex
	pairs, accounts, senders *lru.Cache[string, tries]
	known                    *lru.Cache[string, struct{}] // pairs that succeeded
}

// New makes a pace with a clock.
func New(now func() time.Time) *Pace {
	return &Pace{now: now, pairs: table[tries](), accounts: table[tries](), senders: table[tries](), known: table[struct{}]()}
}

func table[T any]() *lru.Cache[string, T] {
	c, err := lru.New[string, T](size)
	if err != nil {
		panic(err) // only for a size below one
	}
	return c
}

// Try asks to try a password of an account from an address. It gives 0 and
// counts the try as failed until [Pace.Succeeded] says otherwise, or it gives
// how long to wait, and counts nothing: asking too early makes no wait longer.
func (p *Pace) Try(of, from string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, both := p.now(), of+"\x00"+from
	wait := max(pair.wait(p.pairs, both, now), address.wait(p.senders, from, now))
	known := p.known.Contains(both)
	if !known {
		wait = max(wait, account.wait(p.accounts, of, now))
	}
	if wait > 0 {
		return wait
	}
	pair.count(p.pairs, both, now)
	address.count(p.senders, from, now)
	if !known {
		account.count(p.accounts, of, now)
	}
	return 0
}

// Succeeded says that the last try was right.
func (p *Pace) Succeeded(of, from string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	both := of + "\x00" + from
	p.pairs.Remove(both)
	p.accounts.Remove(of)
	if t, ok := p.senders.Get(from); ok {
		t.n = max(0, t.n-1)
		p.senders.Add(from, t)
	}
	p.known.Add(both, struct{}{})
}

// wait is how long a key has to wait from now on.
func (s Step) wait(in *lru.Cache[string, tries], key string, now time.Time) time.Duration {
	t, ok := in.Get(key)
	if !ok || t.n < s.Free || now.Sub(t.last) >= s.Calm {
		return 0
	}
	return max(0, s.after(t.n)-now.Sub(t.last))
}

// after is the wait after so many tries, the last of them just now.
func (s Step) after(n int) time.Duration {
	if n < s.Free {
		return 0
	}
	over := n - s.Free
	if over > 30 {
		return s.Most
	}
	return min(s.First<<over, s.Most)
}

func (s Step) count(in *lru.Cache[string, tries], key string, now time.Time) {
	t, _ := in.Get(key)
	if now.Sub(t.last) >= s.Calm {
		t.n = 0
	}
	in.Add(key, tries{n: t.n + 1, last: now})
}
