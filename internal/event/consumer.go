package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ErrAhead says that a consumer has seen more than the log holds, as after
// the log was restored from a backup: what it built must be built again.
var ErrAhead = errors.New("the consumer is ahead of the log; drop what it built and start it from the beginning")

// Query selects events of the log, oldest first.
type Query struct {
	// After is the sequence number behind which to begin; 0 is the beginning.
	After int64
	// Call keeps the events of one call; empty means all.
	Call string
	// Types keeps events of these types; empty means all.
	Types []Type
	// Limit is the most events to give, 1..500; 0 means 100.
	Limit int
}

// Log is the committed log as a consumer needs it. internal/store is one.
type Log interface {
	// Events gives committed events in order. It never leaves out an event
	// that is at or below a number which LastSeq gave earlier.
	Events(ctx context.Context, q Query) ([]Event, error)
	// LastSeq is the number of the newest committed event, 0 in an empty log.
	LastSeq(ctx context.Context) (int64, error)
	// Changed gives a channel that is closed at the next commit. Take it
	// before reading, so that no commit falls between.
	Changed() <-chan struct{}
}

// Consumer derives something from the log. It may be given an event twice,
// and must then end in the same state as if it had come once.
type Consumer interface {
	// Name is short and constant; it labels logs and metrics.
	Name() string
	// Cursor is the number of the last event whose effect is durable, 0 for none.
	Cursor(ctx context.Context) (int64, error)
	// Handle takes the next events in order and moves the cursor with their
	// effect. When it fails it is called again with the same events.
	Handle(ctx context.Context, events []Event) error
}

// Options tune [Follow]. The zero value is right for most consumers.
type Options struct {
	Types []Type // only these types; empty means all
	Batch int    // most events a Handle, 1..500; 0 means 500
	// Gather is how long the first new event waits for others to share its
	// batch; 0 means 200 ms, negative means not at all.
	Gather time.Duration
	// Poll is how often the log is looked at even if nobody rang; 0 means 30 s.
	Poll time.Duration
	// MinBackoff and MaxBackoff bound the pause after a failure, which doubles
	// and is shortened by up to half at random; 0 means 100 ms and 30 s.
	MinBackoff, MaxBackoff time.Duration

	Logger  *slog.Logger // nil logs nothing
	Metrics *Metrics     // nil counts nothing
}

