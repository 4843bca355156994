// Package callevents keeps what platforms and call-tracking services tell of
// calls beside their audio. An event is on the disk before its sender is
// answered; what follows from it is done afterwards from there, so that a crash
// between the two loses nothing, and a repeat does nothing twice:
//
//   - a call that is over for its platform ends here;
//   - what is told of a call reaches its record, told early or late, in any order;
//   - a tracked call is joined with the call that was heard, and parted from it
//     when a correction makes that wrong;
//   - recordings are asked for.
//
// It refuses what names no call and what it cannot write. It never joins by the
// caller alone, nor where two answers fit, and keeps no payload: only the fields
// that have a name in package event.
package callevents

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"golang.org/x/sync/semaphore"

	"heed/internal/event"
	"heed/internal/store"
)

// calls are the live calls.
type calls interface {
	Complete(ctx context.Context, platform, call string)
}

// Recordings fetches what platforms recorded.
type Recordings interface {
	// Want asks for a recording. It returns once the wish is durable; one that was
	// asked for before, by Platform and ID, is no error. Its error is logged, and
	// the recording asked for again in a minute: it must not hold the address.
	Want(ctx context.Context, r Recording) error
}

// Recording is one that a platform or a call-tracking service tells of.
type Recording struct {
	Platform, Call      string // the provider and its id of the call
	ID, URL             string // the provider's id of the recording, and where it is
	At                  time.Time
	Channels            int    // 0 where that is not told
	Direction, From, To string // as far as they are known by then
}

// Options is what a keeper needs. Store and Calls are required.
type Options struct {
	Store *store.Store
	Calls calls
	// Recordings nil means that none is fetched.
	Recordings Recordings
	// Untracked says whether a person does not want to be tracked: then nothing is
	// kept of where they came from. Nil means that everybody may be. It is asked
	// within a write, and must be quick.
	Untracked func(person string) (bool, error)
	Region    string // of numbers written without a country
	// Within is how far the start that a call-tracking service tells may be from
	// that of the call; 0 means two minutes.
	Within time.Duration
	// Keep is how long a tracked call is kept that nobody heard; 0 means 30 days.
	Keep       time.Duration
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	Now        func() time.Time // nil means time.Now
}

const (
	atOnce     = 256 // events that may wait for the disk; more are refused
	batch      = 64  // events whose consequences share a write
	lookAgain  = 2 * time.Second
	sweepEvery = time.Hour
	retryAfter = time.Minute
)

// Keeper takes events. It is safe for concurrent use; [Keeper.Run] draws the
// consequences.
type Keeper struct {
	o     Options
	log   *slog.Logger
	taken *prometheus.CounterVec
	room  *semaphore.Weighted
	wake  chan struct{}
}

// New makes a keeper.
func New(o Options) *Keeper {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Within == 0 {
		o.Within = 2 * time.Minute
	}
	if o.Keep == 0 {
		o.Keep = 30 * 24 * time.Hour
	}
	if o.Untracked == nil {
		o.Untracked = func(string) (bool, error) { return false, nil }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Keeper{
		o: o, log: o.Logger.With("component", "callevents"), room: semaphore.NewWeighted(atOnce), wake: make(chan struct{}, 1),
		taken: promauto.With(o.Registerer).NewCounterVec(prometheus.CounterOpts{
			Name: "heed_call_events_total", Help: "Events that platforms told of calls, by provider and what became of them.",
		}, []string{"provider", "result"}),
	}
}

// ErrBusy refuses an event because too many wait for the disk.
var ErrBusy = errors.New("too many events of calls at once")

// Tell returns when the event is on the disk; one that came before is no error.
// One that names no call or no event is [event.ErrTold].
func (k *Keeper) Tell(ctx context.Context, t event.Told) error {
	t, err := prepare(t, k.o.Region, k.o.Now())
	if err != nil {
		return err
	}
	if !k.room.TryAcquire(1) {
		k.count(t, "refused")
		return ErrBusy
	}
	defer k.room.Release(1)
	err = k.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddTold(t) })
	switch {
	case errors.Is(err, store.ErrDuplicate):
		k.count(t, "repeat")
		if t.Ends && !t.Tracking { // its audio may have come since
			k.o.Calls.Complete(ctx, t.Provider, t.Call)
		}
		return nil
	case err != nil:
		k.count(t, "refused")
		return fmt.Errorf("keep an event of a call: %w", err)
	}
	k.count(t, "taken")
	select {
	case k.wake <- struct{}{}:
	default: // it will look anyway
	}
	return nil
}

