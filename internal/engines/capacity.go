package engines

import (
	"fmt"
	"math"
	"sync"
	"time"
)

const (
	// share of the cores that hearing may take; the rest is the server's.
	share = 0.75
	// busy is the share of the cores from which on a measurement is believed:
	// with time to spare engines take a second look, which costs more and is
	// left out first.
	busy = 0.5
	// weight of a new measurement.
	weight = 0.3
	// tooLate is the backlog that shows that the estimate is too high.
	tooLate = time.Second
	// idleFor is how long a call may be without a stream, before its audio
	// comes or between two runs of its engine, and keep its place.
	idleFor = 15 * time.Second
	// streamsPerCall: one each for agent and customer.
	streamsPerCall = 2
	// least is what every node hears, however slow it is.
	least = 2
)

// Policy is what happens to a live call that is one too many.
type Policy string

// Calls beyond the capacity are recorded and heard when they are over, or not
// taken at all.
const (
	Record Policy = "record"
	Refuse Policy = "refuse"
)

// Capacity is how many live streams the engines of this machine hear in
// time. It is safe for use by many goroutines.
type Capacity struct {
	policy Policy
	cores  float64
	now    func() time.Time

	mu      sync.Mutex
	streams int
	source  string
	calls   map[string]*place
	last    Load
	at      time.Time // of last
	turned  int64     // calls that found it full
}

// place is a live call's.
type place struct {
	running int
	idle    time.Time // since when nothing runs
}

// NewCapacity is for a machine with so many cores; it starts with a guess of
// streams, 0 for no bound.
func NewCapacity(p Policy, cores float64, streams int, now func() time.Time) *Capacity {
	return &Capacity{policy: p, cores: cores, now: now, streams: streams, source: "guessed", calls: map[string]*place{}}
}

// Unbounded takes every call.
func Unbounded() *Capacity { return NewCapacity(Record, 1, 0, time.Now) }

// Fix sets the bound for good: an operator knows better.
func (c *Capacity) Fix(streams int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.streams, c.source = streams, "fixed"
}

// Measured sets the bound from a measurement at the start: so much audio was
// heard in so much time with every core at work.
func (c *Capacity) Measured(audio, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if audio <= 0 || took <= 0 || c.source == "fixed" {
		return
	}
	c.streams, c.source = bound(share*audio.Seconds()/took.Seconds()), "measured"
}

func bound(streams float64) int { return int(math.Min(math.Max(streams, least), 10_000)) }

// Observe corrects the bound by what was used since the last call of it.
func (c *Capacity) Observe(l Load) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	cpu, audio, passed := l.CPU-c.last.CPU, l.Audio-c.last.Audio, now.Sub(c.at)
	first := c.at.IsZero()
	c.last, c.at = l, now
	if first || c.source == "fixed" || c.streams == 0 || passed <= 0 {
		return
	}
	switch {
	case l.Behind > tooLate && streamsPerCall*len(c.calls) <= c.streams:
		// It hears fewer than was thought; what it has now is too much.
		c.streams, c.source = bound(0.9*float64(streamsPerCall*len(c.calls))), "corrected"
	case audio > 0 && cpu > 0 && cpu.Seconds() > busy*c.cores*passed.Seconds():
		fresh := share * c.cores * audio.Seconds() / cpu.Seconds()
		c.streams, c.source = bound((1-weight)*float64(c.streams)+weight*fresh), "corrected"
	}
}

// grant gives a live call its place, the one that it has or a new one.
func (c *Capacity) grant(call string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prune()
	if c.calls[call] != nil {
		return true
	}
	if c.full() {
		c.turned++
		return false
	}
	c.calls[call] = &place{idle: c.now()}
	return true
}

// full tells whether another call is one too many. The lock is held.
func (c *Capacity) full() bool {
	return c.streams > 0 && streamsPerCall*(len(c.calls)+1) > max(c.streams, streamsPerCall)
}

// prune takes the places of calls that have gone. The lock is held.
func (c *Capacity) prune() {
	now := c.now()
	for id, p := range c.calls {
		if p.running == 0 && now.Sub(p.idle) >= idleFor {
			delete(c.calls, id)
		}
	}
}

// hold counts a running stream. A call that lost its place meanwhile takes it
// again: it was promised.
func (c *Capacity) hold(call string) (release func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.calls[call]
	if p == nil {
		p = &place{}
		c.calls[call] = p
	}
	p.running++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		p.running--
		p.idle = c.now()
	}
}

// admits tells whether another call would be heard, or is taken all the same.
func (c *Capacity) admits() bool {
	if c.policy != Refuse {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prune()
	if c.full() {
		c.turned++
		return false
	}
	return true
}

// refusal is for the operator.
func (c *Capacity) refusal() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("this machine hears %d streams in time and has them; the call is recorded and heard when it is over", c.streams)
}

// Room is how much is heard and how much could be.
type Room struct {
	Streams int    `json:"streams"` // 0 is no bound
	Source  string `json:"source"`  // guessed, measured, corrected or fixed
	Calls   int    `json:"calls"`   // that have a place
	Turned  int64  `json:"turned"`  // calls that found no place, so far
	Policy  Policy `json:"policy"`
}

// Room tells how much there is.
func (c *Capacity) Room() Room {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prune()
	return Room{Streams: c.streams, Source: c.source, Calls: len(c.calls), Turned: c.turned, Policy: c.policy}
}