func (o Options) withDefaults() Options {
	if o.Batch <= 0 || o.Batch > 500 {
		o.Batch = 500
	}
	if o.Gather == 0 {
		o.Gather = 200 * time.Millisecond
	}
	if o.Poll <= 0 {
		o.Poll = 30 * time.Second
	}
	if o.MinBackoff <= 0 {
		o.MinBackoff = 100 * time.Millisecond
	}
	if o.MaxBackoff <= 0 {
		o.MaxBackoff = 30 * time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Follow feeds a consumer from the log, from its cursor on, in small batches
// and in order. It blocks until ctx ends and returns its error, or [ErrAhead].
// A failing consumer is tried again for as long as it takes: nothing is ever
// skipped, the lag grows and shows. It starts no goroutine.
func Follow(ctx context.Context, log Log, c Consumer, o Options) error {
	f := follower{log: log, consumer: c, o: o.withDefaults()}
	f.o.Logger = f.o.Logger.With("component", "consumer", "consumer", c.Name())
	for failures := 0; ; {
		err := f.step(ctx)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("follow %s: %w", c.Name(), ctx.Err())
		case errors.Is(err, ErrAhead):
			return fmt.Errorf("follow %s: %w", c.Name(), err)
		case err == nil:
			failures = 0
			continue
		}
		failures++
		pause := f.backoff(failures)
		f.o.Metrics.failed(c.Name())
		f.o.Logger.Warn("consumer failed, will try again", "err", err,
			"after_seq", f.seq, "failures", failures, "retry_in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// follower is the state of one Follow.
type follower struct {
	log      Log
	consumer Consumer
	o        Options
	// seq is up to where the log is dealt with; it runs ahead of the
	// consumer's own cursor over events of types that it does not want.
	seq    int64
	placed bool // seq is known
}

// step waits for something new, reads it and has it handled.
func (f *follower) step(ctx context.Context) error {
	if err := f.place(ctx); err != nil {
		return err
	}
	last, err := f.await(ctx)
	if err != nil {
		return err
	}
	events, err := f.log.Events(ctx, Query{After: f.seq, Types: f.o.Types, Limit: f.o.Batch})
	if err != nil {
		return fmt.Errorf("read events after %d: %w", f.seq, err)
	}
	if len(events) > 0 {
		if err := f.consumer.Handle(ctx, events); err != nil {
			// What it did before it failed may be durable: ask again.
			f.placed = false
			return fmt.Errorf("handle events %d to %d: %w", events[0].Seq, events[len(events)-1].Seq, err)
		}
		f.seq = events[len(events)-1].Seq
		f.o.Metrics.handled(f.consumer.Name(), len(events))
	}
	if len(events) < f.o.Batch {
		f.seq = max(f.seq, last) // the rest up to last is not for us
	}
	f.o.Metrics.lag(f.consumer.Name(), last-f.seq)
	return nil
}

// place asks the consumer where it is.
func (f *follower) place(ctx context.Context) error {
	if f.placed {
		return nil
	}
	cursor, err := f.consumer.Cursor(ctx)
	if err != nil {
		return fmt.Errorf("read the cursor: %w", err)
	}
	last, err := f.log.LastSeq(ctx)
	if err != nil {
		return fmt.Errorf("read the end of the log: %w", err)
	}
	if cursor > last {
		return fmt.Errorf("cursor %d, log ends at %d: %w", cursor, last, ErrAhead)
	}
	f.seq, f.placed = cursor, true
	return nil
}

// await blocks until the log is longer than seq, and then for a full batch or
// the gathering time, whichever is first. It gives the log's end.
func (f *follower) await(ctx context.Context) (int64, error) {
	poll := time.NewTicker(f.o.Poll)
	defer poll.Stop()
	var gathered <-chan time.Time
	for {
		changed := f.log.Changed()
		last, err := f.log.LastSeq(ctx)
		if err != nil {
			return 0, fmt.Errorf("read the end of the log: %w", err)
		}
		behind := last - f.seq
		f.o.Metrics.lag(f.consumer.Name(), behind)
		if behind >= int64(f.o.Batch) || behind > 0 && f.o.Gather < 0 {
			return last, nil
		}
		if behind > 0 && gathered == nil {
			gathered = time.After(f.o.Gather)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-gathered:
			return last, nil
		case <-changed:
		case <-poll.C:
		}
	}
}

// backoff is the pause after so many failures in a row.
func (f *follower) backoff(failures int) time.Duration {
	d := f.o.MinBackoff << min(failures-1, 20)
	if d <= 0 || d > f.o.MaxBackoff {
		d = f.o.MaxBackoff
	}
	return d - rand.N(d/2+1)
}

// Bell wakes whoever waits for the next commit. The zero value is ready; it
// is safe for concurrent use and never blocks.
type Bell struct {
	mu sync.Mutex
	ch chan struct{}
}

// Changed gives a channel that the next Ring closes.
func (b *Bell) Changed() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

// Ring wakes all who wait.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}

// Metrics counts what consumers do. One serves all consumers of a process.
type Metrics struct {
	behind   *prometheus.GaugeVec
	events   *prometheus.CounterVec
	failures *prometheus.CounterVec
}

// NewMetrics makes the metrics and registers them; a nil registerer registers
// nothing. It panics when they are registered already.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	by := []string{"consumer"}
	m := &Metrics{
		behind: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "heed_consumer_lag_events", Help: "Events committed but not yet handled.",
		}, by),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_consumer_events_total", Help: "Events handled.",
		}, by),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "heed_consumer_failures_total", Help: "Batches that failed and were tried again.",
		}, by),
	}
	if reg != nil {
		reg.MustRegister(m.behind, m.events, m.failures)
	}
	return m
}

func (m *Metrics) lag(name string, n int64) {
	if m != nil {
		m.behind.WithLabelValues(name).Set(float64(n))
	}
}

func (m *Metrics) handled(name string, n int) {
	if m != nil {
		m.events.WithLabelValues(name).Add(float64(n))
	}
}

func (m *Metrics) failed(name string) {
	if m != nil {
		m.failures.WithLabelValues(name).Inc()
	}
}
