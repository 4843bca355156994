// Package ingesttest is a live call for the tests of doors: it records what a
// door does and checks that it keeps the promises of [ingest.Stream]. It hears
// nothing and is part of no program.
package ingesttest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/ingest"
	"heed/transcribe"
)

// Calls records what a door does. Refuse, when set, is what Open gives, and
// Zero is where its streams begin on their call's clock.
type Calls struct {
	Refuse error
	Zero   time.Duration
	opened chan *Recording
	mu     sync.Mutex
	all    []*Recording
	ended  []string
}

// New makes calls that take every stream.
func New() *Calls { return &Calls{opened: make(chan *Recording, 64)} }

// Open implements ingest.Calls.
func (c *Calls) Open(_ context.Context, s ingest.Start) (ingest.Stream, error) {
	if c.Refuse != nil {
		return nil, c.Refuse
	}
	r := &Recording{Start: s, zero: c.Zero, Faults: map[ingest.Fault]int{}, stopped: make(chan struct{}), grown: make(chan struct{}, 1)}
	c.mu.Lock()
	c.all = append(c.all, r)
	c.mu.Unlock()
	c.opened <- r
	return r, nil
}

// Complete implements ingest.Calls.
func (c *Calls) Complete(_ context.Context, platform, call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = append(c.ended, platform+" "+call)
}

// Completed gives the calls that are over, as "twilio CA1".
func (c *Calls) Completed() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.ended)
}

// Count is how many streams were opened.
func (c *Calls) Count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.all)
}

// Recording is one stream. Its fields may be read after Wait.
type Recording struct {
	Start   ingest.Start
	stopped chan struct{}
	zero    time.Duration
	grown   chan struct{} // told of each frame

	mu     sync.Mutex
	Frames []string // "customer 0+20", in milliseconds
	PCM    map[insights.Speaker][]int16
	Ends   map[insights.Speaker]time.Duration
	Gaps   map[insights.Speaker]int // frames that did not follow the one before
	Rates  map[int]int              // how many frames were of which rate
	Keys   []string                 // "customer 5 at 40"
	Faults map[ingest.Fault]int
	Why    ingest.Reason
	broken []string // promises of the contract that were not kept
}

// Audio implements ingest.Stream.
func (r *Recording) Audio(who insights.Speaker, f transcribe.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.PCM == nil {
		r.PCM, r.Ends = map[insights.Speaker][]int16{}, map[insights.Speaker]time.Duration{}
		r.Gaps, r.Rates = map[insights.Speaker]int{}, map[int]int{}
	}
	if f.At < r.Ends[who] || len(f.PCM) == 0 || f.Wall.IsZero() || !slices.Contains(r.Start.Parties, who) || r.Why != "" {
		r.broken = append(r.broken, fmt.Sprintf("%s at %v after %v, %d samples, stopped %q", who, f.At, r.Ends[who], len(f.PCM), r.Why))
	}
	if f.At > r.Ends[who] {
		r.Gaps[who]++
	}
	r.Rates[f.Rate]++
	r.Ends[who] = f.End()
	r.Frames = append(r.Frames, fmt.Sprintf("%s %d+%d", who, f.At.Milliseconds(), f.Duration().Milliseconds()))
	r.PCM[who] = append(r.PCM[who], f.PCM...)
	select {
	case r.grown <- struct{}{}:
	default:
	}
}

// Length is where a party's audio ends, while the stream goes on.
func (r *Recording) Length(who insights.Speaker) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Ends[who]
}

// Reach waits until a party's audio is so long.
func (r *Recording) Reach(t testing.TB, who insights.Speaker, length time.Duration) {
	t.Helper()
	for limit := time.After(20 * time.Second); r.Length(who) < length; {
		select {
		case <-r.grown:
		case <-limit:
			t.Fatalf("the audio of the %s came to %v, not to %v", who, r.Length(who), length)
		}
	}
}

// Digit implements ingest.Stream.
func (r *Recording) Digit(who insights.Speaker, digit string, at time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Keys = append(r.Keys, fmt.Sprintf("%s %s at %d", who, digit, at.Milliseconds()))
}

// Fault implements ingest.Stream.
func (r *Recording) Fault(f ingest.Fault, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Faults[f] += n
}

// Located implements ingest.Located: our id of a call is "call " and its
// platform's.
func (r *Recording) Located() (call string, zero time.Duration) {
	return "call " + r.Start.Call, r.zero
}

// Stop implements ingest.Stream.
func (r *Recording) Stop(why ingest.Reason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Why != "" {
		r.broken = append(r.broken, "stopped twice")
	}
	r.Why = why
	close(r.stopped)
}

// Wait gives the stream once it has ended.
func (r *Recording) Wait(t testing.TB) *Recording {
	t.Helper()
	select {
	case <-r.stopped:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream did not end")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.broken {
		t.Errorf("contract broken: %s", b)
	}
	return r
}

// Next gives the next stream that is opened.
func (c *Calls) Next(t testing.TB) *Recording {
	t.Helper()
	select {
	case r := <-c.opened:
		return r
	case <-time.After(10 * time.Second):
		t.Fatal("no stream was opened")
	}
	return nil
}
