package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"heed/transcribe"
)

// Defaults of [Options].
const (
	defaultPiece       = 40 * time.Millisecond
	defaultOverlap     = time.Second
	defaultFlushWithin = 2 * time.Second
	defaultBuffer      = 30 * time.Second
	defaultAttempts    = 5
)

// Options tell the Runner about a service.
type Options struct {
	// Name is the engine's name in errors and logs.
	Name string
	// Dial opens a session. It must give up when ctx ends.
	Dial func(ctx context.Context, f Format) (Session, error)
	// Rates are those that the service takes as they are, in Hz, preferred
	// first; audio at any other rate is resampled to the first.
	Rates []int
	// Piece is how much audio goes into one Send. Default 40 ms.
	Piece time.Duration
	// KeepAlive is how long a session may hear nothing; 0 = for ever.
	KeepAlive time.Duration
	// MaxSession is how long the service lets a session live; it is replaced
	// before that. 0 = no limit.
	MaxSession time.Duration
	// Overlap is the audio sent to both sessions then. Default 1 s.
	Overlap time.Duration
	// FlushWithin bounds the wait for the rest after the frames have closed.
	// Audio that came faster than real time adds what it was ahead. Default 2 s.
	FlushWithin time.Duration
	// Buffer is the audio kept for connecting again. Default 30 s.
	Buffer time.Duration
	// Attempts is how often in a row a connection is tried. Default 5.
	Attempts int
	// Pace is the most times real time at which audio is sent; 0 = no limit.
	Pace float64
	// Numbered says that keys are consecutive decimal numbers from 0 in each
	// session, so that a missing one is waited for.
	Numbered bool
	// Logger gets a line for each lost connection. Nil means silence.
	Logger *slog.Logger
}

// Runner turns sessions into transcribe.Engine's loop. It keeps no state
// between calls and may serve any number at once.
type Runner struct {
	o Options
}

// New checks the options and fills in defaults. It dials nothing.
func New(o Options) (*Runner, error) {
	if o.Name == "" || o.Dial == nil || len(o.Rates) == 0 {
		return nil, errors.New("remote engine: name, dial and rates are required")
	}
	for _, d := range []time.Duration{o.Piece, o.KeepAlive, o.MaxSession, o.Overlap, o.FlushWithin, o.Buffer} {
		if d < 0 {
			return nil, fmt.Errorf("remote engine %s: negative duration %v", o.Name, d)
		}
	}
	o.Piece = or(o.Piece, defaultPiece)
	o.Overlap = or(o.Overlap, defaultOverlap)
	o.FlushWithin = or(o.FlushWithin, defaultFlushWithin)
	o.Buffer = or(o.Buffer, defaultBuffer)
	o.Attempts = or(o.Attempts, defaultAttempts)
	if o.MaxSession > 0 && o.MaxSession < 2*o.Overlap {
		return nil, fmt.Errorf("remote engine %s: sessions of %v are too short for an overlap of %v", o.Name, o.MaxSession, o.Overlap)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Logger = o.Logger.With("component", "transcribe/"+o.Name)
	return &Runner{o: o}, nil
}

// or gives v, or the default when v is zero.
func or[T comparable](v, preset T) T {
	var zero T
	if v == zero {
		return preset
	}
	return v
}

// Transcribe is transcribe.Engine's. It dials when the first audio comes, so
// that a muted party costs nothing.
func (r *Runner) Transcribe(ctx context.Context, frames <-chan transcribe.Frame, emit func(transcribe.Segment) error) error {
	first, err := transcribe.FirstFrame(ctx, frames)
	if err != nil || first == nil {
		return err
	}
	rate := r.o.Rates[0]
	if slices.Contains(r.o.Rates, first.Rate) {
		rate = first.Rate
	}
	t, err := newTape(first.Rate, rate, first.At)
	if err != nil {
		return &transcribe.Error{Engine: r.o.Name, Verdict: transcribe.GiveUp, Err: err}
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	c := newCall(&r.o, t, &running, emit)
	defer running.Wait()
	defer c.close()
	defer cancel()
	if err := c.hear(*first); err != nil {
		return err
	}
	return c.run(ctx, frames)
}