func (k *Keeper) count(t event.Told, result string) {
	k.taken.WithLabelValues(t.Provider, result).Inc()
}

// Known gives what was told of a platform's call so far, also what was told a
// moment ago; nothing when that cannot be read: no call is lost for it.
func (k *Keeper) Known(ctx context.Context, platform, call string) event.Facts {
	d, err := k.o.Store.Detail(ctx, platform, call)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		k.log.Warn("what was told of a call could not be read", "error", err)
	}
	waiting, err := k.o.Store.OpenToldOf(ctx, platform, call)
	if err != nil {
		k.log.Warn("what was told of a call could not be read", "error", err)
	}
	for _, w := range waiting {
		d.Add(w.Told)
	}
	return d.Facts()
}

// Run draws the consequences of events until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	swept := time.Time{}
	for ctx.Err() == nil {
		more, err := k.step(ctx)
		k.wrong(ctx, "draw the consequences of call events", err)
		if more && err == nil {
			continue
		}
		if now := k.o.Now(); err == nil && now.Sub(swept) >= sweepEvery {
			k.wrong(ctx, "sweep call events", k.Sweep(ctx))
			swept = now
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-k.wake:
		}
	}
}

// wrong logs what went wrong and is tried again, unless this is the end.
func (k *Keeper) wrong(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		k.log.Error("call events wait", "what", what, "error", err)
	}
}

// Sweep deletes what is not to be kept any longer.
func (k *Keeper) Sweep(ctx context.Context) error {
	if err := k.o.Store.SweepTold(ctx, k.o.Keep); err != nil {
		return fmt.Errorf("sweep call events: %w", err)
	}
	return nil
}

// step draws the consequences of the events that are due, and says whether
// there may be more.
func (k *Keeper) step(ctx context.Context) (more bool, err error) {
	open, err := k.o.Store.OpenTold(ctx, batch)
	if err != nil || len(open) == 0 {
		return false, err
	}
	ready := open[:0:0]
	for _, t := range open {
		// Outside first: these may be done twice, and must not be forgotten.
		if err := k.outside(ctx, t.Told); err != nil {
			k.postpone(ctx, t, err)
			continue
		}
		ready = append(ready, t)
	}
	err = k.o.Store.Write(ctx, func(tx *store.Tx) error {
		for _, t := range ready {
			if err := k.apply(tx, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil || ctx.Err() != nil || errors.Is(err, store.ErrFull) {
		return len(open) == batch, err
	}
	for _, t := range ready { // one of them is at fault: it must not hold up the others
		err := k.o.Store.Write(ctx, func(tx *store.Tx) error { return k.apply(tx, t) })
		if err != nil {
			k.postpone(ctx, t, err)
		}
	}
	return len(open) == batch, nil
}

// postpone has an event looked at again later.
func (k *Keeper) postpone(ctx context.Context, t store.OpenTold, why error) {
	k.log.Warn("an event of a call waits", "provider", t.Provider, "error", why)
	err := k.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.PostponeTold(t.N, k.o.Now().Add(retryAfter)) })
	if err != nil {
		k.log.Error("postpone an event of a call", "error", err)
	}
}

// outside does what follows from an event beyond the tables.
func (k *Keeper) outside(ctx context.Context, t event.Told) error {
	if t.Ends && !t.Tracking {
		k.o.Calls.Complete(ctx, t.Provider, t.Call)
	}
	url, id := t.Fields[event.FieldRecordingURL], t.Fields[event.FieldRecording]
	if k.o.Recordings == nil || url == "" {
		return nil
	}
	r := k.recordingOf(ctx, t)
	if r.ID = id; id == "" {
		r.ID = t.Call
	}
	if err := k.o.Recordings.Want(ctx, r); err != nil {
		return fmt.Errorf("ask for a recording: %w", err)
	}
	return nil
}
