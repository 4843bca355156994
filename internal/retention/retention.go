// Package retention deletes what is kept of calls when it is too old: the
// recordings, and what was said. What is on legal hold stays, and so do figures
// of many calls, in which nobody is.
//
// For how long is set here and nowhere else, every change with who made it;
// nothing is deleted until somebody sets it. A call loses its rows first, in one
// write that asks once more whether it may; then files and what is derived; then
// that is noted. What a crash or a fault cut off is done by the next sweep, and
// keeps no other call waiting.
package retention

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"heed/internal/store"
)

// The classes of what is kept.
const (
	Recordings  = store.KeptRecordings
	Transcripts = store.KeptTranscripts
)

// Classes gives the classes that a period can be set for.
func Classes() []store.Kept { return []store.Kept{Recordings, Transcripts} }

// Least bounds a period, in days: less would delete what is still being worked
// with.
const Least = 7

// Most bounds a period, in days; what is to stay longer stays for ever.
const Most = 3650

const (
	// every is how often it is looked for what is too old.
	every = time.Hour
	batch = 50
)

// ErrPeriod refuses a period that is out of bounds, or a class that is none.
var ErrPeriod = fmt.Errorf("a period is 0, which is for ever, or %d to %d days of recordings or transcripts", Least, Most)

// audio is the recordings.
type audio interface {
	// Destroy destroys what was recorded of a call and says whether there was any.
	Destroy(callID string) (bool, error)
}

// index is where what was said can be searched.
type index interface {
	// Forget returns when no file holds the utterances and the calls.
	Forget(ctx context.Context, upTo int64, calls, utterances []string) error
}

// learned is what was learned from calls and may quote them.
type learned interface {
	Forget(ctx context.Context, calls []string) error
}

// words are what was said, with what quotes it.
type words interface {
	// AgeTranscript deletes what was said on a call, if it began before a moment
	// and nobody holds it; else it is [store.ErrKept].
	AgeTranscript(ctx context.Context, callID string, before time.Time) error
}

// Options is what a Service needs.
type Options struct {
	Store  *store.Store
	Audio  audio
	Stored func(callID string) bool // whether there is a recording
	Words  words
	Index  index
	Themes learned
	Logger *slog.Logger
	Now    func() time.Time // optional
}

// Service deletes what is too old. It is safe for concurrent use.
type Service struct {
	o   Options
	log *slog.Logger
	mu  sync.Mutex // one sweep at a time
}

// New makes a service.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{o: o, log: o.Logger.With("component", "retention")}
}

// Set sets for how many days a class is kept; 0 is for ever. It is [ErrPeriod]
// out of bounds.
func (s *Service) Set(ctx context.Context, class store.Kept, days int, by string) error {
	if !slices.Contains(Classes(), class) || days != 0 && (days < Least || days > Most) {
		return ErrPeriod
	}
	return s.o.Store.SetRetention(ctx, store.RetentionRule{Class: class, Days: days, By: by, At: s.o.Now()})
}

// mostLooked bounds the calls whose recording is looked for in a preview.
const mostLooked = 20_000

// Preview says of how many calls a period would delete what is of a class, and
// how many recordings there are among them. It changes nothing.
func (s *Service) Preview(ctx context.Context, class store.Kept, days int) (calls, recordings int, err error) {
	if !slices.Contains(Classes(), class) || days < Least || days > Most {
		return 0, 0, ErrPeriod
	}
	if calls, err = s.o.Store.CountOldCalls(ctx, class, s.before(days)); err != nil || class != Recordings {
		return calls, 0, err
	}
	looked := 0
	for after := (store.OldCall{}); looked < mostLooked; {
		page, err := s.o.Store.OldCalls(ctx, class, s.before(days), after, batch)
		if err != nil || len(page) == 0 {
			return calls, recordings, err
		}
		for _, c := range page {
			if s.o.Stored(c.ID) {
				recordings++
			}
		}
		looked, after = looked+len(page), page[len(page)-1]
	}
	return calls, recordings, nil
}

// Run sweeps every hour until ctx ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("what is too old is not all deleted; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
